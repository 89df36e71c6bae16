"""Where the numbers of a track come from: an original array, named transforms and sparse overrides."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Array, Shape, digest_of, frozen
from cnnviz.lesson.centring import DIGITS_WHITE, LARGEST, SetName, made_like
from cnnviz.lesson.turning import turned

SMALL = 1 << 17
"""Up to so many values a lesson computes in float64, above in float32; what is printed of a cell is float64 always."""


MOST_DEGREES = 360

MOST_NOISE = 1_000_000
"""More noise than any picture has levels is a mistake."""

Offset: TypeAlias = int
"""A whole number that may be below 0."""


@dataclass(frozen=True, slots=True)
class Grey:
    """Luma of an RGB picture: 0.299 R + 0.587 G + 0.114 B, rounded to whole numbers."""


@dataclass(frozen=True, slots=True)
class Resize:
    """A working size in rows and columns, averaged over areas when smaller; values are rounded to whole numbers."""

    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Noise:
    """Normal noise of a standard deviation, drawn from its seed; a picture's values are rounded and kept in range."""

    sigma: float
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.sigma <= MOST_NOISE:  # NaN is not either
            raise BadInput(f"noise {self.sigma}: give a standard deviation from 0 to {MOST_NOISE:,}")


@dataclass(frozen=True, slots=True)
class Shift:
    """The picture moved down and to the right (up and left below 0); its border is repeated where it leaves room."""

    rows: Offset
    columns: Offset


@dataclass(frozen=True, slots=True)
class Rotate:
    """The picture turned anticlockwise about its middle, by bilinear interpolation; its border is repeated."""

    degrees: float

    def __post_init__(self) -> None:
        if not -MOST_DEGREES <= self.degrees <= MOST_DEGREES:  # NaN is not either
            raise BadInput(f"rotation by {self.degrees}: give degrees from -{MOST_DEGREES} to {MOST_DEGREES}")


@dataclass(frozen=True, slots=True)
class Like:
    """The picture made like those of a set: grey, bright on dark, fitted and centred (`cnnviz.lesson.centring`)."""

    data: SetName
    rows: int
    columns: int

    def __post_init__(self) -> None:
        if max(self.rows, self.columns) > LARGEST:
            raise BadInput(
                f"like {self.data}: {self.rows}×{self.columns}: give at most {LARGEST} rows and columns"
            )


STRIP = 1 << 16
"""So many pixels are turned grey at a time."""

Transform: TypeAlias = Grey | Resize | Noise | Shift | Rotate | Like
"""The closed union of transforms, applied in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A picture or a small input, as it came and what was done to it since.

    Attributes
    ----------
    array : ndarray, (C, H, W)
        The original: uint8 or uint16 for pictures, float64 for inputs of one's own.
    name : str
        What it is called on the stage.
    transforms : tuple of Transform
    overrides : tuple of (flat index, value)
        Cells typed or painted over, in the transformed array, ascending, each index once.
    picture : bool
        Whether its values are brightnesses 0 to 255 (0 to 65535) or just numbers.
    credit : str
        Source and licence, where it needs one.
    """

    array: Array
    name: str = "input"
    transforms: tuple[Transform, ...] = ()
    overrides: tuple[tuple[int, float], ...] = ()
    credit: str = ""
    digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.array.ndim != 3 or 0 in self.array.shape:
            raise BadInput(f"an input needs channels, rows and columns, got the shape {self.array.shape}")
        kept = self.array.dtype in (np.uint8, np.uint16)
        object.__setattr__(self, "array", frozen(self.array, None if kept else np.float64))
        h = hashlib.blake2b(digest_of(self.array), digest_size=16)
        h.update(repr((self.transforms, self.overrides)).encode())
        object.__setattr__(self, "digest", h.digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and (self.digest, self.name) == (other.digest, other.name)

    def __hash__(self) -> int:
        return hash((self.digest, self.name))

    @property
    def picture(self) -> bool:
        """Whether the values are brightnesses of 8 or 16 bits."""
        return bool(np.issubdtype(self.array.dtype, np.integer))

    @property
    def white(self) -> float:
        """The value that stands for white in a picture."""
        if any(isinstance(transform, Like) for transform in self.transforms):
            return DIGITS_WHITE if any(t == Like("digits", 8, 8) for t in self.transforms) else 255.0
        return 65535.0 if self.array.dtype == np.uint16 else 255.0

    @property
    def shape(self) -> Shape:
        """Shape after the transforms."""
        channels, rows, columns = self.array.shape
        for transform in self.transforms:
            if isinstance(transform, Grey):
                channels = 1
            elif isinstance(transform, Resize):
                rows, columns = transform.rows, transform.columns
            elif isinstance(transform, Like):
                channels, rows, columns = 1, transform.rows, transform.columns
        return (channels, rows, columns)


def materialise(source: Source) -> NDArray[np.floating]:
    """The values a track starts from, read-only: float64 when small, float32 when large."""
    array: Array = source.array
    for transform in source.transforms:
        array = _applied(transform, array, source.white)
    dtype = np.float64 if array.size <= SMALL else np.float32
    values = array.astype(dtype)
    if source.overrides:
        where = np.fromiter((i for i, _ in source.overrides), dtype=np.int64, count=len(source.overrides))
        values.ravel()[where] = [v for _, v in source.overrides]
    return frozen(values)


def _applied(transform: Transform, array: Array, white: float) -> Array:
    match transform:
        case Grey():
            return _grey(array)
        case Resize():
            return _resize(array, transform)
        case Shift():
            rows, columns = (
                np.arange(n) - by
                for n, by in zip(array.shape[1:], (transform.rows, transform.columns), strict=True)
            )
            moved: Array = array[:, rows.clip(0, array.shape[1] - 1)][
                :, :, columns.clip(0, array.shape[2] - 1)
            ]
            return moved
        case Noise():
            return _noisy(array, transform, white)
        case Rotate():
            return _turned(array, transform)
        case Like():
            plane = _grey(array)[0].astype(np.float64)
            return made_like(plane, transform.data, transform.rows, transform.columns)[None]


def _turned(array: Array, rotate: Rotate) -> Array:
    out = turned(array, rotate.degrees)
    if np.issubdtype(array.dtype, np.integer):
        whole: Array = np.rint(out).astype(array.dtype)
        return whole
    # Few digits where values are mixed, so that a small input can still be read.
    return out if rotate.degrees % 90 == 0 else np.round(out, 2)


def _noisy(array: Array, noise: Noise, white: float) -> Array:
    drawn = np.random.default_rng(noise.seed).standard_normal(array.shape, dtype=np.float32)
    out = array + noise.sigma * drawn
    if np.issubdtype(array.dtype, np.integer):
        levels: NDArray[np.integer] = np.rint(out).clip(0, white).astype(array.dtype)
        return levels
    return np.round(out, 2).astype(np.float64)  # few digits, so that a small input can still be read


def override(source: Source, cells: dict[tuple[int, int, int], float]) -> Source:
    """The source with these cells set to these values.

    Raises
    ------
    BadInput
        If a cell lies outside or a value is not finite.
    """
    shape = source.shape
    merged = dict(source.overrides)
    for cell, value in cells.items():
        if not all(0 <= i < n for i, n in zip(cell, shape, strict=True)):
            raise BadInput(f"cell {cell} lies outside the input {_times(shape)}: choose a cell inside")
        if not math.isfinite(value):
            raise BadInput(f"cell {cell}: {value} is not a finite number: type a number")
        merged[int(np.ravel_multi_index(cell, shape))] = float(value)
    return replace(source, overrides=tuple(sorted(merged.items())))


def transformed(source: Source, transforms: tuple[Transform, ...]) -> Source:
    """The original with other transforms; cells typed over are kept only where the shape stays."""
    changed = replace(source, transforms=transforms, overrides=())
    return replace(changed, overrides=source.overrides) if changed.shape == source.shape else changed


def with_noise(transforms: tuple[Transform, ...], sigma: float, seed: int = 0) -> tuple[Transform, ...]:
    """The transforms with so much noise, after all others; none at 0."""
    rest = tuple(t for t in transforms if not isinstance(t, Noise))
    return (*rest, Noise(sigma, seed)) if sigma else rest


def with_rotation(transforms: tuple[Transform, ...], degrees: float) -> tuple[Transform, ...]:
    """The transforms with such a rotation, before any shift and noise; none at 0."""
    rest = tuple(t for t in transforms if not isinstance(t, Rotate))
    at = next((n for n, t in enumerate(rest) if isinstance(t, Shift | Noise)), len(rest))
    return (*rest[:at], Rotate(degrees), *rest[at:]) if degrees else rest


def with_shift(transforms: tuple[Transform, ...], rows: int, columns: int) -> tuple[Transform, ...]:
    """The transforms with such a shift, before any noise; none at 0, 0."""
    rest = tuple(t for t in transforms if not isinstance(t, Shift))
    at = next((n for n, t in enumerate(rest) if isinstance(t, Noise)), len(rest))
    return (*rest[:at], Shift(rows, columns), *rest[at:]) if rows or columns else rest


def _grey(array: Array) -> Array:
    if array.shape[0] != 3:
        return array[:1]
    whole = np.issubdtype(array.dtype, np.integer)
    out = np.empty((1, *array.shape[1:]), dtype=array.dtype if whole else np.float32)
    rows = max(1, STRIP // array.shape[2])
    for start in range(0, array.shape[1], rows):
        # Strip by strip, so that the planes in between stay in the processor's cache.
        r, g, b = (plane.astype(np.float32) for plane in array[:, start : start + rows])
        luma = 0.299 * r + 0.587 * g + 0.114 * b
        out[0, start : start + rows] = np.rint(luma) if whole else luma
    return out


def _resize(array: Array, to: Resize) -> Array:
    # Pillow is imported here because a lesson that needs no resizing must not pay for it at start-up.
    from PIL import Image

    if to.rows < 1 or to.columns < 1:
        raise BadInput(f"working size {to.rows}x{to.columns}: give at least 1 row and 1 column")
    shrinking = to.rows <= array.shape[1] and to.columns <= array.shape[2]
    how = Image.Resampling.BOX if shrinking else Image.Resampling.NEAREST
    planes = [
        np.asarray(Image.fromarray(plane.astype(np.float32)).resize((to.columns, to.rows), how))
        for plane in array
    ]
    out = np.stack(planes)
    return (
        np.rint(out).astype(array.dtype) if np.issubdtype(array.dtype, np.integer) else out.astype(np.float64)
    )


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
