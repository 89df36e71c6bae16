"""The catalogue of named kernels, as cross-correlation weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import frozen


@dataclass(frozen=True, slots=True, eq=False)
class NamedKernel:
    """A kernel with a name: its id (for files and commands), its name in words and its weights."""

    id: str
    name: str
    weights: NDArray[np.float64]


def _binomial(size: int) -> NDArray[np.float64]:
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [1.0, 1.0])
    return row


def _derivative(size: int) -> NDArray[np.float64]:
    """Smoothed central difference: the binomial of two fewer taps convolved with (−1, 0, 1)."""
    return np.convolve(_binomial(size - 2), [-1.0, 0.0, 1.0])


def _outer(column: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.outer(column, row)


def gabor(size: int, theta: float, sigma: float = 2.0, wavelength: float = 4.0) -> NDArray[np.float64]:
    """Gabor kernel ``exp(−(x'² + y'²)/2σ²)·cos(2πx'/λ)`` with γ = 1 and ψ = 0, its mean subtracted.

    ``x' = x cos θ + y sin θ``, ``y' = −x sin θ + y cos θ``, the origin in the middle; θ in radians.
    """
    half = (size - 1) / 2
    y, x = np.mgrid[0:size, 0:size] - half
    turned = x * np.cos(theta) + y * np.sin(theta)
    wave = np.exp(-(x**2 + y**2) / (2 * sigma**2)) * np.cos(2 * np.pi * turned / wavelength)
    kernel: NDArray[np.float64] = wave - wave.mean()
    return kernel


@cache
def catalogue() -> tuple[NamedKernel, ...]:
    """All named kernels in teaching order.

    Sources: R. Szeliski, Computer Vision, 2nd ed., ch. 3 (smoothing, Sobel, Laplacian); H. Scharr 2000, Optimale
    Operatoren in der digitalen Bildverarbeitung (3, 10, 3); J. Daugman 1985 (Gabor).
    """
    vertical = np.array([[1.0, 0.0, -1.0]] * 3)
    prewitt = -vertical
    sobel = _outer(_binomial(3), _derivative(3))
    scharr = _outer(np.array([3.0, 10.0, 3.0]), np.array([-1.0, 0.0, 1.0]))
    table: list[tuple[str, str, NDArray[np.float64]]] = [
        ("identity", "Identity", np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])),
        ("vertical-edge", "Vertical edge", vertical),
        ("horizontal-edge", "Horizontal edge", vertical.T),
        ("prewitt-x", "Prewitt x", prewitt),
        ("prewitt-y", "Prewitt y", prewitt.T),
        ("sobel-x", "Sobel x", sobel),
        ("sobel-y", "Sobel y", sobel.T),
        ("scharr-x", "Scharr x", scharr),
        ("scharr-y", "Scharr y", scharr.T),
        ("laplacian-4", "Laplacian, 4 neighbours", np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])),
        (
            "laplacian-8",
            "Outline (Laplacian, 8 neighbours)",
            np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        ),
        ("sharpen", "Sharpen", np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])),
        ("sharpen-strong", "Sharpen, strong", np.array([[-1.0, -1, -1], [-1, 9, -1], [-1, -1, -1]])),
    ]
    table += [(f"box-{k}", f"Box blur {k}×{k}", np.full((k, k), 1.0 / k**2)) for k in (3, 5, 7)]
    table += [
        (f"gaussian-{k}", f"Gaussian blur {k}×{k}", _outer(_binomial(k), _binomial(k)) / 4.0 ** (k - 1))
        for k in (3, 5, 7)
    ]
    table += [
        ("emboss", "Emboss", np.array([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]])),
        ("emboss-relief", "Emboss, relief only", np.array([[-1.0, -1, 0], [-1, 0, 1], [0, 1, 1]])),
        ("log-5", "Laplacian of Gaussian 5×5", np.array(
            [[0.0, 0, 1, 0, 0], [0, 1, 2, 1, 0], [1, 2, -16, 2, 1], [0, 1, 2, 1, 0], [0, 0, 1, 0, 0]])),
    ]  # fmt: skip
    for k in (5, 7):
        larger = _outer(_binomial(k), _derivative(k))
        table += [
            (f"sobel-x-{k}", f"Sobel x {k}×{k}", larger),
            (f"sobel-y-{k}", f"Sobel y {k}×{k}", larger.T),
        ]
    table.append(("gabor-7", "Gabor 7×7, upright", gabor(7, 0.0)))
    return tuple(NamedKernel(i, name, frozen(weights)) for i, name, weights in table)


def named_kernel(kernel_id: str) -> NamedKernel:
    """The kernel with that id; `BadInput` lists the nearest ones when there is none."""
    for kernel in catalogue():
        if kernel.id == kernel_id:
            return kernel
    ids = ", ".join(kernel.id for kernel in catalogue())
    raise BadInput(f"kernel {kernel_id!r} is neither a file nor a known name: give a file or one of {ids}")


def search(words: str) -> tuple[NamedKernel, ...]:
    """The kernels whose id or name holds every one of the words, in any case."""
    wanted = words.lower().split()
    return tuple(k for k in catalogue() if all(w in f"{k.id} {k.name}".lower() for w in wanted))


def name_of(plane: NDArray[np.float64]) -> str:
    """The name of a kernel with exactly these weights, or "" when none has them."""
    return _names().get((plane.shape, _bits(plane)), "")


@cache
def _names() -> dict[tuple[tuple[int, ...], bytes], str]:
    return {(k.weights.shape, _bits(k.weights)): k.name for k in reversed(catalogue())}


def _bits(plane: NDArray[np.float64]) -> bytes:
    return (plane + 0.0).tobytes()  # + 0.0 makes -0.0 the same as 0.0
