"""Every number of a backward pass against PyTorch, against central differences, and against what its window shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, Params, Shape
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Linear, out_shape
from cnnviz.engine.windows import Window
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.plain import layer_from_plain
from cnnviz.timeline.backward_terms import update_cell
from cnnviz.timeline.frame import Cell, Focus
from cnnviz.timeline.iteration import Iteration, focus_in
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import Timeline, make_timeline
from cnnviz.timeline.training_sections import training_sections
from cnnviz.timeline.weights import weight_index
from tests.helpers import twin
from tests.helpers.learning_cases import FILE, Array, learning_draft, track_of
from tests.helpers.torch_cases import Case, Draft, read_cases

VERSION, CASES = read_cases(FILE)
GROUPS = range(0, len(CASES), 40)
H = 1e-5
"""The step of central differences."""


def timeline_of(case: Case | Draft) -> Timeline:
    return make_timeline(Lesson("Case", (track_of(case),), "cell"))


def backward_sections(timeline: Timeline) -> Iterator[Section]:
    return (s for s in timeline.sections[0] if s.kind in ("error", "input", "weight", "bias"))


def cells_of(section: Section) -> Iterator[Cell]:
    for c, i, j in np.ndindex(section.shape):
        yield int(c), int(i), int(j)


def answer(case: Case, section: Section) -> Array:
    names = {
        "error": f"dmap{section.layer + 1}",
        "input": f"dmap{section.layer}",
        "weight": f"dweight{section.layer}",
        "bias": f"dbias{section.layer}",
    }
    return case.answers[names[section.kind]]


def place(track: Track, section: Section, shape: tuple[int, ...], cell: Cell) -> tuple[int, ...]:
    """Where a cell of the stage stands in the layer's own array."""
    if section.kind == "bias":
        return cell[:1]
    if section.kind != "weight":
        return cell
    index = weight_index(track.layers[section.layer], shape, *cell)
    assert index is not None
    return index


def test_the_fixture_is_worth_its_name() -> None:
    assert VERSION == "2.13.0"
    assert len(CASES) == 400
    assert FILE.stat().st_size < 250_000
    operations = Counter(layer["op"] for case in CASES for layer in case.options["layers"])
    assert len(operations) == 16
    assert min(operations.values()) >= 20
    assert operations["conv2d"] >= 200
    assert Counter(case.options["loss"] for case in CASES)["cross_entropy"] >= 150
    convs = [c for case in CASES for c in case.options["layers"] if c["op"] == "conv2d"]
    for field in ("stride", "padding", "dilation", "groups", "padding_mode", "flipped"):
        assert len({str(c[field]) for c in convs}) > 1, field


@pytest.mark.parametrize("first", GROUPS)
def test_every_backward_cell_is_that_of_autograd(first: int) -> None:
    for number, case in enumerate(CASES[first : first + 40], first):
        timeline = timeline_of(case)
        track, it = timeline.lesson.tracks[0], timeline.iteration(0, 0)
        assert it.back.loss == pytest.approx(float(case.answers["loss"]), rel=1e-10, abs=1e-10)
        for section in backward_sections(timeline):
            wanted = answer(case, section)
            cells = list(cells_of(section))
            assert len(cells) == wanted.size
            for cell in cells:
                terms = focus_in(it, section, cell, 0).terms
                expected = float(wanted[place(track, section, wanted.shape, cell)])
                where = f"case {number}, {section.name}, {cell}"
                assert terms.total == pytest.approx(expected, rel=1e-10, abs=1e-10), where
                assert terms.total == pytest.approx(float(np.dot(terms.x, terms.w)), rel=1e-12, abs=1e-12)
                np.testing.assert_array_equal(terms.products, terms.x * terms.w)
                assert len(terms.x) == np.prod(terms.layout), where


@pytest.mark.parametrize("first", GROUPS)
def test_the_window_on_the_stage_holds_those_numbers(first: int) -> None:
    seen = Counter[str]()
    for number, case in enumerate(CASES[first : first + 40], first):
        timeline = timeline_of(case)
        it = timeline.iteration(0, 0)
        for section in backward_sections(timeline):
            spec = it.track.layers[section.layer]
            if section.kind == "error" or getattr(spec, "padding_mode", "zeros") != "zeros":
                continue
            if section.kind == "input" and not isinstance(spec, Conv | ConvTranspose | Linear):
                continue
            tensors = {t.name: t.values for t in timeline.frame(section.start).lead.tensors}
            for cell in cells_of(section):
                focus = focus_in(it, section, cell, 0)
                shown = under(tensors[focus.source], focus.window)
                np.testing.assert_array_equal(shown.ravel(), focus.terms.x, f"case {number}, {section.name}")
                if focus.partner_window is not None:
                    other = under(tensors[focus.partner], focus.partner_window)
                    np.testing.assert_array_equal(other.ravel(), focus.terms.w, f"case {number}")
                seen[section.kind] += 1
    assert min(seen[kind] for kind in ("weight", "bias", "input")) > 20


def under(values: Array, window: Window) -> Array:
    """What a window holds, 0 outside of the map."""
    first, end = window.channels
    rows = range(window.row, window.row + window.height, window.dilation[0])
    columns = range(window.column, window.column + window.width, window.dilation[1])
    _, height, width = values.shape
    return np.array(
        [
            [[values[c, r, k] if 0 <= r < height and 0 <= k < width else 0.0 for k in columns] for r in rows]
            for c in range(first, end)
        ]
    )


def test_gradients_are_central_differences_of_the_naive_forward_pass() -> None:
    random = np.random.default_rng(7)
    checked = 0
    while checked < 400:
        draft = learning_draft(random)
        timeline = timeline_of(draft)
        it = timeline.iteration(0, 0)
        for section in backward_sections(timeline):
            cell: Cell = (int(random.integers(section.shape[0])), int(random.integers(section.shape[1])),
                          int(random.integers(section.shape[2])))  # fmt: skip
            less, loss, more = (loss_with(it, section, cell, by) for by in (-H, 0.0, H))
            # At a corner, between two maxima or where a ReLU sets in, the slopes of both sides differ.
            if abs((more - loss) - (loss - less)) > 1e-3 * H * max(1.0, abs(loss)):
                continue
            total, slope = focus_in(it, section, cell, 0).terms.total, (more - less) / (2 * H)
            assert total == pytest.approx(slope, rel=1e-6, abs=1e-6), (draft.options, section.name, cell)
            checked += 1


def loss_with(it: Iteration, section: Section, cell: Cell, by: float) -> float:
    n, track = section.layer, it.track
    params = list(track.params)
    start = n + 1 if section.kind == "error" else n
    x = np.array(it.arrays[start])
    own = params[n]
    if section.kind in ("weight", "bias"):
        assert own is not None
        weight = np.array(own.weight)
        bias = None if own.bias is None else np.array(own.bias)
        changed = weight if section.kind == "weight" else bias
        assert changed is not None
        changed[place(track, section, changed.shape, cell)] += by
        params[n] = Params(weight, bias)
    else:
        x[cell] += by
    for spec, p in zip(track.layers[start:], params[start:], strict=True):
        x = twin.layer(spec, p, x)
    return plain_loss(it, x)


def plain_loss(it: Iteration, prediction: Array) -> float:
    if it.recipe.loss == "cross_entropy":
        scores = prediction.ravel()
        return float(np.log(np.exp(scores).sum()) - scores[int(it.target.ravel()[0])])
    squares = np.square(prediction - it.target)
    return float(squares.mean() if it.recipe.reduction == "mean" else squares.sum())


def test_an_update_takes_the_rate_times_the_gradient_away() -> None:
    terms = update_cell(np.array([[3.0, 1.0]]), np.array([[-2.0, -4.0]]), 0.01, (0, 1))
    assert (terms.x.tolist(), terms.w.tolist()) == ([1.0, -4.0], [1.0, -0.01])
    assert terms.total == pytest.approx(1.04)


def test_every_section_has_as_many_cells_as_what_it_writes() -> None:
    for case in CASES[::5]:
        timeline = timeline_of(case)
        layers: list[AnyLayer] = [layer_from_plain(spec, "") for spec in case.options["layers"]]
        shape: Shape = timeline.lesson.tracks[0].source.shape
        for spec in layers:
            shape = out_shape(spec, shape)
        for section in training_sections(0, timeline.lesson.tracks[0], "cell"):
            frame = timeline.frame(section.stop - 1)
            written = frame.lead.tensor(section.tensor)
            assert written.shape == (section.shape if section.kind != "error" else shape)
            assert written.written == section.cells


def test_the_focus_names_what_it_reads() -> None:
    names = {(section.kind, focus.source, focus.partner) for section, focus in one_conv()}
    assert names == {
        ("loss", "conv1", "target"),
        ("error", "conv1", "target"),
        ("weight", "input", "conv1.grad"),
        ("bias", "conv1.grad", ""),
        ("update", "conv1.weight", "conv1.weight.grad"),
        ("update-bias", "conv1.bias", "conv1.bias.grad"),
    }


def one_conv() -> Iterator[tuple[Section, Focus]]:
    """A convolution alone: below it no gradient is needed."""
    draft = Draft(
        {
            "layers": [{"op": "conv2d", "out_channels": 1, "kernel_size": [2, 2]}],
            "loss": "squared_error",
            "reduction": "sum",
        },
        {
            "x": np.arange(9.0).reshape(1, 3, 3),
            "weight0": np.ones((1, 1, 2, 2)),
            "bias0": np.zeros(1),
            "target": np.zeros((1, 2, 2)),
        },
    )
    timeline = timeline_of(draft)
    for section in timeline.sections[0]:
        if section.kind != "forward":
            yield section, timeline.frame(section.start).lead.focus
