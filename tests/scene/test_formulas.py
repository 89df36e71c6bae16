"""Formulas put together from pieces: room, roles and outlines."""

import re

import pytest

from cnnviz.scene.formulas import GAP, outline, piece_names, shape


def test_pieces_stand_side_by_side_on_one_baseline() -> None:
    parts = [outline(name) for name in ("lhs.IK.ij", "sum.mn", "in.IK.0.-.none")]
    whole = outline("lhs.IK.ij sum.mn in.IK.0.-.none")
    assert whole.width == pytest.approx(sum(part.width for part in parts) + 2 * GAP)
    assert whole.ascent == max(part.ascent for part in parts)
    assert whole.descent == max(part.descent for part in parts)
    assert len(whole.marks) == sum(len(part.marks) for part in parts)
    assert whole.marks[len(parts[0].marks)].x == pytest.approx(parts[1].marks[0].x + parts[0].width + GAP)


def test_a_piece_that_is_not_typeset_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"lhs\.none"):
        outline("lhs.none")


def test_every_mark_lies_in_the_room_of_its_formula() -> None:
    for name in piece_names():
        made = outline(name)
        for mark in made.marks:
            data, em = shape(mark.shape)
            assert re.fullmatch(r"(M-?\d+ -?\d+|L-?\d+ -?\d+|Q-?\d+ -?\d+ -?\d+ -?\d+|Z)+", data), name
            # Ends of strokes; an italic may lean out by a hair.
            numbers = [int(n) / em for n in re.findall(r"-?\d+", re.sub(r"Q-?\d+ -?\d+ ", "L", data))]
            assert all(-0.1 < mark.x + x < made.width + 0.1 for x in numbers[::2]), name
            assert all(-made.ascent - 0.02 < mark.y + y < made.descent + 0.02 for y in numbers[1::2]), name


def test_inputs_weights_and_outputs_have_roles_of_their_own() -> None:
    made = outline("lhs.IK.ij sum.mn in.IK.0.-.none ker.IK.0.mn")
    order = [mark.role for mark in made.marks]
    assert [role for n, role in enumerate(order) if n == 0 or order[n - 1] != role] == [
        "output", "text", "input", "weight",
    ]  # fmt: skip
