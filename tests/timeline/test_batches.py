"""Learning from batches: their order, their gradients against PyTorch's rule worked out picture by picture, tests."""

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import Flatten, Linear, Normalise
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Batches, Example, Recipe
from cnnviz.lesson.source import Source
from cnnviz.timeline import accuracy
from cnnviz.timeline.batches import batch_at, evaluate, gradients
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.examining import complete, examine, refine
from cnnviz.timeline.fold import backward, first_state
from cnnviz.timeline.plot_facts import plot_facts
from cnnviz.timeline.plots import AccuracyCurve, LossCurve
from cnnviz.timeline.progress import beside
from cnnviz.timeline.reuse import timeline_for
from cnnviz.timeline.samples import with_sample
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import facts

LAYERS = (Normalise((8.0,), (8.0,)), Conv(3, (3, 3)), Relu(), MaxPool((2, 2), (2, 2)), Flatten(), Linear(10))
RANDOM = (1, 5)


def _track(size: int = 32, rate: float = 0.1, momentum: float = 0.9, iterations: int = 60) -> Track:
    data = shipped_set("digits")
    params = (None, Params(np.zeros((3, 1, 3, 3)), np.zeros(3)), None, None, None)
    label = np.full((1, 1, 1), float(data.labels[1500]))
    recipe = Recipe(
        (Example(label),), "cross_entropy", rate, iterations, momentum, seed=4, random=RANDOM,
        batches=Batches("digits", size),
    )  # fmt: skip
    weights = (*params, Params(np.zeros((10, 27)), np.zeros(10)))
    return Track(Source(data.images[1500].astype(np.float64)), LAYERS, weights, recipe=recipe)


def _recipe(track: Track) -> Recipe:
    assert track.recipe is not None
    return track.recipe


def test_an_epoch_shows_every_picture_at_most_once_and_another_order_follows() -> None:
    recipe = _recipe(_track(size=32))
    first, second = (np.concatenate([batch_at(recipe, 46 * e + n) for n in range(46)]) for e in (0, 1))
    for epoch in (first, second):
        assert len(set(epoch.tolist())) == 46 * 32  # 1,500 pictures hold 46 whole batches
        assert epoch.max() < 1500
    assert first.tolist() != second.tolist()


def test_the_gradient_is_the_mean_of_those_of_the_pictures() -> None:
    track = _track(size=5)
    recipe, data = _recipe(track), shipped_set("digits")
    # Weights with many digits: with few, sums are exactly 0 or equal, and float32 may fall to the other side.
    rng = np.random.default_rng(2)
    params = tuple(
        None if p is None else Params(p.weight + rng.normal(0, 0.01, p.weight.shape), p.bias)
        for p in first_state(track, recipe).params
    )
    loss, grads = gradients(track, recipe, params, 7, lambda: None)
    losses, weights, biases = [], [], []
    for number in batch_at(recipe, 7).tolist():
        arrays = [data.images[number].astype(np.float64)]
        for spec, own in zip(track.layers, params, strict=True):
            arrays.append(np.asarray(apply_layer(spec, own, arrays[-1]), np.float64))
        label = np.full((1, 1, 1), float(data.labels[number]))
        back = backward(track.layers, params, tuple(arrays), recipe, label)
        losses.append(back.loss)
        weights.append([back.layers[n].dw for n in RANDOM])
        biases.append([back.layers[n].db for n in RANDOM])
    assert loss == pytest.approx(np.mean(losses), rel=1e-5)
    for place, layer in enumerate(RANDOM):
        mean = np.mean([w[place] for w in weights], axis=0)  # type: ignore[arg-type]  # none is None
        np.testing.assert_allclose(grads[layer].dw, mean, rtol=1e-3, atol=1e-6)  # type: ignore[arg-type]
        mean = np.mean([b[place] for b in biases], axis=0)  # type: ignore[arg-type]
        np.testing.assert_allclose(grads[layer].db, mean, rtol=1e-3, atol=1e-6)  # type: ignore[arg-type]


def test_a_small_network_learns_to_read_digits_it_has_not_seen() -> None:
    track = _track(iterations=200)
    descent = Descent(track)
    before = evaluate(track, descent.state(0).params, Batches("digits"))
    descent.advance(200)
    after = evaluate(track, descent.state(199).params, Batches("digits"))
    assert before.accuracy < 0.3
    assert after.accuracy > 0.8
    assert after.loss < before.loss
    assert after.right == int((after.answers == shipped_set("digits").labels[1500:]).sum())
    assert ((after.sure > 0.1 - 1e-9) & (after.sure <= 1)).all()  # the largest of ten that add up to 1


def test_any_iteration_has_the_same_bits_whichever_way_one_comes_there() -> None:
    track = _track()
    descent, again = Descent(track), Descent(track, limit=1)
    descent.advance(60)
    again.advance(60)
    for number in (59, 3, 41):
        one, other = descent.state(number).params[5], again.state(number).params[5]
        assert one is not None
        assert other is not None
        assert one.weight.tobytes() == other.weight.tobytes()


def test_each_iteration_is_one_step() -> None:
    timeline = make_timeline(Lesson("digits", (_track(iterations=9),), "cell"))
    assert timeline.count == 9
    frame = timeline.frame(4)
    assert frame.lead.learning is not None
    assert frame.lead.learning.loss == timeline.iteration(0, 4).back.loss


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        (
            Batches("mnist"),
            r"the pictures of mnist have the shape \(1, 28, 28\), the track's input \(1, 8, 8\)",
        ),
        (Batches("digits", 0), "batches of 0 pictures"),
        (Batches("faces"), "does not ship"),
    ],
)
def test_pictures_that_do_not_fit_are_refused(batches: Batches, words: str) -> None:
    track = _track()
    recipe = _recipe(track)
    wrong = Recipe(recipe.examples, "cross_entropy", 0.1, 10, batches=batches)
    with pytest.raises(BadInput, match=words):
        make_timeline(Lesson("digits", (Track(track.source, track.layers, track.params, recipe=wrong),)))


@pytest.fixture
def hard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks whose test takes too long to be made before every update."""
    monkeypatch.setattr(accuracy, "EASY", 0)


@pytest.mark.usefixtures("hard")
def test_the_network_is_tested_before_every_25th_update_on_all_pictures_that_are_kept() -> None:
    descent = Descent(_track(iterations=60))
    while not descent.done or descent.accuracy.due < descent.filled:
        descent.advance()
        examine(descent)
    at, shares = descent.accuracy.curve()
    assert at.tolist() == [0, 25, 50]
    for iteration, share in zip(at.astype(int).tolist(), shares.tolist(), strict=True):
        whole = evaluate(descent.track, descent.state(iteration).params, Batches("digits"))
        assert share == whole.right / 297
    assert descent.accuracy.last_up_to(49) == (25, shares[1])
    assert descent.accuracy.last_up_to(50) == (50, shares[2])


@pytest.mark.usefixtures("hard")
def test_a_frame_in_the_window_tells_the_last_test_and_none_that_has_not_been_made() -> None:
    timeline = beside(make_timeline(Lesson("batches", (_track(iterations=30),))))
    descent = timeline.descents[0]
    assert descent is not None
    while not descent.done:
        descent.advance()
    before = timeline.frame(timeline.index_at(3)).tracks[0].learning
    assert before is not None
    assert before.tested is None
    while examine(descent):
        pass
    after = timeline.frame(timeline.index_at(29)).tracks[0].learning
    assert after is not None
    assert after.tested == (25, descent.accuracy.curve()[1][1])
    while refine(descent):
        pass
    finer = timeline.frame(timeline.index_at(29)).tracks[0].learning
    assert finer is not None
    assert finer.tested == (29, evaluate(descent.track, descent.state(29).params, Batches("digits")).accuracy)


@pytest.mark.usefixtures("hard")
@pytest.mark.parametrize("known", [False, True])
def test_a_frame_of_an_export_waits_for_its_tests(known: bool) -> None:
    track = _track(iterations=60)
    timeline = make_timeline(Lesson("batches", (track,)))
    if known:  # as a window that has been open for long knows them
        (descent,) = timeline.descents
        assert descent is not None
        descent.reach(59)
        while examine(descent) or refine(descent):
            pass
        assert complete(descent)
    frame = timeline.frame(51)
    loss, tests = frame.lead.plots
    assert isinstance(loss, LossCurve)
    assert isinstance(tests, AccuracyCurve)
    assert tests.iterations.tolist() == [0, 25, 50, 51]
    again = Descent(track)
    again.advance(60)
    right = [evaluate(track, again.state(n).params, Batches("digits")).right for n in (0, 25, 50, 51)]
    assert tests.shares.tolist() == [n / 297 for n in right]
    assert frame.lead.learning is not None
    assert frame.lead.learning.tested == (51, right[-1] / 297)
    told = facts(frame)["learning"]
    assert (told["data"], told["batch"]) == ("digits", 32)
    assert told["tested"] == {"updates": 51, "right": right[-1] / 297}
    assert told["moved"] == frame.lead.learning.moved
    assert plot_facts(tests) == {
        "kind": "accuracy", "x": [0, 25, 50, 51], "y": tests.shares.tolist(), "point": [51, right[-1] / 297],
        "pictures": 297,
    }  # fmt: skip
    means = [again.losses()[n - 24 : n + 1].mean() for n in range(24, 52)]
    np.testing.assert_allclose(loss.means, means, rtol=1e-9)


def test_an_update_says_by_how_much_it_moves_all_weights() -> None:
    track = _track(iterations=5)
    frame = make_timeline(Lesson("batches", (track,))).frame(3)
    descent = Descent(track)
    descent.advance(5)

    def line(number: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        own = [p for p in descent.state(number).params if p is not None]
        return np.concatenate([a.ravel() for p in own for a in (p.weight, p.bias) if a is not None])

    before, after = line(3), line(4)
    assert frame.lead.learning is not None
    moved = np.linalg.norm(after - before) / np.linalg.norm(before)
    assert frame.lead.learning.moved == pytest.approx(float(moved), rel=1e-12)


def test_another_picture_to_look_at_does_not_begin_to_learn_again() -> None:
    track, data = _track(iterations=40), shipped_set("digits")
    first = make_timeline(Lesson("batches", (track,)))
    first.frame(30)
    other = with_sample(first.lesson, data, 1600)
    second = make_timeline(other, first)
    assert second.descents[0] is first.descents[0]
    alone = make_timeline(other).frame(30).lead
    shared = second.frame(30).lead
    assert shared.tensor("input").values.tolist() == data.images[1600].tolist()
    for one, same in zip(shared.tensors, alone.tensors, strict=True):
        assert one.name == same.name
        assert one.values.tobytes() == same.values.tobytes()
    back = first.frame(30).lead
    assert back.tensor("input").values.tolist() == data.images[1500].tolist()


@pytest.mark.parametrize(
    "other", [_track(size=16), _track(rate=0.2), _track(momentum=0.0), _track(iterations=61)]
)
def test_another_recipe_learns_anew(other: Track) -> None:
    first = make_timeline(Lesson("batches", (_track(),)))
    assert make_timeline(Lesson("batches", (other,)), first).descents[0] is not first.descents[0]


def test_another_picture_is_looked_at_without_the_batch_again() -> None:
    first = make_timeline(shipped_lesson("learn-digits"))
    lesson = with_sample(first.lesson, shipped_set("digits"), 7)
    second = timeline_for(lesson, first)
    before, after = first.iteration(0, 3), second.iteration(0, 3)
    assert before.track.source != after.track.source
    assert after.back.layers[0].dw is before.back.layers[0].dw
    assert after.back.maps[0].tolist() != before.back.maps[0].tolist()
