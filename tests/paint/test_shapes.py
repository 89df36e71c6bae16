"""Rings, rectangles, links and gradients on known pixels."""

import numpy as np
import pytest

from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Box, Gradient, Link, Rect, Ring
from tests.paint.scenes import WHITE, colors, grid, pixels, rgb, scene

PINK, DARK = (208, 28, 139), (34, 34, 34)
PINK_TEXT, DARK_TEXT = "#d01c8b", "#222222"


@pytest.mark.parametrize("level", [0, 255])
def test_a_ring_shows_on_dark_and_on_light_cells(level: int) -> None:
    ring = Ring("r", Box(20, 30, 40, 20), PINK_TEXT, DARK_TEXT, 2)
    image = scene_image(scene(grid(colors(np.full((10, 10), level)), 10), ring))
    # Left edge at 20: the inner stroke takes pixels 19 and 20, the outer one pixel 18.
    assert [rgb(image, x, 40) for x in (17, 18, 19, 20, 21)] == [(level,) * 3, DARK, PINK, PINK, (level,) * 3]
    assert [rgb(image, x, 40) for x in (58, 59, 60, 61, 62)] == [(level,) * 3, PINK, PINK, DARK, (level,) * 3]
    assert [rgb(image, 40, y) for y in (27, 28, 29, 30, 31)] == [(level,) * 3, DARK, PINK, PINK, (level,) * 3]
    assert [rgb(image, 40, y) for y in (48, 49, 50, 51, 52)] == [(level,) * 3, PINK, PINK, DARK, (level,) * 3]


@pytest.mark.parametrize("scale", [1, 1.25, 1.5, 2])
def test_strokes_are_whole_pixels_at_every_scale(scale: float) -> None:
    ring = Ring("r", Box(20.3, 30.3, 40.5, 20.2), PINK_TEXT, DARK_TEXT, 2)
    shades = {tuple(p) for p in pixels(scene_image(scene(ring), scale))[..., :3].reshape(-1, 3).tolist()}
    assert shades == {WHITE, PINK, DARK}


def test_a_ring_may_be_filled_and_clipped() -> None:
    ring = Ring("r", Box(20, 20, 40, 40), PINK_TEXT, DARK_TEXT, 2, fill="#0000ff", clip=Box(0, 0, 40, 100))
    image = scene_image(scene(ring))
    assert rgb(image, 30, 40) == (0, 0, 255)
    assert rgb(image, 39, 40) == (0, 0, 255)
    assert rgb(image, 40, 40) == rgb(image, 60, 40) == WHITE


def test_the_clip_of_one_ring_does_not_hold_for_the_next() -> None:
    first = Ring("a", Box(10, 10, 20, 20), PINK_TEXT, clip=Box(0, 0, 1, 1))
    second = Ring("b", Box(50, 50, 20, 20), PINK_TEXT)
    assert rgb(scene_image(scene(first, second)), 50, 60) == PINK


def test_dashes_alternate_both_colours_along_the_edge() -> None:
    ring = Ring("r", Box(10, 10, 80, 80), "#ffffff", DARK_TEXT, 2, dashed=True)
    top = [rgb(scene_image(scene(ring, background="#808080")), x, 10) for x in range(15, 85)]
    assert {WHITE, DARK} <= set(top)
    assert 0.4 < top.count(WHITE) / len(top) < 0.75


def test_round_corners_leave_the_corner_open() -> None:
    image = scene_image(scene(Ring("r", Box(20, 20, 60, 60), PINK_TEXT, width=2, radius=10)))
    assert rgb(image, 20, 20) == WHITE
    assert rgb(image, 50, 20) == rgb(image, 20, 50) == PINK


def test_a_rectangle_is_filled_to_its_edges() -> None:
    seen = pixels(scene_image(scene(Rect("q", Box(10, 20, 30, 5), "#0000ff"))))
    blue = (seen[..., 0] == 0) & (seen[..., 2] == 255)
    expected = np.zeros((100, 100), bool)
    expected[20:25, 10:40] = True
    assert np.array_equal(blue, expected)


def test_a_half_transparent_rectangle_is_blended() -> None:
    image = scene_image(scene(Rect("q", Box(10, 10, 30, 30), "#00000080")))
    assert abs(rgb(image, 20, 20)[0] - 127) <= 1


def test_a_closed_link_is_filled_and_an_open_one_is_not() -> None:
    corners = ((10.0, 10.0), (90.0, 10.0), (90.0, 90.0), (10.0, 90.0))
    closed = scene_image(scene(Link("l", corners, PINK_TEXT, "#0000ff", 2, closed=True)))
    assert rgb(closed, 50, 50) == (0, 0, 255)
    assert rgb(closed, 10, 50) == PINK
    opened = scene_image(scene(Link("l", corners, PINK_TEXT, "#0000ff", 2)))
    assert rgb(opened, 50, 50) == rgb(opened, 10, 50) == WHITE
    assert rgb(opened, 50, 10) == PINK


def test_an_arrow_ends_at_its_last_point() -> None:
    image = scene_image(scene(Link("a", ((10.0, 50.0), (80.0, 50.0)), "#000000", width=2, arrow=True)))
    dark = pixels(image)[..., 0] < 128
    columns = np.flatnonzero(dark.any(axis=0))
    assert columns[0] == 10
    assert 77 <= columns[-1] <= 79
    heights = dark.sum(axis=0)
    assert heights[40] == 2
    assert heights[71] > 4
    assert heights[71] > heights[75] > 0


def test_links_without_length_are_left_out() -> None:
    for points in ((), ((5.0, 5.0),), ((5.0, 5.0), (5.0, 5.0))):
        image = scene_image(scene(Link("a", points, "#000000", arrow=True)))
        assert (pixels(image)[20:] == 255).all()


def test_a_gradient_runs_through_its_colours() -> None:
    image = scene_image(
        scene(Gradient("g", Box(0, 10, 101, 10), ("#0000ff", "#ffffff", "#ff0000")), size=(101, 30))
    )
    assert rgb(image, 50, 15) == pytest.approx((255, 255, 255), abs=4)
    assert rgb(image, 0, 15) == pytest.approx((0, 0, 255), abs=4)
    assert rgb(image, 100, 15) == pytest.approx((255, 0, 0), abs=4)
    assert rgb(image, 25, 15) == pytest.approx((128, 128, 255), abs=4)
    assert rgb(image, 50, 9) == rgb(image, 50, 20) == WHITE


def test_dashes_of_a_ring_far_larger_than_the_picture_start_at_its_corner() -> None:
    # Period 10 from x = -1,000,001: the ring's stroke starts a pixel outside its box.
    ring = Ring("r", Box(-1_000_000, 50, 5_000_000, 5_000_000), "#ffffff", DARK_TEXT, 2, dashed=True)
    top = [rgb(scene_image(scene(ring, background="#808080")), x, 50) for x in range(20)]
    assert top == [WHITE if (x + 1_000_001) % 10 < 6 else DARK for x in range(20)]
