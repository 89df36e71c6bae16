"""Opens files and the clipboard: a worker reads and computes, the window stays alive, the result comes by signal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import QMimeData, QObject, QThreadPool, Signal

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.reading import WHITE, Colour, Found, Kind, Reader, read_file, read_mime, read_shipped
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.kernel_form import weighted
from cnnviz.lesson.lesson import BadInput, Lesson
from cnnviz.lesson.likeness import likeness
from cnnviz.lesson.limits import limits
from cnnviz.timeline.progress import beside
from cnnviz.timeline.timeline import Timeline, make_timeline

DEFAULT_LESSON = "vertical-edge"
HEAVY_BYTES = 500_000
"""A picture of fewer is there before the window is."""


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A found thing with the timeline it leads to, its arrays computed."""

    found: Found
    path: str
    base: Lesson
    timeline: Timeline


def start_with(files: Sequence[str], background: Colour = WHITE) -> tuple[Timeline, str]:
    """The timeline that the command line asks for, and the file of its lesson ("" when it has none).

    A name may be a file or the id of a lesson that ships. Without a lesson among them the 6×6 example is taken;
    pictures and kernels are put into it in their order.
    """
    found = [_named(name, background) for name in files]
    lessons = [(path, item.lesson) for path, item in found if item.lesson is not None]
    path, lesson = lessons[-1] if lessons else ("", read_shipped(DEFAULT_LESSON).lesson)
    assert lesson is not None
    for _, item in found:
        lesson = lesson if item.edit is None else item.edit(lesson)
    return make_timeline(lesson), path


def _named(name: str, background: Colour) -> tuple[str, Found]:
    """A file, or a lesson that ships when no file has that name."""
    if _ships(name):
        return "", read_shipped(name)
    return name, read_file(name, background=background)


def _ships(name: str) -> bool:
    from cnnviz.files.lessons import shipped

    return not Path(name).exists() and any(lesson.id == name for lesson in shipped())


def cover_for(files: Sequence[str]) -> Timeline | None:
    """What to begin with where the one file that is asked for takes its time, else None.

    That is a lesson with millions of weights to be drawn, or a large picture. The window is there at once then, and
    `Opening.begin_with` brings it.
    """
    if len(files) != 1:
        return None
    from cnnviz.files.covers import cover_of
    from cnnviz.files.lessons import shipped_path

    if _is_large_picture(files[0]):
        return start_with(())[0]
    cover = cover_of(shipped_path(files[0]) if _ships(files[0]) else files[0])
    return None if cover is None else make_timeline(cover)


def _is_large_picture(name: str) -> bool:
    from cnnviz.files.pictures import looks_like_picture
    from cnnviz.files.reading import read_head

    path = Path(name)
    return path.is_file() and path.stat().st_size >= HEAVY_BYTES and looks_like_picture(read_head(name))


class Opening(QObject):
    """Opens one thing after the other.

    Parameters
    ----------
    session : Session
    editing : Editing
    warm : callable
        What the worker computes of the new timeline at the step to be shown, so that showing it is quick.
    background : callable
        The colour on which transparent parts of a picture are laid.
    """

    lesson_ready = Signal(object, str)
    """A timeline and the path it came from: another document, about which the changed one must be asked."""
    opened = Signal(str)
    noted = Signal(str)
    failed = Signal(str)
    busy_changed = Signal(str)
    """The name of what is being read, "" when all is done."""
    cancelled = Signal()
    not_begun = Signal(str)
    """Why the picture that the program was started with cannot be read; in place of ``failed``."""
    _done = Signal(object, object)

    def __init__(
        self,
        session: Session,
        editing: Editing,
        warm: Callable[[Timeline, int], object] = Timeline.frame,
        background: Callable[[], Colour] = lambda: WHITE,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._warm = warm
        self._background = background
        self._editing = editing
        self._waiting: deque[tuple[str, Reader, str]] = deque()
        self._busy = self._begins = False
        self._given_up = Event()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._busy

    def open(self, path: str, kind: Kind | None = None) -> None:
        """Open a file once those before it are open."""
        background = self._background()
        self._enqueue(Path(path).name, lambda: read_file(path, kind, background), path)

    def open_shipped(self, lesson_id: str) -> None:
        """Open a lesson that ships."""
        self._enqueue(lesson_id, lambda: read_shipped(lesson_id), "")

    def open_named(self, name: str) -> None:
        """Open a file, or a lesson that ships when no file has that name."""
        if _ships(name):
            self.open_shipped(name)
        else:
            self.open(name)

    def begin_with(self, name: str) -> None:
        """Open what the program was started with: a picture as a document of its own, not as an edit of another."""
        if _ships(name) or not _is_large_picture(name):
            self.open_named(name)
            return
        background, self._begins = self._background(), True
        self._enqueue(
            Path(name).name, lambda: _in_the_first_lesson(read_file(name, background=background)), ""
        )

    def cancel(self) -> None:
        """Give up what is being opened and what waits behind it; nothing of it is shown."""
        if self._busy:
            self._given_up.set()
            self._waiting.clear()
            self._begins = False
            self._next()
            self.cancelled.emit()

    def open_all(self, paths: list[str]) -> None:
        """Open several files in their order."""
        for path in paths:
            self.open(path)

    def paste(self, mime: QMimeData) -> None:
        """Take a picture or a table from the clipboard."""
        reader = read_mime(mime, self._background())
        if reader is None:
            self.failed.emit("the clipboard holds neither a picture nor a table of numbers: copy one first")
            return
        self._enqueue("clipboard", reader, "")

    def _enqueue(self, name: str, reader: Reader, path: str) -> None:
        self._waiting.append((name, reader, path))
        if not self._busy:
            self._next()

    def _next(self) -> None:
        self._busy = bool(self._waiting)
        if not self._waiting:
            self.busy_changed.emit("")
            return
        name, reader, path = self._waiting.popleft()
        self.busy_changed.emit(name)
        moment = self._session.moment
        # A bound signal may be emitted from the worker: Qt carries it over into this object's thread.
        done, warm = self._done, self._warm
        given_up = self._given_up = Event()

        def work() -> None:
            result: Ready | str | None = f"{name}: could not be opened"
            try:
                result = _prepared(reader, path, moment, warm, given_up)
            finally:
                done.emit(result, given_up)

        self._pool.start(work)

    def _deliver(self, result: Ready | str | None, given_up: Event) -> None:
        if given_up.is_set() or result is None:
            return
        begins, self._begins = self._begins, False
        if isinstance(result, str):
            (self.not_begun if begins else self.failed).emit(result)
        else:
            self._show(result)
        self._next()

    def _show(self, ready: Ready) -> None:
        found = ready.found
        if found.lesson is not None:
            self.lesson_ready.emit(ready.timeline, ready.path)
            return
        name = f"Open {found.kind} {found.name}" if ready.path else f"Paste {found.kind}"
        if ready.base is self._editing.lesson:
            self._editing.put(name, ready.timeline)
        elif found.edit is None or not self._editing.apply(name, found.edit):
            return  # the lesson was changed meanwhile, and what was read does not fit any more
        done = likeness(self._editing.lesson.tracks[0].source) if found.kind == "picture" else ""
        if found.notes or done:
            self.noted.emit(f"{found.name}: {'; '.join((*found.notes, *filter(None, (done,))))}")
        if ready.path:
            self.opened.emit(ready.path)


def _find_limits(timeline: Timeline, index: int) -> None:
    """Find out how far the numbers go that the panels are going to show; it is remembered."""
    layer = timeline.step(index, 0).section.layer
    for at in {layer, weighted(timeline.lesson.tracks[0], layer)}:
        if at is not None:
            limits(timeline.lesson, 0, at)


def _in_the_first_lesson(found: Found) -> Found:
    """A picture in the lesson that the program begins with, as a lesson."""
    lesson = read_shipped(DEFAULT_LESSON).lesson
    assert lesson is not None
    assert found.edit is not None
    return Found(found.name, "lesson", lesson=found.edit(lesson))


def _prepared(
    reader: Reader, path: str, moment: Moment, warm: Callable[[Timeline, int], object], given_up: Event
) -> Ready | str | None:
    """Read and compute in the worker; an error comes back as its one line, and None once it is given up."""
    base = moment.timeline.lesson
    try:
        if given_up.is_set():
            return None
        found = reader()
        if given_up.is_set():
            return None
        lesson = found.lesson if found.edit is None else found.edit(base)
        assert lesson is not None
        timeline = beside(make_timeline(lesson))
        index = 0 if found.lesson else timeline.nearest(moment.timeline.step(moment.index))
        if given_up.is_set():
            return None
        warm(timeline, index)
        _find_limits(timeline, index)
        return Ready(found, path, base, timeline)
    except BadInput as error:
        return str(error)
    except MemoryError:
        return f"{Path(path).name or 'clipboard'}: does not fit into the memory; choose a smaller one"
