"""Opens files and the clipboard: a worker reads and computes, the window stays alive, the result comes by signal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageWriter

from cnnviz.controllers.editing import Editing, LessonEdit
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.lesson import BadInput, Lesson
from cnnviz.timeline.timeline import Timeline, make_timeline

DEFAULT_LESSON = "vertical-edge"

Kind: TypeAlias = Literal["lesson", "picture", "kernel"]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was read: a whole lesson, or an edit that brings it into the lesson that is open."""

    name: str
    kind: Kind
    lesson: Lesson | None = None
    edit: LessonEdit | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A found thing with the timeline it leads to, its arrays computed."""

    found: Found
    path: str
    base: Lesson
    timeline: Timeline


Reader: TypeAlias = Callable[[], Found]


def read_file(path: str, kind: Kind | None = None) -> Found:
    """Read a lesson, a picture or a kernel, whichever the file is unless ``kind`` says."""
    # Imported here because Pillow and archives are not needed before the first paint.
    from cnnviz.files.classify import classify
    from cnnviz.files.kernels import read_weights
    from cnnviz.files.lessons import read_lesson
    from cnnviz.files.pictures import read_input

    name = Path(path).name
    kind = kind or classify(path)
    if kind == "lesson":
        return Found(name, kind, lesson=read_lesson(path))
    if kind == "kernel":
        weight, bias = read_weights(path)
        return Found(name, kind, edit=lambda lesson: _take(lesson, weight, bias))
    picture = read_input(path)
    return Found(name, kind, edit=_use(picture.array, picture.name), notes=picture.notes)


def read_mime(mime: QMimeData) -> Reader | None:
    """How to read what a clipboard holds: a picture or a table; None when there is neither."""
    if mime.hasImage():
        image = mime.imageData()
        data = _png(image) if isinstance(image, QImage) else b""
        return (lambda: _pasted_picture(data)) if data else None
    if mime.hasText() and mime.text().strip():
        text = mime.text()
        return lambda: _pasted_table(text)
    return None


def start_with(files: Sequence[str]) -> tuple[Timeline, str]:
    """The timeline that the command line asks for, and the file of its lesson ("" when it has none).

    Without a lesson among the files the 6×6 example is taken; pictures and kernels are put into it in their order.
    """
    from cnnviz.files.lessons import shipped_lesson

    found = [(path, read_file(path)) for path in files]
    lessons = [(path, item.lesson) for path, item in found if item.lesson is not None]
    path, lesson = lessons[-1] if lessons else ("", shipped_lesson(DEFAULT_LESSON))
    for _, item in found:
        lesson = lesson if item.edit is None else item.edit(lesson)
    return make_timeline(lesson), path


class Opening(QObject):
    """Opens one thing after the other.

    Parameters
    ----------
    session : Session
    editing : Editing
    warm : callable
        What the worker computes of the new timeline at the step to be shown, so that showing it is quick.
    """

    lesson_ready = Signal(object, str)
    """A timeline and the path it came from: another document, about which the changed one must be asked."""
    opened = Signal(str)
    noted = Signal(str)
    failed = Signal(str)
    busy_changed = Signal(str)
    """The name of what is being read, "" when all is done."""
    _done = Signal(object)

    def __init__(
        self,
        session: Session,
        editing: Editing,
        warm: Callable[[Timeline, int], object] = Timeline.frame,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._warm = warm
        self._editing = editing
        self._waiting: deque[tuple[str, Reader, str]] = deque()
        self._busy = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._busy

    def open(self, path: str, kind: Kind | None = None) -> None:
        """Open a file once those before it are open."""
        self._enqueue(Path(path).name, lambda: read_file(path, kind), path)

    def open_all(self, paths: list[str]) -> None:
        """Open several files in their order."""
        for path in paths:
            self.open(path)

    def paste(self, mime: QMimeData) -> None:
        """Take a picture or a table from the clipboard."""
        reader = read_mime(mime)
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

        def work() -> None:
            result: Ready | str = f"{name}: could not be opened"
            try:
                result = _prepared(reader, path, moment, warm)
            finally:
                done.emit(result)

        self._pool.start(work)

    def _deliver(self, result: Ready | str) -> None:
        if isinstance(result, str):
            self.failed.emit(result)
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
        for note in found.notes:
            self.noted.emit(f"{found.name}: {note}")
        if ready.path:
            self.opened.emit(ready.path)


def _prepared(
    reader: Reader, path: str, moment: Moment, warm: Callable[[Timeline, int], object]
) -> Ready | str:
    """Read and compute in the worker; an error comes back as its one line."""
    base = moment.timeline.lesson
    try:
        found = reader()
        lesson = found.lesson if found.edit is None else found.edit(base)
        assert lesson is not None
        timeline = make_timeline(lesson)
        warm(timeline, 0 if found.lesson else timeline.nearest(moment.timeline.step(moment.index)))
        return Ready(found, path, base, timeline)
    except BadInput as error:
        return str(error)
    except MemoryError:
        return f"{Path(path).name or 'clipboard'}: does not fit into the memory; choose a smaller one"


def _use(array: object, name: str) -> LessonEdit:
    from cnnviz.lesson.inputs import set_picture

    return lambda lesson: set_picture(lesson, array, name)  # type: ignore[arg-type]


def _take(lesson: Lesson, weight: object, bias: object) -> Lesson:
    from cnnviz.lesson.kernel_edits import take_kernels

    return take_kernels(lesson, weight, bias)  # type: ignore[arg-type]


def _pasted_picture(data: bytes) -> Found:
    from cnnviz.files.pictures import decode_picture

    picture = decode_picture(data, "pasted picture")
    return Found("pasted picture", "picture", edit=_use(picture.array, picture.name), notes=picture.notes)


def _pasted_table(text: str) -> Found:
    """A table of at most 31×31 is a kernel, as in a file; a larger one is an input."""
    from cnnviz.files.arrays import parse_table
    from cnnviz.files.kernels import MAX_SIDE, parse_kernels

    try:
        table = parse_table(text, "pasted text")
    except BadInput:
        table = None
    if table is not None and max(table.shape) > MAX_SIDE:
        return Found("pasted table", "picture", edit=_use(table[None], "pasted table"))
    weight = parse_kernels(text, "pasted text")
    return Found("pasted kernel", "kernel", edit=lambda lesson: _take(lesson, weight, None))


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())
