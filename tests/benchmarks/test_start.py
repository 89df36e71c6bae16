"""How soon the first lesson is on the screen, and a large picture; each start in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.measuring import Report

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROUNDS = 9
SCREEN = {
    "name": "1",
    "x": 0,
    "y": 0,
    "width": 1920,
    "height": 1080,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
"""Room for both windows at their usual size, which Qt's screen without a screen has not."""


@pytest.fixture(scope="module", autouse=True)
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Byte code is kept, as it is for an installed program; the first start writes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        screens = tmp_path_factory.mktemp("screens") / "screens.json"
        screens.write_text(json.dumps({"screens": [SCREEN]}))
        patch.setenv("QT_QPA_PLATFORM", f"offscreen:configfile={screens}")
        for probe in ("probe_bare", "probe_cnnviz"):
            start(probe)
        yield


def start(probe: str, *arguments: str) -> tuple[float, float]:
    """Milliseconds from the start of the process to the first paint, and the peak of memory in MB."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    command = [sys.executable, str(HERE / f"{probe}.py"), *arguments]
    began = time.monotonic_ns()
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    now, peak = result.stdout.split()[-2:]
    return (int(now) - began) / 1e6, float(peak)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A colour picture of 3840×2160 with shapes and noise, like a photograph hard to compress."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[0:2160, 0:3840]
    waves = 128 + 90 * np.sin(x / 90) * np.cos(y / 70)
    noise = random.integers(-8, 9, (2160, 3840, 3))
    pixels = np.clip(waves[..., None] + noise, 0, 255).astype(np.uint8)
    file = tmp_path_factory.mktemp("photo") / "photo.png"
    Image.fromarray(pixels).save(file, compress_level=1)
    return file


def test_the_first_lesson_is_painted_soon(report: Report) -> None:
    pairs = [(start("probe_bare")[0], start("probe_cnnviz")[0]) for _ in range(ROUNDS)]
    report.add("start to first paint: a bare pyqtgraph window", [bare for bare, _ in pairs], "ms")
    report.add("start to first painted lesson: cnnviz", [ours for _, ours in pairs], "ms")
    report.add("cnnviz against the bare window", [ours / bare for bare, ours in pairs], "×", 1.4)


def test_a_4k_picture_opens_soon(report: Report, photo: Path) -> None:
    plain = median(start("probe_cnnviz")[0] for _ in range(3))
    opened = [start("probe_cnnviz", str(photo)) for _ in range(5)]
    report.add(
        "a 3840×2160 PNG to its first paint, beyond start-up",
        [(t - plain) / 1e3 for t, _ in opened],
        "s",
        1.5,
    )
    report.add("peak memory with a 3840×2160 PNG", [peak for _, peak in opened], "MB", 600)
