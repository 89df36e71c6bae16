"""The one type family of every picture, set without hinting so that widths scale with the size."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGlyphRun, QTextLayout

from cnnviz.paint.app import ensure_gui_app
from cnnviz.resources import list_resources, resource_bytes
from cnnviz.scene.primitives import Weight

# Text is laid out once at this size and scaled to the one wanted, so lines break alike on every screen and in
# every export, and sizes need not be whole pixels.
REFERENCE = 100
FALLBACK = "sans-serif"


@cache
def load_fonts() -> str:
    """Add the shipped fonts to Qt once per process; the name of the family to use."""
    ensure_gui_app()  # without one Qt ends the process
    families: list[str] = []
    for data in _shipped_fonts():
        handle = QFontDatabase.addApplicationFontFromData(data)
        if handle >= 0:
            families += QFontDatabase.applicationFontFamilies(handle)
    plain = [family for family in families if family.startswith("Inter")]
    return min(plain or families or [FALLBACK], key=len)


def _shipped_fonts() -> list[bytes]:
    names = [name for name in list_resources("fonts") if name.endswith((".ttf", ".otf"))]
    return [resource_bytes(name) for name in names]


@lru_cache(maxsize=256)
def font(size_px: int, weight: Weight = Weight.REGULAR) -> QFont:
    """Give the family at ``size_px`` pixels: tabular figures, no hinting, kerning as the font has it."""
    chosen = QFont(load_fonts())
    chosen.setPixelSize(max(1, size_px))
    chosen.setWeight(QFont.Weight(weight.value))
    chosen.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    chosen.setStyleStrategy(QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoSubpixelAntialias)
    if hasattr(chosen, "setFeature"):  # Qt 6.7 and later
        chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen


@lru_cache(maxsize=8)
def reference_metrics(weight: Weight = Weight.REGULAR) -> QFontMetricsF:
    """Give the metrics at the reference size."""
    return QFontMetricsF(font(REFERENCE, weight))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: Weight = Weight.REGULAR) -> float:
    """Measure the width of ``text`` in pixels at that size; proportional to the size."""
    return _shape(text, weight)[0] * size / REFERENCE


def shaped(text: str, weight: Weight) -> tuple[QGlyphRun, ...]:
    """Shape a text at the reference size, baseline at 0; letters the family lacks come from other fonts."""
    return _shape(text, weight)[1]


@lru_cache(maxsize=4096)
def _shape(text: str, weight: Weight) -> tuple[float, tuple[QGlyphRun, ...]]:
    """Give width and glyphs at the reference size: what is measured is drawn next, and one look serves both."""
    if not text:
        return 0.0, ()
    layout = QTextLayout(text, font(REFERENCE, weight))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e9)
    line.setPosition(QPointF(0, -line.ascent()))
    layout.endLayout()
    return line.horizontalAdvance(), tuple(layout.glyphRuns())


def cap_height(size: float, weight: Weight = Weight.REGULAR) -> float:
    """Give the height of capitals and digits in pixels at that size."""
    return reference_metrics(weight).capHeight() * size / REFERENCE


def ascent(size: float, weight: Weight = Weight.REGULAR) -> float:
    """Give the way from the top of a line to its baseline in pixels at that size."""
    return reference_metrics(weight).ascent() * size / REFERENCE
