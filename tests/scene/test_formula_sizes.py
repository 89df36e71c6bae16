"""The size formula with its numbers gives the size that the layer has, and says what is left over."""

import pytest

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import AnyLayer, ConvTranspose, out_shape
from cnnviz.scene.formula_sizes import Runs, remainder_words, size_lines
from cnnviz.scene.theme import LIGHT
from tests.helpers.arithmetic import value_of
from tests.scene.formula_examples import EXAMPLES


def text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def lines(spec: AnyLayer, shape: Shape) -> list[str]:
    return [text(line) for line in size_lines(spec, shape, LIGHT)]


@pytest.mark.parametrize(
    ("n", "f", "p", "s", "out"),
    [
        (6, 3, 0, 1, 4), (6, 3, 0, 2, 2), (6, 3, 1, 2, 3), (7, 3, 0, 2, 3), (6, 5, 2, 1, 6), (6, 7, 3, 1, 6),
        (6, 2, 0, 2, 3),
    ],
)  # fmt: skip
def test_known_sizes(n: int, f: int, p: int, s: int, out: int) -> None:
    (line,) = lines(Conv(1, (f, f), (s, s), p), (1, n, n))
    assert line == f"⌊({n} + 2·{p} − 1·({f} − 1) − 1)/{s}⌋ + 1 = {out}"
    assert value_of(line.split(" = ")[0]) == out


SLIDING = [n for n, e in EXAMPLES.items() if isinstance(e.spec, Conv | MaxPool | AvgPool | ConvTranspose)]


@pytest.mark.parametrize("name", SLIDING)
def test_every_line_works_out_to_the_size_of_the_map(name: str) -> None:
    example = EXAMPLES[name]
    _, *sizes = out_shape(example.spec, example.shape)
    told = lines(example.spec, example.shape)
    if len(told) == 1:
        assert sizes[0] == sizes[1] or "line" in name
        sizes = sizes[-1:] * 2
        told = [f"rows {told[0]}", f"columns {told[0]}"]
    assert [line.split(" ", 1)[0] for line in told] == ["rows", "columns"]
    for line, size in zip(told, sizes, strict=True):
        formula, result = line.split(" ", 1)[1].split(" = ")
        assert value_of(formula.removesuffix(" that would start outside")) == int(result) == size, line


def test_a_window_that_would_start_outside_is_taken_off() -> None:
    # 5 rows, windows of 2 at every 3rd row from −1 on, rounded up: −1, 2; the third would start at 5, outside.
    spec = AvgPool((2, 2), (3, 3), (1, 1), True)
    assert lines(spec, (1, 5, 5)) == ["⌈(5 + 2·1 − 2)/3⌉ + 1 − 1 that would start outside = 2"]


def test_padding_that_differs_on_the_sides_is_written_out() -> None:
    assert lines(Conv(1, (2, 2), padding="same"), (1, 6, 6)) == ["⌊(6 + (0 + 1) − 1·(2 − 1) − 1)/1⌋ + 1 = 6"]


def test_what_keeps_or_folds_the_shape_says_so() -> None:
    told = {
        name: lines(EXAMPLES[name].spec, EXAMPLES[name].shape) for name in EXAMPLES if name not in SLIDING
    }
    assert told["relu"] == ["4×4 → 4×4"]
    assert told["softmax"] == ["5 → 5"]
    assert told["global average"] == ["4×4 → 1×1"]
    assert told["flatten"] == ["2·3·4 = 24"]
    assert told["linear"] == ["weights 3×8: from 8 to 3"]


@pytest.mark.parametrize(
    ("spec", "shape", "words"),
    [
        (Conv(1, (3, 3)), (1, 6, 6), ""),
        (Conv(1, (3, 3), (2, 2)), (1, 6, 6), "1 row and 1 column are never covered"),
        (Conv(1, (3, 3), (2, 1)), (1, 6, 6), "1 row is never covered"),
        (Conv(1, (3, 3), (3, 3)), (1, 8, 7), "2 rows and 1 column are never covered"),
        (Conv(1, (3, 3), (2, 2), 1), (1, 6, 6), "1 row and 1 column of padding are never covered"),
        (Conv(1, (3, 3), (2, 2), (1, 0)), (1, 6, 6), "1 column and 1 row of padding are never covered"),
        (Conv(1, (1, 1), (2, 2)), (1, 6, 6), "1 row and 1 column at the end are never covered"),
        (MaxPool((2, 2), (2, 2), (0, 0), True), (1, 5, 5), ""),
        (ConvTranspose(1, (3, 3), (2, 2)), (1, 6, 6), ""),
    ],
)
def test_what_is_never_covered_is_said(spec: AnyLayer, shape: Shape, words: str) -> None:
    assert remainder_words(spec, shape) == words
