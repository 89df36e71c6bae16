"""Numbers from JSON, and what JSON can be abused for."""

import json

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.matrix_json import parse_json


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4]]",
        '{"kernel": [[1, 2.0], [3, 4e0]]}',
        '{"weight": [["1", "4/2"], ["3,0", "4"]], "name": null}',
    ],
)
def test_rows_are_read_from_lists_and_objects(text: str) -> None:
    weights, bias = parse_json(text, "k.json")
    np.testing.assert_array_equal(weights, [[1, 2], [3, 4]])
    assert bias is None


def test_a_bias_is_read_beside_the_weights() -> None:
    weights, bias = parse_json('{"weight": [[[1]], [[2]]], "bias": [0.5, "-1/4"]}', "k.json")
    assert weights.shape == (2, 1, 1)
    assert bias is not None
    assert bias.tolist() == [0.5, -0.25]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[1, NaN]]", "NaN is not a finite number"),
        ("[[-Infinity]]", "-Infinity is not a finite number"),
        ("[[1e999]]", "1e999 is not finite"),
        ("[[" + "9" * 5000 + "]]", "too long for a number"),
        ("[[1, 2], [3]]", "item 2 has the shape"),
        ("[[1, [2]]]", "item 2 has the shape"),
        ("[[1, true]]", "item 2: holds true or false"),
        ("[[1, null]]", "item 2: holds null"),
        ("[]", "empty list"),
        ('{"a": 1}', 'no "kernel"'),
        ('{"kernel": [[1]], "bias": "x"}', "bias: 'x' is not a number"),
        ("[[1, 2]", "line 1, column 8"),
        ("", "not well-formed"),
        ("[" * 100_000, "more than 8 brackets"),
        ('{"kernel":' * 100_000, "more than 8 brackets"),
    ],
)
def test_other_json_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        parse_json(text, "k.json")
    assert str(refused.value).startswith("k.json")
    assert "\n" not in str(refused.value)


def test_brackets_inside_a_string_do_not_count() -> None:
    text = json.dumps({"note": "[" * 50, "kernel": [[1.5]]})
    assert parse_json(text, "k.json")[0].tolist() == [[1.5]]
