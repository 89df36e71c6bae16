"""Pictures of one's own for a network, on the command line: what was done is said, blank ones are refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz import cli


def main(arguments: list[str]) -> int:
    """A command, where no window may open."""

    def window(_files: Sequence[str], _screenshot: str | None) -> int:
        raise AssertionError("a window was asked for")

    return cli.main(arguments, window)


def saved(folder: Path, name: str, pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    path = folder / name
    Image.fromarray(pixels).save(path)
    return str(path)


@pytest.fixture
def bar(tmp_path: Path) -> str:
    """A dark bar on bright paper."""
    picture = np.full((120, 90, 3), 235, np.uint8)
    picture[20:100, 40:52] = 25
    return saved(tmp_path, "bar.png", picture)


def traced(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, dict[str, object]], str]:
    """The tensors of the first step by name, and what stands on stderr."""
    assert main(["trace", *arguments, "--step", "0", "--json"]) == 0
    out, err = capsys.readouterr()
    return {tensor["name"]: tensor for tensor in json.loads(out)["tensors"]}, err


def test_a_photograph_becomes_like_the_training_data_and_a_line_says_so(
    bar: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors, err = traced(capsys, "mnist-network", "--image", bar)
    assert err.splitlines() == [
        f"cnnviz: {bar}: made like mnist: grey, inverted, its longer side 20, in the middle of 28×28 "
        "(--set source.like=false leaves it raw)"
    ]
    values = np.array(tensors["input"]["values"]).reshape(28, 28)
    rows, columns = np.nonzero(values)
    # 80×12 becomes 20×3.
    assert (rows.min(), rows.max(), columns.max() - columns.min()) == (4, 23, 2)


def test_raw_it_is_only_grey_and_small(bar: str, capsys: pytest.CaptureFixture[str]) -> None:
    tensors, err = traced(capsys, "mnist-network", "--image", bar, "--set", "source.like=false")
    assert err == ""
    assert np.array(tensors["input"]["values"])[0] == 235


def test_it_is_turned_by_a_field(bar: str, capsys: pytest.CaptureFixture[str]) -> None:
    upright, _ = traced(capsys, "mnist-network", "--image", bar)
    lying, _ = traced(capsys, "mnist-network", "--image", bar, "--set", "source.rotate=90")
    first, second = (np.array(t["input"]["values"]).reshape(28, 28) for t in (upright, lying))
    np.testing.assert_array_equal(second, np.rot90(first))


@pytest.mark.parametrize("network", ["digits", "mnist", "fashion", "patches"])
def test_a_blank_picture_is_refused_in_one_line_that_names_both_sides(
    network: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path, "blank.png", np.full((40, 30), 200, np.uint8))
    assert main(["trace", f"{network}-network", "--image", path]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"cnnviz: blank.png: all of it is 200 or nearly so, but the network knows pictures of {network}, which have "
        "something in them: give a picture that shows something"
    ]


def test_a_turned_drawing_is_exported(bar: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.png"
    assert main(["export", "digits-network", str(out), "--image", bar, "--set", "source.rotate=20",
                 "--set", "label=1", "--frames", "0:1", "--size", "640x400"]) == 0  # fmt: skip
    capsys.readouterr()
    with Image.open(out) as picture:
        assert picture.size == (640, 400)
