"""The job as a whole: same bytes in any order, whole or not at all, one frame a step."""

import random
import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from cnnviz.engine.errors import BadInput
from cnnviz.export.job import Cancelled, Progress, export_steps, queue_length, run_export
from cnnviz.export.plan import target_of
from cnnviz.export.shots import shots_of
from cnnviz.export.writing import Task
from cnnviz.lesson.plans import Plan
from cnnviz.paint.layers import forget_layers
from cnnviz.scene.primitives import Box, Grid, Panel, Ring, Run, Scene, Text

COUNT = 12
VALUES = np.arange(-8.0, 8).reshape(4, 4)
CELLS = np.repeat((VALUES * 15 + 120).astype(np.uint8)[..., None], 3, axis=2)


def _scene(step: int, background: str | None = "#ffffff") -> Scene:
    row, column = divmod(step, 4)
    size = (120.0, 100.0)
    cells = Grid(
        "g",
        Box(10, 10, 80, 80),
        (10, 10),
        20,
        CELLS,
        ("x", 0, 0, 0),
        VALUES,
        0,
        9.0,
        step + 1,
        "#eeeeee",
        "#cccccc",
    )
    ring = Ring("r", Box(10 + 20 * column, 10 + 20 * row, 20, 20), "#d01c8b", "#222222")
    title = Text("t", Box(92, 10, 26, 12), (Run(str(step), "#111111"),), 10)
    return Scene(size, background, (Panel("p", Box(0, 0, *size), "", (cells, title)),), (ring,), "", "")


def _task(
    out: Path,
    scene_at: Callable[[int], Scene] = _scene,
    steps: Sequence[int] = range(COUNT),
    **fields: object,
) -> Task:
    plan = Plan(size=(120, 100), **fields)  # type: ignore[arg-type]  # fields by name
    shots = shots_of(plan, steps)
    return Task(plan, target_of(out, plan, shots, COUNT), shots, lambda shot: scene_at(shot.index))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _left(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_writes_a_folder_of_pictures(tmp_path: Path) -> None:
    report = run_export(_task(tmp_path / "out"))
    files = _files(tmp_path / "out")
    assert sorted(files) == [f"frame-{step:04d}.png" for step in range(COUNT)]
    assert (report.files, report.place, report.cancelled) == (COUNT, tmp_path / "out", False)
    assert report.bytes_written == sum(map(len, files.values()))
    with Image.open(tmp_path / "out" / "frame-0000.png") as picture:
        assert (picture.size, picture.mode) == ((120, 100), "RGB")
        assert picture.getpixel((85, 85)) == (0xEE, 0xEE, 0xEE)


def test_the_scale_multiplies_the_size(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "a.png", _scene, range(3, 4), scale=2.5))
    assert _left(tmp_path) == ["a.png"]
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (300, 250)


def test_shuffled_steps_give_the_same_bytes(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "plain"))
    steps = list(range(COUNT))
    random.shuffle(steps)
    assert steps != sorted(steps)
    forget_layers()
    run_export(_task(tmp_path / "shuffled", _scene, steps))
    assert _files(tmp_path / "shuffled") == _files(tmp_path / "plain")


def test_another_export_in_between_changes_no_byte(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "one"))
    run_export(_task(tmp_path / "other", lambda step: _scene(step, "#101010"), scale=1.5))
    run_export(_task(tmp_path / "two"))
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def test_a_transparent_picture_has_alpha(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "a.png", lambda step: _scene(step, None), range(1), theme="transparent"))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((110, 90)) == (0, 0, 0, 0)
        assert np.array(picture)[35, 55].tolist() == [0xEE, 0xEE, 0xEE, 255]


def test_a_gif_shows_what_the_pictures_show_and_holds_the_last(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "png"))
    report = run_export(_task(tmp_path / "a.gif", fps=4, hold=1.5))
    assert (report.files, report.bytes_written) == (1, (tmp_path / "a.gif").stat().st_size)
    with Image.open(tmp_path / "a.gif") as image:
        frames = [(frame.info["duration"], frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    assert [time for time, _ in frames] == [250] * (COUNT - 1) + [1750]
    for step, (_, frame) in enumerate(frames):
        with Image.open(tmp_path / "png" / f"frame-{step:04d}.png") as picture:
            assert np.abs(np.array(frame).astype(int) - np.array(picture)).max() <= 12


def test_a_transparent_gif(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "a.gif", lambda step: _scene(step, None), theme="transparent"))
    with Image.open(tmp_path / "a.gif") as image:
        for frame in ImageSequence.Iterator(image):
            seen = np.array(frame.convert("RGBA"))
            assert seen[95, 110, 3] == 0
            assert seen[80, 80, 3] == 255


def test_paints_one_frame_a_step(tmp_path: Path) -> None:
    painted: list[int] = []

    def scene_at(step: int) -> Scene:
        painted.append(step)
        return _scene(step)

    counts = [0]
    for now in export_steps(_task(tmp_path / "out", scene_at)):
        counts.append(len(painted))
        assert now.total == COUNT
    assert painted == list(range(COUNT))
    assert {after - before for before, after in pairwise(counts)} == {0, 1}


def test_progress_grows_to_the_whole(tmp_path: Path) -> None:
    heard: list[Progress] = []
    report = run_export(_task(tmp_path / "out"), heard.append)
    assert [now.done for now in heard] == sorted(now.done for now in heard)
    assert (heard[-1].done, heard[-1].bytes_written) == (COUNT, report.bytes_written)
    assert heard[-1].seconds_left == 0


def test_estimates_go_by_the_frames_so_far() -> None:
    now = Progress(25, 100, 2.0, 5000)
    assert (now.seconds_left, now.bytes_expected) == (6.0, 20_000)
    assert (Progress(0, 100, 2.0, 0).seconds_left, Progress(0, 100, 2.0, 0).bytes_expected) == (None, None)


def _after(calls: int) -> Callable[[], bool]:
    left = iter(range(calls))
    return lambda: next(left, None) is None


@pytest.mark.parametrize("out", ["out", "a.png", "a.gif"])
@pytest.mark.parametrize("calls", [0, 1, 3, 6, COUNT])
def test_a_cancel_leaves_nothing(out: str, calls: int, tmp_path: Path) -> None:
    report = run_export(_task(tmp_path / out), cancelled=_after(calls))
    assert (report.files, report.bytes_written, report.cancelled) == (0, 0, True)
    assert _left(tmp_path) == []


@pytest.mark.parametrize("out", ["out", "a.png", "a.gif"])
def test_a_cancel_that_is_thrown_undoes_in_further_steps(out: str, tmp_path: Path) -> None:
    steps = export_steps(_task(tmp_path / out))
    for _ in range(5):
        next(steps)
    report = None
    try:
        steps.throw(Cancelled())
        while True:
            next(steps)
    except StopIteration as end:
        report = end.value
    assert (report.files, report.cancelled, _left(tmp_path)) == (0, True, [])


@pytest.mark.parametrize("out", ["out", "a.png", "a.gif"])
def test_a_failure_keeps_what_was_there(out: str, tmp_path: Path) -> None:
    run_export(_task(tmp_path / out))
    before = {name: (tmp_path / name).read_bytes() for name in _left(tmp_path) if (tmp_path / name).is_file()}

    def failing(step: int) -> Scene:
        if step == 7:
            raise BadInput("step 7: cannot be drawn; choose another")
        return _scene(step, "#000000")

    with pytest.raises(BadInput, match="step 7"):
        run_export(_task(tmp_path / out, failing))
    after = {name: (tmp_path / name).read_bytes() for name in _left(tmp_path) if (tmp_path / name).is_file()}
    assert after == before


def test_a_failure_while_writing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BadInput, match="disk is full"):
        run_export(_task(tmp_path / "out"))
    assert _left(tmp_path) == []


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    run_export(_task(tmp_path, _scene, range(2)))
    assert _left(tmp_path) == ["frame-0000.png", "frame-0001.png", "notes.txt"]


def test_large_pictures_do_not_queue_up() -> None:
    # 4 bytes a pixel: two 4K pictures take 66 MB, and of one of 100 megapixels there is 400 MB alone.
    assert queue_length(Plan(size=(120, 100))) == queue_length(Plan(size=(1920, 1080))) == 4
    assert queue_length(Plan(size=(3840, 2160))) == 2
    assert queue_length(Plan(size=(10000, 10000))) == 1


def test_no_worker_is_left_running(tmp_path: Path) -> None:
    run_export(_task(tmp_path / "out"), cancelled=_after(5))
    run_export(_task(tmp_path / "a.gif"))
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("export")] == []
