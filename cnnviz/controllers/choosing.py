"""Which layer of which track the panels edit: the one at the playhead or clicked, unless it is pinned."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from cnnviz.controllers.editing import Editing, LessonEdit
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.kernel_form import weighted
from cnnviz.lesson.labels import tells_class
from cnnviz.lesson.layer_edits import TrackEdit, in_track
from cnnviz.lesson.places import PlaceForm, places_of
from cnnviz.timeline.frame import CellRef

WEIGHT = ".weight"


class Choosing(QObject):
    """Holds the track and the layer; every panel that edits a layer asks here.

    Signals
    -------
    place_changed
        Another layer, another track, pinned or not, alone or not, answers hidden or not: forms show themselves again.
    """

    place_changed = Signal()

    def __init__(self, editing: Editing, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._session = session
        self._track = self._layer = 0
        self._pinned = self._alone = False
        self._asks = session.moment.viewpoint.asks
        session.moment_changed.connect(self._follow)
        editing.lesson_changed.connect(lambda _lesson: self.place_changed.emit())
        self._follow(session.moment)

    @property
    def track(self) -> int:
        """The track that is edited."""
        return self._track

    @property
    def layer(self) -> int:
        """The layer that is edited."""
        return self._layer

    @property
    def alone(self) -> bool:
        """Whether edits change this track only."""
        return self._alone

    @property
    def asks(self) -> bool:
        """Whether an audience is asked: then no panel tells which class a picture is of."""
        return self._asks and tells_class(self._editing.lesson.tracks[self._track])

    @property
    def weighted(self) -> int | None:
        """The layer whose weights are edited: this one, else the nearest that has some."""
        return weighted(self._editing.lesson.tracks[self._track], self._layer)

    def form(self, with_weights: bool = False) -> PlaceForm:
        """What a chooser shows."""
        lesson = self._editing.lesson
        places = places_of(lesson, with_weights)
        now = (self._track, self.weighted if with_weights else self._layer)
        at = next((n for n, place in enumerate(places) if (place.track, place.layer) == now), -1)
        return PlaceForm(places, at, self._pinned, self._alone, len(lesson.tracks) > 1)

    def choose(self, track: int, layer: int) -> None:
        """Edit that layer, and stay with it."""
        self._pinned = True
        self._set(track, layer)
        self.place_changed.emit()

    def pin(self, pinned: bool) -> None:
        """Stay with this layer, or follow the playhead again."""
        self._pinned = pinned
        self._follow(self._session.moment)
        self.place_changed.emit()

    def set_alone(self, alone: bool) -> None:
        """Let edits change this track only, or also what other tracks have alike."""
        self._alone = alone
        self.place_changed.emit()

    def click(self, ref: CellRef) -> None:
        """Edit the layer of a cell on the stage, unless one is pinned."""
        if self._pinned or not 0 <= ref.track < len(self._editing.lesson.tracks):
            return
        layer = self.layer_of(ref)
        if layer is None:
            moment = self._session.moment
            layer = moment.timeline.step(moment.index, ref.track).section.layer
        if self._set(ref.track, layer):
            self.place_changed.emit()

    def layer_of(self, ref: CellRef) -> int | None:
        """The layer that made a tensor or holds its weights; None for an input."""
        names = self._session.moment.timeline.tensor_names(ref.track)
        name = ref.tensor.removesuffix(WEIGHT)
        return names.index(name) - 1 if name in names[1:] else None

    def edit(self, edit: TrackEdit, track: int | None = None) -> LessonEdit:
        """The edit in the track that is edited, shared or alone."""
        return partial(in_track, edit=edit, track=self._track if track is None else track, alone=self._alone)

    def _follow(self, moment: Moment) -> None:
        timeline, pinned_cell = moment.timeline, moment.viewpoint.pinned
        track = min(self._track, len(timeline.sections) - 1)
        layer = min(self._layer, len(timeline.sections[track]) - 1)
        if not self._pinned:
            layer = timeline.step(moment.index, track).section.layer
            if pinned_cell is not None:
                track, found = pinned_cell.track, self.layer_of(pinned_cell)
                layer = layer if found is None else found
        asked, self._asks = self._asks, moment.viewpoint.asks
        if self._set(track, layer) or self._asks != asked:
            self.place_changed.emit()

    def _set(self, track: int, layer: int) -> bool:
        changed = (track, layer) != (self._track, self._layer)
        self._track, self._layer = track, layer
        return changed
