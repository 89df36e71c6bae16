"""Bookmarks in lesson files: written, read back, and refused where they are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.files.bookmarks import bookmark_from_document, bookmark_to_document
from cnnviz.files.lessons import read_lesson, shipped_lesson, write_lesson
from cnnviz.lesson.bookmark_edits import keep_bookmark
from cnnviz.lesson.bookmarks import BEAT_NAMES, Bookmark, Place
from cnnviz.lesson.lesson import BadInput

count = st.integers(0, 10**9)
places = st.builds(
    Place, count, st.text(max_size=9), st.tuples(count, count, count), st.sampled_from(BEAT_NAMES), count
)
names = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)


@given(st.builds(Bookmark, names, places))
def test_what_is_written_is_read(mark: Bookmark) -> None:
    assert bookmark_from_document(bookmark_to_document(mark), "bookmarks.0") == mark


@pytest.mark.parametrize("ending", ["cnnviz", "json"])
def test_they_are_saved_with_the_lesson(tmp_path: Path, ending: str) -> None:
    lesson = keep_bookmark(shipped_lesson("tiny-network"), Place(7, "conv1.weight.grad", (0, 0, 1)), "Here")
    write_lesson(tmp_path / f"l.{ending}", lesson)
    assert read_lesson(tmp_path / f"l.{ending}") == lesson


def document(**changes: Any) -> dict[str, Any]:
    return {"name": "Here", "iteration": 2, "tensor": "conv1", "cell": [0, 1, 2]} | changes


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (document(name=""), "bookmarks.3.name: a bookmark's name has 0 characters"),
        (document(name=5), "bookmarks.3.name: is 5"),
        (document(iteration=-1), "bookmarks.3.iteration: is -1; give a whole number from 0"),
        (document(iteration=True), "bookmarks.3.iteration: is True"),
        (document(cell=[0, 1]), "bookmarks.3.cell: has 2 numbers; give channel, row and column"),
        (document(cell=[0, 1, 0.5]), "bookmarks.3.cell.2: is 0.5"),
        (document(beat="jump"), "bookmarks.3.beat: is 'jump'; give one of place, multiply, sum, write"),
        (document(products="all"), "bookmarks.3.products: is 'all'"),
        (document(colour="red"), "bookmarks.3"),
        ({"name": "Here"}, "bookmarks.3"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(changed: dict[str, Any], line: str) -> None:
    with pytest.raises(BadInput) as refused:
        bookmark_from_document(changed, "bookmarks.3")
    assert str(refused.value).startswith(line)
