"""The loss over two weights from above: contours of equal loss, the path, the point and the way downhill."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.scene.areas import Look, Metrics
from cnnviz.scene.hit import grid_at
from cnnviz.scene.primitives import Box, Grid, Link, Panel, Primitive, Rect, Scene, Text
from cnnviz.scene.surface import contours, joined, surface_plot
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.plots import Surface
from cnnviz.timeline.surface import surface_of
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import two_weights

BOX = Box(800, 100, 440, 320)


def facts(iteration: int = 0, rate: float = 0.2) -> Surface:
    timeline = make_timeline(two_weights(rate=rate, iterations=20))
    descent = timeline.descents[0]
    assert descent is not None
    return surface_of(descent, timeline.iteration(0, iteration))


def drawn(surface: Surface) -> tuple[Primitive, ...]:
    look = Look(Viewpoint(), LIGHT, Metrics.of(1280, 720), two_weights())
    return surface_plot("s", BOX, surface, look)


def test_contours_have_one_loss_each() -> None:
    lines = contours(facts())
    assert len(lines) == 12  # both sides of the valley, for each of six losses
    for line in lines:
        losses = [(x + 2 * y - 6.0) ** 2 for x, y in line]
        # Between samples the loss is taken as straight, so that a line strays a little.
        assert np.ptp(losses) < 0.02 * float(facts().values.max())


def test_segments_that_meet_are_one_line() -> None:
    ring = [
        ((0.0, 0.0), (1.0, 0.0)),
        ((1.0, 1.0), (1.0, 0.0)),
        ((0.0, 1.0), (1.0, 1.0)),
        ((5.0, 5.0), (6.0, 5.0)),
    ]
    lines = joined(ring)
    assert sorted(map(len, lines)) == [2, 4]


def test_the_valley_is_the_strongest_colour_and_row_0_is_the_highest_weight() -> None:
    surface = facts()
    grid = next(p for p in drawn(surface) if isinstance(p, Grid))
    row, column = np.unravel_index(int(grid.image.argmin()), grid.image.shape)
    share = (column / (grid.columns - 1), 1 - row / (grid.rows - 1))
    first, second = (v[0] + s * (v[-1] - v[0]) for v, s in zip((surface.x, surface.y), share, strict=True))
    assert abs(first + 2 * second - 6.0) < 0.1
    assert grid.image[0, -1] > grid.image.min()


def test_the_picture_has_the_shape_of_its_axes() -> None:
    grid = next(p for p in drawn(facts()) if isinstance(p, Grid))
    assert grid.box.w == grid.box.h
    assert grid.cell * (grid.columns - 1) == pytest.approx(grid.box.w)
    assert (grid.origin[0] + grid.cell / 2, grid.origin[1] + grid.cell / 2) == pytest.approx(grid.box[:2])


def test_the_arrow_points_against_the_gradient_to_the_valley() -> None:
    found = {p.key: p for p in drawn(facts())}
    arrow, dot = found["s/downhill"], found["s/point"]
    assert isinstance(arrow, Link)
    assert isinstance(dot, Rect)
    (x0, y0), (x1, y1) = arrow.points
    assert (x0, y0) == pytest.approx((dot.box.cx, dot.box.cy))
    assert x1 > x0  # both weights must grow: to the right and up
    assert y1 < y0
    assert (y0 - y1) / (x1 - x0) == pytest.approx(2.0)


def test_the_path_goes_from_place_to_place() -> None:
    found = {p.key: p for p in drawn(facts(2))}
    path = found["s/path0"]
    assert isinstance(path, Link)
    assert len(path.points) == 3
    assert path.points[0] == pytest.approx(path.points[2])  # at 0.2 it goes to and fro
    assert sum(key.startswith("s/place") for key in found) == 2


def test_beyond_the_picture_there_is_no_point_but_a_word() -> None:
    parts = drawn(facts(19, 0.21))
    keys = {p.key for p in parts}
    assert "s/point" not in keys
    assert "outside the picture" in [p.text for p in parts if isinstance(p, Text)]
    for line in (p for p in parts if isinstance(p, Link) and p.key.startswith("s/path")):
        assert all(BOX.x <= x <= BOX.right and BOX.y <= y <= BOX.bottom for x, y in line.points)


def test_the_numbers_beside_it() -> None:
    said = [p.text for p in drawn(facts()) if isinstance(p, Text) and "/number" in p.key]
    assert said[:5] == ["w₁ = 3", "w₂ = 1", "L = 1", "∂L/∂w₁ = −2", "∂L/∂w₂ = −4"]


def test_losses_beyond_all_numbers_have_no_contours() -> None:
    surface = facts()
    values = surface.values.copy()
    values[0, 0] = np.inf
    assert contours(replace(surface, values=values)) == ()


def test_a_pointer_finds_no_tensor_on_it() -> None:
    parts = drawn(facts())
    scene = Scene((1280, 720), None, (Panel("plot", BOX, "Plot", parts),), (), "", "")
    grid = next(p for p in parts if isinstance(p, Grid))
    assert grid_at(scene, grid.box.cx, grid.box.cy) is None
