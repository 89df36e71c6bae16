"""Every formula that a layer can ask for is typeset, and says what the layer does."""

from itertools import product

import pytest

from cnnviz.engine.apply import NARRATED
from cnnviz.engine.layers import Conv, MaxPool
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.lesson import Conventions
from cnnviz.scene.formula_latex import every_piece, latex
from cnnviz.scene.formula_names import knobs, operation_names, size_name
from cnnviz.scene.formulas import outline, piece_names
from tests.scene.formula_examples import EXAMPLES, WRITTEN


def names(spec: AnyLayer, shape: tuple[int, int, int], bias: bool = False) -> set[str]:
    found = {size_name(spec, shape)}
    for conventions in [*WRITTEN, Conventions(decimal="comma")]:
        found.update(operation_names(spec, shape, bias, conventions))
    return found


def test_every_narrated_operation_has_an_example() -> None:
    assert {type(example.spec) for example in EXAMPLES.values()} == set(NARRATED)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_operation_is_typeset_in_all_letters(name: str) -> None:
    example = EXAMPLES[name]
    for formula in names(example.spec, example.shape, example.bias):
        made = outline(formula)
        assert made.width > 1, formula
        assert made.height > 0.5, formula
        assert {mark.role for mark in made.marks} >= {"output"}, formula


def test_every_geometry_of_a_convolution_is_typeset() -> None:
    strides, dilations, paddings = (
        ((1, 1), (2, 2), (1, 2)),
        ((1, 1), (2, 2), (2, 1)),
        (0, 1, (1, 2), "same", "half"),
    )
    groups = ((1, 1, 1), (3, 1, 1), (1, 2, 1), (2, 3, 1), (4, 4, 4), (2, 4, 2), (4, 2, 2), (4, 8, 2))
    for stride, dilation, padding, (channels, maps, parts), flipped in product(
        strides, dilations, paddings, groups, (False, True)
    ):
        for size in ((3, 3), (2, 3)):
            spec = Conv(maps, size, stride, padding, dilation, parts, flipped=flipped)  # type: ignore[arg-type]  # a plain str from the table
            for formula in names(spec, (channels, 9, 9), True):
                assert set(formula.split()) <= piece_names(), formula


def test_only_what_is_not_trivial_stands_in_the_formula() -> None:
    assert knobs((1, 1), (1, 1), (0, 0)) == "none"
    assert knobs((2, 2), (1, 1), (1, 1)) == "sp"
    assert knobs((2, 1), (2, 2), (0, 0)) == "sd12"


def test_the_sign_tells_correlation_from_convolution() -> None:
    plain, turned = (
        operation_names(Conv(1, (3, 3), flipped=flipped), (1, 6, 6), False, Conventions())[0].split()
        for flipped in (False, True)
    )
    assert plain == ["sign.IK.corr", "lhs.IK.ij", "sum.mn", "in.IK.0.-.none", "ker.IK.0.mn"]
    assert turned == ["sign.IK.conv", "lhs.IK.ij", "sum.mn", "in.IK.0.-.none", "ker.IK.0.mn.turned"]


def test_pooling_names_neither_weights_nor_dilation() -> None:
    (formula,) = operation_names(MaxPool((2, 2), (2, 2)), (1, 6, 6), False, Conventions("xw", 1))
    assert formula == "lhs.xw.ij max.mn in.xw.1.-.s"
    assert "weight" not in {mark.role for mark in outline(formula).marks}
    assert "weight" not in {mark.role for mark in outline("size.pool").marks}


def test_what_is_typeset_is_what_the_builder_lists() -> None:
    assert sorted(name for name, _ in every_piece()) == sorted(piece_names())


def test_a_formula_is_told_in_latex_without_colours() -> None:
    (formula,) = operation_names(MaxPool((2, 2), (2, 2)), (1, 6, 6), False, Conventions("xw", 1))
    assert latex(formula) == r"y[i,j]= \max_{m,n} x[s\,(i-1)+m,s\,(j-1)+n]"
    # A colour within a colour, and braces of its own.
    assert latex("update.w") == r"W^{\prime}=W-\eta\,\frac{\partial L}{\partial W}"
    assert not any("textcolor" in latex(name) for name in piece_names())
