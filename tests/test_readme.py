"""The code map of the README: every file that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_code_map_names_files_that_there_are() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = text.split("## Code map", 1)[1].split("### Invariants", 1)[0].splitlines()
    named = [name for row in rows for name in _named(row)]
    assert len(named) > 40
    assert [str(path) for path in named if not path.exists()] == []


def _named(row: str) -> list[Path]:
    """The files of a row: one without a folder lies where the one named before it does."""
    found, folder = [], ROOT / "cnnviz"
    for name in re.findall(r"`(cnnviz/\w+/|[\w/]+\.py)`", row):
        path = ROOT / name if name.startswith("cnnviz/") else ROOT / "cnnviz" / name
        if "/" not in name:
            path = folder / name
        folder = path if path.is_dir() else path.parent
        found.append(path)
    return found
