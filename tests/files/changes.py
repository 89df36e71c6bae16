"""Changes of documents, named by the way from their root."""

from collections.abc import Callable
from typing import Any

Json = Any


def put(*path: str | int, to: Json) -> Callable[[Json], None]:
    """Set a field or an entry."""

    def change(document: Json) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return change


def drop(*path: str | int) -> Callable[[Json], None]:
    """Take a field or an entry out."""

    def change(document: Json) -> None:
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]

    return change
