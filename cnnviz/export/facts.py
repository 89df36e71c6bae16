"""Writes the facts of the frames as one JSON array, an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from cnnviz.export.shots import Shot
from cnnviz.export.writing import Idle, Painting, Task, Writer
from cnnviz.files.atomic import atomic_file


@dataclass(slots=True)
class Facts(Idle):
    """Writes what ``cnnviz trace`` prints of each step; nothing is painted."""

    task: Task
    stream: BinaryIO
    workers: int = 1  # one line after the other

    def paint(self, shot: Shot, position: int) -> Painting:
        """Collect the facts; a worker writes them."""
        facts = self.task.facts_at(shot)
        yield
        opening = b",\n" if position else b"[\n"
        return lambda: self.stream.write(opening + json.dumps(facts, allow_nan=False).encode())

    def finish(self) -> int:
        """Close the array."""
        return self.stream.write(b"\n]\n")


@contextmanager
def open_facts(task: Task) -> Iterator[Writer]:
    """Give the writer of a file that appears in its place when the block ends well."""
    with atomic_file(task.target.place) as stream:
        yield Facts(task, stream)
