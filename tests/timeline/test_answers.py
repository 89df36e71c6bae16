"""What a network answers: names, probabilities, and the label of the same picture in its data."""

from dataclasses import replace

import numpy as np

from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Flatten, Linear, Softmax
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.recipe import Example, Recipe
from cnnviz.lesson.source import Noise, Shift, Source
from cnnviz.timeline.answers import Answer, answer_at, answer_of, answered
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.networks import network


def _answer(timeline: Timeline, index: int = -1) -> Answer | None:
    return answer_of(timeline, timeline.frame(index % timeline.count).lead)


def test_classes_are_named_and_the_label_is_that_of_the_picture_in_the_data() -> None:
    answer, data = _answer(network("four")), shipped_set("patches")
    assert answer is not None
    assert answer.names == data.entry.classes
    assert answer.label == data.labels[data.entry.train]
    assert abs(answer.probabilities.sum() - 1) < 1e-12


def test_the_answer_is_there_once_the_last_layer_is_written() -> None:
    first, last = _answer(network("digits"), 0), _answer(network("digits"))
    assert first is not None
    assert last is not None
    assert (first.written, last.written) == (False, True)


def test_scores_of_a_track_that_names_its_data_become_probabilities() -> None:
    timeline = network("digits")
    track = timeline.lesson.tracks[0]
    assert isinstance(track.layers[-1], Softmax)
    assert isinstance(track.layers[-2], Linear)
    scored = replace(track, layers=track.layers[:-1], params=track.params[:-1])
    answer, whole = _answer(make_timeline(replace(timeline.lesson, tracks=(scored,)))), _answer(timeline)
    assert answer is not None
    assert whole is not None
    assert np.allclose(answer.probabilities, whole.probabilities, rtol=1e-5)


def test_a_picture_that_is_not_in_the_data_has_no_label() -> None:
    timeline = network("digits")
    track = timeline.lesson.tracks[0]
    other = replace(track, source=replace(track.source, array=15 - track.source.array))
    answer = _answer(make_timeline(replace(timeline.lesson, tracks=(other,))))
    assert answer is not None
    assert answer.label is None


def test_classes_without_data_have_numbers() -> None:
    answer = _answer(make_timeline(shipped_lesson("classifier")))
    assert answer is not None
    assert answer.names == ("0", "1", "2")
    assert answer.label is None


def test_maps_that_are_no_classes_have_no_answer() -> None:
    assert _answer(make_timeline(shipped_lesson("rgb"))) is None


def test_a_label_stays_with_a_picture_that_is_shifted_or_noisy_and_goes_with_cells_typed_over() -> None:
    timeline = network("digits")
    track, wanted = timeline.lesson.tracks[0], shipped_set("digits").labels[shipped_set("digits").entry.train]

    def label(**changed: object) -> int | None:
        source = replace(track.source, **changed)  # type: ignore[arg-type]  # any field of a source
        answer = _answer(make_timeline(replace(timeline.lesson, tracks=(replace(track, source=source),))))
        assert answer is not None
        return answer.label

    assert label(transforms=(Shift(1, -1), Noise(2.0))) == wanted
    assert label(array=track.source.array.astype(np.float64)) == wanted
    assert label(overrides=((0, 3.0),)) is None


def test_a_picture_of_ones_own_has_no_label_where_it_is_learned_from_batches() -> None:
    lesson = shipped_lesson("learn-digits")
    own = replace(lesson.tracks[0], source=Source(np.full((1, 8, 8), 300.5), "drawing"))
    answers = [_answer(make_timeline(replace(lesson, tracks=(t,))), 0) for t in (lesson.tracks[0], own)]
    labels = [None if answer is None else answer.label for answer in answers]
    assert labels == [int(shipped_set("digits").labels[shipped_set("digits").entry.train]), None]


def _scored(recipe: Recipe | None = None) -> Timeline:
    params = Params(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, -1.0]))
    track = Track(
        Source(np.array([[[1, 3]]], np.uint8)), (Flatten(), Linear(2)), (None, params), data="mnist"
    )
    return make_timeline(Lesson("two", (replace(track, recipe=recipe),)))


def test_the_answer_to_come_is_the_softmax_of_the_scores_at_any_step() -> None:
    timeline = _scored()
    for index in range(timeline.count):
        answer = answer_at(timeline, index)
        assert answer is not None
        # Scores 1 and 2: 1 / (1 + e).
        np.testing.assert_allclose(answer.probabilities[0], 1 / (1 + np.e), rtol=1e-12)
        assert (answer.names, answer.label, answer.written) == (("0", "1"), None, True)


def test_the_step_of_the_answer_is_the_last_of_the_way_forward() -> None:
    forward = _scored()
    learns = _scored(Recipe((Example(np.ones((1, 1, 1))),), "cross_entropy", iterations=1))
    assert {answered(forward, n) for n in range(forward.count)} == {forward.count - 1}
    at = answered(learns, learns.count - 1)
    assert at < learns.count - 1
    assert learns.step(at).section.kind == "forward"
    assert learns.step(at + 1).section.kind != "forward"


def test_maps_are_no_answer_and_an_iteration_told_in_one_step_has_it_there() -> None:
    assert answer_at(make_timeline(shipped_lesson("vertical-edge")), 0) is None
    learns = make_timeline(shipped_lesson("learn-digits"))
    assert answered(learns, 7) == 7


def test_the_answer_is_that_of_the_iteration_that_is_shown() -> None:
    learns = make_timeline(shipped_lesson("learn-digits"))
    first, later = answer_at(learns, 0), answer_at(learns, 40)
    assert first is not None
    assert later is not None
    assert abs(first.probabilities - later.probabilities).max() > 0.05
