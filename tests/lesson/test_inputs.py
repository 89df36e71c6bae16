"""Small inputs of one's own, drawn by hand here."""

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params
from cnnviz.lesson.inputs import PATTERNS, make_input, set_pattern, set_picture
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.source import Source, materialise


def _plane(pattern: str, rows: int, columns: int) -> list[list[float]]:
    made = make_input(pattern, (1, rows, columns), 0, 9)  # type: ignore[arg-type]  # a plain str from the table
    return materialise(made)[0].tolist()  # type: ignore[no-any-return]


def _drawn(*rows: str) -> list[list[float]]:
    return [[9.0 if mark == "#" else 0.0 for mark in row] for row in rows]


def test_zeros_and_ramp() -> None:
    assert _plane("zeros", 2, 3) == [[0, 0, 0], [0, 0, 0]]
    assert _plane("ramp", 2, 4) == [[0, 3, 6, 9], [0, 3, 6, 9]]
    assert _plane("ramp", 1, 1) == [[0]]


def test_bar_is_about_the_middle_third() -> None:
    assert _plane("bar", 2, 6) == _drawn("..##..", "..##..")
    assert _plane("bar", 1, 5) == _drawn(".###.")
    assert _plane("bar", 1, 9) == _drawn("...###...")


def test_cross_has_both_bars() -> None:
    assert _plane("cross", 3, 3) == _drawn(".#.", "###", ".#.")


def test_checker_begins_bright() -> None:
    assert _plane("checker", 2, 3) == _drawn("#.#", ".#.")


def test_disc_is_round_and_in_the_middle() -> None:
    assert _plane("disc", 6, 6) == _drawn("......", "..##..", ".####.", ".####.", "..##..", "......")


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if p not in ("noise", "ramp", "checker")])
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 5), (6, 8)])
def test_patterns_are_symmetric(pattern: str, size: tuple[int, int]) -> None:
    plane = np.array(_plane(pattern, *size))
    assert (plane == plane[::-1]).all()
    assert (plane == plane[:, ::-1]).all()


def test_noise_repeats_with_its_seed_and_stays_between_its_ends() -> None:
    a, b, c = (make_input("noise", (2, 40, 40), -3, 4, seed).array for seed in (7, 7, 8))
    assert (a == b).all()
    assert (a != c).any()
    assert sorted(set(a.ravel().tolist())) == [-3, -2, -1, 0, 1, 2, 3, 4]
    assert (a[0] != a[1]).any()


def test_noise_between_fractions_is_not_whole() -> None:
    noise = make_input("noise", (1, 10, 10), 0.25, 0.75).array
    assert noise.min() >= 0.25
    assert noise.max() < 0.75


@pytest.mark.parametrize(
    ("pattern", "shape", "low"),
    [
        ("zeros", (1, 0, 3), 0),
        ("zeros", (1, 3, 257), 0),
        ("bar", (65, 3, 3), 0),
        ("spiral", (1, 3, 3), 0),
        ("bar", (1, 3, 3), float("nan")),
    ],
)
def test_what_cannot_be_made_is_refused(pattern: str, shape: tuple[int, int, int], low: float) -> None:
    with pytest.raises(BadInput):
        make_input(pattern, shape, low)  # type: ignore[arg-type]  # a plain str from the table


def _lesson(channels: int) -> Lesson:
    weight = np.ones((1, channels, 3, 3))
    track = Track(Source(np.zeros((channels, 6, 6))), (Conv(1, (3, 3)),), (Params(weight),))
    return Lesson("", (track,))


def test_a_colour_picture_becomes_grey_where_the_lesson_is() -> None:
    picture = np.zeros((3, 4, 5), dtype=np.uint8)
    picture[:] = np.array([200, 100, 50])[:, None, None]
    changed = set_picture(_lesson(1), picture, "photo")
    assert changed.tracks[0].source.shape == (1, 4, 5)
    # 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
    assert materialise(changed.tracks[0].source)[0, 0, 0] == 124
    assert set_picture(_lesson(3), picture, "photo").tracks[0].source.shape == (3, 4, 5)


def test_a_grey_picture_goes_into_all_three_channels_where_the_lesson_has_them() -> None:
    changed = set_picture(_lesson(3), np.full((1, 4, 5), 7, dtype=np.uint8), "photo")
    assert materialise(changed.tracks[0].source).tolist() == [[[7.0] * 5] * 4] * 3
    table = set_picture(_lesson(3), np.full((1, 4, 5), 7.0), "table")
    assert table.tracks[0].source.shape == (1, 4, 5)


def test_a_pattern_of_other_channels_takes_the_kernels_along() -> None:
    changed = set_pattern(_lesson(1), "cross", (2, 5, 5), 0, 10, 0)
    assert changed.tracks[0].shapes() == ((2, 5, 5), (1, 3, 3))
