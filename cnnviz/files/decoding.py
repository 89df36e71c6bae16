"""Decodes pictures with Pillow, which is loaded here only when the first picture is opened."""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput

if TYPE_CHECKING:
    from PIL import Image

Colour = tuple[int, int, int]
Notes = tuple[str, ...]
Values = NDArray[Any]

KINDS = "PNG, JPEG, BMP, GIF, WebP, TIFF, PGM or PPM"

_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
_BITS_PER_SAMPLE, _PHOTOMETRIC, _ORIENTATION = 258, 262, 0x0112
# What to do to (rows, columns) for each EXIF orientation: swap the axes first, then turn rows round,
# columns round.
_TURNS = {
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}


@dataclass(frozen=True, slots=True)
class _Header:
    """What a file says of itself, and Pillow forgets while it decodes."""

    format: str
    bits: int
    grey_alpha: bool
    maximum: int
    inverted: bool
    orientation: int


def decode(stream: BinaryIO, name: str, background: Colour, max_pixels: int) -> tuple[Values, Notes]:
    """Decode the first picture in a stream.

    Returns
    -------
    array : ndarray of uint8 or uint16, (1 or 3, rows, columns)
    notes : tuple of str
        What was done to the file's own values, in words.

    Raises
    ------
    BadInput
        It is no picture of the kinds in `KINDS`, has more than `max_pixels`, is damaged or cut off, or
        holds values that are not brightnesses.
    """
    with warnings.catch_warnings():
        # Pillow warns of large pictures (they are measured here) and of odd metadata (they are not used).
        warnings.simplefilter("ignore")
        image = _open(stream, name, max_pixels)
        try:
            header = _header(image, stream)
            image.load()
            array, notes = _planes(image, header, background, name)
            array, turned = _upright(array, image, header)
        except (BadInput, KeyboardInterrupt):
            raise
        except Exception as error:
            # A damaged file makes a decoder fail in any way: OSError, SyntaxError, struct.error,
            # MemoryError, ...
            raise BadInput(f"{name}: is damaged or cut off; save or download it again") from error
        frames = _frames(image)
    first = (f"first of {frames} frames",) if frames > 1 else ()
    return array, (*first, *notes, *turned)


def _open(stream: BinaryIO, name: str, max_pixels: int) -> Image.Image:
    # Importing each plugin keeps Pillow from looking for them all, which takes longer and opens more than
    # is wanted.
    from PIL import (  # noqa: F401
        BmpImagePlugin,
        GifImagePlugin,
        Image,
        JpegImagePlugin,
        PngImagePlugin,
        PpmImagePlugin,
        TiffImagePlugin,
        UnidentifiedImageError,
        WebPImagePlugin,
    )

    # Pillow also logs what it raises; the one line of BadInput is enough.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    try:
        image = Image.open(stream, formats=_FORMATS)
    except Image.DecompressionBombError as error:
        found = re.search(r"\d+", str(error))
        size = f"{found[0]} pixels" if found else "too many pixels"
        raise BadInput(_too_large(name, size, max_pixels)) from error
    except UnidentifiedImageError as error:
        raise BadInput(f"{name}: is no {KINDS} picture, or is damaged; convert it to PNG") from error
    except Exception as error:
        raise BadInput(f"{name}: is damaged or cut off; save or download it again") from error
    width, height = image.size
    if width < 1 or height < 1:
        raise BadInput(f"{name}: is a picture without pixels; give another one")
    if width * height > max_pixels:
        raise BadInput(_too_large(name, f"{height} × {width} = {width * height} pixels", max_pixels))
    return image


def _too_large(name: str, size: str, max_pixels: int) -> str:
    return f"{name}: has {size}, the limit is {max_pixels}; shrink or crop it first"


def _header(image: Image.Image, stream: BinaryIO) -> _Header:
    kind = image.format or ""
    bits, grey_alpha, maximum, inverted = 8, False, 255, False
    if kind == "PNG":
        position = stream.tell()
        stream.seek(24)
        bits, colour = stream.read(2)
        stream.seek(position)
        grey_alpha = colour == 4
    elif kind == "TIFF":
        tags: Any = image.getexif()
        written = getattr(image, "tag_v2", tags).get(_BITS_PER_SAMPLE, (8,))
        bits = max(written) if isinstance(written, tuple) else int(written)
        inverted = getattr(image, "tag_v2", tags).get(_PHOTOMETRIC) == 0
    elif kind == "PPM":
        args = getattr(image, "tile", [])[0][3]
        last = args[-1] if isinstance(args, tuple) else 65535 if ";16" in str(args) else 255
        maximum = last if isinstance(last, int) else 255
        bits = 16 if maximum > 255 else 8
    return _Header(kind, bits, grey_alpha, maximum, inverted, _orientation(image))


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - damaged metadata is no reason to refuse the picture
        return 1
    return value if isinstance(value, int) else 1


def _planes(image: Image.Image, header: _Header, background: Colour, name: str) -> tuple[Values, Notes]:
    """The picture's values as (channels, rows, columns), transparent parts laid on the background."""
    if image.mode == "F":
        raise BadInput(
            f"{name}: holds floating-point values, not brightnesses; save it as 16-bit, or as .npy"
        )
    if image.mode.startswith("I"):
        return _deep_grey(image, header, background, name)
    notes = [f"{header.bits}-bit values were read as 8 bits"] if header.bits > 8 else []
    if header.format == "PPM" and header.maximum not in (255, 65535):
        notes.append(f"values 0–{header.maximum} were scaled to 0–255")
    elif header.bits < 8 and image.mode == "L":
        notes.append(f"{header.bits}-bit values were scaled to 0–255")
    if image.mode == "1":
        notes.append("1-bit values were read as 0 and 255")
    image, alpha = _without_alpha(image, header, notes)
    values = np.asarray(image)
    planes = values[np.newaxis] if values.ndim == 2 else np.moveaxis(values, 2, 0)
    if alpha is not None and alpha.min() < 255:
        notes.append(f"transparent parts were laid on {_named(background)}")
        planes = _over(planes, alpha, background)
    return np.ascontiguousarray(planes), tuple(notes)


def _without_alpha(
    image: Image.Image, header: _Header, notes: list[str]
) -> tuple[Image.Image, NDArray[np.uint8] | None]:
    """Split a picture into mode L or RGB and its opacity, None where it has none."""
    mode = image.mode
    transparency = image.info.get("transparency")
    if mode in ("L", "RGB") and transparency is not None:
        return image, _opacity_of_key(np.asarray(image), transparency, header.bits)
    if mode == "1":
        grey = image.convert("L")
        return grey, None if transparency is None else _opacity_of_key(np.asarray(grey), transparency, 8)
    if mode in ("L", "RGB"):
        return image, None
    if mode in ("P", "PA"):
        notes.append("palette expanded")
        if mode == "P" and transparency is None:
            return image.convert("RGB"), None
    elif mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        notes.append(f"{mode} was turned into RGB")
        return image.convert("RGB"), None
    full = image if mode in ("LA", "RGBA") else image.convert("RGBA")
    alpha = np.asarray(full.getchannel("A"))
    grey_only = mode in ("LA", "La") or header.grey_alpha
    return full.getchannel(0) if grey_only else full.convert("RGB"), alpha


def _opacity_of_key(values: NDArray[Any], key: Any, bits: int) -> NDArray[np.uint8]:
    """The opacity where one colour is named transparent, in the file's own bits and not in Pillow's eight."""
    wanted = np.atleast_1d(np.asarray(key, dtype=np.int64))
    if bits > 8 and values.dtype == np.uint8:
        wanted = wanted >> 8
    elif bits < 8:
        wanted = wanted * 255 // (2**bits - 1)
    hit = (values == wanted).all(axis=-1) if values.ndim == 3 else values == wanted[0]
    return np.where(hit, 0, 255).astype(np.uint8)


def _deep_grey(
    image: Image.Image, header: _Header, background: Colour, name: str
) -> tuple[NDArray[np.uint16], Notes]:
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65535:
        raise BadInput(
            f"{name}: holds values from {values.min()} to {values.max()}, brightnesses go from 0 to 65535; "
            "save it as 16-bit, or as .npy"
        )
    planes = values.astype(np.uint16)[np.newaxis]
    notes = []
    if header.inverted:
        planes = 65535 - planes
        notes.append("white was stored as 0, values were turned round")
    if header.format == "PPM" and header.maximum != 65535:
        notes.append(f"values 0–{header.maximum} were scaled to 0–65535")
    transparency = image.info.get("transparency")
    if isinstance(transparency, int):
        alpha = _opacity_of_key(planes[0], transparency, 16)
        if alpha.min() < 255:
            notes.append(f"transparent parts were laid on {_named(background)}")
            planes = np.where(alpha == 0, np.uint16(_luma(background) * 257), planes)
    return planes, tuple(notes)


def _over(planes: NDArray[Any], alpha: NDArray[np.uint8], background: Colour) -> NDArray[np.uint8]:
    """Lay planes over a colour: ``(a·v + (255 − a)·b) / 255`` rounded; grey on a colour becomes RGB."""
    grey = len(planes) == 1 and len(set(background)) == 1
    out = np.empty((1 if grey else 3, *alpha.shape), np.uint8)
    for c in range(len(out)):
        mixed = planes[min(c, len(planes) - 1)].astype(np.uint16) * alpha
        mixed += (255 - alpha).astype(np.uint16) * np.uint16(background[c])
        out[c] = (mixed + np.uint16(127)) // 255
    return out


def _luma(colour: Colour) -> int:
    return round(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])


def _named(colour: Colour) -> str:
    return {(255, 255, 255): "white", (0, 0, 0): "black"}.get(
        colour, "the colour ({}, {}, {})".format(*colour)
    )


def _upright(array: Values, image: Image.Image, header: _Header) -> tuple[Values, Notes]:
    """Turn the picture as its EXIF says; Pillow does it for TIFF by itself and takes the mark away."""
    if header.orientation not in _TURNS:
        return array, ()
    if _orientation(image) in _TURNS:
        swap, rows, columns = _TURNS[header.orientation]
        array = np.swapaxes(array, 1, 2) if swap else array
        array = array[:, :: -1 if rows else 1, :: -1 if columns else 1]
    return np.ascontiguousarray(array), ("turned as its EXIF says",)


def _frames(image: Image.Image) -> int:
    # A JPEG with a preview or a depth map inside is one picture, not an animation.
    if image.format not in ("GIF", "WEBP", "PNG", "TIFF"):
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:  # noqa: BLE001 - the first frame is whole, whatever follows
        return 1
