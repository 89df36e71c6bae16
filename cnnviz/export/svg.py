"""Writes each frame as an SVG drawing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cnnviz.export.pictures import Put, files_of
from cnnviz.export.shots import Shot
from cnnviz.export.svg_canvas import SvgCanvas, svg_page
from cnnviz.export.writing import Drawn, Encode, Task, Writer
from cnnviz.paint.vector import draw_scene
from cnnviz.scene.primitives import Scene


@dataclass(slots=True)
class Svg(Drawn):
    """Draws pages; workers write them."""

    task: Task
    put: Put
    workers: int = 2

    def draw(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Draw; a worker puts it into its file."""
        plan = self.task.plan
        page = svg_of(scene, plan.scale, plan.text == "paths", self.task.title)
        name = self.task.target.name(position, shot)
        return lambda: self.put(name, page.encode())


def svg_of(scene: Scene, scale: float = 1.0, as_paths: bool = False, title: str = "") -> str:
    """Draw a scene as a file of SVG.

    Parameters
    ----------
    scene : Scene
    scale : float
        Pixels of the picture per logical pixel.
    as_paths : bool
        Whether letters become outlines, which look alike where the font is missing.
    title : str
        What the picture is called.
    """
    canvas = SvgCanvas(as_paths, scene.size[0])
    draw_scene(canvas, scene, scale)
    return svg_page(canvas, scene.size, scale, title, scene.spoken or scene.caption)


@contextmanager
def open_svgs(task: Task) -> Iterator[Writer]:
    """Give the writer of a folder of drawings, or of a single one."""
    with files_of(task.target) as put:
        yield Svg(task, put)
