"""Plain values: every layer and transform comes back, and what does not fit is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.plain import (
    field_from_plain,
    layer_from_plain,
    layer_to_plain,
    plain_from_text,
    shown,
    transform_from_plain,
    transform_to_plain,
)
from cnnviz.lesson.source import Grey, Resize


@pytest.mark.parametrize(
    ("spec", "plain"),
    [
        (Relu(), {"op": "relu"}),
        (
            Conv(2, (3, 5), (1, 2), "same", (2, 1), 1, "reflect"),
            {
                "op": "conv2d",
                "out_channels": 2,
                "kernel_size": [3, 5],
                "stride": [1, 2],
                "padding": "same",
                "dilation": [2, 1],
                "groups": 1,
                "padding_mode": "reflect",
                "flipped": False,
            },
        ),
        (
            MaxPool((2, 2), (1, 1), (1, 0), True),
            {
                "op": "max_pool2d",
                "kernel_size": [2, 2],
                "stride": [1, 1],
                "padding": [1, 0],
                "ceil_mode": True,
            },
        ),
        (
            AvgPool((2, 2), (2, 2), count_include_pad=False),
            {
                "op": "avg_pool2d",
                "kernel_size": [2, 2],
                "stride": [2, 2],
                "padding": [0, 0],
                "ceil_mode": False,
                "count_include_pad": False,
            },
        ),
    ],
)
def test_layers_there_and_back(spec: AnyLayer, plain: dict[str, object]) -> None:
    assert layer_to_plain(spec) == plain
    assert layer_from_plain(plain, "here") == spec


@pytest.mark.parametrize("padding", [0, 2, (1, 2), (1, 2, 3, 4), "valid", "full"])
def test_every_way_to_say_a_padding_is_kept_as_it_was_said(padding: object) -> None:
    spec = Conv(1, (3, 3), padding=padding)  # type: ignore[arg-type]
    assert layer_from_plain(layer_to_plain(spec), "here").padding == padding  # type: ignore[union-attr]


def test_transforms_there_and_back() -> None:
    assert transform_to_plain(Grey()) == {"kind": "grey"}
    assert transform_from_plain({"kind": "resize", "rows": 4, "columns": 5}, "here") == Resize(4, 5)


def test_one_number_stands_for_rows_and_columns() -> None:
    assert layer_from_plain({"op": "max_pool2d", "kernel_size": 2, "stride": 1}, "here") == MaxPool(
        (2, 2), (1, 1)
    )


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5
    )
)
def test_no_plain_value_raises_anything_but_bad_input(value: object) -> None:
    for name in ("out_channels", "kernel_size", "stride", "padding", "padding_mode", "groups"):
        try:
            read = field_from_plain(Conv, name, value, "here")
        except BadInput as error:
            assert str(error).startswith("here: ")  # noqa: PT017 - both outcomes are right, each with its own look
        else:
            assert isinstance(read, int | str | tuple)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("3", 3),
        (" -3 ", -3),
        ("1,2", [1, 2]),
        ("1, 2, 3 ,4", [1, 2, 3, 4]),
        ("128x96", [128, 96]),
        ("128×96", [128, 96]),
        ("True", True),
        ("false", False),
        ("same", "same"),
        ("1.5", 1.5),
        ("1,", "1,"),
        ("9" * 13, "9" * 13),
        ("__import__('os')", "__import__('os')"),
        ("", ""),
    ],
)
def test_texts(text: str, plain: object) -> None:
    assert plain_from_text(text) == plain


def test_a_refused_value_is_shown_in_one_short_line() -> None:
    assert len(shown("x" * 1000)) == 60
    assert "\n" not in shown({"a": "b\n" * 50})
