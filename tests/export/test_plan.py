"""Frames, sizes and names of an export."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.export.plan import (
    ExportPlan,
    Kind,
    existing_files,
    frame_indices,
    parse_frames,
    parse_size,
    target_of,
)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("2:5", [2, 3, 4]), (":", list(range(10))), ("::3", [0, 3, 6, 9]), ("7", [7]), ("-1", [9]), ("+3", [3]),
        ("-3:", [7, 8, 9]), ("::-4", [9, 5, 1]), (" 8 : 99 ", [8, 9]), ("0:1", [0]),
    ],
)  # fmt: skip
def test_frames_are_python_slices(text: str, steps: list[int]) -> None:
    assert list(parse_frames(text, 10)) == steps


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "write A:B"), ("a:b", "write A:B"), ("1:2:3:4", "write A:B"), ("1.5", "write A:B"), ("1e3", "write A:B"),
        ("5:5", "none of the 10 steps"), ("20:", "none of the 10 steps"), ("10", "steps 0…9"), ("-11", "steps 0…9"),
        ("::0", "cannot be 0"), ("9" * 30, "write A:B"),
    ],
)  # fmt: skip
def test_frames_that_make_no_sense_are_refused_in_one_line(text: str, word: str) -> None:
    with pytest.raises(BadInput, match=word) as caught:
        parse_frames(text, 10)
    assert "\n" not in str(caught.value)


@given(st.text(alphabet="0123456789:+- a\n", max_size=12), st.integers(1, 1000))
def test_no_text_breaks_the_reading_of_frames(text: str, count: int) -> None:
    try:
        steps = parse_frames(text, count)
    except BadInput:
        return
    assert 0 <= min(steps) <= max(steps) < count


def test_frames_of_a_huge_timeline_are_no_list() -> None:
    steps = parse_frames(":", 3_600_000_000)
    assert isinstance(steps, range)
    assert len(steps) == 3_600_000_000


def test_sizes() -> None:
    assert parse_size("1920x1080") == parse_size("1920 × 1080") == (1920, 1080)


@pytest.mark.parametrize("text", ["1920", "x", "0x0", "15x900", "-3x5", "1920x1080x3", "1e3x9", "40000x100"])
def test_sizes_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="size"):
        parse_size(text)


def test_pictures_over_a_hundred_megapixels_are_refused() -> None:
    with pytest.raises(BadInput, match="100"):
        parse_size("10001x10000")
    with pytest.raises(BadInput, match="102"):
        ExportPlan(range(1), 1, size=(1600, 1600), scale=6.3)
    assert ExportPlan(range(1), 1, size=(1600, 1600), scale=6.25).pixels() == (10000, 10000)


@pytest.mark.parametrize(
    "wrong", [{"theme": "pink"}, {"fps": 0}, {"fps": 51}, {"hold": -1}, {"scale": 0}, {"fps": float("nan")}]
)
def test_other_fields_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput, match=next(iter(wrong))):
        ExportPlan(range(1), 1, **wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_all_frames_are_the_range_itself() -> None:
    plan = ExportPlan(range(0, 100, 3), 1000)
    assert frame_indices(plan) is plan.frames


def test_key_frames_are_those_in_the_range_in_its_direction() -> None:
    keys = [3, 50, 7, 12, 7]
    assert list(frame_indices(ExportPlan(range(5, 40), 100, key_frames=True), keys)) == [7, 12]
    assert list(frame_indices(ExportPlan(range(60, 0, -1), 100, key_frames=True), keys)) == [50, 12, 7, 3]
    with pytest.raises(BadInput, match="key steps"):
        frame_indices(ExportPlan(range(20, 30), 100, key_frames=True), keys)


def test_more_than_a_hundred_thousand_frames_are_refused_with_what_to_do() -> None:
    assert len(frame_indices(ExportPlan(range(100_000), 9_000_000))) == 100_000
    with pytest.raises(BadInput, match=r"100,001 .*key frames"):
        frame_indices(ExportPlan(range(100_001), 9_000_000))
    assert list(frame_indices(ExportPlan(range(9_000_000), 9_000_000, key_frames=True), [8_000_000])) == [
        8_000_000
    ]


def _names(out: Path, frames: range, count: int) -> list[str]:
    plan = ExportPlan(frames, count)
    target = target_of(out, plan, frames)
    return [str(target.path(index).relative_to(out.parent)) for index in frames]


def test_a_name_without_an_ending_is_a_folder(tmp_path: Path) -> None:
    assert _names(tmp_path / "slides", range(8, 11), 100) == [f"slides/frame-{i:04d}.png" for i in (8, 9, 10)]


def test_a_folder_that_is_there_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "v1.2").mkdir()
    assert _names(tmp_path / "v1.2", range(1), 1) == ["v1.2/frame-0000.png"]


def test_names_are_padded_to_the_last_index_of_the_timeline(tmp_path: Path) -> None:
    assert _names(tmp_path / "s", range(7, 8), 100_000) == ["s/frame-00007.png"]
    assert _names(tmp_path / "s", range(7, 8), 100_001) == ["s/frame-000007.png"]


def test_png_is_one_file_or_several_beside_it(tmp_path: Path) -> None:
    assert _names(tmp_path / "a.png", range(5, 6), 100) == ["a.png"]
    assert _names(tmp_path / "a.PNG", range(5, 7), 100) == ["a-0005.png", "a-0006.png"]


def test_gif_is_one_file(tmp_path: Path) -> None:
    target = target_of(tmp_path / "a.gif", ExportPlan(range(9), 9), range(9))
    assert (target.kind, target.path(4)) == (Kind.GIF, tmp_path / "a.gif")


@pytest.mark.parametrize("name", ["a.jpg", "a.mp4", "a.b c"])
def test_other_endings_are_refused_with_those_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.png, \.gif"):
        target_of(tmp_path / name, ExportPlan(range(1), 1), range(1))


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_a_missing_folder_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="missing: the folder does not exist"):
        target_of(tmp_path / "missing" / name, ExportPlan(range(2), 2), range(2))


def test_finds_what_would_be_replaced(tmp_path: Path) -> None:
    for name in ("a-0002.png", "a-0009.png", "a-2.png", "a.gif"):
        (tmp_path / name).touch()
    frames = range(5)
    several = target_of(tmp_path / "a.png", ExportPlan(frames, 100), frames)
    assert list(existing_files(several, frames)) == [tmp_path / "a-0002.png"]
    gif = target_of(tmp_path / "a.gif", ExportPlan(frames, 100), frames)
    assert list(existing_files(gif, frames)) == [tmp_path / "a.gif"]
    folder = target_of(tmp_path / "new", ExportPlan(frames, 100), frames)
    assert list(existing_files(folder, frames)) == []
