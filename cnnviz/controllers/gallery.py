"""The gallery of the lessons that ship: a worker lays their pictures out, the window paints one after the other."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage

from cnnviz.controllers.collecting import give_back
from cnnviz.files.lessons import ShippedLesson, shipped, shipped_lesson
from cnnviz.files.systems import systems_in_words
from cnnviz.lesson.lesson import BadInput
from cnnviz.paint.thumbnail import thumbnail
from cnnviz.scene.composition import UNTITLED
from cnnviz.scene.primitives import Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT, Theme
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.progress import beside, learners
from cnnviz.timeline.telling import telling_step
from cnnviz.timeline.timeline import make_timeline

STAGE = (960.0, 540.0)
"""Size for which a thumbnail is laid out; it is painted smaller."""
ASPECT = 0.46
"""Height of a thumbnail by its width: maps stand in a row."""
PAUSE_MS = 4
"""Between two thumbnails, so that keys and paints come in between."""


class Gallery(QObject):
    """Paints the thumbnails that are asked for and keeps them while theme and size stay.

    Signals
    -------
    painted : id, QImage, first sentence of the notes
    """

    painted = Signal(str, object, str)
    _laid_out = Signal(int, str, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._width = LIGHT, 0
        self._kept: dict[str, tuple[QImage, str]] = {}
        self._waiting: deque[str] = deque()
        self._timer = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self._lay_out_next)
        self._turn = 0  # what was begun for another theme or before a stop is not wanted any more
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._laid_out.connect(self._paint)

    @property
    def lessons(self) -> tuple[ShippedLesson, ...]:
        """The lessons in teaching order."""
        return shipped()

    @property
    def details(self) -> tuple[str, ...]:
        """What each of them shows, in words."""
        return tuple(systems_in_words(lesson.systems) for lesson in shipped())

    def show_for(self, theme: Theme, width: int) -> None:
        """Say every thumbnail in the colours of a theme, so many device pixels wide; those that are kept at once."""
        if (theme, width) != (self._theme, self._width):
            self._theme, self._width = theme, width
            self._kept.clear()
        for name, kept in self._kept.items():
            self.painted.emit(name, *kept)
        self._turn += 1
        self._waiting = deque(lesson.id for lesson in shipped() if lesson.id not in self._kept)
        self._timer.start()

    def stop(self) -> None:
        """Paint no more; what is painted is kept."""
        self._turn += 1
        self._waiting.clear()

    def _lay_out_next(self) -> None:
        if not self._waiting:
            return
        name, turn, theme = self._waiting.popleft(), self._turn, self._theme
        # A bound signal may be emitted from the worker: Qt carries it over into this object's thread.
        laid_out = self._laid_out

        def work() -> None:
            made: tuple[Scene | None, str] = (None, "")
            try:
                made = _scene_of(name, theme)
            finally:
                with suppress(RuntimeError):  # the gallery may be gone by now
                    laid_out.emit(turn, name, *made)

        self._pool.start(work)

    def _paint(self, turn: int, name: str, scene: Scene | None, told: str) -> None:
        if turn != self._turn:
            return
        height = round(self._width * ASPECT)
        picture = QImage() if scene is None else thumbnail(scene, self._width, height)
        self._kept[name] = picture, told
        self.painted.emit(name, picture, told)
        give_back()  # some lessons have a hundred times the weights of others
        self._timer.start()


def _scene_of(name: str, theme: Theme) -> tuple[Scene | None, str]:
    """The picture of a lesson and the first sentence of its notes; of one that cannot be read none, and why."""
    try:
        lesson = shipped_lesson(name)
        timeline = make_timeline(lesson)
    except BadInput as error:
        return None, str(error)
    plain = replace(timeline, lesson=replace(lesson, words=()))
    if any(descent.heavy for descent in learners(plain)):
        plain = beside(plain)  # the forward pass is enough
    scene = build_scene(plain, telling_step(plain), Viewpoint(), STAGE, theme, composition=UNTITLED)
    return scene, first_sentence(lesson.notes)


def first_sentence(text: str) -> str:
    """The text up to the end of its first sentence, in one line.

    Examples
    --------
    >>> first_sentence("Slides a 3.5 px window. Then adds.")
    'Slides a 3.5 px window.'
    """
    line = " ".join(text.split("\n\n", 1)[0].split())
    ends = [at + 1 for mark in (". ", "! ", "? ") if (at := line.find(mark)) >= 0]
    return line[: min(ends)] if ends else line
