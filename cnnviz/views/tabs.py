"""Tabs of the side panels: close together, so that all their names can be read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QProxyStyle, QStyle, QStyleOption, QTabBar, QWidget

SPACE = 7
"""Pixels beside the name of a tab; Fusion takes three times as many."""


class TightTabs(QProxyStyle):
    """Fusion with less room beside the names of tabs."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_TabBarTabHSpace:
            return SPACE
        return super().pixelMetric(metric, option, widget)


def tighten(window: QMainWindow) -> None:
    """Let the tabs of a window's panels stand close together; Tab passes by a bar with but one, which is hidden."""
    for bar in window.findChildren(QTabBar):
        bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if bar.count() > 1 else Qt.FocusPolicy.NoFocus)
        if not isinstance(bar.style(), TightTabs):
            style = TightTabs()
            style.setParent(bar)
            bar.setStyle(style)
