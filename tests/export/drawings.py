"""Exports of lessons that ship as drawings, and the pixels that other programs make of them."""

import os
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from cnnviz.export.job import run_export
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.paint.painter import scene_image
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
_FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""

Pixels = NDArray[np.int16]


def exported(lesson: str, out: Path, **fields: object) -> Task:
    """Export a lesson; gives the task that was done."""
    plan = Plan(**fields)  # type: ignore[arg-type]  # fields by name
    task = task_of(make_timeline(shipped_lesson(lesson)), Viewpoint(), plan, out)
    run_export(task)
    return task


def stage(task: Task, position: int = 0) -> Pixels:
    """The same picture as the stage shows it, (height, width, 3)."""
    return pixels(scene_image(task.scene_at(task.shots[position]), task.plan.scale))


def pixels(image: QImage) -> Pixels:
    """Red, green and blue of a picture."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4)
    return lines[..., :3].astype(np.int16)


def drawn_by_rsvg(path: Path) -> Pixels:
    """What librsvg makes of a drawing where the shipped fonts are installed and no others."""
    config, picture = path.with_suffix(".conf"), path.with_suffix(".rsvg.png")
    config.write_text(_FONTCONFIG.format(fonts=FONTS, cache=path.parent / "fontcache"))
    run("rsvg-convert", path, "-o", picture, FONTCONFIG_FILE=str(config))
    return read(picture)


def drawn_by_poppler(path: Path, page: int = 1, dpi: int = 72) -> Pixels:
    """What Poppler makes of a page."""
    picture = path.with_suffix(f".{page}")
    run("pdftoppm", "-r", dpi, "-f", page, "-l", page, "-png", "-singlefile", path, picture)
    return read(picture.with_name(picture.name + ".png"))


def read(path: Path) -> Pixels:
    """Red, green and blue of a picture file."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(np.int16)


def run(*words: object, **variables: str) -> str:
    """What a program prints; it has to end well."""
    done = subprocess.run(
        [str(word) for word in words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )
    return done.stdout


def apart(one: Pixels, other: Pixels) -> tuple[float, float]:
    """How far two pictures are apart, by the channel of a pixel that differs most.

    First the mean over all pixels, of 255; then the part of the pixels where it is more than 64.
    """
    assert one.shape == other.shape
    difference = np.abs(one - other).max(axis=2)
    return float(difference.mean()), float((difference > 64).mean())
