"""How the window looks: Fusion with palettes of our own, one type family, icons in the colour of the text."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMessageBox, QStyleFactory

from cnnviz.paint.fonts import font
from cnnviz.resources import list_resources, resource_bytes
from cnnviz.scene.theme import Theme
from cnnviz.views.painting import painting

TEXT_PX = 13
ICON_PX = 20
PALE = 0.4
"""Share of the text's colour left in what is disabled."""

FIELDS = (
    "QCheckBox", "QLineEdit", "QAbstractSpinBox", "QComboBox", "QPushButton", "QAbstractItemView", "QPlainTextEdit",
)  # fmt: skip
"""What has an outline to be seen by."""
HANDLES = ("QScrollBar", "QSlider")
OUTLINE = 3.3
"""Its contrast to the window (WCAG 2.2), and a little more, because Fusion blends it."""
FUSION = 140
"""Per cent by which Fusion darkens the window's colour for outlines."""
STEPS = 20
"""Of a search for a colour."""

_Role = QPalette.ColorRole


def dress(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Give the application its style, type and palette; ``scale`` enlarges the type of the chrome."""
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    chosen, colors = font(round(TEXT_PX * scale)), palette(theme)
    # Qt goes through every widget for each of both, also where they are what they were.
    if app.font() != chosen:
        app.setFont(chosen)
    if app.palette() != colors:
        app.setPalette(colors)
        for kinds, own in ((FIELDS, outlined(colors)), (HANDLES, handles(colors))):
            for kind in kinds:
                app.setPalette(own, kind)  # type: ignore[arg-type]  # it takes a str, whatever the stub says


def palette(theme: Theme) -> QPalette:
    """The palette of the chrome: neutral greys of the theme, the accent for what is chosen."""
    window, base = QColor(theme.surface), QColor(theme.background or theme.surface)
    text, muted, line = QColor(theme.text), QColor(theme.muted), QColor(theme.line)
    accent = QColor(theme.accent)
    if luminance(base) < luminance(window):
        # Fusion outlines fields darker than the window, which a dark window does not show: they are lighter instead.
        base = mix(window, line, 0.4)
    pale = mix(window, muted, 0.55)
    made = QPalette()
    colors = {
        _Role.Window: window,
        _Role.WindowText: text,
        _Role.Base: base,
        _Role.AlternateBase: window,
        _Role.ToolTipBase: base,
        _Role.ToolTipText: text,
        _Role.PlaceholderText: muted,
        _Role.Text: text,
        _Role.Button: mix(window, base, 0.5),
        _Role.ButtonText: text,
        _Role.BrightText: base,
        _Role.Light: mix(window, base, 0.7),
        _Role.Midlight: mix(window, line, 0.3),
        _Role.Mid: line,
        _Role.Dark: mix(line, muted, 0.5),
        _Role.Shadow: mix(line, text, 0.3),
        _Role.Highlight: accent,
        _Role.HighlightedText: readable_on(accent, text, QColor(theme.outline)),
        _Role.Accent: accent,
        _Role.Link: accent,
        _Role.LinkVisited: muted,
    }
    for role, color in colors.items():
        made.setColor(role, color)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, pale)
    made.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, line)
    return made


def outlined(colors: QPalette) -> QPalette:
    """The palette of fields: Fusion draws their outlines darker than a window, which they do not fill themselves.

    So they are told of a window of another colour, one that makes outlines of the least contrast and no more.
    """
    window, text = colors.color(_Role.Window), colors.color(_Role.WindowText)
    parts = (mix(window, text, n / STEPS) for n in range(STEPS + 1))
    made = QPalette(colors)
    made.setColor(_Role.Window, next(c for c in parts if contrast(c.darker(FUSION), window) >= OUTLINE))
    return made


def handles(colors: QPalette) -> QPalette:
    """The palette of what is taken by a handle: on dark Fusion makes it darker than the groove it moves in."""
    made, window = outlined(colors), colors.color(_Role.Window)
    if luminance(window) < luminance(colors.color(_Role.WindowText)):
        made.setColor(_Role.Button, mix(window, colors.color(_Role.PlaceholderText), 0.75))
    return made


def mix(first: QColor, second: QColor, part: float) -> QColor:
    """The colour that lies ``part`` of the way from the first to the second."""
    a, b = _channels(first), _channels(second)
    return QColor(*(round(x + (y - x) * part) for x, y in zip(a, b, strict=True)))


def _channels(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def luminance(color: QColor) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    shares = (channel / 255 for channel in _channels(color))
    red, green, blue = (s / 12.92 if s <= 0.04045 else float(((s + 0.055) / 1.055) ** 2.4) for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def readable_on(ground: QColor, *inks: QColor) -> QColor:
    """The ink that reads best on a ground."""
    return max(inks, key=lambda ink: contrast(ground, ink))


def icon(name: str, colors: QPalette | None = None) -> QIcon:
    """The icon of that name in the colour of the text, paler where disabled; an empty one when there is none."""
    if colors is None:
        colors = QApplication.palette()
    return _icon(name, colors.color(_Role.ButtonText).name(), colors.color(_Role.Button).name(), _sizes())


@lru_cache(maxsize=1)
def _icon_files() -> frozenset[str]:
    return frozenset(list_resources("icons", ".svg"))


@lru_cache(maxsize=256)
def _icon(name: str, ink: str, ground: str, sizes: tuple[int, ...]) -> QIcon:
    made = QIcon()
    if f"icons/{name}.svg" not in _icon_files():
        return made
    source = resource_bytes(f"icons/{name}.svg")
    pale = mix(QColor(ground), QColor(ink), PALE).name()
    for color, mode in ((ink, QIcon.Mode.Normal), (pale, QIcon.Mode.Disabled)):
        renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", color.encode())))
        for size in sizes:
            made.addPixmap(_drawn(renderer, size), mode)
    return made


def _sizes() -> tuple[int, ...]:
    """The sizes for the screens there are, so that none is resampled; those for all others would take long."""
    return tuple(sorted({round(ICON_PX * screen.devicePixelRatio()) for screen in QGuiApplication.screens()}))


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with painting(image) as painter:
        renderer.render(painter, QRectF(0, 0, size, size))
    return QPixmap.fromImage(image)


def plain(buttons: QDialogButtonBox | QMessageBox) -> None:
    """Take the style's icons off: some of them are black on dark, and others come on one system only."""
    for button in buttons.buttons():
        button.setIcon(QIcon())


def window_icon() -> QIcon:
    """The icon of the application."""
    made = QIcon()
    pixmap = QPixmap()
    if pixmap.loadFromData(resource_bytes("icons/cnnviz.png")):
        made.addPixmap(pixmap)
    return made
