"""Trains the benchmark's networks with PyTorch, in a process of its own: threads and memory format as told."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.probe_cnnviz import peak_memory
from tests.benchmarks.workloads import blocks, fastest_of_calls, median_of_calls, processor_time, serve

torch: Any = importlib.import_module("torch")
nn: Any = torch.nn
functional: Any = torch.nn.functional
PICTURES = Path(__file__).parents[2] / "resources" / "data" / "mnist.npz"
TRAINED_ON = 9_000


class Block(nn.Module):  # type: ignore[misc]  # PyTorch is not installed where types are checked
    """Two 3x3 convolutions with batch norms, and a projection where the shape changes."""

    def __init__(self, before: int, out: int, step: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, out, 3, step, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True),
            nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out),
        )  # fmt: skip
        self.shortcut = nn.Sequential()
        if before != out:
            self.shortcut = nn.Sequential(nn.Conv2d(before, out, 1, step, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Any) -> Any:
        return functional.relu(self.body(x) + self.shortcut(x), inplace=True)


def network(kind: str) -> Any:
    """The same networks as those of the plans."""
    if kind == "lenet":
        return nn.Sequential(
            nn.Conv2d(1, 8, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(inplace=True),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10),
        )  # fmt: skip
    stem = (nn.Conv2d(1, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
    end = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
    return nn.Sequential(*stem, *(Block(*sizes) for sizes in blocks()), *end)


def maker(layout: Any) -> Callable[[str, list[int]], Callable[[], object]]:
    """Workloads in one memory format."""

    def make(kind: str, numbers: list[int]) -> Callable[[], object]:
        if kind == "epoch":
            return epoch(numbers[0], numbers[1], layout)
        if kind in ("lenet", "residual"):
            return training_step(kind, numbers[0], numbers[1], layout)
        if kind.endswith("pool"):
            return pooling(kind, numbers, layout)
        if kind.endswith("pool-autograd"):
            return pooling_with_autograd(kind, numbers, layout)
        return convolution(kind, numbers, layout)

    return make


def training_step(kind: str, batch: int, size: int, layout: Any) -> Callable[[], object]:
    """Forward, cross-entropy, backward, momentum."""
    model = network(kind).to(memory_format=layout)
    sgd = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    x = torch.randn(batch, 1, size, size).to(memory_format=layout)
    y = torch.randint(0, 10, (batch,))

    def step() -> None:
        sgd.zero_grad(set_to_none=True)
        functional.cross_entropy(model(x), y).backward()
        sgd.step()

    return step


def epoch(iterations: int, size: int, layout: Any) -> Callable[[], object]:
    """The network of the lesson learn-mnist, with its pictures, its batches and its recipe, from random weights."""
    with np.load(PICTURES, allow_pickle=False) as arrays:
        images, labels = (
            torch.tensor(arrays["images"])[:, None],
            torch.tensor(arrays["labels"].astype(np.int64)),
        )

    def run() -> None:
        model = nn.Sequential(
            nn.Conv2d(1, 16, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(16, 32, 5), nn.ReLU(inplace=True),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10),
        ).to(memory_format=layout)  # fmt: skip
        sgd = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
        order = torch.randperm(TRAINED_ON)
        for number in range(iterations):
            chosen = order[number * size : (number + 1) * size]
            x = ((images[chosen].float() - 33.0) / 79.0).to(memory_format=layout)
            sgd.zero_grad(set_to_none=True)
            loss = functional.cross_entropy(model(x), labels[chosen])
            loss.item()  # ours is told the loss of each iteration as well
            loss.backward()
            sgd.step()

    return run


def convolution(kind: str, numbers: list[int], layout: Any) -> Callable[[], object]:
    """One of the three products of a 3x3 convolution with padding 1."""
    batch, channels, rows, columns, out = numbers
    x, dout, weight = (
        torch.randn(*shape).to(memory_format=layout)
        for shape in ((batch, channels, rows, columns), (batch, out, rows, columns), (out, channels, 3, 3))
    )
    if kind == "conv-forward":
        return lambda: functional.conv2d(x, weight, padding=1)
    mask = [kind == "conv-dx", kind == "conv-dw", False]
    back = torch.ops.aten.convolution_backward
    return lambda: back(dout, x, weight, [0], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, mask)


def pooling(kind: str, numbers: list[int], layout: Any) -> Callable[[], object]:
    """Forward and backward of 2x2 pooling, without the bookkeeping of autograd."""
    x, aten = torch.randn(*numbers).to(memory_format=layout), torch.ops.aten
    if kind == "max-pool":

        def step() -> None:
            out, places = aten.max_pool2d_with_indices(x, [2, 2], [2, 2])
            aten.max_pool2d_with_indices_backward(out, x, [2, 2], [2, 2], [0, 0], [1, 1], False, places)

    else:

        def step() -> None:
            out = aten.avg_pool2d(x, [2, 2], [2, 2])
            aten.avg_pool2d_backward(out, x, [2, 2], [2, 2], [0, 0], False, True, None)

    return step


def pooling_with_autograd(kind: str, numbers: list[int], layout: Any) -> Callable[[], object]:
    """The same as a network gets it: `torch.nn.functional`, and autograd for the gradient."""
    x = torch.randn(*numbers).to(memory_format=layout).requires_grad_()
    pool = functional.max_pool2d if kind == "max-pool-autograd" else functional.avg_pool2d
    dout = torch.randn_like(pool(x, 2))
    return lambda: torch.autograd.grad(pool(x, 2), x, dout)


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    formats = {"nchw": torch.contiguous_format, "nhwc": torch.channels_last}
    timed = median_of_calls if int(sys.argv[1]) == 1 else fastest_of_calls
    timed = processor_time if sys.argv[3:] == ["once"] else timed
    serve(maker(formats[sys.argv[2]]), peak_memory, timed)
