"""Rebuilds the lessons that ship, in resources/lessons, byte for byte.

Usage, in an environment where cnnviz is installed (or with PYTHONPATH=.):

    python packaging/build_lessons.py [FOLDER]

What the lessons hold is written in packaging/lessons.
"""

import sys
from pathlib import Path

from lessons.plan import ENTRIES

from cnnviz.files.json_text import json_text
from cnnviz.files.lessons import write_lesson
from cnnviz.lesson.findings import sealed

FOLDER = Path(__file__).parents[1] / "resources" / "lessons"


def build(folder: Path) -> None:
    """Write every lesson and the index that lists them in teaching order."""
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for entry in ENTRIES:
        lesson = sealed(entry.make())
        write_lesson(folder / f"{entry.id}{entry.ending}", lesson)
        index.append(
            {
                "id": entry.id,
                "title": lesson.title,
                "group": lesson.group,
                "systems": list(lesson.systems),
                "file": f"{entry.id}{entry.ending}",
            }
        )
    (folder / "index.json").write_text(json_text(index), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
