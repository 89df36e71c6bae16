"""Lets PyTorch differentiate residual blocks of one picture, and keeps it for tests/engine/test_branches_torch.py.

Run it where the extra [oracle] is installed: ``PYTHONPATH=. python packaging/build_block_fixture.py``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz.engine.layers import Conv, Relu
from cnnviz.engine.specs import Add, AnyLayer, Back, BatchNorm, Flatten, GlobalAvgPool, Linear, PaddedShortcut
from tests.helpers.block_cases import CASES, FILE, SHAPE, drawn

torch: Any = importlib.import_module("torch")
F: Any = importlib.import_module("torch.nn.functional")


def layer(spec: AnyLayer, own: dict[str, Any], arrays: list[Any]) -> Any:
    """The next array of a chain, (1, C, H, W), by PyTorch alone."""
    x = arrays[-1]
    match spec:
        case Conv():
            return F.conv2d(x, own["weight"], own.get("bias"), spec.stride, spec.padding)
        case BatchNorm():
            return F.batch_norm(x, None, None, training=True, eps=spec.eps)
        case Relu():
            return F.relu(x)
        case Back():
            return arrays[spec.start]
        case Add():
            return spec.scale * x + arrays[spec.other] if spec.shortcut else spec.scale * x
        case PaddedShortcut():
            kept = x[:, :, :: spec.stride[0], :: spec.stride[1]]
            return F.pad(kept, (0, 0, 0, 0, 0, spec.out_channels - x.shape[1]))
        case GlobalAvgPool():
            return F.adaptive_avg_pool2d(x, 1)
        case Flatten():
            return x.reshape(1, -1, 1, 1)
        case Linear():
            return F.linear(x.flatten(1), own["weight"], own.get("bias"))[:, :, None, None]
    raise SystemExit(f"{spec.op} is no part of these blocks")


def main() -> int:
    """Write the file."""
    kept: dict[str, Any] = {}
    for name, layers in CASES.items():
        x, params, dout = drawn(name)
        arrays = [torch.tensor(x[None], requires_grad=True)]
        leaves: dict[str, Any] = {"x": arrays[0]}
        for number, (spec, own) in enumerate(zip(layers, params, strict=True)):
            held = {}
            if own is not None:
                held["weight"] = torch.tensor(own.weight, requires_grad=True)
                if own.bias is not None:
                    held["bias"] = torch.tensor(own.bias, requires_grad=True)
            leaves |= {f"{part}{number}": leaf for part, leaf in held.items()}
            arrays.append(layer(spec, held, arrays))
        arrays[-1].backward(torch.tensor(dout[None]))
        kept[f"{name}.out"] = arrays[-1].detach().numpy()[0]
        kept |= {f"{name}.d{key}": leaf.grad.numpy().reshape(leaf.shape) for key, leaf in leaves.items()}
    np.savez_compressed(FILE, **kept)
    print(f"{len(CASES)} blocks of {SHAPE}, {Path(FILE).stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
