"""Videos as PyAV reads them back: pictures, times, colours, and what is refused."""

import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.export.job import run_export
from cnnviz.export.video import rate_of
from cnnviz.lesson.plans import Plan
from tests.export.lesson_tasks import noise_ratio, painted, task

ENDINGS = pytest.mark.parametrize("ending", ["mp4", "webm"])


def _read(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    """Each picture with its time."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [(float(f.time or 0), np.asarray(f.to_ndarray(format="rgb24"), np.uint8)) for f in frames]


@ENDINGS
def test_the_pictures_are_those_of_the_stage_for_as_long(ending: str, tmp_path: Path) -> None:
    job = task(tmp_path / f"a.{ending}", fps=5, hold=1)
    report = run_export(job)
    assert report.bytes_written == (tmp_path / f"a.{ending}").stat().st_size
    frames = _read(tmp_path / f"a.{ending}")
    assert len(frames) == 6 * 2 + 10  # ten a second, each step twice, and the last one a second longer
    assert all(
        after - before == pytest.approx(0.1, abs=0.002) for (before, _), (after, _) in pairwise(frames)
    )
    for step, picture in enumerate(painted(job)):
        for time in (0.2 * step + 0.01, 0.2 * step + 0.11):
            seen = frames[int(time * 10)][1]
            assert noise_ratio(seen, picture) > 32
            assert (
                np.abs(np.median(seen, (0, 1)) - np.median(picture, (0, 1))).max() <= 1
            )  # white stays white
    assert noise_ratio(frames[-1][1], painted(job)[-1]) > 32


@ENDINGS
def test_players_are_told_the_colours(ending: str, tmp_path: Path) -> None:
    run_export(task(tmp_path / f"a.{ending}"))
    with av.open(str(tmp_path / f"a.{ending}")) as container:
        context = container.streams.video[0].codec_context
        assert (context.pix_fmt, context.width, context.height) == ("yuv420p", 640, 360)
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == 1
        assert context.name == {"mp4": "h264", "webm": "vp9"}[ending]


def test_the_index_comes_first_so_that_browsers_begin_at_once(tmp_path: Path) -> None:
    run_export(task(tmp_path / "a.mp4"))
    data = (tmp_path / "a.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@ENDINGS
def test_the_same_plan_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_export(task(tmp_path / f"{name}.{ending}"))
    assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


def test_what_moves_has_thirty_pictures_a_second(tmp_path: Path) -> None:
    job = task(tmp_path / "a.mp4", moves=True, fps=1, hold=0.5, frames="0:3")
    assert any(shot.before is not None for shot in job.shots)
    run_export(job)
    times = [time for time, _ in _read(tmp_path / "a.mp4")]
    assert len(times) == round(3.5 * 30)
    assert times[-1] == pytest.approx(3.5 - 1 / 30, abs=0.002)


@pytest.mark.parametrize("fps", [4, 7, 25, 40])
def test_glides_take_no_time_from_the_clock(fps: int, tmp_path: Path) -> None:
    """Steps of 7.5, 4.3, 1.2 and 0.75 pictures: their roundings do not add up."""
    run_export(task(tmp_path / "a.mp4", size=(64, 36), moves=True, fps=fps, hold=0, frames="0:20"))
    frames = len(_read(tmp_path / "a.mp4"))
    assert frames / float(rate_of(Plan(fps=fps, moves=True))) == pytest.approx(20 / fps, abs=1 / 30)


@pytest.mark.parametrize(
    ("fps", "rate"),
    [(5, 10), (1, 10), (10, 10), (24, 24), (7.5, 15), (0.5, 10), (0.3, Fraction(51, 5)), (50, 50)],
)
def test_no_video_is_slower_than_ten_pictures_a_second(fps: float, rate: Fraction) -> None:
    assert rate_of(Plan(fps=fps)) == rate
    assert rate_of(Plan(fps=fps, moves=True)) == (30 if fps <= 30 else rate)  # else there is no time to move


@ENDINGS
def test_odd_sizes_and_transparency_are_refused_before_anything_is_written(
    ending: str, tmp_path: Path
) -> None:
    refusals: list[tuple[dict[str, object], str]] = [
        ({"size": (641, 361)}, "size 641x361: .* choose 640x360"),
        ({"size": (640, 360), "scale": 0.125}, "size 80x45: .* choose 80x44"),
        ({"theme": "transparent"}, "transparent"),
    ]
    for fields, words in refusals:
        with pytest.raises(BadInput, match=words):
            run_export(task(tmp_path / f"a.{ending}", **fields))
    assert list(tmp_path.iterdir()) == []


@ENDINGS
def test_without_the_extra_one_line_says_what_to_do(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(
        BadInput, match=r'needs the extra "video".* python -m pip install .cnnviz\[video\]'
    ) as refused:
        task(tmp_path / f"a.{ending}")
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_size_that_the_encoder_refuses_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the encoder refuses 32000x16"):
        run_export(task(tmp_path / "a.mp4", size=(32000, 16), frames="0"))
    assert list(tmp_path.iterdir()) == []


def test_the_window_loads_no_encoder(tmp_path: Path) -> None:
    """Opening one holds everything up, so that it must not come into this process."""
    code = (
        "import sys; from cnnviz.cli import main; "
        "main(['export', 'vertical-edge', *sys.argv[1:]], None); print('av' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.webm"), "--frames", "0:2", "--size", "64x36"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "False"
    assert (tmp_path / "a.webm").stat().st_size
