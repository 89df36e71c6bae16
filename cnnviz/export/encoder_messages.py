"""What a window and the encoder beside it say to each other through two pipes.

To the encoder: a `Job`, then for each picture how often it is shown and its pixels, row by row, each as blue, green,
red and a byte that is not used; zero times is the end. From it: for each picture, and at the end, the bytes written,
or `FAULT` and a line of JSON where something was refused.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass

COUNT, ANSWER = struct.Struct(">I"), struct.Struct(">q")
FAULT = -1


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be encoded.

    Attributes
    ----------
    path : str
        Of a file that exists; it is written anew, and removed when nobody sends pictures any more.
    ending : str
        ``mp4`` or ``webm``.
    width, height : int
        Even.
    rate : tuple of int
        Pictures a second, as a fraction.
    """

    path: str
    ending: str
    width: int
    height: int
    rate: tuple[int, int]

    def message(self) -> bytes:
        """Its length, and the job as JSON."""
        data = json.dumps(asdict(self)).encode()
        return COUNT.pack(len(data)) + data


def job_of(data: bytes) -> Job:
    """Read a job without the length before it."""
    fields = json.loads(data)
    return Job(**fields | {"rate": tuple(fields["rate"])})


def fault_message(words: str, errno: int | None) -> bytes:
    """Say what was refused; ``errno`` where it was the system."""
    return ANSWER.pack(FAULT) + json.dumps({"words": words, "errno": errno}).encode()


def fault_of(data: bytes) -> tuple[str, int | None]:
    """Read the words and the number of the system's refusal."""
    fields = json.loads(data)
    return fields["words"], fields["errno"]
