"""What a speaker reads: every term of the cell at work, and the teacher's notes."""

from dataclasses import replace

import pytest

from cnnviz.export.notes import MOST_TERMS, arithmetic_line, notes_of
from cnnviz.export.shots import Shot
from cnnviz.export.task import task_of
from cnnviz.files.lessons import find_lesson
from cnnviz.lesson.lesson import Conventions
from cnnviz.lesson.plans import Plan
from cnnviz.lesson.word_edits import set_words
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.examples import lesson, vertical_edge


def _line(name: str, index: int, track: int = 0) -> str:
    return arithmetic_line(make_timeline(find_lesson(name)).frame(index).tracks[track])


def test_every_product_of_a_window_and_its_sum() -> None:
    timeline = make_timeline(vertical_edge())
    # Columns 1 to 3 of a picture that ends after column 2.
    line = "10·1 + 10·0 + 0·(−1)"
    assert arithmetic_line(timeline.frame(1).lead) == f"Σ = {line} + {line} + {line} = 30"


def test_a_bias_is_a_term_of_its_own() -> None:
    timeline = make_timeline(lesson([[[1.0, 2.0], [3.0, 4.0]]], [[[[1.0, -1.0], [0.5, 0.0]]]], bias=[-3]))
    assert arithmetic_line(timeline.frame(0).lead) == "Σ = 1·1 + 2·(−1) + 3·0.5 + 4·0 + (−3) = −2.5"


def test_digits_that_do_not_add_up_are_about_equal() -> None:
    timeline = make_timeline(lesson([[[1, 1]]], [[[[1 / 3, 1 / 3]]]]))
    assert arithmetic_line(timeline.frame(0).lead) == "Σ = 1·0.333 + 1·0.333 ≈ 0.667"


@pytest.mark.parametrize(
    ("name", "index", "track", "expected"),
    [
        ("vertical-edge", 17, 0, "max(0, 30) = 30"),
        ("vertical-edge", 32, 0, "max(0, 30, 0, 30) = 30"),
        ("pooling", 0, 1, "(1 + 3 + 4 + 8) / 4 = 4"),
        ("classifier", 152, 0, ""),  # a flattened number is computed from nothing
        ("activations-smooth", 0, 1, "tanh(−3) ≈ −0.995"),
        ("tiny-network", 1, 0, "(−1)² = 1"),
        ("tiny-network", 2, 0, "Σ = 5·2 + 6·(−2) = −2"),
        ("tiny-network", 5, 0, "3 − 0.01·(−2) = 3.02"),
        ("backward-convolution", 54, 0, "−log(0.5) ≈ 0.693"),
        ("backward-convolution", 55, 0, "0.5 − 0 = 0.5"),
        ("backward-convolution", 163, 0, "Σ = 0 + 0 + 0 + 0 + 1 + (−1) + 0 + 0 + 0 = 0"),
        # After 50 of 80 iterations a weight moves in its fifth decimal.
        ("learn-sobel", 50, 0, "0.99992 − 0.3·(−6.7·10⁻⁵) ≈ 0.99994"),
    ],
)
def test_what_other_operations_do(name: str, index: int, track: int, expected: str) -> None:
    assert _line(name, index, track) == expected


def test_a_probability_is_one_exponential_of_all() -> None:
    # Scores −2, −2 and 0 less the largest: e⁻² = 0.135 twice, and 1.
    assert _line("classifier", 165) == "1 / (0.135 + 0.135 + 1) ≈ 0.787"


def test_words_arithmetic_and_notes_are_paragraphs() -> None:
    told = set_words(vertical_edge(), 0, "notes", "Ask why it is 0.\nWait.")
    timeline = make_timeline(told)
    words, line, notes = notes_of(timeline, 0, "Step 1.").split("\n\n")
    assert (words, notes) == ("Step 1.", "Ask why it is 0.\nWait.")
    assert line.endswith(" = 0")
    assert notes_of(timeline, 16, "Step 17.") == "Step 17.\n\nmax(0, 0) = 0"


def test_several_tracks_are_told_by_name() -> None:
    timeline = make_timeline(find_lesson("pooling"))
    lines = notes_of(timeline, 0, "").split("\n\n")[0].splitlines()
    assert lines == ["Maximum: max(1, 3, 4, 8) = 8", "Average: (1 + 3 + 4 + 8) / 4 = 4"]


def test_decimal_commas_and_the_pinned_cell() -> None:
    timeline = make_timeline(
        replace(lesson([[[1, 2, 3]]], [[[[0.5, 0.25]]]]), conventions=Conventions(decimal="comma"))
    )
    assert notes_of(timeline, 0, "") == "Σ = 1·0,5 + 2·0,25 = 1"
    assert notes_of(timeline, 0, "", CellRef(0, "conv1", 0, 0, 1)) == "Σ = 2·0,5 + 3·0,25 = 1,75"


def test_a_sum_of_very_many_terms_ends() -> None:
    count = MOST_TERMS + 5
    timeline = make_timeline(lesson([[[1.0]]] * count, [[[[1.0]]] * count]))
    line = arithmetic_line(timeline.frame(0).lead)
    assert line.count("1·1") == MOST_TERMS
    assert line.endswith(f" + … ({count:,} in all) ≈ {count}")


def test_a_task_tells_the_answer_that_its_picture_hides() -> None:
    task = task_of(make_timeline(vertical_edge()), Viewpoint(), Plan(hide=("total",)), "out")
    shot = Shot(1, hide=("total",))
    assert "add up to?" in task.scene_at(shot).spoken
    assert task.notes_at(shot).startswith(task.scene_at(shot).spoken)
    assert task.notes_at(shot).endswith(" = 30")


def test_of_recorded_runs_no_cell_of_the_tracks_is_told() -> None:
    told = notes_of(make_timeline(find_lesson("twins")), 100, "Iteration 101").split("\n\n")
    assert told[0] == "Iteration 101"
    assert told[1].startswith("A bar stands for a layer")
    assert len(told) == 2
