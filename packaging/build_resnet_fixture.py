"""Lets PyTorch run ResNet-34 forward and backward, and keeps what came of it for tests/engine/test_resnet_torch.py.

Run it where the extra [oracle] is installed: ``PYTHONPATH=. python packaging/build_resnet_fixture.py``. The model is
written here, block by block; its weights are drawn as the test draws them (tests/helpers/resnet_draws.py).
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np

from tests.helpers.resnet_draws import CLASSES, FILE, KINDS, Arrays, norms, parameters, pictures, projections

torch: Any = importlib.import_module("torch")
nn: Any = torch.nn

STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))


class Block(nn.Module):  # type: ignore[misc]  # torch's modules are Any here
    """Two 3×3 convolutions and what is added to them."""

    def __init__(self, before: int, width: int, stride: int, shortcut: str) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width, momentum=1.0)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width, momentum=1.0)
        self.stride, self.more, self.shortcut = stride, width - before, shortcut
        if shortcut == "projection" and self.more:
            norm = nn.BatchNorm2d(width)  # as the engine makes the norms of projections
            self.down = nn.Sequential(nn.Conv2d(before, width, 1, stride, bias=False), norm)

    def forward(self, x: Any) -> Any:
        """``relu(f(x) + s(x))``; of a plain network ``relu(f(x))``."""
        f = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.shortcut == "none":
            return torch.relu(f)
        if self.more and self.shortcut == "projection":
            x = self.down(x)
        elif self.more:
            x = nn.functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))
        return torch.relu(f + x)


def network(shortcut: str) -> Any:
    """ResNet-34, or with the shortcut "none" the plain network of equal depth."""
    stem = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64, momentum=1.0),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    blocks, before = [], 64
    for count, width in STAGES:
        for _ in range(count):
            blocks.append(Block(before, width, 1 if width == before else 2, shortcut))
            before = width
    return nn.Sequential(
        *stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES)
    ).double()


def answers(kind: str) -> Arrays:
    """Scores and loss of one network in both modes, gradients in training."""
    options = KINDS[kind]
    model = network("none" if options.get("plain") else options["shortcut"])
    own = dict(model.named_parameters())
    drawn = parameters({name: tuple(value.shape) for name, value in own.items()})
    for name, value in own.items():
        value.data = torch.tensor(drawn[name])
    x, labels = (torch.tensor(array) for array in pictures())
    told: Arrays = {}
    for mode in ("training", "evaluation"):
        model.train(mode == "training")
        scores = model(x)
        loss = nn.functional.cross_entropy(scores, labels)
        told[f"{kind} {mode} scores"] = scores.detach().numpy()
        told[f"{kind} {mode} loss"] = np.array(loss.item())
        if mode == "evaluation":
            break
        loss.backward()
        gradients = [value.grad.numpy() for value in own.values()]
        told[f"{kind} {mode} norms"] = norms(gradients)
        told[f"{kind} {mode} projections"] = projections(gradients)
    return told


def main() -> int:
    """Write the file."""
    torch.set_num_threads(1)
    told: dict[str, Any] = {}
    for kind in KINDS:
        told |= answers(kind)
    np.savez_compressed(FILE, **told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
