"""The picture of how times grow: where its points lie, and that any viewer can read it."""

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from tests.benchmarks.growth_plot import Growth, axes_of, draw, proportional

LINEAR = Growth("In proportion", "pixels", ((10.0, 0.3), (100.0, 3.0), (1000.0, 30.0)))
SQUARE = Growth("Squared", "kernels", tuple((n, n**2) for n in (2.0, 4.0, 8.0, 16.0)))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("growth", "power"), [(LINEAR, 1), (SQUARE, 2)])
def test_the_exponent_is_that_of_the_times(growth: Growth, power: float) -> None:
    assert growth.exponent == pytest.approx(power)


def test_times_in_proportion_lie_on_the_line_of_slope_1() -> None:
    start, end = proportional(LINEAR)
    assert [*start, *end] == pytest.approx([10.0, 0.3, 1000.0, 30.0])
    low, high = (axes_of(LINEAR, 1).place(*point) for point in (start, end))
    # Right and up by the same number of pixels: y runs downwards.
    assert high.x() - low.x() == pytest.approx(low.y() - high.y())
    assert high.x() > low.x()


def test_times_that_are_squared_lie_twice_as_steep() -> None:
    first, *_, last = (axes_of(SQUARE, 0).place(*point) for point in SQUARE.points)
    assert (first.y() - last.y()) / (last.x() - first.x()) == pytest.approx(2)


@pytest.mark.parametrize("growth", [LINEAR, SQUARE, Growth("One decade", "n", ((1.0, 1.0), (1.5, 1.2)))])
def test_every_point_lies_inside_its_axes(growth: Growth) -> None:
    axes = axes_of(growth, 0)
    corner = axes.place(10.0**axes.first_n, 10.0**axes.first_t)
    far = axes.place(10.0 ** (axes.first_n + axes.decades), 10.0 ** (axes.first_t + axes.decades))
    for place in (axes.place(*point) for point in growth.points):
        assert corner.x() <= place.x() <= far.x()
        assert far.y() <= place.y() <= corner.y()


def test_the_picture_has_every_plot_with_its_words_and_points(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "growth.svg"
    draw(file, [LINEAR, SQUARE])
    picture = ElementTree.parse(file).getroot()
    words = {"".join(text.itertext()).strip() for text in picture.iter(f"{SVG}text")}
    assert {"In proportion", "pixels", "Squared", "kernels", "dashed: slope 1"} <= words
    assert len(list(picture.iter(f"{SVG}circle"))) == len(LINEAR.points) + len(SQUARE.points)
    dashed = [
        group
        for group in picture.iter(f"{SVG}g")
        if group.get("stroke-dasharray", "none") not in ("", "none")
    ]
    assert sum(1 for group in dashed if len(group)) == 2
    assert QSvgRenderer(str(file)).isValid()
    assert math.prod(QSvgRenderer(str(file)).defaultSize().toTuple()) > 0
