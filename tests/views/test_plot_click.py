"""What the plots of learning add to pyqtgraph's."""

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.views.plot_click import ClickablePlot


@pytest.mark.parametrize(("last", "size"), [(1, 200), (2, 160), (4, 800), (80, 160), (900, 300)])
def test_iterations_have_ticks_at_whole_numbers_only(qtbot: QtBot, last: int, size: int) -> None:
    plot = ClickablePlot()
    qtbot.addWidget(plot)
    steps = plot.plotItem.getAxis("bottom").tickSpacing(0, last, size)
    assert steps
    assert all(step >= 1 and step == int(step) for step, _ in steps)
