"""Colours against the published definitions."""

import numpy as np
import pytest

from cnnviz.paint.color import contrast, light_ink, luminance, qcolor, rgba, visible


def test_reads_alpha_last() -> None:
    assert rgba("#11223344") == (0x11, 0x22, 0x33, 0x44)
    assert rgba("#112233") == (0x11, 0x22, 0x33, 255)
    assert qcolor("#11223344").getRgb() == (0x11, 0x22, 0x33, 0x44)


@pytest.mark.parametrize("text", ["112233", "#123", "red", "#1122334"])
def test_refuses_other_forms(text: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        rgba(text)


def test_knows_what_is_seen() -> None:
    assert visible("#00000001")
    assert not visible("#ffffff00")


def test_luminance_as_wcag_defines_it() -> None:
    shades = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    assert luminance(shades) == pytest.approx([0, 1, 0.2126, 0.7152, 0.0722])


def test_contrast_of_black_and_white_and_of_a_published_grey() -> None:
    assert contrast(1.0, 0.0) == pytest.approx(21)
    # #767676 is known as the lightest grey that passes 4.5:1 on white.
    grey = luminance(np.array([0x76, 0x76, 0x76], np.uint8))
    lighter = luminance(np.array([0x77, 0x77, 0x77], np.uint8))
    assert contrast(1.0, grey) >= 4.5 > contrast(1.0, lighter)


def test_every_grey_gets_an_ink_of_at_least_four_and_a_half() -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    light = light_ink(greys, "#000000", "#ffffff")
    chosen = contrast(luminance(greys), np.where(light, 1.0, 0.0))
    assert light[0]
    assert not light[255]
    assert chosen.min() >= 4.5
