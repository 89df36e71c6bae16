"""Painting works where there is no screen, and loads no widgets."""

import os
import subprocess
import sys

PAINT = """
import sys
from cnnviz.paint.painter import scene_image
from cnnviz.scene.primitives import Box, Panel, Rect, Run, Scene, Text
text = Text("t", Box(0, 0, 50, 50), (Run("H", "#000000"),), 40)
image = scene_image(Scene((50, 50), "#ffffff", (Panel("p", Box(0, 0, 50, 50), "", (text,)),), (), "", ""))
dark = sum(image.pixelColor(x, 25).red() < 128 for x in range(50))
loaded = [name for name in ("PySide6.QtWidgets", "pyqtgraph") if name in sys.modules]
print(dark > 5, loaded)
"""


HEADLESS = "from cnnviz.paint.app import ensure_gui_app; ensure_gui_app(headless=True)"


def _run(code: str, **settings: str) -> tuple[str, str, int]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {name: value for name, value in os.environ.items() if name not in hidden} | settings
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120)
    return done.stdout.strip(), done.stderr, done.returncode


def test_paints_without_a_display() -> None:
    assert _run(PAINT) == ("True []", "", 0)


def test_an_empty_setting_is_none() -> None:
    assert _run(PAINT, QT_QPA_PLATFORM="") == ("True []", "", 0)


def test_headless_work_asks_no_window_system_even_if_the_setting_names_one() -> None:
    assert _run(HEADLESS + PAINT, DISPLAY=":987", QT_QPA_PLATFORM="xcb") == ("True []", "", 0)
