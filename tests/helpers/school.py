"""A window on a lesson that learns, for tests of what a person does to it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe import Recipe
from cnnviz.timeline.timeline import make_timeline
from cnnviz.views.plot_canvas import PlotCanvas
from tests.helpers.stand import Stand


class School(Stand):
    """A window on a lesson that learns, and what a person does to it."""

    def __init__(self, qtbot: QtBot, lesson: Lesson) -> None:
        super().__init__(qtbot, make_timeline(lesson))

    @property
    def state(self) -> str:
        return self.desk.training.progress.state

    def recipe(self, track: int = 0) -> Recipe:
        recipe = self.desk.editing.lesson.tracks[track].recipe
        assert recipe is not None
        return recipe

    def finish(self) -> None:
        """Wait until all is learned and said."""
        self.qtbot.waitUntil(
            lambda: self.state == "done" and not self.window.note.note.startswith("Learning:"),
            timeout=30_000,
        )

    def canvas(self) -> PlotCanvas:
        """The plots, once the curves of all that is learned stand in them."""
        self.finish()
        self.qtbot.waitUntil(lambda: self.window.panels.plots.canvas is not None)
        canvas = self.window.panels.plots.canvas
        assert canvas is not None
        plot = canvas.plots["loss"].plotItem
        last = plot.listDataItems()[0].getOriginalDataset()[0][-1]
        # Where a curve lies is known once it has been painted.
        self.qtbot.waitUntil(lambda: plot.vb.viewRange()[0][1] >= last)
        return canvas
