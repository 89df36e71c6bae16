"""From values to colours: zero in the middle, ends at the ends, and enough contrast to be read (WCAG 2)."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.scene.colors import LEVELS, colorise, diverging, greys, hex_colors, levels, mixed, rgb
from cnnviz.scene.primitives import Box, Grid
from cnnviz.scene.theme import DARK, LIGHT, TRANSPARENT, Theme, theme_named

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)


def luminance(color: tuple[int, int, int]) -> float:
    """Relative luminance by WCAG 2."""
    parts = [c / 255 for c in color]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio by WCAG 2: from 1 to 21."""
    light, dark = sorted((luminance(rgb(a)), luminance(rgb(b))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
@pytest.mark.parametrize("role", ["text", "muted", "accent", "hover", "input", "weight", "output"])
def test_texts_can_be_read(theme: Theme, role: str) -> None:
    assert theme.background is not None
    assert contrast(getattr(theme, role), theme.background) >= 4.5
    assert contrast(getattr(theme, role), theme.surface) >= 4.0


@BOTH
def test_outlines_show_on_the_stage_and_on_any_cell(theme: Theme) -> None:
    assert theme.background is not None
    assert contrast(theme.accent, theme.background) >= 3
    assert contrast(theme.hover, theme.background) >= 3
    # The double stroke: whatever the cell's colour is, its two colours tell themselves apart.
    assert contrast(theme.accent, theme.outline) >= 4.5
    assert contrast(theme.hover, theme.outline) >= 4.5


@BOTH
def test_numbers_can_be_read_on_any_cell(theme: Theme) -> None:
    image = np.zeros((1, 1, 3), np.uint8)
    grid = Grid("grid", Box(0, 0, 9, 9), (0, 0), 9, image, ("0/input", 0, 0, 0))
    for table in (diverging(theme), greys()):
        for color in hex_colors(table, LEVELS):
            assert max(contrast(grid.ink_dark, color), contrast(grid.ink_light, color)) >= 4.5, color


@BOTH
def test_the_diverging_map_is_centred_on_zero(theme: Theme) -> None:
    table = diverging(theme)
    assert table.shape == (LEVELS, 3)
    ends_and_middle = [tuple(table[i]) for i in (0, LEVELS // 2, LEVELS - 1)]
    assert ends_and_middle == [rgb(theme.negative), rgb(theme.zero), rgb(theme.positive)]
    assert not table.flags.writeable
    # Away from zero the colour moves away from that of zero, at both sides alike.
    away = np.abs(table.astype(int) - table[LEVELS // 2].astype(int)).sum(axis=1)
    assert (np.diff(away[: LEVELS // 2 + 1]) <= 0).all()
    assert (np.diff(away[LEVELS // 2 :]) >= 0).all()


def test_levels_of_values() -> None:
    values = np.array([-30.0, -20, 0, 20, 30, 31, -1e300, 1e300])
    expected = [0, 42, 127, 212, 254, 254, 0, 254]  # 254·10/60 = 42.3 and 254·50/60 = 211.7
    assert levels(values, (-30, 30)).tolist() == expected
    assert levels(values[:6].astype(np.float32), (-30, 30)).tolist() == expected[:6]


@BOTH
def test_only_zero_has_the_colour_of_zero_in_the_middle(theme: Theme) -> None:
    image = colorise(np.array([[-30.0, -1, 0, 1, 30]]), (-30, 30), diverging(theme))
    assert tuple(image[0, 2]) == rgb(theme.zero)
    assert [tuple(image[0, i]) == rgb(theme.zero) for i in (0, 1, 3, 4)] == [False] * 4


def test_pictures_are_grey_from_black_to_white() -> None:
    image = colorise(np.array([[0.0, 255, 127.5]]), (0, 255), greys())
    assert image[0].tolist() == [[0] * 3, [255] * 3, [128] * 3]


def test_not_finite_values_have_colours() -> None:
    image = colorise(np.array([[-np.inf, np.inf, np.nan]]), (-1, 1), diverging(LIGHT))
    assert tuple(image[0, 0]) == rgb(LIGHT.negative)
    assert tuple(image[0, 1]) == rgb(LIGHT.positive)
    assert tuple(image[0, 2]) == rgb(LIGHT.zero)


def test_mixed() -> None:
    assert mixed("#000000", "#ff8000", 0.5) == "#804000"
    assert mixed("#123456", "#ffffff", 0) == "#123456"


def test_themes_by_name() -> None:
    assert theme_named("light") is LIGHT
    assert theme_named("dark") is DARK
    assert theme_named("transparent") is TRANSPARENT
    assert TRANSPARENT.background is None
    assert TRANSPARENT.text == LIGHT.text
    with pytest.raises(BadInput, match="light, dark or transparent"):
        theme_named("blue")
