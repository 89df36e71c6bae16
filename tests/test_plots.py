"""The plots of a lesson that learns, beside the stage and on it: pointed at, clicked, scaled, exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cnnviz.commands import export_plots
from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Link, Rect
from cnnviz.timeline.examining import complete
from cnnviz.timeline.progress import learners
from cnnviz.timeline.timeline import make_timeline
from cnnviz.views.plot_canvas import PlotCanvas
from tests.helpers.learning_lessons import learning, rates, tiny_loss
from tests.helpers.school import School
from tests.helpers.stand import Stand

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[School]:
    made = School(qtbot, rates(0.01, 0.1, iterations=60))
    yield made
    made.close()


class Painted(QObject):
    """Notes at each painting of a widget whether the plots were there already."""

    def __init__(self, stand: Stand) -> None:
        super().__init__()
        self.plots: list[bool] = []
        self._panel, self._viewport = stand.window.panels.plots, stand.window.stage.viewport()
        self._viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.plots.append(self._panel.canvas is not None)
        return False


def test_a_lesson_is_painted_before_its_plots_are_made(qtbot: QtBot) -> None:
    stand = Stand(qtbot, make_timeline(shipped_lesson("vertical-edge")))
    seen = Painted(stand)
    stand.desk.opening.open_shipped("learn-sobel")
    qtbot.waitUntil(lambda: stand.window.panels.plots.canvas is not None)
    assert seen.plots[0] is False
    stand.close()


def test_curves_of_all_tracks_have_a_legend_and_a_playhead(stand: School) -> None:
    canvas = stand.canvas()
    assert canvas.legend.names() == ("η = 0.01", "η = 0.1")
    for name, plot in canvas.plots.items():
        assert plot.isVisible() == (name != "accuracy")
        if name == "accuracy":
            continue
        assert len(plot.plotItem.listDataItems()) == 2
        x, _ = plot.plotItem.listDataItems()[0].getOriginalDataset()
        assert len(x) == 60
    stand.key(Key.Key_Right, CTRL)
    stand.qtbot.waitUntil(lambda: canvas.iteration == 1)


def spot_of(canvas: PlotCanvas, iteration: float, loss: float) -> QPoint:
    """Where a loss of an iteration lies on the first plot."""
    plot = canvas.plots["loss"]
    return plot.mapFromScene(plot.plotItem.vb.mapViewToScene(QPointF(iteration, loss)))


def test_a_click_at_a_curve_seeks_to_its_iteration(stand: School) -> None:
    canvas = stand.canvas()
    # η = 0.1 is at 0 from the first update on.
    stand.qtbot.mouseClick(canvas.plots["loss"].viewport(), LEFT, pos=spot_of(canvas, 30, 0))
    timeline = stand.desk.session.moment.timeline
    assert abs(timeline.step(stand.index).iteration - 30) <= 1


def test_a_click_beside_the_curves_seeks_nowhere(stand: School) -> None:
    canvas = stand.canvas()
    stand.qtbot.mouseClick(canvas.plots["loss"].viewport(), LEFT, pos=spot_of(canvas, 40, 0.6))
    assert stand.index == 0


def test_pointing_at_a_curve_reads_iteration_and_value(stand: School) -> None:
    canvas = stand.canvas()
    title, view = canvas.plots["loss"].title, canvas.plots["loss"].viewport()
    stand.qtbot.mouseMove(view, spot_of(canvas, 10, tiny_loss(0.01, 10)))
    told = title.text()
    number = int(told.split(" at iteration ")[1].split(",")[0])
    assert abs(number - 11) <= 1
    assert told == f"Loss: {tiny_loss(0.01, number - 1):.6g} at iteration {number}, η = 0.01"
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    stand.qtbot.mouseMove(view, spot_of(canvas, 40, 0.6))
    assert title.text() == "Loss"
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def fronts(canvas: PlotCanvas) -> list[tuple[float, bool]]:
    """The width of the pen of each track's curve in the plot of gradients, and whether it is clear."""
    pens = [item.opts["pen"] for item in canvas.plots["gradient"].plotItem.listDataItems()]
    return [(pen.widthF(), pen.color().alpha() < 255) for pen in pens]


def test_a_curve_that_is_pointed_at_comes_forward_in_all_plots(stand: School) -> None:
    canvas = stand.canvas()
    view = canvas.plots["loss"].viewport()
    assert fronts(canvas) == [(2, False), (2, False)]
    # There the curves are a third of the plot apart.
    stand.qtbot.mouseMove(view, spot_of(canvas, 5, tiny_loss(0.01, 5)))
    assert fronts(canvas) == [(3, False), (2, True)]
    stand.qtbot.mouseMove(view, spot_of(canvas, 5, 0))
    assert fronts(canvas) == [(2, True), (3, False)]
    stand.qtbot.mouseMove(view, spot_of(canvas, 40, 0.6))
    assert fronts(canvas) == [(2, False), (2, False)]


def test_a_name_over_the_plots_brings_its_curves_forward(stand: School) -> None:
    canvas = stand.canvas()
    boxes = canvas.legend._boxes()
    stand.qtbot.mouseMove(canvas.legend, boxes[1].center().toPoint())
    assert fronts(canvas) == [(2, True), (3, False)]
    QApplication.sendEvent(canvas.legend, QEvent(QEvent.Type.Leave))
    assert fronts(canvas) == [(2, False), (2, False)]
    # An exported picture has all of them alike, whatever is pointed at.
    alike = stand.window.panels.plots.picture("svg")
    stand.qtbot.mouseMove(canvas.legend, boxes[0].center().toPoint())
    assert fronts(canvas) == [(3, False), (2, True)]
    assert stand.window.panels.plots.picture("svg") == alike


def on_stage(stand: School, key: str, number: int) -> QPoint:
    """Where a point of a curve stands on the stage."""
    line = next(p for p in stand.scene.primitives() if isinstance(p, Link) and p.key == key)
    return QPointF(*line.points[number]).toPoint()


def test_a_curve_on_the_stage_tells_its_point_and_a_click_goes_there(stand: School) -> None:
    stand.finish()
    timeline = stand.desk.session.moment.timeline
    stand.desk.player.seek(timeline.index_at(40))
    spot, view = on_stage(stand, "plot0/curve0", 20), stand.window.stage.viewport()
    stand.qtbot.mouseMove(view, spot)
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    told = stand.scene.caption
    assert told.startswith("Iteration 21, after 20 updates: loss ")
    assert float(told.split()[6]) == pytest.approx(tiny_loss(0.01, 20), abs=6e-4)
    assert "(η = 0.01), 0 (η = 0.1)." in told
    stand.qtbot.mouseClick(view, LEFT, pos=spot)
    assert stand.index == timeline.index_at(20)
    # There is nothing yet at the same place: a click goes on.
    later = next(p for p in stand.scene.primitives() if isinstance(p, Link) and p.key == "plot0/axes").points
    ahead = QPoint(round(later[0][0] + (later[2][0] - later[0][0]) * 50 / 59), spot.y())
    stand.qtbot.mouseMove(view, ahead)
    assert stand.scene.caption == "A click goes to iteration 51, after 50 updates."
    stand.qtbot.mouseClick(view, LEFT, pos=ahead)
    assert stand.index == timeline.index_at(50)
    stand.qtbot.mouseMove(view, QPoint(2, 2))
    assert not stand.scene.caption.startswith("A click")


def test_keys_go_from_point_to_point_of_a_curve_on_the_stage(stand: School) -> None:
    stand.finish()
    timeline = stand.desk.session.moment.timeline
    for number in (1, 2):
        stand.key(Key.Key_Right, CTRL)
        assert stand.index == timeline.index_at(number)
        dots = [p for p in stand.scene.primitives() if p.key == "plot0/point0/now"]
        assert isinstance(dots[0], Rect)
        assert (dots[0].box.cx, dots[0].box.cy) == pytest.approx(
            next(
                p for p in stand.scene.primitives() if isinstance(p, Link) and p.key == "plot0/curve0"
            ).points[number]
        )


def test_accuracy_is_drawn_where_labels_are_learned(qtbot: QtBot) -> None:
    stand = School(qtbot, shipped_lesson("learn-edge-labels"))
    canvas = stand.canvas()
    plot = canvas.plots["accuracy"]
    qtbot.waitUntil(lambda: plot.isVisible())
    descent = learners(stand.desk.session.moment.timeline)[0]
    qtbot.waitUntil(lambda: complete(descent))
    qtbot.waitUntil(
        lambda: (
            len(plot.plotItem.listDataItems()[0].getOriginalDataset()[0]) == len(descent.accuracy.curve()[0])
        )
    )
    low, high = plot.plotItem.vb.viewRange()[1]
    assert low <= 0 < 1 <= high < 1.3
    stand.close()


def test_a_drag_moves_the_plot_and_seeks_nowhere(stand: School) -> None:
    plot = stand.canvas().plots["loss"].viewport()
    middle = plot.rect().center()
    stand.qtbot.mousePress(plot, LEFT, pos=middle)
    stand.qtbot.mouseMove(plot, middle + QPoint(20, 0))
    stand.qtbot.mouseRelease(plot, LEFT, pos=middle + QPoint(20, 0))
    assert stand.index == 0


def test_a_logarithmic_scale_draws_powers_of_ten_alike(stand: School) -> None:
    canvas = stand.canvas()
    stand.key(Key.Key_L, CTRL | SHIFT)
    assert stand.desk.actions["learn.log"].isChecked()
    _, y = canvas.plots["loss"].plotItem.listDataItems()[0].getData()
    # log₁₀ of L·(1 − 10η)²ⁿ falls by the same for each iteration
    assert y[10] - y[0] == pytest.approx(y[20] - y[10])
    stand.key(Key.Key_L, CTRL | SHIFT)
    _, y = canvas.plots["loss"].plotItem.listDataItems()[0].getData()
    assert y[0] == 1.0


def test_the_plots_follow_the_theme(stand: School) -> None:
    canvas = stand.canvas()
    before = canvas.plots["loss"].grab().toImage().pixelColor(2, 2)
    stand.desk.actions["view.dark"].trigger()
    after = canvas.plots["loss"].grab().toImage().pixelColor(2, 2)
    assert abs(before.lightness() - after.lightness()) > 128


def test_a_descent_that_diverges_is_plotted_as_far_as_it_can_be(qtbot: QtBot) -> None:
    stand = School(qtbot, learning(40.0, 500))
    canvas = stand.canvas()
    x, y = canvas.plots["loss"].plotItem.listDataItems()[0].getOriginalDataset()
    assert len(x) > 5
    assert max(y) <= 1e100
    stand.close()


def test_plots_are_exported_as_pictures_and_as_a_table(stand: School, tmp_path: Path) -> None:
    stand.canvas()
    for ending in ("png", "svg", "csv"):
        export_plots(stand.desk, str(tmp_path / f"plots.{ending}"))
    assert stand.window.note.note == "Saved plots.csv"
    image = QImage(str(tmp_path / "plots.png"))
    assert (image.width(), image.height()) == (1600, 1440)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1600, 7) for y in range(0, 1440, 7)}
    assert len(colours) > 3
    drawn = (tmp_path / "plots.svg").read_text()
    assert drawn.count("<polyline") + drawn.count("<path") > 20
    rows = list(csv.reader(io.StringIO((tmp_path / "plots.csv").read_text())))
    assert len(rows) == 121
    assert [float(v) for v in rows[1][2:3]] == [1.0]


def test_an_ending_that_is_none_of_them_is_refused(
    stand: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(stand.window, "show_error", said.append)
    export_plots(stand.desk, str(tmp_path / "plots.doc"))
    export_plots(stand.desk, str(tmp_path / "missing" / "plots.csv"))
    assert said[0].startswith("plots.doc: plots are written as .png, .svg or .csv")
    assert "the folder does not exist" in said[1]
    assert list(tmp_path.iterdir()) == []
