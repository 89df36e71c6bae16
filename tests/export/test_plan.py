"""Frames, sizes and names of an export."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.errors import BadInput
from cnnviz.export.plan import existing_files, frame_indices, parse_frames, parse_size, target_of
from cnnviz.export.shots import shots_of
from cnnviz.lesson.plans import ANSWERS, KEYS, Plan


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
        Plan(size=(1600, 1600), scale=6.3)
    assert Plan(size=(1600, 1600), scale=6.25).pixels() == (10000, 10000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "pink"}, {"fps": 0}, {"fps": 51}, {"hold": -1}, {"scale": 0}, {"fps": float("nan")}, {"margin": 0.3},
        {"smallest": -1}, {"hide": ("all",)}, {"include": ("menu",)}, {"keys": ("last",)}, {"slides": "words"},
    ],
)  # fmt: skip
def test_other_fields_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput, match=next(iter(wrong))):
        Plan(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_all_frames_are_a_range() -> None:
    assert frame_indices(Plan(frames="0:100:3"), 1000) == range(0, 100, 3)


def test_key_frames_are_those_in_the_range_in_its_direction() -> None:
    keys = [3, 50, 7, 12, 7]
    assert list(frame_indices(Plan(frames="5:40", keys=KEYS), 100, keys)) == [7, 12]
    assert list(frame_indices(Plan(frames="60:0:-1", keys=KEYS), 100, keys)) == [50, 12, 7, 3]
    # The step counts key steps: every second of them, forwards and backwards.
    assert list(frame_indices(Plan(frames="::2", keys=KEYS), 100, keys)) == [3, 12]
    assert list(frame_indices(Plan(frames="::-3", keys=KEYS), 100, keys)) == [50, 3]
    with pytest.raises(BadInput, match="key steps"):
        frame_indices(Plan(frames="20:30", keys=KEYS), 100, keys)


def test_more_than_a_hundred_thousand_frames_are_refused_with_what_to_do() -> None:
    assert len(frame_indices(Plan(frames=":100000"), 9_000_000)) == 100_000
    with pytest.raises(BadInput, match=r"100,001 .*key frames"):
        frame_indices(Plan(frames=":100001"), 9_000_000)
    assert list(frame_indices(Plan(keys=KEYS), 9_000_000, [8_000_000])) == [8_000_000]
    with pytest.raises(BadInput, match="200,000 pictures"):
        shots_of(Plan(pairs=True), range(100_000))


def test_pairs_ask_before_they_answer() -> None:
    shots = shots_of(Plan(pairs=True, fps=2, hold=3), [4, 9])
    assert [(s.index, s.role) for s in shots] == [
        (4, "question"),
        (4, "answer"),
        (9, "question"),
        (9, "answer"),
    ]
    assert [s.hide for s in shots] == [ANSWERS, (), ANSWERS, ()]
    assert [s.seconds for s in shots] == [0.5, 0.5, 0.5, 3.5]
    assert shots_of(Plan(pairs=True, hide=("cell",)), [4])[0].hide == ("cell",)


def test_what_moves_takes_as_long_as_what_does_not() -> None:
    still, moving = (shots_of(Plan(fps=2, moves=moves), [0, 1, 2], animated=True) for moves in (False, True))
    assert sum(s.seconds for s in moving) == pytest.approx(sum(s.seconds for s in still))
    # 0.25 s at 30 pictures a second: seven between two steps, then rest.
    assert [(s.index, s.before) for s in moving if s.index == 1] == [(1, 0)] * 7 + [(1, None)]
    parts = [s.part for s in moving if s.index == 2]
    assert parts == sorted(parts)
    assert parts[-1] == 1
    assert len(shots_of(Plan(fps=2, moves=True), [0, 1, 2])) == 3  # a folder of pictures holds no moves


def _names(out: Path, frames: range, count: int, **fields: object) -> list[str]:
    plan = Plan(**fields)  # type: ignore[arg-type]  # fields by name
    shots = shots_of(plan, frames)
    target = target_of(out, plan, shots, count)
    return [str((target.folder / target.name(i, s)).relative_to(out.parent)) for i, s in enumerate(shots)]


def test_a_name_without_an_ending_is_a_folder(tmp_path: Path) -> None:
    assert _names(tmp_path / "slides", range(8, 11), 100) == [f"slides/frame-{i:04d}.png" for i in (8, 9, 10)]
    assert _names(tmp_path / "slides", range(8, 9), 100, format="svg") == ["slides/frame-0008.svg"]


def test_a_folder_that_is_there_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "v1.2").mkdir()
    assert _names(tmp_path / "v1.2", range(1), 1) == ["v1.2/frame-0000.png"]


def test_names_are_padded_to_the_last_index_of_the_timeline(tmp_path: Path) -> None:
    assert _names(tmp_path / "s", range(7, 8), 100_000) == ["s/frame-00007.png"]
    assert _names(tmp_path / "s", range(7, 8), 100_001) == ["s/frame-000007.png"]


def test_png_is_one_file_or_several_beside_it(tmp_path: Path) -> None:
    assert _names(tmp_path / "a.png", range(5, 6), 100) == ["a.png"]
    assert _names(tmp_path / "a.PNG", range(5, 7), 100) == ["a-0005.png", "a-0006.png"]


def test_pairs_have_two_names_and_latex_counts_without_gaps(tmp_path: Path) -> None:
    pair = ["s/frame-0007-1-question.png", "s/frame-0007-2-answer.png"]
    assert _names(tmp_path / "s", range(7, 8), 10, pairs=True) == pair
    assert _names(tmp_path / "s", range(7, 10, 2), 10, numbering="count") == [
        "s/frame-0.png",
        "s/frame-1.png",
    ]


def _place(out: Path, plan: Plan, frames: range = range(9)) -> Path:
    return target_of(out, plan, shots_of(plan, frames), 9).place


def test_other_formats_are_one_file(tmp_path: Path) -> None:
    for ending in ("gif", "apng", "webp", "mp4", "webm", "pdf", "pptx", "json"):
        assert _place(tmp_path / f"a.{ending}", Plan()) == tmp_path / f"a.{ending}"


def test_a_plan_gives_its_ending_to_a_name_without_one(tmp_path: Path) -> None:
    assert _place(tmp_path / "deck", Plan(format="pptx")) == tmp_path / "deck.pptx"
    with pytest.raises(BadInput, match=r"the plan writes \.pptx"):
        _place(tmp_path / "deck.pdf", Plan(format="pptx"))
    with pytest.raises(BadInput, match=r"is a folder; name a file that ends in \.gif"):
        _place(tmp_path, Plan(format="gif"))
    with pytest.raises(BadInput, match=r"no format ends in \.jpg"):
        _place(tmp_path / "deck", Plan(format="jpg"))


@pytest.mark.parametrize("name", ["a.jpg", "a.avi", "a.b c"])
def test_other_endings_are_refused_with_those_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.png, \.svg"):
        _place(tmp_path / name, Plan())


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_a_missing_folder_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="missing: the folder does not exist"):
        _place(tmp_path / "missing" / name, Plan())


def test_finds_what_would_be_replaced(tmp_path: Path) -> None:
    for name in ("a-0002.png", "a-0009.png", "a-2.png", "a.gif"):
        (tmp_path / name).touch()
    shots = shots_of(Plan(), range(5))

    def replaced(name: str) -> list[Path]:
        return list(existing_files(target_of(tmp_path / name, Plan(), shots, 100), shots))

    assert replaced("a.png") == [tmp_path / "a-0002.png"]
    assert replaced("a.gif") == [tmp_path / "a.gif"]
    assert replaced("new") == []
