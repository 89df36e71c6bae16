"""No text and no bytes make a reader raise anything but BadInput, with one line."""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from cnnviz.engine.errors import BadInput
from cnnviz.files.arrays import parse_table
from cnnviz.files.classify import classify
from cnnviz.files.kernels import parse_kernels, parse_number, read_kernels
from cnnviz.files.matrix_json import parse_json
from cnnviz.files.pictures import decode_picture, read_input

PIECES = [
    *"0123456789.,;:/*+-−eE[](){}<>#%&\\\"'=_~×·∞½\t\n\r \u00a0\u2028\x00x",
    *(
        "1/9",
        "0,5",
        "nan",
        "inf",
        "1e999",
        "-0",
        "...",
        "...\n",
        "np.array(",
        "dtype=float",
        "\\begin{bmatrix}",
    ),
    *(
        "\\end{bmatrix}",
        "\\frac{1}{2}",
        "\\\\",
        "[[",
        "]]",
        '{"kernel":',
        "true",
        "null",
        "1/0",
        "sep=;\n",
        "١",
    ),
]
TEXT = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
PARSERS: tuple[Callable[[str, str], object], ...] = (parse_kernels, parse_table, parse_number, parse_json)
READERS: tuple[Callable[[Path], object], ...] = (classify, read_kernels, read_input)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def only_bad_input(read: Callable[[], object]) -> None:
    message = "read"
    try:
        read()
    except BadInput as refused:
        message = str(refused)
    assert message
    assert message.isprintable()


@FUZZ
@given(TEXT)
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in PARSERS:
        only_bad_input(partial(parse, text, "pasted"))


@FUZZ
@given(TEXT)
def test_every_number_that_is_read_is_finite(text: str) -> None:
    for parse in PARSERS:
        only_bad_input(partial(check_finite, parse, text))


@FUZZ
@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_what_python_prints_is_read_exactly(rows: list[list[float]]) -> None:
    assert parse_kernels(repr(rows))[0].tolist() == rows
    assert parse_table("\n".join("\t".join(map(repr, row)) for row in rows)).tolist() == rows


@FUZZ
@given(
    st.sampled_from(["a.txt", "a.csv", "a.json", "a.npy", "a.png", "a"]), st.binary(min_size=1, max_size=300)
)
def test_any_file_is_read_or_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for read in READERS:
        only_bad_input(partial(read, path))


def check_finite(parse: Callable[[str, str], object], text: str) -> None:
    value = parse(text, "pasted")
    parts = value if isinstance(value, tuple) else (value,)
    assert all(np.isfinite(np.asarray(part, dtype=float)).all() for part in parts if part is not None)


def sample(kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "npy":
        np.save(out, np.arange(12.0).reshape(3, 4))
    else:
        noise = np.random.default_rng(0).integers(0, 256, (9, 11, 3), dtype=np.uint8)
        Image.fromarray(noise).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["npy", "PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM"])
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, kind: str) -> None:
    whole = sample(kind)
    path = tmp_path / "a"

    @FUZZ
    @given(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=4),
        st.integers(1, len(whole)),
    )
    def damage(changes: list[tuple[int, int]], kept: int) -> None:
        data = bytearray(whole)
        for place, value in changes:
            data[place] = value
        if kind != "npy":
            only_bad_input(lambda: decode_picture(bytes(data[:kept]), "dropped", max_pixels=10_000))
        path.write_bytes(data[:kept])
        if kind == "npy":
            only_bad_input(lambda: read_input(path))

    damage()
