"""What an export asks of whoever writes a format, and the task it gives them."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from cnnviz.export.plan import Target
from cnnviz.export.shots import Shot
from cnnviz.lesson.plans import Plan
from cnnviz.scene.primitives import Scene

SceneAt = Callable[[Shot], Scene]
FactsAt = Callable[[Shot], dict[str, Any]]
NotesAt = Callable[[Shot], str]
Ready = Callable[[Shot, float], bool]

PATIENCE = 0.004
"""Seconds that a step waits for a thread when there is nothing to paint."""

Encode: TypeAlias = Callable[[], int]
"""Work for a thread beside the window; gives the bytes that it wrote."""
Painting: TypeAlias = Generator[None, None, Encode]
"""Steps that paint a picture, and the work that is left then."""


def _no_facts(shot: Shot) -> dict[str, Any]:
    raise NotImplementedError(f"step {shot.index}: this task knows no facts")


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One export: what is painted, in which order, and where it goes.

    Attributes
    ----------
    plan : Plan
    target : Target
    shots : tuple of Shot
    scene_at : callable
        Builds the scene of a shot, with the size, theme, parts and hidden answers of the plan.
    facts_at : callable
        The trace of a shot's step: every number, whatever is hidden.
    notes_at : callable
        What a speaker wants to say at a shot: the step in words with its whole arithmetic, and the teacher's notes.
    ready : callable
        Works at most so many seconds on what a shot needs and says whether it is there (a step that is learned).
    title : str
        The lesson's.
    """

    plan: Plan
    target: Target
    shots: tuple[Shot, ...]
    scene_at: SceneAt
    facts_at: FactsAt = _no_facts
    notes_at: NotesAt = lambda shot: ""
    ready: Ready = lambda shot, seconds: True
    title: str = ""


class Writer(Protocol):
    """Writes the pictures of one task.

    It is made, and ends, inside a block that puts what was written in its place only when all went well.
    """

    workers: int
    """How many threads may encode at once: one where the order counts."""

    def prepare(self) -> Iterator[None]:
        """What is to be done before the first picture, in small steps."""
        ...

    def paint(self, shot: Shot, position: int) -> Painting:
        """Paint a picture, in the thread that may; what comes back is done by a worker."""
        ...

    def finish(self) -> int:
        """Write what comes after the last picture, in a worker; gives the bytes of it."""
        ...

    def stop(self) -> None:
        """What is still being encoded is not wanted any more: a hint for work that takes long."""
        ...


class Idle:
    """What most writers have alike: nothing before the first picture, and nothing after the last."""

    __slots__ = ()

    def prepare(self) -> Iterator[None]:
        """Nothing."""
        return iter(())

    def finish(self) -> int:
        """Nothing."""
        return 0

    def stop(self) -> None:
        """Nothing."""


class Drawn(Idle, ABC):
    """What writers have alike that draw a scene in one go."""

    __slots__ = ()

    task: Task

    def paint(self, shot: Shot, position: int) -> Painting:
        """Build the scene and draw it; the first ones, for which more is made, in a step each."""
        scene = self.task.scene_at(shot)
        if position == 0:
            yield
        return self.draw(scene, shot, position)

    @abstractmethod
    def draw(self, scene: Scene, shot: Shot, position: int) -> Encode:
        """Draw a scene; what comes back is done by a worker."""


T = TypeVar("T")


def aside(work: Callable[[], T]) -> Generator[None, None, T]:
    """Let a thread work while the window lives: every yield is a chance for it. The result is what it returns."""
    with ThreadPoolExecutor(1, thread_name_prefix="export") as pool:
        future = pool.submit(work)
        yield  # at least once, so that what comes before and after it have turns of their own
        while not wait([future], PATIENCE).done:
            yield
    return future.result()


class Turns:
    """Lets several threads encode pictures and write them one after the other.

    A picture that fails lets all later ones end without writing, so that none waits for it.
    """

    def __init__(self) -> None:
        self._next = 0
        self._failed = False
        self._condition = threading.Condition()

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be written."""
        return self._failed

    def stop(self) -> None:
        """Let all that wait, and all that come, end without writing."""
        self._failed = True
        with self._condition:
            self._condition.notify_all()

    def run(self, position: int, make: Callable[[], T], put: Callable[[T], int]) -> int:
        """Make what a picture becomes, at once; put it in its turn. Gives what that gives."""
        try:
            made = make()
            with self._condition:
                self._condition.wait_for(lambda: self._failed or self._next == position)
                return 0 if self._failed else put(made)
        except BaseException:
            self._failed = True
            raise
        finally:
            with self._condition:
                self._next = position + 1
                self._condition.notify_all()
