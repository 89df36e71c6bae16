"""What every shape of a slide is written with."""

import pytest

from cnnviz.export.slides_xml import (
    Look,
    Sheet,
    alternative,
    color_xml,
    fill,
    frame_of,
    name_of,
    places_of,
    roles_of,
    stroke,
    xml_text,
)
from cnnviz.scene.primitives import Box
from cnnviz.scene.theme import DARK, LIGHT, TRANSPARENT

LOOK = Look(6350, 1.0, roles_of(LIGHT))


def test_text_cannot_break_out_of_its_place() -> None:
    assert xml_text('a<b> & "c"\x00\x0b\ud800\n') == "a&lt;b&gt; &amp; &quot;c&quot;&#10;"


def test_a_colour_of_the_theme_is_named_by_its_place_others_by_their_value() -> None:
    assert color_xml(LIGHT.text, LOOK) == '<a:schemeClr val="tx1"/>'
    assert color_xml("#123456", LOOK) == '<a:srgbClr val="123456"/>'
    # Without a look cells keep their colour, whatever theme comes over them.
    assert color_xml(LIGHT.text) == f'<a:srgbClr val="{LIGHT.text[1:].upper()}"/>'


def test_half_a_colour_keeps_its_alpha() -> None:
    assert (
        color_xml(LIGHT.accent + "99", LOOK)
        == '<a:schemeClr val="accent1"><a:alpha val="60000"/></a:schemeClr>'
    )
    assert fill("#12345600") == "<a:noFill/>"


def test_the_first_of_equal_colours_gives_the_place() -> None:
    # The output has the accent's colour, a light background is as white as zero.
    assert roles_of(LIGHT)[LIGHT.output] == "accent1"
    assert roles_of(TRANSPARENT)["#ffffff"] == "bg1"
    assert places_of(DARK)["bg1"] == DARK.background


def test_neighbours_touch_wherever_they_lie() -> None:
    look = Look(6350.123, 1.0, {})
    boxes = [Box(10.3 + 7.77 * n, 0, 7.77, 5) for n in range(9)]
    frames = [frame_of(box, look) for box in boxes]
    assert [left + width for left, _, width, _ in frames[:-1]] == [left for left, *_ in frames[1:]]


def test_a_stroke_is_as_wide_as_on_the_stage() -> None:
    assert stroke("#000000", 2, LOOK).startswith('<a:ln w="12700" cap="flat"><a:solidFill>')
    assert stroke("#00000000", 2, LOOK) == "<a:ln><a:noFill/></a:ln>"


@pytest.mark.parametrize(("size", "hundredths"), [(36, 1800), (18.48, 924), (0.1, 100), (1e6, 400_000)])
def test_type_is_as_high_as_on_the_stage_where_the_format_can(size: float, hundredths: int) -> None:
    assert LOOK.type_size(size) == hundredths  # half a point of 1080 pixels on 7.5 inches


def test_every_shape_has_a_number_of_its_own() -> None:
    sheet = Sheet(LOOK)
    numbers = [sheet.number(), *sheet.numbers(3), sheet.number()]
    assert numbers == [2, 3, 4, 5, 6]


def test_names_pair_shapes_and_alternatives_end() -> None:
    assert name_of('0/"input"/0') == "!!0/&quot;input&quot;/0"
    assert len(alternative("x" * 9_999)) == 4_000
