"""The pieces that a written matrix is cut into."""

import pytest

from cnnviz.files.matrix_tokens import Group, Item, tokenise


def plain(items: list[Item]) -> list[object]:
    return [(i.bracket, plain(i.items)) if isinstance(i, Group) else i for i in items]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1 -2", [1.0, -2.0]),
        ("1/4\n\n2 2;3", [0.25, "\n\n", 2.0, 2.0, ";", 3.0]),
        ("[1,(2)]", [("[", [1.0, ",", ("(", [2.0])])]),
        ("a = 3 * {4} / 5", [3.0, "*", ("{", [4.0]), "/", 5.0]),
        ("1,5 2", [1.5, 2.0]),
        ("1,5;2\n3;4", [1.5, ",", 2.0, "\n", 3.0, ",", 4.0]),
        ("1 # 2", [1.0]),
        (r"\frac{1}{2} & 3 \cdot 10^{-2}", [0.5, ",", 0.03]),
    ],
)
def test_a_text_becomes_numbers_groups_and_signs(text: str, items: list[object]) -> None:
    assert plain(tokenise(text, "text").items) == items
