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


def test_paints_without_a_display() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run([sys.executable, "-c", PAINT], env=env, capture_output=True, text=True, timeout=120)
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("True []", "", 0)
