"""Starts the encoder of a video as a process of its own, hands it pictures and hears what became of them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO, NoReturn

from PySide6.QtGui import QImage

import cnnviz
from cnnviz.engine.errors import BadInput
from cnnviz.export.encoder_messages import ANSWER, COUNT, FAULT, Job, fault_of
from cnnviz.files.reading import reason

ENCODE = "--encode-video"
"""As the first argument of the program: be the encoder. `cnnviz.__main__` knows it."""


@dataclass(slots=True, eq=False)
class Encoder:
    """The encoder of one video; several threads may ask.

    Attributes
    ----------
    job : Job
    name : str
        Of the video, for messages.
    written : int
        Bytes of all answers.
    """

    job: Job
    name: str
    written: int = field(default=0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _hearing: Lock = field(default_factory=Lock, init=False)
    _fault: Exception | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the process; it loads what it needs while the first picture is painted."""
        try:
            self._process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=os.name == "posix",  # Ctrl+C is ours; we end it
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise BadInput(
                f"{self.name}: the encoder cannot be started ({reason(error)}); choose another format"
            ) from error
        self._send(self.job.message())

    def put(self, image: QImage, times: int) -> None:
        """Hand over a picture that is shown so many times; `answer` waits until it is encoded."""
        pixels = memoryview(image.constBits())
        self._send(COUNT.pack(times), pixels)

    def finish(self) -> None:
        """Have the file ended, and wait for it."""
        self._send(COUNT.pack(0))
        self.answer()

    def answer(self) -> int:
        """Wait for the next answer: the bytes of a picture.

        Raises
        ------
        BadInput
            The encoder refuses the size, or is gone.
        OSError
            The disk refuses.
        """
        with self._hearing:
            if self._fault is not None:
                raise self._fault
            _, answers = self._pipes()
            data = answers.read(ANSWER.size)
            count: int | None = ANSWER.unpack(data)[0] if len(data) == ANSWER.size else None
            if count is not None and count != FAULT:
                self.written += count
                return count
            self._fault = self._gone() if count is None else self._refused(*fault_of(answers.read()))
            raise self._fault

    def kill(self) -> None:
        """End it at once, whatever it does."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End it, and wait until it is gone, so that it writes no more."""
        if self._process is None:
            return
        self._process.kill()
        for pipe in self._pipes():
            with suppress(OSError):  # what is left to be sent cannot be
                pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _send(self, *parts: bytes | memoryview) -> None:
        pictures, _ = self._pipes()
        try:
            for part in parts:
                pictures.write(part)
            pictures.flush()
        except OSError:
            self._say_why()

    def _say_why(self) -> NoReturn:
        """Hear what is still said, up to the reason why nobody listens."""
        while True:
            self.answer()

    def _gone(self) -> BadInput:
        assert self._process is not None
        status = self._process.wait()
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return BadInput(
            f"{self.name}: the encoder ended in the midst of its work ({how}); try again, or choose another format"
        )

    def _refused(self, words: str, errno: int | None) -> Exception:
        if errno is not None:
            return OSError(errno, words)
        size = f"{self.job.width}x{self.job.height}"
        return BadInput(f"{self.name}: the encoder refuses {size} ({words}); choose another size")


def _command() -> list[str]:
    """The command of this very program; a frozen one knows no modules by name."""
    python = [] if getattr(sys, "frozen", False) else ["-P", "-m", "cnnviz"]
    return [sys.executable, *python, ENCODE]


def _environment() -> dict[str, str]:
    """Ours, and the way to what we import."""
    own = str(Path(cnnviz.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([own, *filter(None, sys.path)])}
