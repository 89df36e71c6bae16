"""The data set of the track that is chosen, or a person's own: its pictures, what is answered, one taken as input."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QThreadPool, Signal

from cnnviz.controllers.editing import Editing
from cnnviz.controllers.session import Session
from cnnviz.files.datasets import DataSet, set_behind
from cnnviz.lesson.lesson import BadInput
from cnnviz.timeline.samples import (
    Report,
    learns_from_a_set,
    own_data,
    pixels,
    report_on,
    samples_of,
    with_pictures,
    with_sample,
)


class Samples(QObject):
    """Pictures of the set that a track's input is one of, or of a file.

    Signals
    -------
    data_changed : str, tuple of str, bool
        Other pictures: their title, their classes, and whether some of them were to train on.
    samples_changed : tuple of Sample
    report_changed : Report
        What the network answers to the pictures to test on.
    learnable_changed : bool
        Whether the lesson can learn from these pictures in place of its own.
    failed : str
    """

    data_changed = Signal(str, object, bool)
    samples_changed = Signal(object)
    report_changed = Signal(object)
    learnable_changed = Signal(bool)
    failed = Signal(str)
    _done = Signal(int, object)

    def __init__(
        self, session: Session, editing: Editing, track: int = 0, parent: QObject | None = None
    ) -> None:
        """Raise `BadInput` where the track's input is of no set."""
        super().__init__(parent)
        self._session, self._editing, self._track, self._asked = session, editing, track, 0
        self._under_way, self._over = 0, False
        data = set_behind(editing.lesson.tracks[track])
        if data is None:
            raise BadInput("this lesson's input is from no data set: open one such as digits-network")
        self.data: DataSet = data
        self._pool = QThreadPool(self)
        self._done.connect(self._deliver)

    def pixels(self, number: int) -> tuple[bytes, int, int]:
        """Bytes (RGB), rows and columns of a picture."""
        return pixels(self.data, number)

    def open(self, path: str) -> None:
        """Take the pictures of a file in place of the set; the set stays where they do not fit the network."""
        try:
            data = own_data(self._editing.lesson.tracks[self._track], path)
        except BadInput as error:
            self.failed.emit(str(error))
            return
        self.data = data
        self._asked += 1  # what is under way is of other pictures
        self.data_changed.emit(data.entry.title, data.entry.classes, bool(data.entry.train))
        self.learnable_changed.emit(learns_from_a_set(self._editing.lesson.tracks[self._track]))

    def show_part(self, part: str) -> None:
        """Say the pictures of a part; of the answers what they are, once they are found."""
        self._asked += 1
        if part != "wrong":
            self.samples_changed.emit(samples_of(self.data, "train" if part == "train" else "test"))
            return
        timeline, number = self._session.moment.timeline, self._asked
        own = self._editing.lesson.tracks[self._track]
        params, after = own.params, None
        if own.recipe is not None:
            iteration = timeline.step(self._session.moment.index, self._track).iteration
            it = timeline.iteration(self._track, iteration)
            params, after = it.track.params, it.number if learns_from_a_set(own) else None
        done, data = self._done, self.data

        def work() -> None:
            found: Report | str = "the pictures could not be tested"
            try:
                found = report_on(own, params, data, after)
            except BadInput as error:
                found = str(error)
            finally:
                done.emit(number, found)

        self._under_way += 1
        self._pool.start(work)

    def choose(self, number: int) -> None:
        """Take a picture as the input, its label as the one that is wanted: one entry of the history."""
        edit = partial(with_sample, data=self.data, number=number, track=self._track)
        self._editing.apply(f"Picture {number} of {self.data.entry.id}", edit)

    def learn(self) -> None:
        """Learn from these pictures: one entry of the history."""
        self._editing.apply(
            f"Learn from {self.data.entry.id}", partial(with_pictures, data=self.data, track=self._track)
        )

    def close(self) -> None:
        """Nobody looks any more: go, once what is under way has ended."""
        self._over = True
        if not self._under_way:
            self.deleteLater()

    def _deliver(self, number: int, found: Report | str) -> None:
        self._under_way -= 1
        if self._over:
            self.close()
            return
        if number != self._asked:
            return  # another part is looked at by now
        if isinstance(found, str):
            self.failed.emit(found)
            self.samples_changed.emit(())
        else:
            self.report_changed.emit(found)
