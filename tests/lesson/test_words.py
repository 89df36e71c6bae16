"""The words of a section: a teacher's own beside findings."""

from cnnviz.lesson.words import Finding, Words

FOUND = Words(
    2,
    findings=(
        Finding("title", "Sums"),
        Finding("caption", "It answers 30.", ("input",)),
        Finding("caption", "Look."),
        Finding("notes", "Ask.", ("weights",)),
    ),
    premise=(("kind", "0" * 8),),
)


def test_own_words_replace_what_was_found_in_their_place_only() -> None:
    own = FOUND.with_own("caption", "Mine")
    assert (own.title, own.caption, own.notes) == ("", "Mine", "")
    assert [f.place for f in own.findings] == ["title", "notes"]
    assert own.premise == FOUND.premise
    assert [f.place for f in own.with_own("title", "T").findings] == ["notes"]
    assert own.with_own("title", "T").with_own("notes", "N") == Words(2, "T", "Mine", "N")


def test_the_text_of_each_place_is_the_teachers_own() -> None:
    words = Words(0, "a", "b", "c", FOUND.findings)
    assert [words.text(place) for place in ("title", "caption", "notes")] == ["a", "b", "c"]
