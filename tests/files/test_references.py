"""The references are whole, told once, and name what the course builds on."""

from __future__ import annotations

from urllib.parse import urlsplit

from cnnviz.files.references import references

ALL = [entry for _, entries in references() for entry in entries]


def test_the_groups_come_in_the_order_of_study() -> None:
    names = [name for name, _ in references()]
    assert names == ["Papers", "Courses and books", "Visual explanations", "Tools", "Data"]
    assert all(len(entries) >= 4 for _, entries in references())


def test_every_reference_is_whole() -> None:
    for entry in ALL:
        assert entry.title.strip() == entry.title != ""
        assert entry.authors.strip() == entry.authors != ""
        assert 1980 <= entry.year <= 2026, entry.title
        assert entry.use.endswith("."), entry.title
        assert urlsplit(entry.address).scheme in ("http", "https"), entry.title
        assert "." in urlsplit(entry.address).netloc, entry.title


def test_nothing_is_listed_twice() -> None:
    assert len({entry.title for entry in ALL}) == len({entry.address for entry in ALL}) == len(ALL)


def test_the_sources_of_the_course_are_there() -> None:
    found = {(entry.authors.split(",")[0].split()[-1], entry.year) for entry in ALL}
    wanted = {("He", 2015), ("Dumoulin", 2016), ("Goodfellow", 2016), ("LeCun", 1998), ("Fergus", 2014)}
    # Zeiler comes first; the check above takes the first author only.
    wanted = (wanted - {("Fergus", 2014)}) | {("Zeiler", 2014), ("Ioffe", 2015), ("Wang", 2020)}
    assert wanted <= found
