"""The clock of a lesson: how many steps there are, what each is, and the Frame at any of them, in any order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cnnviz.engine.branches import other_of, own_array, readers_behind
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import NO_PADS, Params, sample_shape
from cnnviz.engine.specs import AnyLayer, Back
from cnnviz.engine.windows import pads_around, window_of
from cnnviz.lesson.findings import told_words
from cnnviz.lesson.lesson import Lesson, Pace, Plots, Track, check
from cnnviz.timeline.channels import channel_tensor, opened
from cnnviz.timeline.curves import curve_of, has_curve
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.descent import LIMIT, Descent
from cnnviz.timeline.examining import accuracy_up_to
from cnnviz.timeline.frame import Cell, CellRef, Focus, Frame, Learning, Step, Tensor, TrackFrame
from cnnviz.timeline.heat import heat_of
from cnnviz.timeline.iteration import Iteration, draft_of, focus_in, iteration_of, learning_tensors, spans_of
from cnnviz.timeline.learning_ranges import in_common_ranges
from cnnviz.timeline.lending import Computed, lent, taken_over
from cnnviz.timeline.ranges import ranges_of
from cnnviz.timeline.repeats import Repeats, repeats_of
from cnnviz.timeline.sections import Section, default_pace, section_at, sections_of, tensor_names
from cnnviz.timeline.tensors import TrackTensors
from cnnviz.timeline.terms import terms_of
from cnnviz.timeline.training_sections import training_sections
from cnnviz.timeline.weights import largest, shown_weight

if TYPE_CHECKING:
    from cnnviz.files.recordings import Recording
    from cnnviz.timeline.plots import AccuracyCurve


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """A lesson cut into steps. Making one costs arithmetic on shapes; arrays are computed at the first frame."""

    lesson: Lesson
    pace: Pace
    sections: tuple[tuple[Section, ...], ...]
    """The sections of each track."""
    lead: int
    """The track with the most steps: it sets the clock."""
    count: int
    tensors: tuple[TrackTensors, ...]
    descents: tuple[Descent | None, ...] = ()
    """Of each track that learns its states at all iterations."""
    patient: bool = True
    """Whether a frame waits until its iteration is computed; otherwise the nearest one that there is is shown."""
    runs: Recording | None = None
    """Of a lesson that shows them the runs of networks: a step is one of their sampled iterations."""
    _last: list[tuple[tuple[object, ...], Frame]] = field(default_factory=list, init=False, repr=False)
    """The frame that was asked for last."""

    def step(self, index: int, track: int | None = None) -> Step:
        """The step with that index; a track that has ended holds its last cell.

        Raises
        ------
        BadInput
            If the index is not within 0 … count − 1.
        """
        if not 0 <= index < self.count:
            raise BadInput(f"step {index} is not in this lesson: give 0 to {self.count - 1}")
        number = self.lead if track is None else track
        iteration, offset = self._place(number, index)
        return self._step(number, index, iteration, offset)

    def _place(self, track: int, index: int) -> tuple[int, int]:
        """Iteration and step in it; a track that has ended holds its last one."""
        return self.repeats(track).place(index, self.sections[track][-1].stop)

    def _step(self, track: int, index: int, iteration: int, offset: int) -> Step:
        section = section_at(self.sections[track], offset)
        moment = section.cut.moment(offset - section.start)
        cell = _unravel(moment.cell, section.shape)
        return Step(
            index, section, iteration, cell, moment.first, moment.beat, moment.products, moment.written
        )

    def repeats(self, track: int) -> Repeats:
        """How often the sections of a track are run through, and how many times of these step by step."""
        if self.runs is not None:
            return Repeats(self.count, 0)
        return repeats_of(self.lesson.tracks[track], self.pace)

    def index_at(self, iteration: int, offset: int = 0, track: int | None = None) -> int:
        """The step at which an iteration has come so far; its only one where it is told in one."""
        number = self.lead if track is None else track
        return self.repeats(number).index_at(iteration, offset, self.sections[number][-1].stop)

    def frame(self, index: int) -> Frame:
        """Every fact that is true at that step."""
        have = (index, *(d and (d.filled, d.stopped, d.accuracy.count, d.prepared) for d in self.descents))
        if self._last and self._last[0][0] == have:
            return self._last[0][1]
        frame = self._frame(index)
        if not any(t.learning and t.learning.pending for t in frame.tracks):
            self._last[:] = [(have, frame)]  # who only looks from elsewhere sees the same
        return frame

    def _frame(self, index: int) -> Frame:
        step = self.step(index)
        tracks = tuple(self.track_frame(number, index) for number in range(len(self.sections)))
        if self.runs is None:
            return Frame(step, tracks)
        from cnnviz.timeline.recorded import RunsFrame  # few lessons have them

        return Frame(step, tracks, RunsFrame(self.runs, index))

    def focus(self, track: int, layer: int, cell: Cell, it: Iteration | None = None) -> Focus:
        """How a cell of a layer's output comes about, wherever the playhead is; of a track that learns in ``it``."""
        chain: Track = self.lesson.tracks[track] if it is None else it.track
        arrays = (self.tensors[track] if it is None else it.tensors).arrays
        spec, names, other = chain.layers[layer], self.tensor_names(track), other_of(chain.layers[layer])
        read = own_array(chain.layers, spec.start if isinstance(spec, Back) else layer)
        x = arrays[read]
        window = window_of(spec, sample_shape(x), cell)
        terms = terms_of(spec, chain.params[layer], x, cell, None if other is None else arrays[other])
        second = other is not None and other != read
        other = None if other is None else own_array(chain.layers, other)
        return Focus(
            track, layer, spec, names[read], names[layer + 1], cell, window, terms,
            partner=names[other] if second and other is not None else "", partner_window=window if second else None,
        )  # fmt: skip

    def index_of(self, ref: CellRef, beat: Beat = Beat.WRITE, iteration: int = 0) -> int:
        """The step at which a cell of a layer's output is written (or has another beat), in an iteration.

        Raises
        ------
        BadInput
            If the tensor is no layer's output or the cell lies outside.
        """
        for section in self.sections[ref.track]:
            if section.tensor == ref.tensor:
                cell = (ref.plane, ref.row, ref.column)
                if not all(0 <= i < n for i, n in zip(cell, section.shape, strict=True)):
                    raise BadInput(
                        f"cell {cell} lies outside {ref.tensor} {section.shape}: choose one inside"
                    )
                offset = section.start + section.cut.offset_of(_ravel(cell, section.shape), beat)
                return self.index_at(iteration, offset, ref.track)
        raise BadInput(f"{ref.tensor} is not computed in this lesson: choose a feature map")

    def nearest(self, step: Step) -> int:
        """The index at which this timeline does what ``step`` did in another: same cell, else the nearest one."""
        sections = self.sections[min(step.section.track, len(self.sections) - 1)]
        same = [s for s in sections if s.tensor == step.section.tensor]
        section = same[0] if same else sections[min(step.section.layer, len(sections) - 1)]
        cell = tuple(min(i, n - 1) for i, n in zip(step.cell, section.shape, strict=True))
        offset = section.start + section.cut.offset_of(_ravel(cell, section.shape), step.beat, step.products)
        return min(self.index_at(step.iteration, offset, section.track), self.count - 1)

    def section_starts(self) -> tuple[tuple[int, str], ...]:
        """The first step of each section of the leading track, with the teacher's title for it or its own name.

        Of a track that learns they are those of its first iteration, and where iterations follow in one step each
        their first; where every iteration is one step there is but one.
        """
        sections, repeats = self.sections[self.lead], self.repeats(self.lead)
        titles = {words.section: words.title for words in told_words(self.lesson)}
        starts = [(s.start, titles.get(s.number) or s.name) for s in sections] if repeats.fine else []
        if repeats.fine < repeats.iterations:
            starts.append((repeats.fine * sections[-1].stop, "Iterations"))
        return tuple(starts)

    def tensor_names(self, track: int) -> tuple[str, ...]:
        """The names of a track's input and of each layer's output."""
        return tensor_names(self.lesson.tracks[track].layers)

    def track_frame(self, number: int, index: int) -> TrackFrame:
        """Every fact of one track that is true at that step."""
        if self.descents and self.descents[number] is not None:
            return self._learning_frame(number, index, self.descents[number])
        step = self.step(index, number)
        track, view = self.lesson.tracks[number], self.lesson.view
        at = step.section.layer
        tensors = tensors_at(track, self.tensors[number], self.tensor_names(number), at, step.written)
        focus = self.focus(number, at, step.cell)
        spec, x = track.layers[at], self.tensors[number].arrays[at]
        if view.channels and opened(track, at):
            made = next(n for n, t in enumerate(tensors) if t.kind == "map" and t.layer == at)
            part = channel_tensor(track, tensors[made], step.cell[0], x, step)
            tensors = (*tensors[:made], part, *tensors[made:])
        reach = max(abs(v) for v in self.tensors[number].extremes[at]) or 1.0
        curve = curve_of(spec, reach) if view.curves and has_curve(spec) else None
        heat = None if view.heat == "none" else heat_of(view.heat, track, focus)
        return TrackFrame(number, step, tensors, focus, heat, curve)

    def iteration(self, track: int, number: int) -> Iteration:
        """An iteration of a track that learns, or the nearest one that there is."""
        descent, shown = self.descents[track], self.lesson.tracks[track]
        assert descent is not None
        if not self.patient and descent.heavy and descent.prepared < 0:
            return descent.remembered(-1, shown, lambda: draft_of(descent, shown))
        if self.patient:
            have = descent.reach(number)
        else:
            have = descent.prepared if descent.heavy else descent.nearest(number)
        return descent.remembered(have, shown, lambda: iteration_of(descent, shown, have))

    def _learning_frame(self, number: int, index: int, descent: Descent | None) -> TrackFrame:
        from cnnviz.timeline.plotting import plot_at  # only what learns has plots

        assert descent is not None
        wanted, offset = self._place(number, index)
        it = self.iteration(number, wanted)
        # Where the descent has come to an end, its last iteration stands as it was left.
        sections = self.sections[number]
        ready = sections[len(it.track.layers) - 1 if it.draft else -1].stop - 1
        late = it.number != wanted or offset > ready
        step = self._step(number, index, it.number, ready if late else offset)
        section, names = step.section, self.tensor_names(number)
        at = section.layer if section.kind == "forward" else len(names)
        tensors = tensors_at(it.track, it.tensors, names, at, step.written)
        tensors += learning_tensors(it, self.sections[number], step)
        tensors = in_common_ranges(tensors, spans_of(it))
        if section.kind == "forward":
            focus = self.focus(number, section.layer, step.cell, it)
        else:
            focus = focus_in(it, section, step.cell, number)
        tests = accuracy_up_to(descent, it.number, self.patient) if descent.accuracy.tested else None
        learning = Learning(
            it.recipe, it.number, it.back.loss, descent.losses(), descent.filled, descent.stopped,
            (late and (it.draft or it.number != (descent.last_up_to(wanted) if descent.done else wanted)))
            or (it.number > 0 and lent(descent, self.lesson.tracks[number])),
            _tested(tests), it.moved,
        )  # fmt: skip
        plot = plot_at(descent, it, step, learning, _asked_plot(self.lesson), patient=self.patient)
        plots = () if plot is None else ((plot,) if tests is None else (plot, tests))
        return TrackFrame(number, step, tensors, focus, learning=learning, plots=plots)


def make_timeline(lesson: Lesson, like: Timeline | None = None, lends: bool = False) -> Timeline:
    """Cut a lesson into steps at its pace; raises `BadInput` where a layer does not fit.

    What ``like`` has computed of tracks that are the same in both is taken over. Where it ``lends``, a track of which
    only the picture is another one has what was learned from the picture before: nothing is learned anew.
    """
    check(lesson)
    for track in lesson.tracks:
        if track.recipe is not None and track.recipe.batches is not None:
            from cnnviz.timeline.batches import check_batches  # few lessons need it

            check_batches(track)
    if lesson.runs:
        from cnnviz.timeline.runs_timeline import runs_timeline  # few lessons have them

        return runs_timeline(lesson, like)
    pace = default_pace(lesson)
    sections = tuple(
        sections_of(number, track, pace) if track.recipe is None else training_sections(number, track, pace)
        for number, track in enumerate(lesson.tracks)
    )
    counts = [
        repeats_of(track, pace).steps(cuts[-1].stop)
        for track, cuts in zip(lesson.tracks, sections, strict=True)
    ]
    lead = counts.index(max(counts))
    limit = LIMIT // max(1, sum(track.recipe is not None for track in lesson.tracks))
    known = () if like is None else tuple(zip(like.lesson.tracks, like.tensors, like.descents, strict=True))
    own = [taken_over(track, known, lends) or _to_compute(track, limit) for track in lesson.tracks]
    tensors, descents = tuple(t for t, _ in own), tuple(d for _, d in own)
    return Timeline(lesson, pace, sections, lead, counts[lead], tensors, descents)


def _tested(tests: AccuracyCurve | None) -> tuple[int, float] | None:
    """The last of the tests, where there is one."""
    if tests is None or not tests.shares.size:
        return None
    return int(tests.iterations[-1]), float(tests.shares[-1])


def _asked_plot(lesson: Lesson) -> Plots:
    """The plot that the lesson asks for; tracks side by side are compared by their loss."""
    return "loss" if lesson.view.plots == "auto" and len(lesson.tracks) > 1 else lesson.view.plots


def _to_compute(track: Track, limit: int) -> Computed:
    return TrackTensors(track), None if track.recipe is None else Descent(track, limit)


def tensors_at(
    track: Track, tensors: TrackTensors, names: tuple[str, ...], at: int, done: int
) -> tuple[Tensor, ...]:
    """Every tensor of a track in the order of the computation, weights before the map they make.

    ``at`` is the layer at work, ``done`` how many of its cells are written.
    """
    ranges = ranges_of(track, tensors)
    behind = readers_behind(track.layers)
    out: list[Tensor] = []
    for number, values in enumerate(tensors.arrays):
        layer = number - 1
        if layer >= 0 and (params := track.params[layer]) is not None:
            out.append(_weights(names[number], layer, track.layers[layer], params))
        written = values.size if layer < at else (done if layer == at else 0)
        last = number == len(tensors.arrays) - 1
        reader = behind.get(number, number)
        padded = values if last else tensors.padded_input(reader)
        pads = NO_PADS if last else pads_around(track.layers[reader], sample_shape(values))
        kind: Literal["map", "input"] = "map" if number else "input"
        picture = not number and track.source.picture
        span, group, signed = ranges[number]
        out.append(
            Tensor(names[number], kind, layer, values, written, span, group, pads, padded, picture, signed)
        )
    return tuple(out)


def _weights(name: str, layer: int, spec: AnyLayer, params: Params) -> Tensor:
    shown = shown_weight(spec, params)
    reach = largest(shown) or 1.0
    return Tensor(f"{name}.weight", "weight", layer, shown, shown.size, (-reach, reach), layer + 1000, NO_PADS, shown,
                  signed=True)  # fmt: skip


def _unravel(flat: int, shape: tuple[int, int, int]) -> Cell:
    # np.unravel_index would overflow on what exceeds 64 bits; three divisions do not.
    plane = shape[1] * shape[2]
    return (flat // plane, flat % plane // shape[2], flat % shape[2])


def _ravel(cell: tuple[int, ...], shape: tuple[int, int, int]) -> int:
    return (cell[0] * shape[1] + cell[1]) * shape[2] + cell[2]
