"""Things that were asked for last are kept, others go."""

from __future__ import annotations

from cnnviz.timeline.recent import Recent


def test_what_was_asked_for_is_kept_longer_than_what_was_made_later() -> None:
    recent: Recent[str] = Recent(2)
    recent.keep("a", "A")
    recent.keep("b", "B")
    assert recent.get("a") == "A"
    recent.keep("c", "C")
    assert [recent.get(key) for key in "abc"] == ["A", None, "C"]


def test_a_thing_that_is_kept_again_takes_the_place_of_the_old_one() -> None:
    recent: Recent[int] = Recent(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        recent.keep(key, value)
    assert [recent.get(key) for key in "abc"] == [3, None, 4]
    recent.clear()
    assert recent.get("a") is None
