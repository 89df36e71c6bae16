"""Opens decks in LibreOffice and compares its pages with the stage: `bootstrap.py check --full` runs it.

Usage, in an environment with the extra `slides`, where soffice and pdftoppm are installed:

    PYTHONPATH=. QT_QPA_PLATFORM=offscreen python packaging/check_slides.py

Pages and stage stand one above the other in build/slides, to be looked at.
"""

import os
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

# Both are compared as 32 × 18 fields of one colour each, since LibreOffice knows no tabular figures and lines of
# numbers end a little earlier. That stays below these levels of 255, on the whole and in the worst field; a cell in
# a wrong colour or a formula that is gone is above.
FIELDS = (32, 18)
MEAN, WORST = 2.5, 45.0

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
)


def main() -> int:
    """Check every deck; 1 when one differs or was not converted."""
    missing = [name for name in ("soffice", "pdftoppm") if shutil.which(name) is None]
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
    pages = printed(deck, folder, task.plan.size[0])
    if len(pages) != len(task.shots):
        yield f"{len(pages)} pages of {len(task.shots)} slides"
        return
    for place, page in enumerate(pages):
        mean, field = compared(task, place, page, LOOKED_AT / f"{name}-{place}.png")
        if mean > MEAN or field > WORST:
            yield f"slide {place + 1} is off by {mean:.1f} levels, {field:.1f} in one field"


def printed(deck: Path, folder: Path, width: int) -> list[Path]:
    """Each page of the deck as a picture so many pixels wide, set in the fonts that ship."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{ROOT / 'resources' / 'fonts'}</dir><cachedir>{folder / 'fontcache'}</cachedir></fontconfig>"
    )
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    _quietly(
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        deck,
        FONTCONFIG_FILE=fonts,
    )
    pages = folder / f"{deck.stem}-page"
    _quietly("pdftoppm", "-png", "-scale-to-x", width, "-scale-to-y", -1, deck.with_suffix(".pdf"), pages)
    return sorted(folder.glob(f"{pages.name}-*.png"))


def _quietly(*command: object, **variables: object) -> None:
    environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    words = [str(word) for word in command]
    subprocess.run(words, env=environment, capture_output=True, timeout=SECONDS, check=True)


def compared(task: Task, place: int, page: Path, kept: Path) -> tuple[float, float]:
    """How far a page is from the stage: on the whole, and in its worst field; both are kept in one picture."""
    stage_file = page.with_name(f"{page.stem}-stage.png")
    scene_image(task.scene_at(task.shots[place])).save(str(stage_file))
    with Image.open(stage_file) as picture:
        over = picture.convert("RGBA")
    with Image.open(page) as picture:
        shown = picture.convert("RGB").resize(over.size)
    stage = Image.new("RGBA", over.size, "#ffffff")
    stage.alpha_composite(over)
    both = Image.new("RGB", (over.width, 2 * over.height))
    both.paste(shown, (0, 0))
    both.paste(stage.convert("RGB"), (0, over.height))
    both.save(kept)
    apart = np.abs(_fields(shown) - _fields(stage.convert("RGB"))).max(axis=2)
    return float(apart.mean()), float(apart.max())


def _fields(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture.resize(FIELDS, Image.Resampling.BOX), np.float64)


if __name__ == "__main__":
    sys.exit(main())
