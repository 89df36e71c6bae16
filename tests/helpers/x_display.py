"""A display of our own with a window manager, and a real cnnviz window in it, driven by mouse and keys."""

import ctypes
import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
SIZE = (1600, 1000)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Look again and again until the condition holds; fail with its name when it does not in time."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain for {what}"
        pause.wait(0.02)


@dataclass
class Display:
    """An X server that draws into memory, with openbox managing its windows."""

    folder: Path
    name: str = ""
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start the server on a free number, then the window manager, and wait for both."""
        missing = [tool for tool in ("Xvfb", "openbox", "xdotool") if shutil.which(tool) is None]
        assert not missing, (
            f"{', '.join(missing)} missing: run packaging/bootstrap.py test, or leave out -m window"
        )
        read, write = os.pipe()
        screen = f"{SIZE[0]}x{SIZE[1]}x24"
        # Without -noreset the server starts anew when its last client leaves: a question asked before the window
        # manager has come in would throw it out.
        server = ["Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
        # -fbdir maps the screen to a file, so a screenshot needs no other tool.
        self._spawn([*server, "-fbdir", str(self.folder)], keep=(write,))
        os.close(write)
        with os.fdopen(read) as pipe:
            self.name = f":{pipe.readline().strip()}"
        self._spawn(["openbox", "--sm-disable"])
        wait_until(lambda: self.xdotool("get_num_desktops", check=False).isdigit(), "the window manager")

    def stop(self) -> None:
        """End what was started, the window manager first."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(10)

    def environment(self) -> dict[str, str]:
        """Variables for a program that shall open its window here."""
        return {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}

    def xdotool(self, *words: str | int, check: bool = True) -> str:
        """Run xdotool here and return what it prints; empty when it fails and that is allowed."""
        command = ["xdotool", *map(str, words)]
        result = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        assert not check or result.returncode == 0, f"xdotool {' '.join(command[1:])}: {result.stderr}"
        return result.stdout.strip() if result.returncode == 0 else ""

    def pixels(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        """The screen as (row, column, RGB)."""
        data = (self.folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", data[:100])
        width, height, stride, colours = header[4], header[5], header[12], header[19]
        start = header[0] + 12 * colours
        rows = np.frombuffer(data, np.uint8, stride * height, start).reshape(height, stride // 4, 4)
        return np.ascontiguousarray(rows[:, :width, 2::-1])

    def _spawn(self, command: Sequence[str], keep: tuple[int, ...] = ()) -> None:
        quiet = subprocess.DEVNULL
        environment = self.environment() if self.name else None
        self._processes.append(
            subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, pass_fds=keep)
        )


@dataclass
class Window:
    """A running cnnviz and its main window."""

    display: Display
    process: subprocess.Popen[str]
    id: str = ""

    def wait_shown(self) -> None:
        """Wait for the first visible window of the process and give it the focus."""
        wait_until(lambda: self._ended() or bool(self.windows()), "the window")
        assert not self._ended(), (
            f"cnnviz ended with {self.process.returncode}: {self.process.communicate()[1]}"
        )
        self.id = self.windows()[0]
        self.display.xdotool("windowactivate", "--sync", self.id)

    def windows(self) -> list[str]:
        """All visible windows of the process, dialogs too."""
        found = self.display.xdotool("search", "--onlyvisible", "--pid", self.process.pid, check=False)
        # Qt makes a hidden helper without a name; only a named window is one that a person sees.
        return [
            number for number in found.split() if self.display.xdotool("getwindowname", number, check=False)
        ]

    def title(self) -> str:
        """The title bar's text."""
        return self.display.xdotool("getwindowname", self.id)

    def titles(self) -> list[str]:
        """The titles of all visible windows of the process."""
        return [self.display.xdotool("getwindowname", number, check=False) for number in self.windows()]

    def geometry(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of the window on the screen, without its frame."""
        lines = self.display.xdotool("getwindowgeometry", "--shell", self.id).splitlines()
        values = dict(line.split("=") for line in lines)
        left, top = _origin(self.display.name, int(self.id))
        return left, top, int(values["WIDTH"]), int(values["HEIGHT"])

    def key(self, *names: str) -> None:
        """Press keys one after the other, in xdotool's names: space, Right, ctrl+z."""
        self.display.xdotool("key", "--delay", "40", *names)

    def type(self, text: str) -> None:
        """Type a text."""
        self.display.xdotool("type", "--delay", "20", text)

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a place in the window."""
        self.display.xdotool("mousemove", "--window", self.id, x, y)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        """Click in the window; buttons 4 and 5 are the wheel."""
        self.move(x, y)
        self.display.xdotool("click", "--repeat", times, "--delay", 60, button)

    def drag(self, start: tuple[int, int], end: tuple[int, int], button: int = 1, steps: int = 10) -> None:
        """Press at one place, move in steps, and release at the other."""
        self.move(*start)
        self.display.xdotool("mousedown", button)
        for part in range(1, steps + 1):
            x, y = (round(a + (b - a) * part / steps) for a, b in zip(start, end, strict=True))
            self.move(x, y)
        self.display.xdotool("mouseup", button)

    def pixels(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        """The window's picture as (row, column, RGB), as it is on the screen."""
        left, top, width, height = self.geometry()
        return self.display.pixels()[max(0, top) : top + height, max(0, left) : left + width]

    def screenshot(self, path: Path) -> Path:
        """Save the window's picture as PNG."""
        Image.fromarray(self.pixels()).save(path)
        return path

    def wait_title(self, part: str) -> None:
        """Wait until the title contains a text."""
        wait_until(lambda: part in self.title(), f"{part!r} in the title, which is {self.title()!r}")

    def wait_still(self, seconds: float = 10.0) -> None:
        """Wait until two looks at the window, a tenth of a second apart, show the same."""
        last = [self.pixels()]

        def same() -> bool:
            threading.Event().wait(0.1)
            before, last[0] = last[0], self.pixels()
            return before.shape == last[0].shape and bool(np.array_equal(before, last[0]))

        wait_until(same, "the window to rest", seconds)

    def close(self) -> None:
        """Ask the window to close, as its title bar does; a question may follow."""
        self.key("alt+F4")

    def wait_ended(self) -> str:
        """Wait for the end of the program, which must be an orderly one; return what it wrote to stderr."""
        _, errors = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, f"cnnviz ended with {self.process.returncode}: {errors}"
        return errors

    def end(self) -> None:
        """End the program if it still runs, without asking it."""
        if not self._ended():
            self.process.send_signal(signal.SIGKILL)
            self.process.communicate(timeout=30)

    def _ended(self) -> bool:
        return self.process.poll() is not None


def _origin(display: str, window: int) -> tuple[int, int]:
    """Where the window's own corner is on the screen; xdotool adds the frame of the window manager twice."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    x, y, child = ctypes.c_int(), ctypes.c_int(), ctypes.c_ulong()
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    root = ctypes.c_ulong(x11.XDefaultRootWindow(connection))
    places = (ctypes.byref(x), ctypes.byref(y), ctypes.byref(child))
    x11.XTranslateCoordinates(connection, ctypes.c_ulong(window), root, 0, 0, *places)
    x11.XCloseDisplay(connection)
    return x.value, y.value


def start_window(display: Display, arguments: Sequence[str]) -> Window:
    """Start `python -m cnnviz` on the display and wait for its window."""
    command = [sys.executable, "-X", "faulthandler", "-m", "cnnviz", *arguments]
    process = subprocess.Popen(
        command,
        env=display.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    window = Window(display, process)
    try:
        window.wait_shown()
    except BaseException:
        window.end()
        raise
    return window
