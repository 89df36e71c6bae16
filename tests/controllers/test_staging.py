"""The scene follows the moment, the pointer, the size and the theme; single steps glide when they may."""

from __future__ import annotations

from threading import get_ident
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from cnnviz.controllers import staging
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.staging import Staging
from cnnviz.engine.layers import Conv, Params, Relu
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source
from cnnviz.scene.primitives import Ring, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK
from cnnviz.timeline.effort import effort
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.controllers.lessons import timeline_of


class Stand:
    """A staging at 1280×720 with a clock turned by hand."""

    def __init__(self, glides: bool = False) -> None:
        self.seconds = 0.0
        self.session = Session(Moment(timeline_of()))
        self.staging = Staging(self.session, lambda: glides, lambda: self.seconds)
        self.scenes: list[Scene] = []
        self.staging.scene_changed.connect(self.scenes.append)
        self.staging.set_size(1280, 720)

    def ring(self, scene: Scene) -> float:
        """The left edge of the ring around the cell at work."""
        return next(
            p.box.x for p in scene.primitives() if isinstance(p, Ring) and p.key.startswith("now/cell")
        )


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    return Stand()


def test_no_scene_before_there_is_a_size(qtbot: QtBot) -> None:
    staging = Staging(Session(Moment(timeline_of())))
    staging.flush()
    assert staging.scene is None


def test_one_that_is_gone_hears_of_no_moment_any_more(qtbot: QtBot, stand: Stand) -> None:
    audience = QObject()
    Staging(stand.session, parent=audience)
    delete(audience)
    with qtbot.captureExceptions() as raised:
        stand.session.show(index=3)
    assert raised == []
    stand.staging.flush()
    assert stand.staging.shown is stand.session.moment


def test_a_size_is_shown_at_once_and_only_once(stand: Stand) -> None:
    assert [scene.size for scene in stand.scenes] == [(1280, 720)]
    stand.staging.set_size(1280, 720)
    assert len(stand.scenes) == 1


def test_many_changes_in_one_turn_are_one_scene(stand: Stand, qtbot: QtBot) -> None:
    for index in range(1, 20):
        stand.session.show(index=index)
    with qtbot.waitSignal(stand.staging.scene_changed):
        pass
    assert len(stand.scenes) == 2
    assert "step 20 of 36" in stand.scenes[-1].spoken


def test_the_pointer_changes_the_caption(stand: Stand) -> None:
    rest = stand.scenes[-1].caption
    stand.staging.set_hover(CellRef(0, "input", 0, 2, 2))
    stand.staging.flush()
    assert stand.scenes[-1].caption != rest
    stand.staging.set_hover(None)
    stand.staging.flush()
    assert stand.scenes[-1].caption == rest


def test_another_theme_has_another_ground(stand: Stand) -> None:
    stand.staging.set_theme(DARK)
    assert stand.scenes[-1].background == DARK.background


def test_a_step_glides_there_in_a_quarter_of_a_second(qtbot: QtBot) -> None:
    stand = Stand(glides=True)
    start = stand.ring(stand.scenes[-1])
    stand.session.show(index=1)
    stand.staging.flush()
    assert stand.ring(stand.scenes[-1]) == pytest.approx(start)
    stand.seconds = 0.125
    stand.staging._tick.timeout.emit()
    middle = stand.ring(stand.scenes[-1])
    stand.seconds = 0.25
    stand.staging._tick.timeout.emit()
    end = stand.ring(stand.scenes[-1])
    assert start < middle < end
    assert middle == pytest.approx((start + end) / 2)
    assert stand.scenes[-1] is stand.staging.scene
    assert not stand.staging._tick.isActive()


def test_a_jump_and_a_step_without_motion_do_not_glide(qtbot: QtBot) -> None:
    for glides, index in ((True, 2), (False, 1)):
        stand = Stand(glides)
        stand.session.show(index=index)
        stand.staging.flush()
        assert stand.scenes[-1] is stand.staging.scene
        assert not stand.staging._tick.isActive()


def test_the_next_step_drops_what_still_glides(qtbot: QtBot) -> None:
    stand = Stand(glides=True)
    stand.session.show(index=1)
    stand.staging.flush()
    stand.session.show(index=9)
    stand.staging.flush()
    assert stand.scenes[-1] is stand.staging.scene


def test_a_heavy_lesson_is_computed_by_a_worker(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = Stand()
    monkeypatch.setattr(staging, "HEAVY", 0)
    before, busy = stand.scenes[-1], list[bool]()
    stand.staging.busy_changed.connect(busy.append)
    built = list[tuple[bool, Timeline]]()
    own = get_ident()

    def noted(timeline: Timeline, *arguments: Any) -> Scene:
        built.append((get_ident() == own, timeline))
        return build_scene(timeline, *arguments)

    monkeypatch.setattr(staging, "build_scene", noted)
    first = stand.session.moment.timeline
    made = [timeline_of(size=size) for size in (7, 8, 9)]
    assert stand.staging.is_settled
    for timeline in made:
        stand.session.show(timeline=timeline)
        stand.staging.flush()
        assert stand.scenes[-1].spoken == before.spoken
        assert not stand.staging.is_settled
    stand.staging.set_size(1300, 720)
    assert stand.scenes[-1].size[0] == 1300
    qtbot.waitUntil(lambda: busy == [True, False])
    # The window's own thread shows what was, until the last one is there; what came between is never computed.
    assert [timeline for own, timeline in built if own] == [first] * 4 + [made[2]]
    assert [timeline for own, timeline in built if not own] == [made[0], made[2]]
    assert stand.scenes[-1].spoken != before.spoken
    assert stand.staging.is_settled


def test_a_lesson_whose_arrays_are_there_is_shown_at_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = Stand()
    monkeypatch.setattr(staging, "HEAVY", 0)
    timeline = timeline_of(size=9)
    stand.staging.warm(timeline, 0)
    stand.session.show(timeline=timeline)
    stand.staging.flush()
    assert "step 1 of" in stand.scenes[-1].spoken
    assert len(stand.scenes) == 2


def test_a_4k_picture_with_one_kernel_is_not_heavy() -> None:
    def work(kernels: int) -> int:
        picture = Source(np.zeros((1, 2160, 3840), np.uint8), "4K")
        params = Params(np.ones((kernels, 1, 3, 3)))
        track = Track(picture, (Conv(kernels, (3, 3)), Relu()), (params, None))
        return effort(make_timeline(Lesson("4K", (track,))))

    assert work(1) < staging.HEAVY / 2
    assert work(12) > 2 * staging.HEAVY
