"""What the live formula says is what is true: worked out from its printed digits, and from its indices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.layers import AvgPool, Conv, MaxPool
from cnnviz.engine.specs import ConvTranspose, GlobalAvgPool, GlobalMaxPool, Linear
from cnnviz.lesson.lesson import Conventions
from cnnviz.scene.formula_live import Live, Runs, Told, live
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import as_shown, decimals_needed
from cnnviz.scene.theme import LIGHT
from cnnviz.timeline.frame import Cell, Focus
from cnnviz.timeline.timeline import Timeline
from tests.helpers.arithmetic import value_of
from tests.scene.formula_examples import EXAMPLES, WRITTEN, timeline_of

ALL = Told(10_000, True)


def cells(timeline: Timeline) -> list[Cell]:
    """The corners of every map, and a cell inside."""
    channels, rows, columns = timeline.sections[0][0].shape
    places = product({0, rows // 2, rows - 1}, {0, columns // 2, columns - 1})
    return [(c, r, k) for c in range(channels) for r, k in sorted(places)] if channels < 4 else [
        (c, 0, 0) for c in range(channels)
    ] + [(channels - 1, rows - 1, columns - 1)]  # fmt: skip


def text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def numbers(said: Live) -> str:
    """All that stands between the equals signs."""
    terms = said.joint.text.join(text(said.term(n)) for n in range(said.count))
    return text(said.opening) + terms + text(said.closing)


def focus_and_live(timeline: Timeline, cell: Cell, told: Told = ALL) -> tuple[Focus, Live]:
    focus, shape = timeline.focus(0, 0, cell), timeline.sections[0][0].in_shape
    return focus, live(focus, shape, told, timeline.lesson.conventions, LIGHT)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", [n for n in EXAMPLES if n != "flatten"])
def test_the_numbers_give_the_result_or_carry_a_sign_that_they_do_not(name: str, whole: bool) -> None:
    timeline = timeline_of(name, whole=whole)
    out = timeline.tensors[0].arrays[-1]
    for cell in cells(timeline):
        _, said = focus_and_live(timeline, cell)
        sign, shown = text(said.result).split()
        total, truth = value_of(shown), float(out[cell])
        assert total == pytest.approx(float(as_shown([truth], decimals_needed([truth]))[0]), abs=1e-9)
        line = numbers(said).replace("−∞", "(-1e9)")
        if said.count == 0 and not line:
            continue
        worked_out = value_of(line)
        tolerance = 1e-9 * max(1.0, abs(total))
        assert (sign == "=") == (abs(worked_out - total) <= tolerance), (cell, line, shown)
        assert worked_out == pytest.approx(total, abs=0.01 * max(10, said.count)), (cell, line, shown)


def reads(
    timeline: Timeline, expression: str, symbol: str, taps: Mapping[str, float]
) -> tuple[int, ...] | None:
    """Which cell of an array the letter with its indices names; None where an index is no whole number."""
    (inside,) = re.findall(rf"{symbol}[\[(](.*?)[\])](?=·|$)", expression)
    base = timeline.lesson.conventions.base
    found = [value_of(part, taps) - base for part in inside.split(", ")]
    return tuple(int(i) for i in found) if all(i == int(i) for i in found) else None


def at(array: NDArray[np.floating], place: tuple[int, ...] | None) -> float:
    """The number there, and 0 outside."""
    inside = place is not None and all(0 <= i < n for i, n in zip(place, array.shape, strict=True))
    return float(array[place]) if inside else 0.0


SUMS = [
    n
    for n, e in EXAMPLES.items()
    if isinstance(e.spec, Conv | ConvTranspose) and n not in ("conv all", "transposed groups")
]


@pytest.mark.parametrize("conventions", WRITTEN, ids=lambda c: f"{c.letters}{c.base}")
@pytest.mark.parametrize("name", SUMS)
def test_the_indices_name_the_cells_that_are_multiplied(name: str, conventions: Conventions) -> None:
    timeline = timeline_of(name, conventions)
    x, params = timeline.tensors[0].arrays[0], timeline.lesson.tracks[0].params[0]
    assert params is not None
    x_letter, w_letter = ("I", "K") if conventions.letters == "IK" else ("x", "w")
    spec = EXAMPLES[name].spec
    for cell in cells(timeline):
        focus, said = focus_and_live(timeline, cell)
        index = text(said.index)
        # An array that has but one channel, one kernel or one row is written without that index.
        image, kernels = (x if x.shape[0] > 1 else x[0]), params.weight
        kernels = kernels.reshape([n for n in kernels.shape[:2] if n > 1] + list(kernels.shape[2:]))
        if "line" in name:
            image, kernels = image[..., 0, :], kernels[..., 0, :]
        if isinstance(spec, ConvTranspose):
            names, ranges = ["i", "j"], [range(x.shape[1]), range(x.shape[2])]
        else:
            names, ranges = ["m", "n"], [range(n) for n in spec.kernel_size]  # type: ignore[union-attr]  # a convolution
        depth = focus.terms.layout[0] if "c" in index else 1
        base, total = conventions.base, focus.terms.bias or 0.0
        expression = index.removeprefix("Σ ").removesuffix(" = ")
        for c, one, two in product(range(depth), *ranges):
            taps = {"c": c + base, names[0]: one + base, names[1]: two + base}
            total += at(image, reads(timeline, expression, x_letter, taps)) * at(
                kernels, reads(timeline, expression, w_letter, taps)
            )
        assert total == pytest.approx(focus.terms.total, abs=1e-9), (cell, index)


@pytest.mark.parametrize("conventions", WRITTEN, ids=lambda c: f"{c.letters}{c.base}")
@pytest.mark.parametrize("name", ["max", "average", "average oblong", "global average", "global max"])
def test_the_indices_name_the_cells_that_are_pooled(name: str, conventions: Conventions) -> None:
    timeline = timeline_of(name, conventions)
    spec, x = EXAMPLES[name].spec, timeline.tensors[0].arrays[0]
    image, base = (x if x.shape[0] > 1 else x[0]), conventions.base
    assert isinstance(spec, MaxPool | AvgPool | GlobalAvgPool | GlobalMaxPool)
    size, taps = (spec.kernel_size, "mn") if isinstance(spec, MaxPool | AvgPool) else (x.shape[1:], "ij")
    for cell in cells(timeline):
        focus, said = focus_and_live(timeline, cell)
        expression = re.sub(r"^.*? (?=[Ix])", "", text(said.index)).removesuffix(" = ")
        read = [
            at(image, reads(timeline, expression, expression[0], {taps[0]: m + base, taps[1]: n + base}))
            for m, n in product(range(size[0]), range(size[1]))
        ]
        truth = max(read) if isinstance(spec, MaxPool | GlobalMaxPool) else sum(read) / len(read)
        assert truth == pytest.approx(focus.terms.total)


def test_the_first_example_of_the_source() -> None:
    timeline = timeline_of("conv")
    focus, _ = focus_and_live(timeline, (0, 0, 2))
    said = live(focus, (1, 6, 6), ALL, Conventions("xw", 1), LIGHT)
    assert text(said.head) == "y[1, 3] = Σ x[1+m−1, 3+n−1]·w[m, n]"


def test_a_linear_layer_and_a_flattened_cell_in_words() -> None:
    _, said = focus_and_live(timeline_of("linear", Conventions(base=1)), (2, 0, 0))
    assert text(said.head) == "S(3) = Σ W(3, c)·I(c)"
    timeline = timeline_of("flatten")
    _, said = focus_and_live(timeline, (13, 0, 0))
    value = timeline.tensors[0].arrays[0][1, 0, 1]
    assert text(said.line(900, 10, said.cell)).startswith(f"S(13) = I(1, 0, 1) = {value:g}".replace("-", "−"))
    assert text(said.result).endswith("13 = (1·3 + 0)·4 + 1")


@pytest.mark.parametrize("width", [300, 420, 600, 1000])
@pytest.mark.parametrize("current", [0, 5, 13, 26])
def test_what_is_left_out_is_marked_and_what_is_made_now_stays(width: float, current: int) -> None:
    timeline = timeline_of("conv rgb")
    _, said = focus_and_live(timeline, (1, 2, 2), Told(current + 1, False, current))
    line = said.line(width, 11, said.cell)
    assert width_of(line, 11) <= width
    assert text(said.term(current)) in text(line)
    assert ("…" in text(line)) == (text(line).count("·") < 27)
    assert text(line).endswith("= ?")


def test_a_hidden_result_is_asked_for() -> None:
    _, said = focus_and_live(timeline_of("relu"), (0, 1, 1), Told(1, False))
    assert text(said.result) == " = ?"


def test_a_decimal_comma_parts_numbers_by_semicolons() -> None:
    _, said = focus_and_live(timeline_of("max", Conventions(decimal="comma")), (0, 0, 0))
    assert said.joint.text == "; "
    assert text(said.cell) == "S(0, 0) = "


def test_weights_of_a_linear_layer_stand_before_their_values() -> None:
    timeline = timeline_of("linear plain")
    focus, said = focus_and_live(timeline, (0, 0, 0))
    assert isinstance(focus.spec, Linear)
    first = [value_of(part) for part in text(said.term(0)).split("·")]
    assert first == [focus.terms.w[0], focus.terms.x[0]]


def test_a_cell_onto_which_nothing_is_laid_is_the_bias_alone() -> None:
    focus, said = focus_and_live(timeline_of("transposed apart"), (0, 0, 1))
    assert focus.terms.x.size == 0
    bias = f"{focus.terms.bias:g}".replace("-", "−")
    sign = "+" if (focus.terms.bias or 0) > 0 else "−"
    assert text(said.line(900, 10, said.cell)) == f"S(0, 1) = 0 {sign} {bias.lstrip('−')} = {bias}"
