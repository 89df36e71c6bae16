"""A sentence for each rest of the stage, none while it plays, none where nobody listens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.player import Player
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.staging import Staging
from cnnviz.controllers.telling import Telling
from cnnviz.timeline.frame import CellRef
from tests.controllers.lessons import lesson_of, timeline_of


class Stand:
    """A stage, a player with a clock turned by hand, and what was told."""

    def __init__(self, glides: bool = False, listening: bool = True) -> None:
        self.seconds = 0.0
        self.listening = listening
        self.session = Session(Moment(timeline_of()))
        self.staging = Staging(self.session, lambda: glides, lambda: self.seconds)
        self.player = Player(self.session, lambda: self.seconds)
        self.staging.set_size(1280, 720)
        self.telling = Telling(self.staging, self.player, lambda: self.listening)
        self.told: list[str] = []
        self.telling.told.connect(self.told.append)

    def rest(self) -> list[str]:
        """What was told since the last time, once the stage has come to rest."""
        self.staging.flush()
        self.telling.flush()
        told, self.told[:] = list(self.told), []
        return told


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    return Stand()


def test_what_stood_there_from_the_start_is_not_told_again(stand: Stand) -> None:
    assert stand.rest() == []


def test_a_step_is_told_with_its_cell_and_its_sum(stand: Stand) -> None:
    stand.session.show(index=1)  # three rows of 10 − 0
    assert stand.rest() == ["Feature map, row 0, column 1: 9 products add up to 30, written into the map."]
    assert stand.rest() == []


def test_another_section_is_named_first(stand: Stand) -> None:
    stand.session.show(index=16)
    assert stand.rest() == ["ReLU. ReLU, row 0, column 0: 0 stays 0."]


def test_a_chosen_cell_and_another_level_are_told(stand: Stand) -> None:
    chosen = replace(stand.session.moment.viewpoint, pinned=CellRef(0, "conv1", 0, 2, 2))
    stand.session.show(viewpoint=chosen)
    assert stand.rest() == ["Feature map, row 2, column 2 = 30: 9 products add up to 30."]
    stand.session.show(viewpoint=replace(chosen, level="layer"))
    assert stand.rest() == ["One layer. Feature map, 4×4, from 0 to 30."]


def test_of_many_steps_at_once_only_the_last_is_told(stand: Stand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stand.telling.told):
        for index in (1, 2, 3):
            stand.session.show(index=index)
            stand.staging.flush()
    assert stand.told == ["Feature map, row 0, column 3: 9 products add up to 0, written into the map."]


def test_playing_is_silent_and_its_end_is_told(stand: Stand) -> None:
    stand.player.play()
    for index in (1, 2):
        stand.session.show(index=index)
        assert stand.rest() == []
    stand.player.pause()
    (told,) = stand.rest()
    assert told.startswith("Stopped. Step 3 of 36. Feature map, row 0, column 2: ")


def test_another_lesson_is_told_by_its_title(stand: Stand) -> None:
    other = timeline_of()
    stand.session.show(timeline=replace(other, lesson=replace(lesson_of(), title="Mine")), index=0)
    (told,) = stand.rest()
    assert told.startswith("Mine. Feature map, row 0, column 0: ")


def test_without_a_listener_nothing_is_told_and_who_comes_later_hears_where_one_is(qtbot: QtBot) -> None:
    stand = Stand(listening=False)
    stand.session.show(index=1)
    assert stand.rest() == []
    stand.listening = True
    stand.session.show(index=2)
    (told,) = stand.rest()
    assert told.startswith("Vertical edge. One cell. Convolution. Feature map, row 0, column 2: ")


def test_a_glide_is_told_once(qtbot: QtBot) -> None:
    stand = Stand(glides=True)
    stand.session.show(index=1)
    assert len(stand.rest()) == 1
    stand.seconds += 0.1
    stand.staging.flush()
    assert stand.rest() == []
