"""Checkpoints: evenly spread ones that thin out, and those gone through last."""

from __future__ import annotations

from cnnviz.timeline.checkpoints import LEAST, Checkpoints


def made(count: int, limit: int) -> Checkpoints[str]:
    """States of ten bytes for so many iterations, each named by its number."""
    kept = Checkpoints("0", 10, limit)
    for number in range(1, count):
        kept.add(number, str(number))
    return kept


def test_every_second_goes_when_they_are_too_many() -> None:
    # Three quarters of 160 bytes are room for 12 states: those of 100 iterations stand 16 apart.
    kept = made(100, 160)
    assert kept.stride == 16
    assert kept.kept == (0, 16, 32, 48, 64, 80, 96)
    assert made(12, 160).kept == tuple(range(12))
    assert made(50, 1).kept == (0, 32)


def test_the_last_state_before_an_iteration_is_found() -> None:
    kept = made(100, 160)
    assert kept.before(0) == (0, "0")
    assert kept.before(31) == (16, "16")
    assert kept.before(32) == (32, "32")
    assert kept.before(99) == (96, "96")


def test_what_was_gone_through_last_is_nearer() -> None:
    kept = made(100, 160)
    for number in (33, 34, 35):
        kept.passed(number, str(number))
    assert kept.before(34) == (34, "34")
    assert kept.before(40) == (35, "35")
    assert kept.before(47) == (35, "35")
    assert kept.before(48) == (48, "48")


def test_the_oldest_of_them_go() -> None:
    kept = made(100, 160)
    for number in range(65, 65 + LEAST + 1):
        kept.passed(number, str(number))
    assert kept.before(65) == (64, "64")
    assert kept.before(66) == (66, "66")


def test_the_nearest_may_lie_ahead_but_not_beyond_what_is_computed() -> None:
    kept = made(100, 160)
    assert kept.nearest(17, 100) == 16
    assert kept.nearest(30, 100) == 32
    assert kept.nearest(30, 32) == 16
    kept.passed(29, "29")
    assert kept.nearest(30, 100) == 29
    assert kept.nearest(99, 100) == 96
