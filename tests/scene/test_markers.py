"""Shapes that differ without their colour."""

from __future__ import annotations

import pytest

from cnnviz.scene.markers import SHAPES, marker
from cnnviz.scene.primitives import Link, Rect


def outline(number: int) -> tuple[object, ...]:
    """What is drawn of a shape, its colour apart."""
    parts = marker("m", number, (10.0, 20.0), 4.0, "#112233", "#ffffff")
    return tuple(
        (p.box, p.radius) if isinstance(p, Rect) else p.points for p in parts if isinstance(p, Rect | Link)
    )


def test_the_first_eight_shapes_differ() -> None:
    assert len({outline(n) for n in range(2 * SHAPES)}) == 2 * SHAPES
    assert outline(2 * SHAPES) == outline(0)


@pytest.mark.parametrize("number", range(2 * SHAPES))
def test_shapes_stand_around_their_place_and_are_alike_large(number: int) -> None:
    first, *inside = marker("m", number, (10.0, 20.0), 4.0, "#112233", "#ffffff")
    if isinstance(first, Rect):
        assert (first.box.cx, first.box.cy, first.fill) == pytest.approx((10.0, 20.0, "#112233"))
        assert first.box.w in (
            8.0,
            pytest.approx(4 * 3.14159**0.5, rel=1e-4),
        )  # a disc, or a square of its area
    else:
        assert isinstance(first, Link)
        assert (first.closed, first.fill) == (True, "#112233")
        xs, ys = zip(*first.points, strict=True)
        assert (max(xs) - min(xs), (max(xs) + min(xs)) / 2) == (10.0, 10.0)
        assert min(ys) == 15.0
    assert bool(inside) == (number >= SHAPES)
