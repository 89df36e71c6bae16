"""The lessons that ship are what their builder makes, byte for byte."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_rebuilding_gives_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; sys.path[:0] = sys.argv[1:3]; import build_lessons; "
        "build_lessons.build(pathlib.Path(sys.argv[3]))"
    )
    command = [sys.executable, "-c", code, str(ROOT), str(ROOT / "packaging"), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    shipped = ROOT / "resources" / "lessons"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in shipped.iterdir())
    for built in tmp_path.iterdir():
        assert built.read_bytes() == (shipped / built.name).read_bytes(), built.name
