"""One number in the ways people write it."""

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.numbers import decimal_commas, is_number, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        (" 42 ", 42.0),
        ("-3", -3.0),
        ("+3", 3.0),
        ("−3", -3.0),
        ("–3", -3.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("0.25", 0.25),
        ("0,25", 0.25),
        (",5", 0.5),
        ("1e-3", 0.001),
        ("1,5E2", 150.0),
        ("1/4", 0.25),
        ("-1/8", -0.125),
        ("1/-8", -0.125),
        ("1 / 4", 0.25),
        ("1,5/2", 0.75),
        ("0.5/0.25", 2.0),
        ("1⁄4", 0.25),
        ("\u00a07\ufeff", 7.0),
    ],
)
def test_a_number_is_read_in_every_notation(text: str, value: float) -> None:
    assert parse_number(text) == value
    assert is_number(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no number"),
        ("abc", "'abc' is not a number"),
        ("1 2", "'1 2' is not a number"),
        ("1,2,3", "is not a number"),
        ("1.234,5", "is not a number"),
        ("1_000", "is not a number"),
        ("0x10", "is not a number"),
        ("١٢", "is not a number"),
        ("1/2/3", "is not a number"),
        ("--1", "is not a number"),
        ("1e", "is not a number"),
        ("nan", "nan is not a finite number"),
        ("-inf", "-inf is not a finite number"),
        ("1e999", "1e999 is not finite"),
        ("1e300/1e-300", "1e300/1e-300 is not finite"),
        ("1/0", "1/0 divides by zero"),
        ("9" * 101, "too long"),
        ("1\n2", "not a number"),
    ],
)
def test_what_is_no_number_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        parse_number(text, "cell 2")
    assert str(refused.value).startswith("cell 2: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "decimal"),
    [
        (["0,5 0,25"], True),
        (["0,5\t0,25"], True),
        (["1,0", "0,5 2"], True),
        (["1,0"], False),
        (["1,0", "0,1"], False),
        (["1,0,-1"], False),
        (["1,2,3 4"], False),
        (["1, 0 2"], False),
        (["1 ,0 2"], False),
        (["0.5,1 2,5"], False),
        (["1,-1 2"], False),
        (["1 0 -1"], False),
        ([], False),
    ],
)
def test_a_comma_is_decimal_only_where_blanks_separate_and_it_stands_between_digits(
    lines: list[str], decimal: bool
) -> None:
    assert decimal_commas(lines) is decimal
