"""Pictures of every kind, made by hand or by Pillow, with the values they must give."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.errors import BadInput
from cnnviz.files.pictures import Picture, decode_picture, read_array, read_input, read_picture


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, bits: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG by hand; colour 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA; each row begins with a 0."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def tiff(bits: tuple[int, ...], photometric: int, samples: int, data: bytes, kind: int = 1) -> bytes:
    """A little-endian TIFF of 2 × 1 pixels by hand; kind 1 unsigned, 2 signed, 3 floating point."""
    tags = [
        (256, 3, 1, 2),
        (257, 3, 1, 1),
        (258, 3, len(bits), bits[0]),
        (259, 3, 1, 1),
        (262, 3, 1, photometric),
    ]
    tags += [(273, 4, 1, 0), (277, 3, 1, samples), (278, 3, 1, 1), (279, 4, 1, len(data)), (339, 3, 1, kind)]
    after = 8 + 2 + 12 * len(tags) + 4
    values = {273: after + 2 * len(bits), 258: after if len(bits) > 1 else bits[0]}
    entries = b"".join(struct.pack("<HHII", tag, k, n, values.get(tag, v)) for tag, k, n, v in tags)
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack(f"<{len(bits)}H", *bits) + data


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def values(
    data: bytes, background: tuple[int, int, int] = (255, 255, 255)
) -> tuple[str, list[object], tuple[str, ...]]:
    picture = decode_picture(data, "p", background)
    assert not picture.array.flags.writeable
    assert picture.array.flags.c_contiguous
    return picture.array.dtype.name, picture.array.tolist(), picture.notes


GREY = Image.fromarray(np.arange(12, dtype=np.uint8).reshape(3, 4) * 20)
COLOUR = Image.fromarray(np.arange(36, dtype=np.uint8).reshape(3, 4, 3) * 7)
PLANES = np.moveaxis(np.asarray(COLOUR), 2, 0)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_grey_is_one_channel_and_colour_three(kind: str) -> None:
    assert values(saved(GREY, kind)) == ("uint8", [np.asarray(GREY).tolist()], ())
    assert values(saved(COLOUR, kind)) == ("uint8", PLANES.tolist(), ())


def test_lossless_webp_is_exact_and_grey_gif_keeps_its_values() -> None:
    assert values(saved(COLOUR, "WEBP", lossless=True)) == ("uint8", PLANES.tolist(), ())
    assert decode_picture(saved(GREY, "GIF"), "p").array[0].tolist() == np.asarray(GREY).tolist()


def test_jpeg_is_close_and_has_its_channels() -> None:
    flat = Image.new("RGB", (8, 8), (200, 100, 50))
    picture = decode_picture(saved(flat, "JPEG", quality=95), "p")
    assert picture.array.shape == (3, 8, 8)
    np.testing.assert_allclose(picture.array[:, 4, 4], [200, 100, 50], atol=3)
    assert decode_picture(saved(GREY, "JPEG"), "p").array.shape == (1, 3, 4)


@pytest.mark.parametrize(
    ("data", "kind", "array", "notes"),
    [
        (png(2, 1, 16, 0, b"\0" + struct.pack(">2H", 1, 65535)), "uint16", [[[1, 65535]]], ()),
        (
            png(1, 1, 16, 2, b"\0" + struct.pack(">3H", 256, 515, 65535)),
            "uint8",
            [[[1]], [[2]], [[255]]],
            ("16-bit values were read as 8 bits",),
        ),
        (
            png(1, 1, 16, 4, b"\0" + struct.pack(">2H", 512, 65535)),
            "uint8",
            [[[2]]],
            ("16-bit values were read as 8 bits",),
        ),
        (png(2, 1, 1, 0, b"\0\x40"), "uint8", [[[0, 255]]], ("1-bit values were read as 0 and 255",)),
        (png(4, 1, 2, 0, b"\0\x1b"), "uint8", [[[0, 85, 170, 255]]], ("2-bit values were scaled to 0–255",)),
        (png(2, 1, 4, 0, b"\0\x1f"), "uint8", [[[17, 255]]], ("4-bit values were scaled to 0–255",)),
        (
            png(2, 1, 1, 3, b"\0\x40", chunk(b"PLTE", bytes([1, 2, 3, 4, 5, 6]))),
            "uint8",
            [[[1, 4]], [[2, 5]], [[3, 6]]],
            ("palette expanded",),
        ),
        (b"P5 2 1 65535\n" + struct.pack(">2H", 1, 65535), "uint16", [[[1, 65535]]], ()),
        (b"P2 2 1 65535\n1 1000\n", "uint16", [[[1, 1000]]], ()),
        (b"P5 2 1 15\n\x01\x0f", "uint8", [[[17, 255]]], ("values 0–15 were scaled to 0–255",)),
        (
            b"P5 2 1 1000\n" + struct.pack(">2H", 0, 1000),
            "uint16",
            [[[0, 65535]]],
            ("values 0–1000 were scaled to 0–65535",),
        ),
        (
            b"P6 1 1 65535\n" + struct.pack(">3H", 0, 65535, 0),
            "uint8",
            [[[0]], [[255]], [[0]]],
            ("16-bit values were read as 8 bits",),
        ),
        (b"P1 2 1\n1 0\n", "uint8", [[[0, 255]]], ("1-bit values were read as 0 and 255",)),
        (b"P4 2 1\n\x40", "uint8", [[[255, 0]]], ("1-bit values were read as 0 and 255",)),
        (tiff((16,), 1, 1, struct.pack("<2H", 7, 65535)), "uint16", [[[7, 65535]]], ()),
        (
            tiff((16,), 0, 1, struct.pack("<2H", 7, 65535)),
            "uint16",
            [[[65528, 0]]],
            ("white was stored as 0, values were turned round",),
        ),
        (tiff((16,), 1, 1, struct.pack("<2h", 7, 9), kind=2), "uint16", [[[7, 9]]], ()),
        (
            tiff((16, 16, 16), 2, 3, struct.pack("<6H", 256, 512, 65535, 0, 1, 300)),
            "uint8",
            [[[1, 0]], [[2, 0]], [[255, 1]]],
            ("16-bit values were read as 8 bits",),
        ),
    ],
)
def test_depths_are_kept_or_the_notes_tell(
    data: bytes, kind: str, array: object, notes: tuple[str, ...]
) -> None:
    assert values(data) == (kind, array, notes)


# v = 100 at opacity 51/255 = 0.2: over white 0.2·100 + 0.8·255 = 224, over black 20, over 50 it is 60.
@pytest.mark.parametrize(
    ("background", "grey", "note"),
    [
        ((255, 255, 255), 224, "white"),
        ((0, 0, 0), 20, "black"),
        ((50, 50, 50), 60, "the colour (50, 50, 50)"),
    ],
)
def test_transparent_parts_are_laid_on_the_background(
    background: tuple[int, int, int], grey: int, note: str
) -> None:
    told = (f"transparent parts were laid on {note}",)
    assert values(png(1, 1, 8, 4, bytes([0, 100, 51])), background) == ("uint8", [[[grey]]], told)
    assert values(png(1, 1, 8, 6, bytes([0, 100, 100, 0, 51])), background)[1] == [
        [[grey]],
        [[grey]],
        [[round(0.8 * background[2])]],
    ]
    palette = chunk(b"PLTE", bytes([100] * 3)) + chunk(b"tRNS", bytes([51]))
    assert values(png(1, 1, 8, 3, b"\0\0", palette), background)[1:] == (
        [[[grey]]] * 3,
        ("palette expanded", *told),
    )


def test_grey_on_a_colour_becomes_colour() -> None:
    assert values(png(1, 1, 8, 4, bytes([0, 100, 51])), (255, 0, 50))[1] == [[[224]], [[20]], [[60]]]


def test_an_opaque_alpha_channel_changes_nothing() -> None:
    assert values(png(1, 1, 8, 6, bytes([0, 1, 2, 3, 255]))) == ("uint8", [[[1]], [[2]], [[3]]], ())


def test_a_transparent_colour_is_compared_in_the_bits_of_the_file() -> None:
    told = ("transparent parts were laid on white",)
    two_bits = png(4, 1, 2, 0, b"\0\x1b", chunk(b"tRNS", struct.pack(">H", 1)))
    assert values(two_bits)[1] == [[[0, 255, 170, 255]]]
    colour = png(2, 1, 8, 2, bytes([0, 1, 2, 3, 1, 2, 4]), chunk(b"tRNS", struct.pack(">3H", 1, 2, 3)))
    assert values(colour) == ("uint8", [[[255, 1]], [[255, 2]], [[255, 4]]], told)
    deep = png(2, 1, 16, 0, b"\0" + struct.pack(">2H", 300, 301), chunk(b"tRNS", struct.pack(">H", 300)))
    assert values(deep) == ("uint16", [[[65535, 301]]], told)
    assert values(deep, (0, 0, 0))[1] == [[[0, 301]]]


def test_cmyk_is_turned_into_rgb() -> None:
    picture = decode_picture(saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100), "p")
    assert picture.notes == ("CMYK was turned into RGB",)
    np.testing.assert_allclose(picture.array[:, 4, 4], [255, 0, 0], atol=3)


# A 2 × 3 picture 0..5 as it lies in the file, and upright for each EXIF orientation (EXIF 2.3, tag 0x0112).
@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (2, [[2, 1, 0], [5, 4, 3]]),
        (3, [[5, 4, 3], [2, 1, 0]]),
        (4, [[3, 4, 5], [0, 1, 2]]),
        (5, [[0, 3], [1, 4], [2, 5]]),
        (6, [[3, 0], [4, 1], [5, 2]]),
        (7, [[5, 2], [4, 1], [3, 0]]),
        (8, [[2, 5], [1, 4], [0, 3]]),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_picture_stands_upright_as_its_exif_says(
    kind: str, orientation: int, upright: list[list[int]]
) -> None:
    stored = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = decode_picture(saved(stored.convert("RGB"), kind, exif=exif, **options), "p")
    assert picture.array[0].tolist() == upright
    assert picture.notes == ("turned as its EXIF says",)


def test_upright_pictures_and_damaged_exif_get_no_note() -> None:
    exif = Image.Exif()
    exif[0x0112] = 1
    assert decode_picture(saved(GREY, "JPEG", exif=exif), "p").notes == ()
    assert decode_picture(saved(GREY, "PNG", exif=b"Exif\0\0MM\0*\0\0\0\xff"), "p").notes == ()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_of_several_frames_is_read(kind: str) -> None:
    frames = [Image.new("RGB", (4, 4), (shade, 0, 0)) for shade in (250, 100, 0)]
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = decode_picture(saved(frames[0], kind, save_all=True, append_images=frames[1:], **options), "p")
    assert picture.array[:, 0, 0].tolist() == [250, 0, 0]
    assert picture.notes[0] == "first of 3 frames"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM"])
def test_a_file_cut_in_half_is_refused_in_one_line(kind: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    data = saved(Image.fromarray(noise), kind)
    for part in (0.5, 0.9, 0.02):
        path = tmp_path / f"cut.{kind.lower()}"
        path.write_bytes(data[: int(len(data) * part)])
        with pytest.raises(BadInput, match=r"damaged|cut off") as refused:
            read_picture(path)
        assert str(refused.value).startswith(str(path))
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture at all", "is no PNG, JPEG"),
        (b"", "is no PNG, JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no PNG, JPEG"),
        (b"%PDF-1.4\n", "is no PNG, JPEG"),
        (tiff((32,), 1, 1, struct.pack("<2f", 0.5, 1.0), kind=3), "floating-point values"),
        (b"Pf 1 1 -1.0\n" + struct.pack("<f", 0.5), "floating-point values"),
        (tiff((16,), 1, 1, struct.pack("<2h", -5, 9), kind=2), "values from -5 to 9"),
        (tiff((32,), 1, 1, struct.pack("<2i", 0, 70000), kind=2), "values from 0 to 70000"),
        (png(10_000, 10_001, 8, 0, b""), "has 10001 × 10000 = 100010000 pixels, the limit is 100000000"),
        (png(20_000, 20_000, 8, 0, b""), "has 400000000 pixels, the limit is 100000000"),
        (png(2**31 - 1, 2**31 - 1, 8, 0, b""), "the limit is 100000000"),
        (png(10_000, 9_999, 8, 0, b""), "damaged or cut off"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        decode_picture(data, "the clipboard")
    assert str(refused.value).startswith("the clipboard: ")
    assert "\n" not in str(refused.value)


def test_what_pillow_logs_of_a_damaged_file_is_not_heard(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(BadInput, match=r"damaged|is no PNG"):
        decode_picture(tiff((8,), 1, 18179, b"\0\0"), "p")
    assert not caplog.records


def test_the_limit_of_pixels_is_kept() -> None:
    assert decode_picture(saved(GREY, "PNG"), "p", max_pixels=12).array.size == 12
    with pytest.raises(BadInput, match="has 3 × 4 = 12 pixels, the limit is 11"):
        decode_picture(saved(GREY, "PNG"), "p", max_pixels=11)


def test_a_picture_has_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "my cat.txt"
    path.write_bytes(saved(COLOUR, "PNG"))
    assert read_picture(path).name == "my cat.txt"
    assert read_input(path).array.tolist() == PLANES.tolist()
    with pytest.raises(BadInput, match="there is no such file"):
        read_input(tmp_path / "gone.png")
    with pytest.raises(BadInput, match="is a folder"):
        read_picture(tmp_path)


@pytest.mark.parametrize(
    ("shape", "planes", "noted"),
    [
        ((5, 6), (1, 5, 6), False),
        ((2, 5, 6), (2, 5, 6), False),
        ((5, 6, 3), (3, 5, 6), True),
        ((5, 6, 1), (1, 5, 6), True),
        ((3, 5, 3), (3, 5, 3), False),
        ((1, 5, 3), (1, 5, 3), False),
        ((1, 4, 5, 6), (4, 5, 6), False),
        ((64, 2, 2), (64, 2, 2), False),
    ],
)
def test_the_axes_of_an_array_are_told_by_its_shape(
    tmp_path: Path, shape: tuple[int, ...], planes: tuple[int, ...], noted: bool
) -> None:
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    np.save(tmp_path / "a.npy", array)
    picture = read_input(tmp_path / "a.npy")
    assert picture.array.shape == planes
    assert bool(picture.notes) is noted
    assert int(picture.array[0, 1, 1]) == (array[1, 1, 0] if noted else array.reshape(planes)[0, 1, 1])


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("uint8", "uint8"),
        (">u2", "uint16"),
        ("int64", "float64"),
        ("bool", "float64"),
        ("float32", "float64"),
    ],
)
def test_brightnesses_stay_and_other_numbers_become_float64(tmp_path: Path, kind: str, kept: str) -> None:
    np.save(tmp_path / "a.npy", np.array([[0, 1]], dtype=kind))
    picture = read_array(tmp_path / "a.npy")
    assert picture.array.dtype == kept
    assert picture.array.tolist() == [[[0, 1]]]
    assert not picture.array.flags.writeable


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "1,2\n3,4"),
        ("a.tsv", "1\t2\n3\t4"),
        ("a.txt", "[1 2; 3 4]"),
        ("a.txt", "1 2\n3 4"),
        ("a.json", "[[1,2],[3,4]]"),
    ],
)
def test_a_table_is_one_channel(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_input(tmp_path / name).array.tolist() == [[[1, 2], [3, 4]]]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.npz", b"PK\x03\x04 and so on", "is an archive"),
        ("a.csv", b"1,2\n3,x", "line 2, cell 2: 'x'"),
        ("a.npy", b"1 2 3", "is not a .npy file"),
        (
            "a.npy",
            b"\x93NUMPY\1\0\x36\0{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} ab",
            "give \\(rows, columns\\)",
        ),
        ("a.json", b"[[[[1],[2]],[[3],[4]]],[[[1],[2]],[[3],[4]]]]", "has the shape"),
        ("a.txt", b"[" + b"[[1,2]]," * 65 + b"]", "65 channels, the limit is 64"),
        ("a.dat", b"what is this?", "is no PNG, JPEG"),
    ],
)
def test_a_bad_input_is_refused_in_one_line(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match=words) as refused:
        read_input(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_a_picture_cannot_be_written_to() -> None:
    picture = Picture(np.zeros((1, 2, 2), np.uint8), "p")
    with pytest.raises(ValueError, match="read-only"):
        picture.array[0, 0, 0] = 1


def test_pillow_is_loaded_by_the_first_picture_only() -> None:
    code = "import sys, cnnviz.files.pictures, cnnviz.files.classify; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
