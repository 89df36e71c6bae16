"""The commands, run as people run them: what they print, how they end, and that a fault is one line."""

from __future__ import annotations

import errno
import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz import __version__
from cnnviz.__main__ import main
from cnnviz.engine.errors import BadInput
from cnnviz.files.lessons import shipped, shipped_lesson, write_lesson

Facts = dict[str, Any]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main([*map(str, arguments)]) == 0
    return capsys.readouterr().out


def traced(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[Facts]:
    return [json.loads(line) for line in printed(capsys, "trace", *arguments, "--json").splitlines()]


def rows(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[list[float]]:
    """The first feature map, from the totals of its cells, with every sum checked on the way."""
    steps = [
        s for s in traced(capsys, "vertical-edge", "--pace", "cell", *arguments) if s["section"]["layer"] == 0
    ]
    out: dict[int, list[float]] = {}
    for step in steps:
        terms = step["terms"]
        assert [x * w for x, w in zip(terms["x"], terms["w"], strict=True)] == terms["products"]
        assert sum(terms["products"]) + (terms["bias"] or 0) == pytest.approx(terms["total"], abs=1e-12)
        assert step["tensors"][2]["values"][step["step"]] == pytest.approx(terms["total"], abs=1e-12)
        out.setdefault(step["cell"][1], []).append(terms["total"])
    return [out[row] for row in sorted(out)]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main([*map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cnnviz: ")
    assert err.count("\n") == 1
    return err.removeprefix("cnnviz: ").rstrip("\n")


def test_the_sixteen_cells_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys) == [[0, 30, 30, 0]] * 4
    first, second = traced(capsys, "vertical-edge")[:2]
    assert first["terms"]["products"] == [10, 0, -10] * 3
    assert second["terms"]["products"] == [10, 0, 0] * 3
    assert first["window"] == [0, 0, 3, 3]
    assert first["section"] == {
        "track": 0,
        "phase": "FORWARD",
        "op": "conv2d",
        "layer": 0,
        "name": "Convolution",
    }


@pytest.mark.parametrize(
    ("kernel", "row"),
    [
        ("identity", [10, 10, 0, 0]),
        ("vertical-edge", [0, 30, 30, 0]),
        ("horizontal-edge", [0, 0, 0, 0]),
        ("prewitt-x", [0, -30, -30, 0]),
        ("prewitt-y", [0, 0, 0, 0]),
        ("sobel-x", [0, -40, -40, 0]),
        ("sobel-y", [0, 0, 0, 0]),
        ("scharr-x", [0, -160, -160, 0]),
        ("scharr-y", [0, 0, 0, 0]),
        ("laplacian-4", [0, -10, 10, 0]),
        ("laplacian-8", [0, 30, -30, 0]),
        ("sharpen", [10, 20, -10, 0]),
        ("sharpen-strong", [10, 40, -30, 0]),
        ("box-3", [10, 20 / 3, 10 / 3, 0]),
        ("gaussian-3", [10, 7.5, 2.5, 0]),
        ("emboss", [10, -20, -30, 0]),
        ("emboss-relief", [0, -20, -20, 0]),
        ("log-5", [-50, 50]),
    ],
)
def test_named_kernels_on_the_example(
    capsys: pytest.CaptureFixture[str], kernel: str, row: list[float]
) -> None:
    for found in rows(capsys, "--kernel", kernel):
        assert found == pytest.approx(row, abs=1e-12)


def test_paddings_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    same = rows(capsys, "--padding", "same")
    assert same[0] == same[5] == [-20, 0, 20, 20, 0, 0]
    assert same[1:5] == [[-30, 0, 30, 30, 0, 0]] * 4
    assert rows(capsys, "--padding", "1") == same
    assert rows(capsys, "--padding", "1,1,1,1") == same
    assert rows(capsys, "--padding", "same", "--padding-mode", "replicate") == [[0, 0, 30, 30, 0, 0]] * 6
    assert rows(capsys, "--padding", "0,1") == [[-30, 0, 30, 30, 0, 0]] * 4


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        (["--stride", "2"], [1, 2, 2]),
        (["--stride", "2", "--padding", "1"], [1, 3, 3]),
        (["--kernel", "box-5", "--padding", "2"], [1, 6, 6]),
        (["--kernel", "box-7", "--padding", "3"], [1, 6, 6]),
        (["--dilation", "4", "--padding", "full"], [1, 14, 14]),
        (["--kernel", "box-5", "--stride", "2", "--set", "layers.2.kernel_size=1"], [1, 1, 1]),
        (["--dilation", "2"], [1, 2, 2]),
        (["--stride", "1,2"], [1, 4, 2]),
    ],
)
def test_sizes(capsys: pytest.CaptureFixture[str], options: list[str], shape: list[int]) -> None:
    facts = traced(capsys, "vertical-edge", *options, "--step", "0")[0]
    assert facts["tensors"][2]["shape"] == shape


def test_the_size_of_seven_and_of_an_even_kernel(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "seven.csv").write_text("\n".join([",".join(["1"] * 7)] * 7))
    facts = traced(
        capsys, "vertical-edge", "--image", tmp_path / "seven.csv", "--stride", "2", "--step", "0"
    )[0]
    assert facts["tensors"][2]["shape"] == [1, 3, 3]
    (tmp_path / "even.txt").write_text("1 0; 0 -1")
    facts = traced(
        capsys, "vertical-edge", "--kernel", tmp_path / "even.txt", "--stride", "2", "--step", "0"
    )[0]
    assert facts["tensors"][2]["shape"] == [1, 3, 3]


def test_several_kernels_are_several_maps(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("0 0 0\n0 1/2 0\n0 0 0\n")
    facts = traced(
        capsys, "vertical-edge", "--kernel", "identity", "--kernel", tmp_path / "mine.txt", "--step", "0"
    )[0]
    weights, maps = facts["tensors"][1:3]
    assert weights["shape"] == [2, 1, 3, 3]
    assert maps["values"][:4] == [10, 10, 0, 0]
    assert maps["values"][16:20] == [5, 5, 0, 0]


def test_an_image_in_place_of_the_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from PIL import Image

    # red 255: 76.245, green 255: 149.685, blue 255: 29.07, white 255, rounded
    pixels = np.zeros((4, 4, 3), dtype=np.uint8)
    pixels[0, 0], pixels[0, 1], pixels[0, 2], pixels[0, 3] = (
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (255, 255, 255),
    )
    Image.fromarray(pixels).save(tmp_path / "colour.png")
    grey = traced(capsys, "vertical-edge", "--image", tmp_path / "colour.png", "--step", "0")[0]["tensors"]
    assert grey[0]["shape"] == [1, 4, 4]
    assert grey[0]["values"][:4] == [76, 150, 29, 255]
    assert grey[2]["values"] == [76 - 29, 150 - 255, 0, 0]
    colour = traced(capsys, "rgb", "--image", tmp_path / "colour.png", "--step", "0")[0]["tensors"]
    assert colour[0]["shape"] == [3, 4, 4]
    assert colour[0]["values"][:4] == [255, 0, 0, 255]


def test_one_s_own_pictures_to_learn_from(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    images = np.random.default_rng(3).integers(0, 17, (30, 8, 8)).astype(np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(30) % 3)
    step = traced(capsys, "learn-digits", "--data", tmp_path / "mine.npz", "--step", "2")[0]
    assert (step["learning"]["data"], step["learning"]["batch"]) == ("mine.npz", 25)
    assert step["tensors"][0]["values"] in images.reshape(30, -1).tolist()
    np.savez(tmp_path / "wide.npz", images=np.zeros((30, 8, 9), np.uint8), labels=np.arange(30) % 3)
    assert main(["trace", "learn-digits", "--data", str(tmp_path / "wide.npz")]) == 2
    assert "shape (1, 8, 9), the input of this lesson (1, 8, 8)" in capsys.readouterr().err


def test_a_large_image_is_paced_by_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (64, 48), 7).save(tmp_path / "grey.png")
    steps = traced(capsys, "vertical-edge", "--image", tmp_path / "grey.png")
    assert 40 < len(steps) < 95
    assert [s["beat"] for s in steps[:12]] == ["place", *["multiply"] * 9, "sum", "write"]
    assert steps[-1]["tensors"][-1]["written"] == 31 * 23


def test_set_changes_any_field_after_all_other_options(capsys: pytest.CaptureFixture[str]) -> None:
    facts = traced(
        capsys, "vertical-edge", "--stride", "2", "--set", "layers.0.stride=1", "--set", "params.0.bias.0=1/2",
        "--set", "layers.2.stride=1", "--set", "pace=layer",
    )  # fmt: skip
    assert [f["tensors"][2]["values"] for f in facts] == [[0.5, 30.5, 30.5, 0.5] * 4] * 3
    assert facts[2]["tensors"][4]["shape"] == [1, 3, 3]


def test_paces_have_the_steps_that_arithmetic_says(capsys: pytest.CaptureFixture[str]) -> None:
    # 16 cells of the map, 16 of ReLU, 4 of pooling; nine products and PLACE, SUM, WRITE a cell of the map
    counts = {"multiply": 16 * 12 + 16 * 2 + 4 * 2, "cell": 36, "row": 10, "channel": 3, "layer": 3}
    for pace, count in counts.items():
        assert len(traced(capsys, "vertical-edge", "--pace", pace)) == count


def test_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "trace", "vertical-edge", "--step", "1")
    assert "10·1 + 10·0 + 0·-1 + 10·1 + 10·0 + 0·-1 + 10·1 + 10·0 + 0·-1 = 30" in out
    assert "conv1 1×4×4, 2 of 16 written" in out
    assert len(printed(capsys, "trace", "vertical-edge").splitlines()) == 36


def test_lessons_and_actions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(printed(capsys, "lessons", "--json"))
    assert [entry["id"] for entry in listed] == [lesson.id for lesson in shipped()]
    assert listed[0]["title"] == "Vertical edge"
    assert printed(capsys, "lessons").splitlines()[0].split()[0] == "vertical-edge"
    actions = {action["id"]: action for action in json.loads(printed(capsys, "actions", "--json"))}
    assert actions["file.open"]["shortcut"] == "Ctrl+O"
    assert actions["file.open"]["text"] == "Open…"
    assert "Ctrl+O" in printed(capsys, "actions")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--version") == f"cnnviz {__version__}\n"
    assert "trace LESSON" in printed(capsys, "--help")
    assert "--padding-mode" in printed(capsys, "export", "--help")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["trace", "no-such"], "lesson 'no-such' is neither a file nor one that ships; give a file or one of vertical"),
        (["trace", "no/such.cnnviz"], "there is no such file"),
        (["trace"], "the following arguments are required: LESSON"),
        (["trace", "vertical-edge", "--step", "36"], "step 36 is not in this lesson: give 0 to 35"),
        (["trace", "vertical-edge", "--step", "-1"], "step -1 is not in this lesson"),
        (["trace", "vertical-edge", "--step", "x"], "invalid int value"),
        (["trace", "vertical-edge", "--bogus"], "unrecognized arguments: --bogus"),
        (["trace", "vertical-edge", "--kernel", "no-such"], "kernel 'no-such' is neither a file nor a known name"),
        (["trace", "vertical-edge", "--kernel", "box-7"], "kernel 7x7 is larger than the picture 6x6"),
        (["trace", "vertical-edge", "--kernel", "box-3", "--kernel", "box-5"], "kernels of 3×3 and 5×5 cannot share"),
        (["trace", "vertical-edge", "--image", "none.png"], "none.png: there is no such file"),
        (["trace", "learn-digits", "--data", "none.npz"], "none.npz: there is no such file"),
        (["trace", "vertical-edge", "--padding", "1,2,3"], "--padding: has 3 amounts"),
        (["trace", "vertical-edge", "--padding", "-1"], "padding is -1: it must be at least 0"),
        (
            ["trace", "vertical-edge", "--padding", "some"],
            "--padding: is 'some'; give one of valid, same, same-lower, half, full",
        ),
        (["trace", "vertical-edge", "--padding", "900000"], "values: at most 300,000,000 are computed"),
        (["trace", "vertical-edge", "--padding-mode", "mirror"], "invalid choice: 'mirror'"),
        (["trace", "vertical-edge", "--stride", "0"], "--stride: stride is 0: it must be at least 1"),
        (["trace", "vertical-edge", "--stride", "1.5"], "--stride: is 1.5; give whole numbers"),
        (["trace", "vertical-edge", "--dilation", "4"], "larger than the picture"),
        (["trace", "vertical-edge", "--pace", "slow"], "invalid choice: 'slow'"),
        (["trace", "vertical-edge", "--set", "title"], "--set title: there is no value; write KEY=VALUE"),
        (["trace", "vertical-edge", "--set", "speed=1"], "field 'speed' is unknown; the keys here are title, "),
        (["export", "vertical-edge"], "the following arguments are required: OUT"),
        (["export", "vertical-edge", "out", "--frames", "a:b"], "frames 'a:b': write A:B"),
        (["export", "vertical-edge", "out", "--frames", "99"], "the timeline has the steps 0…35"),
        (["export", "vertical-edge", "out", "--size", "big"], "size 'big': write width x height"),
        (["export", "vertical-edge", "out", "--theme", "blue"], "invalid choice: 'blue'"),
        (["export", "vertical-edge", "out.bmp"], "out.bmp: no format ends in .bmp"),
        (["export", "vertical-edge", "no/folder/out.gif"], "the folder does not exist"),
        (["export", "vertical-edge", "out", "--fps", "nan"], "fps nan: choose more than 0"),
        (["lessons", "extra"], "unrecognized arguments: extra"),
        (["--no-such-option"], "unrecognized arguments: --no-such-option"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert line in refused(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_kernels_that_are_none_are_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for text in ("1 x 1", "1 2\n3", "nan 1", "", "1e999", "\n".join(["1 " * 32] * 3)):
        (tmp_path / "bad.txt").write_text(text)
        assert "bad.txt" in refused(capsys, "trace", "vertical-edge", "--kernel", tmp_path / "bad.txt")


def test_a_first_argument_that_is_no_command_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[list[str], str | None]] = []

    def window(files: list[str], screenshot: str | None) -> int:
        opened.append((files, screenshot))
        return 0

    monkeypatch.setattr("cnnviz.__main__._open_window", window)
    assert main([]) == 0
    assert main(["a.png", "b.txt"]) == 0
    assert main(["--screenshot", "out.png", "rgb"]) == 0
    assert opened == [([], None), (["a.png", "b.txt"], None), (["rgb"], "out.png")]


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (BadInput("two\nlines"), 2, "cnnviz: two lines\n"),
        (
            PermissionError(13, "Permission denied", "x.png"),
            2,
            "cnnviz: x.png: Permission denied; choose another place\n",
        ),
        (
            MemoryError(),
            2,
            "cnnviz: not enough memory for this lesson; choose a smaller picture or fewer kernels\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_every_end_has_its_status(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    status: int,
    line: str,
) -> None:
    def window(files: list[str], screenshot: str | None) -> int:
        raise error

    monkeypatch.setattr("cnnviz.__main__._open_window", window)
    monkeypatch.setattr("cnnviz.cli._drop_output", lambda: None)
    assert main([]) == status
    assert capsys.readouterr().err == line


def test_a_full_disk_behind_a_redirection_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["trace", "vertical-edge", "--step", "0"]) == 2
    assert capsys.readouterr().err == "cnnviz: output: No space left on device; choose another place\n"


def test_an_own_lesson_is_traced_by_its_path(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write_lesson(tmp_path / "mine.cnnviz", shipped_lesson("vertical-edge"))
    assert traced(capsys, tmp_path / "mine.cnnviz") == traced(capsys, "vertical-edge")
