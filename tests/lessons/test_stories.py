"""What lessons say: a story for every section, short enough for its line, and systems that the README lists alike."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cnnviz.files.lessons import shipped, shipped_lesson
from cnnviz.files.systems import system_names
from cnnviz.lesson.findings import told_words
from cnnviz.timeline.timeline import make_timeline

ROOT = Path(__file__).parents[2]
IDS = [lesson.id for lesson in shipped()]

WANTED = {f"S{number:02}" for number in range(1, 61)} | {
    "S60b",
    "S61",
    "S62",
    "S63",
    "S64",
    "S65",
    "S66",
    "S67",
    "S68",
}

LONGEST_CAPTION = 110
LONGEST_TITLE = 32


@pytest.mark.parametrize("name", IDS)
def test_every_section_has_its_story(name: str) -> None:
    lesson = shipped_lesson(name)
    timeline = make_timeline(lesson)
    sections = len(timeline.sections[timeline.lead])
    # An iteration of a batch is always told in one step: that of its last section.
    recipe = lesson.tracks[timeline.lead].recipe
    in_one = recipe is not None and recipe.batches is not None
    assert [w.section for w in lesson.words] == ([sections - 1] if in_one else list(range(sections)))
    for words in told_words(lesson):
        assert 0 < len(words.title) <= LONGEST_TITLE, words.title
        assert 0 < len(words.caption) <= LONGEST_CAPTION, words.caption
        assert words.caption.endswith((".", "?")), words.caption
        assert words.notes.endswith("."), words.notes
    assert lesson.notes.endswith(".")
    everything = " ".join(
        [lesson.title, lesson.notes, *(f"{w.title} {w.caption} {w.notes}" for w in told_words(lesson))]
    )
    assert "!" not in everything
    assert "  " not in everything


def test_tracks_side_by_side_have_names() -> None:
    for name in IDS:
        tracks = shipped_lesson(name).tracks
        if len(tracks) > 1:
            names = [track.name for track in tracks]
            assert all(names), name
            assert len(set(names)) == len(names), name


def test_every_system_is_shown_by_a_lesson_and_none_names_more_than_ten() -> None:
    claimed = {lesson.id: lesson.systems for lesson in shipped()}
    assert max(map(len, claimed.values())) <= 10
    assert set().union(*claimed.values()) == WANTED
    for systems in claimed.values():
        assert list(systems) == sorted(set(systems))
        assert set(systems) <= set(system_names())


def test_the_index_says_what_the_lessons_say() -> None:
    index = json.loads((ROOT / "resources" / "lessons" / "index.json").read_text(encoding="utf-8"))
    for entry in index:
        lesson = shipped_lesson(entry["id"])
        assert (entry["title"], entry["group"], tuple(entry["systems"])) == (
            lesson.title,
            lesson.group,
            lesson.systems,
        )


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table below a line of the README."""
    below = (ROOT / "README.md").read_text(encoding="utf-8").split(heading, 1)[1]
    rows = re.search(r"(?:^\|.*\|\n)+", below, re.MULTILINE)
    assert rows is not None
    lines = rows[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def test_the_readme_lists_the_lessons_in_their_order() -> None:
    assert [row[0].strip("`") for row in table("## Lessons that ship")] == IDS


def test_the_readme_maps_every_system_to_the_lessons_that_show_it() -> None:
    mapped = {
        row[0].split()[0]: set(re.findall(r"`([a-z0-9-]+)`", row[1])) for row in table("### What shows what")
    }
    assert mapped.keys() == WANTED
    for system, lessons in mapped.items():
        assert lessons == {lesson.id for lesson in shipped() if system in lesson.systems}, system


def test_the_readme_calls_systems_as_the_program_does() -> None:
    for row in table("### What shows what"):
        number, name = row[0].split(" ", 1)
        assert system_names()[number] == name
