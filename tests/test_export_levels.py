"""Networks from afar as trace and export: each level of each of them, and every format, read back by others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from PIL import Image
from pptx import Presentation
from PySide6.QtCore import QCoreApplication

from cnnviz.__main__ import main
from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.timeline import make_timeline

NETWORKS = ("digits", "mnist", "fashion", "patches")
LEVELS = ("network", "layer", "cell")
SIZE = (640, 360)
STEPS = 2


@pytest.fixture(autouse=True)
def _application(qapp: QCoreApplication) -> None:
    """Made before a command makes one without widgets, which other tests need."""


def _export(lesson: str, out: Path, level: str, steps: str, *more: str) -> None:
    size = f"{SIZE[0]}x{SIZE[1]}"
    options = ("--set", f"view.level={level}", "--frames", steps, "--size", size, *more)
    assert main(["export", lesson, str(out), *options]) == 0


@pytest.mark.parametrize("name", NETWORKS)
def test_each_level_has_a_picture_of_its_own_at_any_step(name: str, tmp_path: Path) -> None:
    """A step of the first convolution, one of the way back, and the last update."""
    timeline = make_timeline(shipped_lesson(f"{name}-network"))
    back = next(i for i in range(timeline.count) if timeline.step(i).section.phase.value == "BACKWARD")
    for step in (2, back + 1, timeline.count - 1):
        pictures = []
        for level in LEVELS:
            out = tmp_path / f"{level}-{step}.png"
            _export(f"{name}-network", out, level, f"{step}:{step + 1}", "--theme", "dark")
            with Image.open(out) as image:
                assert image.size == SIZE
                pictures.append(image.tobytes())
        # A gradient that is told step by step is told of a cell where it is not looked at from afar.
        assert pictures[0] not in pictures[1:]
    assert pictures


@pytest.mark.parametrize("name", NETWORKS)
def test_numbers_of_a_step_are_the_same_from_afar(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = {}
    for level in LEVELS:
        arguments = ["trace", f"{name}-network", "--json", "--step", "20", "--set", f"view.level={level}"]
        assert main(arguments) == 0
        told[level] = json.loads(capsys.readouterr().out)
    assert told["network"]["step"] == 20
    assert told["network"]["tensors"]
    assert told["network"] == told["layer"] == told["cell"]


def _pictures(path: Path) -> int:
    with Image.open(path) as image:
        assert image.size == SIZE
        return int(getattr(image, "n_frames", 1))


def _video(path: Path) -> int:
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        assert (stream.width, stream.height) == SIZE
        # Each step is held for several pictures.
        return STEPS if sum(1 for _ in video.decode(video=0)) >= STEPS else 0


def _pages(path: Path) -> int:
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    return data.count(b"/Type /Page\n") or data.count(b"/Type /Page ") or data.count(b"/Type/Page/")


def _slides(path: Path) -> int:
    slides = Presentation(str(path)).slides
    assert all(len(slide.shapes) > 3 for slide in slides)
    return len(slides)


def _facts(path: Path) -> int:
    return sum(1 for step in json.loads(path.read_text(encoding="utf-8")) if step["tensors"])


FORMATS: dict[str, Callable[[Path], int]] = {
    "gif": _pictures, "apng": _pictures, "webp": _pictures, "mp4": _video, "webm": _video, "pdf": _pages,
    "pptx": _slides, "json": _facts,
}  # fmt: skip


@pytest.mark.parametrize("level", LEVELS[:2])
@pytest.mark.parametrize(("ending", "count"), FORMATS.items(), ids=FORMATS)
def test_every_format_takes_a_network_from_afar(
    tmp_path: Path, ending: str, count: Callable[[Path], int], level: str
) -> None:
    out = tmp_path / f"mnist.{ending}"
    _export("mnist-network", out, level, "40:42")
    assert count(out) == STEPS


def test_drawings_name_the_layers_of_the_network(tmp_path: Path) -> None:
    _export("mnist-network", tmp_path / "a.svg", "network", "40:41")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    for words in ("Conv 5×5", "Max 2×2", "multiply-adds", "18,378 parameters"):
        assert words in text, words
    _export("mnist-network", tmp_path / "b.svg", "layer", "40:41")
    assert "multiply-adds" not in (tmp_path / "b.svg").read_text(encoding="utf-8")
