"""Thumbnails: painted one after the other, kept while theme and size stay."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from cnnviz.controllers import gallery as module
from cnnviz.controllers.gallery import Gallery, first_sentence
from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.lesson.lesson import BadInput, Lesson
from cnnviz.scene.theme import DARK, LIGHT

IDS = [lesson.id for lesson in shipped()]
WIDTH = 200


@pytest.fixture
def gallery(qtbot: QtBot) -> Gallery:
    return Gallery()


def heard(gallery: Gallery) -> list[tuple[str, QImage, str]]:
    said: list[tuple[str, QImage, str]] = []
    gallery.painted.connect(lambda *values: said.append(values))
    return said


def test_every_lesson_is_painted_in_its_order_one_at_a_turn(gallery: Gallery, qtbot: QtBot) -> None:
    said = heard(gallery)
    gallery.show_for(LIGHT, WIDTH)
    assert said == []
    qtbot.waitUntil(lambda: len(said) == len(IDS), timeout=60_000)
    assert [name for name, _, _ in said] == IDS
    for name, picture, _ in said:
        assert (picture.width(), picture.height()) == (WIDTH, 92), name
        assert picture.pixelColor(0, 0) == QColor(LIGHT.background or ""), name


def test_pictures_are_kept_and_painted_anew_for_another_theme(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    def read(name: str) -> Lesson:
        reads.append(name)
        return shipped_lesson(name)

    monkeypatch.setattr(module, "shipped", lambda: shipped()[:2])
    monkeypatch.setattr(module, "shipped_lesson", read)
    said = heard(gallery)
    gallery.show_for(LIGHT, WIDTH)
    qtbot.waitUntil(lambda: len(said) == 2)
    gallery.show_for(LIGHT, WIDTH)
    assert (len(said), len(reads)) == (4, 2)
    gallery.show_for(DARK, WIDTH)
    qtbot.waitUntil(lambda: len(said) == 6)
    assert len(reads) == 4
    assert said[-1][1].pixelColor(0, 0) == QColor(DARK.background or "")


def test_what_is_stopped_is_taken_up_where_it_was(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "shipped", lambda: shipped()[:4])
    gallery = Gallery()
    said = heard(gallery)
    gallery.show_for(LIGHT, WIDTH)
    gallery.painted.connect(lambda *_values: gallery.stop())
    qtbot.waitUntil(lambda: len(said) > 0)
    gallery.painted.disconnect()
    said = heard(gallery)
    gallery.show_for(LIGHT, WIDTH)
    assert [name for name, _, _ in said] == IDS[:1]
    qtbot.waitUntil(lambda: len(said) == 4)
    assert [name for name, _, _ in said] == IDS[:4]


def test_a_lesson_that_cannot_be_read_says_why(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_name: str) -> Lesson:
        raise BadInput("broken.json: is damaged; take another")

    monkeypatch.setattr(module, "shipped_lesson", read)
    said = heard(gallery)
    gallery.show_for(LIGHT, WIDTH)
    qtbot.waitUntil(lambda: len(said) > 0)
    gallery.stop()
    assert said[0][1].isNull()
    assert said[0][2] == "broken.json: is damaged; take another"


@pytest.mark.parametrize(
    ("notes", "want"),
    [
        ("", ""),
        ("One line", "One line"),
        ("Slides a 3.5 px window.\nThen adds. And so on.", "Slides a 3.5 px window."),
        ("What is it? A question.", "What is it?"),
        ("A heading\n\nA paragraph. More.", "A heading"),
    ],
)
def test_first_sentence(notes: str, want: str) -> None:
    assert first_sentence(notes) == want


def test_details_say_what_a_lesson_shows(gallery: Gallery) -> None:
    at = IDS.index("vertical-edge")
    assert "S23 Vertical edge" in gallery.details[at]
    assert len(gallery.details) == len(gallery.lessons) == len(IDS)


def test_a_lesson_is_laid_out_beside_the_window(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a large network is read the window answers; what was begun before a stop is not painted."""
    free, begun = threading.Event(), threading.Event()

    def read(name: str) -> Lesson:
        begun.set()
        assert free.wait(30)
        return shipped_lesson(name)

    monkeypatch.setattr(module, "shipped", lambda: shipped()[:2])
    monkeypatch.setattr(module, "shipped_lesson", read)
    said = heard(gallery)
    gallery.show_for(LIGHT, WIDTH)
    qtbot.waitUntil(begun.is_set)
    gallery.stop()
    gallery.show_for(DARK, WIDTH)
    free.set()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert [name for name, _, _ in said] == IDS[:2]
    assert all(picture.pixelColor(0, 0) == QColor(DARK.background or "") for _, picture, _ in said)
