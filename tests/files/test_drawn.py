"""Weights told by a seed: small files, the same numbers, and one line for what cannot be drawn."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.drawn import drawn_params, drawn_together
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Drawn, Params
from cnnviz.engine.threads import thread_limit
from cnnviz.files import drawn as drawn_file
from cnnviz.files.drawn import check_drawn, drawn_from_document
from cnnviz.files.lessons import read_lesson, write_lesson
from cnnviz.lesson.edits import set_weight
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.plain import Plain
from cnnviz.lesson.source import Source

HOW = Drawn("kaiming-normal", 11, 3)


def lesson() -> Lesson:
    params = drawn_params((64, 3, 7, 7), HOW, bias=True)
    return Lesson("Drawn", (Track(Source(np.ones((3, 9, 9))), (Conv(64, (7, 7)),), (params,)),))


def test_drawn_weights_go_through_a_file_as_a_few_numbers(tmp_path: Path) -> None:
    path = tmp_path / "drawn.cnnviz"
    write_lesson(path, lesson())
    assert path.stat().st_size < 4_000  # 9,408 weights would take 75 kB
    again = read_lesson(path)
    assert again == lesson()
    own, other = again.tracks[0].params[0], lesson().tracks[0].params[0]
    assert own is not None
    assert other is not None
    assert np.array_equal(own.weight, other.weight)


def test_they_spread_as_he_et_al_say_before_a_relu() -> None:
    weight = drawn_params((64, 64, 3, 3), HOW).weight
    assert weight.std() == pytest.approx(np.sqrt(2 / (64 * 9)), rel=0.02)


def test_weights_that_are_edited_are_kept_as_they_are(tmp_path: Path) -> None:
    edited = set_weight(lesson(), (1, 0, 2, 2), 5.0)
    own = edited.tracks[0].params[0]
    assert own is not None
    assert own.drawn is None
    write_lesson(tmp_path / "edited.cnnviz", edited)
    assert read_lesson(tmp_path / "edited.cnnviz") == edited


def test_drawn_weights_differ_from_the_same_numbers_given() -> None:
    one = drawn_params((2, 1, 3, 3), HOW)
    assert one != replace(one, drawn=Drawn("kaiming-normal", 12, 3))
    assert Params(one.weight).drawn is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "magic"}, "here: drawn weights: 'magic' is unknown"),
        ({"seed": -1}, "here.seed: is -1; give a whole number from 0"),
        ({"number": 1.5}, "here.number: is 1.5"),
        ({"shape": [100_000, 100_000]}, "at most 60,000,000 are drawn"),
        ({"shape": [0, 3]}, "here.shape.0: is 0"),
        ({"bias": 1}, "here.bias: is 1; give true or false"),
        ({"more": 1}, "unknown field 'more'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(changed: dict[str, object], words: str) -> None:
    document = {"kind": "kaiming-normal", "seed": 1, "number": 0, "shape": [2, 3], **changed}
    with pytest.raises(BadInput, match=words) as error:
        drawn_from_document(document, "here")
    assert "\n" not in str(error.value)


def test_layers_that_draw_too_much_together_are_refused_before_any_is_drawn() -> None:
    one = {"drawn": {"kind": "zeros", "seed": 0, "number": 0, "shape": [7000, 7000]}}
    check_drawn([{"params": [one, None]}])
    with pytest.raises(BadInput, match="98,000,000 weights are to be drawn: at most 60,000,000"):
        check_drawn([{"params": [one]}, {"params": [None, one]}])


def several(count: int) -> list[tuple[tuple[int, ...], Drawn]]:
    return [((40 + 10 * n, 8, 3, 3), Drawn("kaiming-normal", 11, n)) for n in range(count)]


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_weights_are_the_same_on_any_number_of_threads(threads: int) -> None:
    with thread_limit(threads):
        together = drawn_together(several(5))
    for weight, (shape, how) in zip(sorted(together, key=len), several(5), strict=True):
        alone = np.random.default_rng((how.seed, how.number)).normal(0, np.sqrt(2) / np.sqrt(72), shape)
        assert weight.tobytes() == alone.tobytes()
        assert not weight.flags.writeable


def test_who_draws_the_same_again_gets_the_same_array() -> None:
    one, again = (drawn_params((64, 3, 7, 7), HOW) for _ in range(2))
    assert one.weight is again.weight


def test_large_networks_are_drawn_before_their_layers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[int] = []

    def counted(layers: list[tuple[tuple[int, ...], Drawn]]) -> tuple[np.ndarray[Any, Any], ...]:
        wanted.append(len(layers))
        return drawn_together(layers)

    monkeypatch.setattr(drawn_file, "drawn_together", counted)
    monkeypatch.setattr(drawn_file, "WORTH_IT", 1)
    how = {"kind": "kaiming-normal", "seed": 1, "number": 2}
    good: Plain = {"drawn": {**how, "shape": [2, 1, 3, 3]}}
    # What is wrong is left out here; it is told with its place when it is read.
    wrong: list[Plain] = [
        {"drawn": {**how, "shape": [2, 1], "kind": "large"}}, {"drawn": {**how, "shape": [2, 1], "seed": -1}},
        {"drawn": {"shape": [2, 1]}}, {"drawn": {**how, "shape": [4]}}, {"drawn": {**how, "shape": ["2", 1]}},
    ]  # fmt: skip
    with drawn_file.drawn_ahead([{"params": [good, None, *wrong, good]}, "none", {"params": 3}]):
        pass
    assert wanted == [2]
