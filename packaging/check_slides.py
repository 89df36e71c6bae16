"""Opens decks in LibreOffice and compares its pages with the stage: `bootstrap.py check --full` runs it.

Usage, in an environment with the extra `slides`, where soffice and pdftoppm are installed:

    PYTHONPATH=. QT_QPA_PLATFORM=offscreen python packaging/check_slides.py

Pages and stage stand one above the other in build/slides, to be looked at. Each deck is printed once more with the
fonts of the machine alone, as people see it who do not have Inter: no word may leave its page then.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.export.job import run_export
from cnnviz.export.task import task_of
from cnnviz.export.writing import Task
from cnnviz.files.lessons import find_lesson
from cnnviz.lesson.plans import Plan
from cnnviz.paint.app import ensure_gui_app
from cnnviz.paint.painter import scene_image
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline

ROOT = Path(__file__).resolve().parents[1]
LOOKED_AT = ROOT / "build" / "slides"
SECONDS = 300

# Both are compared as 32 × 18 fields, since LibreOffice knows no tabular figures and lines of numbers end a little
# earlier. A cell in a wrong colour shows in the colours of the fields, in levels of 255 on the whole and in the
# worst one; letters that are gone show in fields that are drawn on in one and empty in the other.
FIELDS = (32, 18)
MEAN, WORST, EMPTY = 2.5, 45.0, 3
INK, NO_INK = 0.06, 0.004
SEEN = 40
"""Levels by which ink differs from the ground."""

_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')

DECKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("vertical-edge", {"frames": "0:36:5", "pairs": True}),
    ("vertical-edge", {"frames": "5:30:12", "slides": "tables", "theme": "dark"}),
    ("vertical-edge", {"frames": "5", "slides": "picture", "size": (1600, 1200)}),
    ("edge-marked", {"frames": "43:190:70", "theme": "transparent"}),
    ("photo-edges", {"frames": "27:66:19"}),
    ("tiny-network", {"frames": "0:14:3", "theme": "dark"}),
    ("learn-sobel", {"frames": "0:80:60"}),
    ("rgb", {"frames": "9"}),
    ("sixty-four-kernels", {"frames": "23"}),
    ("use-counts", {"frames": "3"}),
    ("backward-convolution", {"frames": "200", "theme": "dark"}),
    ("padding", {"frames": "20"}),
    ("residual-norm", {"frames": "40"}),
    ("twins", {"frames": "100"}),
)


def main() -> int:
    """Check every deck; 1 when one differs or was not converted."""
    missing = [name for name in ("soffice", "pdftoppm", "pdftotext") if shutil.which(name) is None]
    if missing:
        print(
            f"check_slides: {' and '.join(missing)} not found; install libreoffice-impress and poppler-utils"
        )
        return 1
    ensure_gui_app(headless=True)
    LOOKED_AT.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (lesson, fields) in enumerate(DECKS):
            lines = list(differences(lesson, fields, Path(folder), f"{number:02d}-{lesson}"))
            failed += bool(lines)
            print(f"{lesson} {fields}: {'; '.join(lines) or 'as on the stage'}", flush=True)
    print(f"check_slides: {failed or 'no'} of {len(DECKS)} decks differ; they are in {LOOKED_AT}")
    return 1 if failed else 0


def differences(lesson: str, fields: dict[str, Any], folder: Path, name: str) -> Iterator[str]:
    """Write a deck, let LibreOffice print it, and tell what is not as on the stage."""
    deck = folder / f"{name}.pptx"
    task = task_of(make_timeline(find_lesson(lesson)), Viewpoint(), Plan(**fields), deck)
    run_export(task)
    yield from outside(deck, folder)
    pages = printed(deck, folder, task.plan.size[0])
    if len(pages) != len(task.shots):
        yield f"{len(pages)} pages of {len(task.shots)} slides"
        return
    for place, page in enumerate(pages):
        shown, stage = both(task, place, page, LOOKED_AT / f"{name}-{place}.png")
        apart = np.abs(_fields(shown) - _fields(stage)).max(axis=2)
        if apart.mean() > MEAN or apart.max() > WORST:
            yield f"slide {place + 1} is off by {apart.mean():.1f} levels, {apart.max():.0f} in one field"
        one, other = _inked(shown), _inked(stage)
        empty = int(((one > INK) & (other < NO_INK) | (other > INK) & (one < NO_INK)).sum())
        if empty > EMPTY:
            yield f"slide {place + 1} has {empty} fields that are empty here or on the stage"


def printed(deck: Path, folder: Path, width: int) -> list[Path]:
    """Each page of the deck as a picture so many pixels wide, set in the fonts that ship."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{ROOT / 'resources' / 'fonts'}</dir><cachedir>{folder / 'fontcache'}</cachedir></fontconfig>"
    )
    _convert(deck, folder, FONTCONFIG_FILE=fonts)
    pages = folder / f"{deck.stem}-page"
    _quietly("pdftoppm", "-png", "-scale-to-x", width, "-scale-to-y", -1, deck.with_suffix(".pdf"), pages)
    return sorted(folder.glob(f"{pages.name}-*.png"))


def outside(deck: Path, folder: Path) -> Iterator[str]:
    """Words that leave their page where the deck is set in the fonts of this machine."""
    _convert(deck, folder)
    words = folder / f"{deck.stem}.html"
    _quietly("pdftotext", "-bbox", deck.with_suffix(".pdf"), words)
    for number, page in enumerate(words.read_text("utf-8").split("<page ")[1:], 1):
        width, height = (float(n) for n in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        for left, top, right, bottom, word in _WORD.findall(page):
            if float(left) < 0 or float(top) < 0 or float(right) > width or float(bottom) > height:
                yield f"slide {number} without Inter: {word!r} leaves the page"


def _convert(deck: Path, folder: Path, **variables: object) -> None:
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    _quietly("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, deck, **variables)


def _quietly(*command: object, **variables: object) -> None:
    environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    words = [str(word) for word in command]
    subprocess.run(words, env=environment, capture_output=True, timeout=SECONDS, check=True)


def both(task: Task, place: int, page: Path, kept: Path) -> tuple[Image.Image, Image.Image]:
    """A page and its stage, which are kept in one picture."""
    stage_file = page.with_name(f"{page.stem}-stage.png")
    scene_image(task.scene_at(task.shots[place])).save(str(stage_file))
    with Image.open(stage_file) as picture:
        over = picture.convert("RGBA")
    with Image.open(page) as picture:
        shown = picture.convert("RGB").resize(over.size)
    ground = Image.new("RGBA", over.size, "#ffffff")
    ground.alpha_composite(over)
    stage = ground.convert("RGB")
    pair = Image.new("RGB", (over.width, 2 * over.height))
    pair.paste(shown, (0, 0))
    pair.paste(stage, (0, over.height))
    pair.save(kept)
    return shown, stage


def _fields(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture.resize(FIELDS, Image.Resampling.BOX), np.float64)


def _inked(picture: Image.Image) -> NDArray[np.float64]:
    """How much of each field is not the ground, which is that of the corner."""
    pixels = np.asarray(picture, np.int16)
    ink = (np.abs(pixels - pixels[2, 2]).max(axis=2) > SEEN).astype(np.uint8) * 255
    return _fields(Image.fromarray(ink)) / 255


if __name__ == "__main__":
    sys.exit(main())
