"""Lets PyTorch train a small residual network, and keeps what came of it for tests/engine/test_plan_torch.py.

Run it where the extra [oracle] is installed: ``python packaging/build_training_fixture.py``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "data" / "torch_training.npz"
STEPS = 5

torch: Any = importlib.import_module("torch")
nn: Any = torch.nn

NAMES = [
    "0.weight", "1.weight", "1.bias",
    "4.body.0.weight", "4.body.1.weight", "4.body.1.bias", "4.body.3.weight", "4.body.4.weight", "4.body.4.bias",
    "4.shortcut.0.weight", "4.shortcut.1.weight", "4.shortcut.1.bias", "7.weight", "7.bias",
]  # fmt: skip
"""The plan's names of PyTorch's parameters, in their order."""


class Block(nn.Module):  # type: ignore[misc]  # PyTorch is not installed where types are checked
    """A residual block with a projection."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
            nn.Conv2d(4, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4),
        )  # fmt: skip
        self.shortcut = nn.Sequential(nn.Conv2d(3, 4, 1, 2, bias=False), nn.BatchNorm2d(4))

    def forward(self, x: Any) -> Any:
        return self.body(x) + self.shortcut(x)


def network() -> Any:
    """The network of the test."""
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, 1, 1, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), Block(), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3),
    ).double()  # fmt: skip


def train(model: Any, optimiser: Any, x: Any, y: Any) -> list[float]:
    """Losses of the first steps."""
    losses = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.item()))
    return losses


def main() -> int:
    """Write the file."""
    torch.manual_seed(0)
    x, y = torch.randn(5, 1, 9, 8, dtype=torch.float64), torch.tensor([0, 2, 1, 2, 0])
    start = network().state_dict()
    kept: dict[str, Any] = {"x": x.numpy(), "y": y.numpy()}
    optimisers: dict[str, Callable[[Any], Any]] = {
        "sgd": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.01),
        "nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, 0.05, weight_decay=0.01),
    }
    for name, make in optimisers.items():
        model = network()
        model.load_state_dict(start)
        for own, parameter in zip(NAMES, model.parameters(), strict=True):
            kept[f"start {own}"] = parameter.detach().numpy().copy()
        losses = train(model, make(model.parameters()), x, y)
        kept[f"{name} losses"] = np.array(losses, np.float64)
        for own, parameter in zip(NAMES, model.parameters(), strict=True):
            kept[f"{name} {own}"] = parameter.detach().numpy().copy()
        kept[f"{name} evaluation"] = model.eval()(x).detach().numpy()
    np.savez_compressed(FILE, **kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
