"""Painting in small steps: the same pictures, and memory that is used again only when nobody looks at it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cnnviz.export import easel
from cnnviz.export.easel import Easel, Memory
from cnnviz.export.shots import Shot
from cnnviz.export.writing import Task
from cnnviz.paint.painter import scene_image
from tests.export.lesson_tasks import task


def _painted(board: Easel, shot: Shot) -> tuple[QImage, int]:
    """A picture, and in how many steps it came."""
    steps, count = board.paint(shot), 0
    while True:
        count += 1
        try:
            next(steps)
        except StopIteration as end:
            image: QImage = end.value
            return image, count


def _copy(image: QImage) -> NDArray[np.uint8]:
    return np.frombuffer(image.constBits(), np.uint8).copy()


@pytest.fixture(params=["light", "transparent"])
def job(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Task:
    return task(tmp_path_factory.mktemp("out") / "frames", theme=request.param)


@pytest.mark.parametrize("seconds", [0.0, 1e9], ids=["after each primitive", "in one go"])
def test_pictures_do_not_depend_on_where_painting_rests(
    job: Task, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(easel, "TURN", seconds)
    board = Easel(job)
    steps = set()
    for shot in job.shots:
        image, count = _painted(board, shot)
        whole = scene_image(job.scene_at(shot), job.plan.scale)
        assert (image.size(), image.format()) == (whole.size(), whole.format())
        assert np.array_equal(_copy(image), _copy(whole))
        steps.add(count > 10)
    assert steps == {seconds == 0.0}


def test_a_picture_that_is_kept_is_not_painted_over(job: Task) -> None:
    board = Easel(job)
    kept = [_painted(board, shot)[0] for shot in job.shots]
    wanted = [_copy(scene_image(job.scene_at(shot), job.plan.scale)) for shot in job.shots]
    assert all(np.array_equal(_copy(image), want) for image, want in zip(kept, wanted, strict=True))


def test_a_picture_lies_in_the_memory_that_was_made_for_it(
    job: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt would copy a picture that it takes for read-only before it paints, which nobody would see but the clock."""
    made: list[Memory] = []
    touched = easel._touched

    def noting(width: int, height: int) -> Memory:
        made.append(touched(width, height))
        return made[-1]

    monkeypatch.setattr(easel, "_touched", noting)
    image, _ = _painted(Easel(job), job.shots[0])
    assert len(made) == 1
    assert np.array_equal(made[0].view(np.uint8).ravel(), _copy(image))
    assert len(np.unique(made[0])) > 10


def test_memory_is_used_again(job: Task) -> None:
    board = Easel(replace(job))
    for shot in job.shots:
        image, _ = _painted(board, shot)
        assert board._free == []
        del image
        assert len(board._free) == 1


def test_painting_that_is_given_up_gives_its_memory_back(job: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(easel, "TURN", 0.0)
    board = Easel(job)
    steps = board.paint(job.shots[0])
    for _ in range(8):
        next(steps)
    steps.close()
    assert len(board._free) == 1
