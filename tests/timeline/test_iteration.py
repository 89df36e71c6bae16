"""One iteration: what its tensors hold, how far they are written, and that replaying gives the same bytes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.iteration import iteration_of
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import Timeline, make_timeline
from cnnviz.timeline.trace import facts
from tests.helpers.learning_twin import LearningTwin, stands

NAMES = ["tiny-network", "backward-map", "backward-input", "backward-convolution", "learn-blur"]


def section(timeline: Timeline, kind: str, layer: int) -> Section:
    return next(s for s in timeline.sections[0] if (s.kind, s.layer) == (kind, layer))


@pytest.mark.parametrize("name", NAMES)
def test_every_tensor_is_that_of_the_naive_twin(name: str) -> None:
    timeline = make_timeline(shipped_lesson(name))
    twin = LearningTwin(timeline.lesson.tracks[0])
    for iteration in (0, 1):
        index = timeline.index_at(iteration, timeline.sections[0][-1].stop - 1)
        frame = timeline.frame(index).lead
        for part in timeline.sections[0]:
            shown = frame.tensor(part.tensor)
            assert shown.written == shown.values.size
            wanted = [
                twin.value(iteration, part, (int(c), int(i), int(j))) for c, i, j in np.ndindex(shown.shape)
            ]
            np.testing.assert_allclose(shown.values.ravel(), wanted, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_replaying_in_any_order_gives_the_same_bytes(name: str) -> None:
    first, second = (make_timeline(shipped_lesson(name)) for _ in range(2))
    steps = np.unique(np.linspace(0, first.count - 1, 25).astype(int)).tolist()
    ahead = [json.dumps(facts(first.frame(i))) for i in steps]
    back = [json.dumps(facts(second.frame(i))) for i in reversed(steps)][::-1]
    # How many losses are known depends on how far was computed; what a step says does not.
    assert [without_losses(a) for a in ahead] == [without_losses(b) for b in back]
    assert [json.dumps(facts(first.frame(i))) for i in steps] == [
        json.dumps(facts(second.frame(i))) for i in steps
    ]


def without_losses(text: str) -> object:
    loaded = json.loads(text)
    return {key: value for key, value in loaded.items() if key not in ("losses", "plots", "filled")}


def test_tensors_fill_cell_by_cell_while_their_section_is_at_work() -> None:
    timeline = make_timeline(shipped_lesson("backward-map"))
    weight, update = section(timeline, "weight", 0), section(timeline, "update", 0)
    for offset in range(9):
        frame = timeline.frame(weight.start + offset).lead
        assert frame.tensor("conv1.weight.grad").written == offset + 1
        assert frame.tensor("conv1.weight.next").written == 0
        assert frame.tensor("conv1").written == frame.tensor("conv1").values.size
    frame = timeline.frame(update.start + 3).lead
    assert (frame.tensor("conv1.weight.next").written, frame.tensor("conv1.weight.grad").written) == (4, 9)


def test_the_next_iteration_starts_from_what_the_last_one_wrote() -> None:
    timeline = make_timeline(shipped_lesson("backward-convolution"))
    length = timeline.sections[0][-1].stop
    last, first = timeline.frame(length - 1).lead, timeline.frame(length).lead
    for name in ("conv1.weight", "linear1.weight"):
        after = first.tensor(name).values
        np.testing.assert_array_equal(last.tensor(f"{name}.next").values.ravel(), after.ravel())
    assert (last.learning.iteration, first.learning.iteration) == (0, 1)  # type: ignore[union-attr]  # it learns


def test_the_real_case_by_hand() -> None:
    timeline = make_timeline(shipped_lesson("backward-convolution"))
    frame = timeline.frame(timeline.sections[0][-1].stop - 1).lead
    # Both scores are alike, so both probabilities are one half, and the label is 1.
    assert frame.tensor("linear1").values.ravel().tolist() == [0, 0]
    assert frame.tensor("loss").values.item() == pytest.approx(np.log(2))
    assert frame.tensor("linear1.grad").values.ravel().tolist() == [0.5, -0.5]
    assert frame.tensor("linear1.bias.grad").values.ravel().tolist() == [0.5, -0.5]
    # The flattened maps are 9 10 9 10 7 7 0 3.
    assert frame.tensor("linear1.weight.grad").values[0, 0].tolist() == [4.5, 5, 4.5, 5, 3.5, 3.5, 0, 1.5]
    # (W₀ − W₁) / 2 for each of the eight numbers.
    flat = [0.5, -0.5, 0.5, -0.5, 0.5, 0.5, 0.5, -0.5]
    assert frame.tensor("flat1.grad").values.ravel().tolist() == flat
    # 9, 10 and 7 won twice; the window of zeros hands its share to its first cell.
    pooled = frame.tensor("relu1.grad").values.tolist()
    assert pooled == [[[0, 0, 0], [0, 1, -1], [0, 0, 0]], [[0, 1, 0], [0.5, 0, -0.5], [0, 0, 0]]]
    # There the input of ReLU was −1: the gate is closed.
    gated = frame.tensor("conv1.grad").values.tolist()
    assert gated == [[[0, 0, 0], [0, 1, -1], [0, 0, 0]], [[0, 1, 0], [0, 0, -0.5], [0, 0, 0]]]
    assert frame.tensor("conv1.bias.grad").values.ravel().tolist() == [0, 0.5]


def test_the_spread_gradient_is_shown_only_while_the_kernel_slides_over_it() -> None:
    timeline = make_timeline(shipped_lesson("backward-input"))
    slid, other = section(timeline, "input", 2), section(timeline, "input", 1)
    shown = timeline.frame(slid.start).lead.tensor("conv2.grad.spread").values
    # Two rows of δ with one row of zeros between them and two around: 2·(2 − 1) + 1 + 2·2 = 7.
    assert shown.shape == (2, 7, 7)
    grads = timeline.frame(slid.start).lead.tensor("conv2.grad").values
    np.testing.assert_array_equal(shown[:, 2:5:2, 2:5:2], grads)
    assert np.count_nonzero(shown) == np.count_nonzero(grads)
    names = [t.name for t in timeline.frame(other.start).lead.tensors]
    assert "conv2.grad.spread" not in names


def test_the_loss_is_the_sum_of_its_terms() -> None:
    for name in ("backward-map", "learn-sobel"):
        timeline = make_timeline(shipped_lesson(name))
        it = timeline.iteration(0, 0)
        errors = it.arrays[-1] - it.target
        assert it.back.loss == pytest.approx(
            float((errors**2).sum() if name == "backward-map" else (errors**2).mean())
        )


def test_examples_take_turns() -> None:
    timeline = make_timeline(shipped_lesson("learn-edge-labels"))
    recipe = timeline.lesson.tracks[0].recipe
    assert recipe is not None
    for number in (0, 1, 7, 8, 9):
        source = recipe.examples[number % 8].source
        assert source is not None
        np.testing.assert_array_equal(timeline.iteration(0, number).arrays[0], source)


def test_where_a_weight_stands() -> None:
    layers = shipped_lesson("backward-convolution").tracks[0].layers
    assert stands(layers[0], (2, 2, 3, 3), (3, 1, 2)) == (1, 1, 1, 2)
    assert stands(layers[4], (2, 8), (0, 1, 5)) == (1, 5)


def test_what_was_computed_to_show_an_iteration_leads_to_the_same_bytes() -> None:
    for name in ("backward-convolution", "learn-blur"):
        track = shipped_lesson(name).tracks[0]
        shown, plain = Descent(track, 1), Descent(track)
        count = min(12, shown.recipe.iterations)
        shown.advance(count)
        plain.advance(count)
        for number in range(count - 1):
            iteration_of(shown, track, number)
            assert shown._kept.has(number + 1)
            ours, other = shown.state(number + 1), plain.state(number + 1)
            assert ours.params == other.params
            assert ours.velocity == other.velocity
