"""GIF, APNG and WebP as Pillow reads them back: pictures as on the stage, times, transparency, the same bytes."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from cnnviz.engine.errors import BadInput
from cnnviz.export.job import run_export
from tests.export.lesson_tasks import noise_ratio, painted, task

ENDINGS = pytest.mark.parametrize("ending", ["gif", "apng", "webp"])
LOSSLESS = pytest.mark.parametrize("ending", ["apng", "webp"])


def _read(path: Path, mode: str = "RGB") -> tuple[list[NDArray[np.uint8]], list[int]]:
    """All pictures, and for how many milliseconds each is shown."""
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        frames = [
            (np.array(f.convert(mode)), round(f.info["duration"])) for f in ImageSequence.Iterator(image)
        ]
    return [picture for picture, _ in frames], [time for _, time in frames]


@LOSSLESS
def test_the_pictures_are_exactly_those_of_the_stage(ending: str, tmp_path: Path) -> None:
    job = task(tmp_path / f"a.{ending}")
    report = run_export(job)
    assert report.bytes_written == (tmp_path / f"a.{ending}").stat().st_size
    seen, _ = _read(tmp_path / f"a.{ending}")
    for read, picture in zip(seen, painted(job), strict=True):
        assert np.array_equal(read, picture)


def test_a_gif_is_close_to_the_stage(tmp_path: Path) -> None:
    job = task(tmp_path / "a.gif")
    run_export(job)
    seen, _ = _read(tmp_path / "a.gif")
    for read, picture in zip(seen, painted(job), strict=True):
        assert noise_ratio(read, picture) > 40


@ENDINGS
def test_times_are_kept_and_the_last_picture_is_held(ending: str, tmp_path: Path) -> None:
    run_export(task(tmp_path / f"a.{ending}", fps=3, hold=1.5))
    _, times = _read(tmp_path / f"a.{ending}")
    assert times == pytest.approx([1000 / 3] * 5 + [1000 / 3 + 1500], abs=7)
    assert sum(times) == pytest.approx(3500, abs=7)


@ENDINGS
def test_what_moves_glides_and_rests(ending: str, tmp_path: Path) -> None:
    job = task(tmp_path / f"a.{ending}", moves=True, fps=1, hold=0, frames="0:3")
    run_export(job)
    _, times = _read(tmp_path / f"a.{ending}")
    assert len(times) == len(job.shots) > 10
    assert sum(times) == pytest.approx(3000, abs=7)


@LOSSLESS
def test_soft_edges_on_a_transparent_background(ending: str, tmp_path: Path) -> None:
    job = task(tmp_path / f"a.{ending}", theme="transparent", moves=True, fps=2, frames="0:3")
    run_export(job)
    seen, _ = _read(tmp_path / f"a.{ending}", "RGBA")
    for read, picture in zip(seen, painted(job), strict=True):
        assert np.array_equal(read[..., 3], picture[..., 3])
        shown = picture[..., 3] > 0
        assert 0 < shown.mean() < 0.9
        assert np.array_equal(read[shown], picture[shown])


def test_a_gif_is_transparent_where_less_than_half_is_seen(tmp_path: Path) -> None:
    job = task(tmp_path / "a.gif", theme="transparent", frames="0:4")
    run_export(job)
    seen, _ = _read(tmp_path / "a.gif", "RGBA")
    for read, picture in zip(seen, painted(job), strict=True):
        assert np.array_equal(read[..., 3] == 255, picture[..., 3] >= 128)


@ENDINGS
def test_the_same_plan_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_export(task(tmp_path / f"{name}.{ending}", moves=True, frames="0:4"))
    assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


@ENDINGS
def test_a_single_step_is_an_animation_of_one(ending: str, tmp_path: Path) -> None:
    job = task(tmp_path / f"a.{ending}", frames="3")
    run_export(job)
    with Image.open(tmp_path / f"a.{ending}") as image:
        assert noise_ratio(np.array(image.convert("RGB")), painted(job)[0]) > 40


@ENDINGS
def test_steps_that_look_alike_still_take_their_time(ending: str, tmp_path: Path) -> None:
    job = task(tmp_path / f"a.{ending}", pairs=True, hide=("products",), fps=2, hold=0)
    run_export(job)
    seen, times = _read(tmp_path / f"a.{ending}")
    assert (len(seen), sum(times)) == (12, 6000)


def test_the_chunks_of_an_apng_are_whole_and_numbered(tmp_path: Path) -> None:
    run_export(task(tmp_path / "a.apng"))
    data = (tmp_path / "a.apng").read_bytes()
    kinds, numbers, place = [], [], 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert int.from_bytes(data[place + 8 + length : place + 12 + length], "big") == zlib.crc32(
            kind + body
        )
        kinds.append(kind)
        if kind in (b"fcTL", b"fdAT"):
            numbers.append(int.from_bytes(body[:4], "big"))
        place += 12 + length
    assert kinds == [b"IHDR", b"acTL", b"fcTL", b"IDAT", *[b"fcTL", b"fdAT"] * 5, b"IEND"]
    assert numbers == list(range(11))


@pytest.mark.parametrize("hold", [64, 70, 600])
def test_a_long_rest_is_kept(hold: int, tmp_path: Path) -> None:
    for ending in ("gif", "apng", "webp"):
        run_export(task(tmp_path / f"a.{ending}", frames="3:5", size=(64, 36), fps=1, hold=hold))
        _, times = _read(tmp_path / f"a.{ending}")
        assert times == [1000, 1000 * (hold + 1)]


def test_a_picture_too_large_for_webp_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at most 16383"):
        run_export(task(tmp_path / "a.webp", size=(16400, 32)))
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_as_it_grows(tmp_path: Path) -> None:
    """No animation is kept in memory: what is written so far stands in the hidden file."""
    sizes: list[int] = []

    def look(_: object) -> None:
        sizes.extend(path.stat().st_size for path in tmp_path.iterdir())

    run_export(task(tmp_path / "a.apng", size=(1920, 1080), frames=":"), look)
    assert len(set(sizes)) > 10
