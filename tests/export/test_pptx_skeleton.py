"""What a deck is without its slides."""

import re

import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.export.pptx_notes import notes_xml
from cnnviz.export.pptx_skeleton import deck_size, skeleton
from cnnviz.scene.theme import DARK, LIGHT


@pytest.mark.parametrize(
    ("stage", "inches"),
    [
        ((1920, 1080), (13.333, 7.5)),
        ((3840, 2160), (13.333, 7.5)),
        ((1600, 1200), (10, 7.5)),
        ((1000, 1000), (7.5, 7.5)),
        ((1080, 1920), (4.219, 7.5)),
        ((5000, 500), (56, 5.6)),
        ((100, 1000), (1, 10)),
    ],
)
def test_slides_are_seven_and_a_half_inches_high_where_that_can_be(
    stage: tuple[int, int], inches: tuple[float, float]
) -> None:
    wide, tall = deck_size(*stage)
    assert (wide / 914_400, tall / 914_400) == pytest.approx(inches, abs=0.001)
    assert wide / tall == pytest.approx(stage[0] / stage[1], rel=1e-5)


def test_no_slide_is_longer_than_programs_allow() -> None:
    with pytest.raises(BadInput, match="size 5700x100: a slide is at most 56 times as long as it is high"):
        deck_size(5700, 100)


def test_the_theme_carries_our_colours_and_type() -> None:
    parts = skeleton(deck_size(1920, 1080), 2, "Edges", DARK)
    stage, notes = (parts[f"ppt/theme/theme{n}.xml"].decode() for n in (1, 2))
    assert f'<a:dk1><a:srgbClr val="{DARK.text[1:].upper()}"/></a:dk1>' in stage
    assert f'<a:lt1><a:srgbClr val="{str(DARK.background)[1:].upper()}"/></a:lt1>' in stage
    assert f'<a:accent1><a:srgbClr val="{DARK.accent[1:].upper()}"/></a:accent1>' in stage
    assert set(re.findall(r'<a:latin typeface="([^"]+)"', stage)) == {"Inter"}
    assert DARK.text[1:].upper() not in notes  # which are printed on paper


def test_slides_are_listed_in_order() -> None:
    deck = skeleton(deck_size(1920, 1080), 3, "Edges", LIGHT)["ppt/presentation.xml"].decode()
    assert re.findall(r'<p:sldId id="(\d+)" r:id="(\w+)"', deck) == [
        ("257", "rIdS1"),
        ("258", "rIdS2"),
        ("259", "rIdS3"),
    ]
    assert '<p:sldSz cx="12192000" cy="6858000"/>' in deck


def test_a_title_may_hold_any_letter() -> None:
    core = skeleton(deck_size(1920, 1080), 1, 'Edges <&> "ß"', LIGHT)["docProps/core.xml"].decode()
    assert 'Edges &lt;&amp;&gt; "ß"' in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_each_line_of_notes_is_a_paragraph() -> None:
    xml = notes_xml("Σ = 1 < 2\n\nNext & last")
    assert re.findall(r"<a:t>(.*?)</a:t>", xml) == ["Σ = 1 &lt; 2", "Next &amp; last"]
    assert xml.count("<a:p>") + xml.count("<a:p/>") == 3


def test_pages_of_notes_show_slides_in_their_ratio() -> None:
    for size in ((1920, 1080), (1600, 1200), (1080, 1920)):
        parts = skeleton(deck_size(*size), 1, "Edges", LIGHT)
        master = parts["ppt/notesMasters/notesMaster1.xml"].decode()
        (frame,) = re.findall(
            r'type="sldImg".*?<a:off x="(\d+)" y="(\d+)"/><a:ext cx="(\d+)" cy="(\d+)"', master
        )
        left, top, wide, tall = map(int, frame)
        assert wide / tall == pytest.approx(size[0] / size[1], rel=1e-3)
        assert left + wide / 2 == pytest.approx(6_858_000 / 2, abs=2)  # the middle of the page
        assert 685_800 <= top < top + tall <= 685_800 + 3_429_000  # over the text
