"""The camera: zooms about a point, never shows what is beyond the map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.scene.viewpoint import MAX_ZOOM, Camera, Viewpoint, clamped, panned, zoomed

FRACTIONS = st.floats(0, 1)


def shown(camera: Camera) -> tuple[float, float, float, float]:
    """First and last row, first and last column that are seen, as fractions of the map."""
    half = 0.5 / camera.zoom
    return camera.row - half, camera.row + half, camera.column - half, camera.column + half


def test_zoom_by_two_in_the_middle_shows_the_middle_half() -> None:
    assert shown(zoomed(Camera(), 2, 0.5, 0.5)) == (0.25, 0.75, 0.25, 0.75)


def test_zoom_at_a_corner_stays_at_the_corner() -> None:
    assert shown(zoomed(Camera(), 4, 0, 1)) == (0, 0.25, 0.75, 1)


def test_zooming_out_ends_at_the_whole_map() -> None:
    camera = zoomed(zoomed(Camera(), 8, 0.9, 0.1), 1 / 100, 0.9, 0.1)
    assert camera == Camera()


def test_zoom_has_an_end() -> None:
    assert zoomed(Camera(), 1e9, 0.5, 0.5).zoom == MAX_ZOOM


def test_panning_moves_by_what_is_shown_and_stops_at_the_edge() -> None:
    camera = zoomed(Camera(), 4, 0.5, 0.5)
    assert panned(camera, 1, 0).row == pytest.approx(0.75)
    assert panned(camera, 0, -0.5).column == pytest.approx(0.375)
    assert panned(camera, 100, 100) == Camera(4, 0.875, 0.875)


@given(st.floats(1, 1000), FRACTIONS, FRACTIONS, st.floats(0.01, 100), FRACTIONS, FRACTIONS)
def test_nothing_beyond_the_map_is_ever_shown(
    zoom: float, row: float, column: float, factor: float, at_row: float, at_column: float
) -> None:
    camera = zoomed(clamped(Camera(zoom, row, column)), factor, at_row, at_column)
    assert 1 <= camera.zoom <= MAX_ZOOM
    top, bottom, left, right = shown(camera)
    assert min(top, left) >= -1e-12
    assert max(bottom, right) <= 1 + 1e-12


@given(st.floats(1, 50), FRACTIONS, FRACTIONS, st.floats(1, 20), FRACTIONS, FRACTIONS)
def test_zooming_in_keeps_the_point_under_the_pointer(
    zoom: float, row: float, column: float, factor: float, across: float, down: float
) -> None:
    camera = clamped(Camera(zoom, row, column))
    top, bottom, left, right = shown(camera)
    at_row, at_column = top + down * (bottom - top), left + across * (right - left)
    after = zoomed(camera, factor, at_row, at_column)
    top, bottom, left, right = shown(after)
    assert (at_row - top) / (bottom - top) == pytest.approx(down, abs=1e-6)
    assert (at_column - left) / (right - left) == pytest.approx(across, abs=1e-6)


def test_hidden_products_leave_the_answer_told() -> None:
    assert not Viewpoint().asks
    assert not Viewpoint(hidden=frozenset({"products"})).asks
    assert Viewpoint(hidden=frozenset({"products", "total"})).asks
    assert Viewpoint(hidden=frozenset({"cell"})).asks
