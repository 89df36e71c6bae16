"""The table of measurements: medians, spread and verdicts."""

from pathlib import Path

import pytest

from tests.benchmarks.measuring import Report, Row, milliseconds


@pytest.mark.parametrize(
    ("values", "limit", "line"),
    [
        ((3.0, 1.0, 1.2), 1.5, "| w | 1.2 ms | 1–3 | 1 each | at most 1.5 ms | met, noisy |"),
        ((1.4, 1.5, 1.6), 1.5, "| w | 1.5 ms | 1.4–1.6 | 1 each | at most 1.5 ms | met |"),
        ((1.6, 1.6, 1.4), 1.5, "| w | 1.6 ms | 1.4–1.6 | 1 each | at most 1.5 ms | missed |"),
        ((7.0,), None, "| w | 7 ms |  | 1 each |  |  |"),
        ((1.0, 9.0), None, "| w | 5 ms | 1–9 | 1 each |  |  |"),
    ],
)
def test_a_row_has_median_spread_and_verdict(
    values: tuple[float, ...], limit: float | None, line: str
) -> None:
    assert str(Row("w", values, "ms", limit, "1 each")) == line


def test_a_row_is_noisy_too_when_that_which_it_is_set_against_was_disturbed() -> None:
    assert str(Row("w", (1.0, 1.0), "×", 1.5, "", (4.0, 9.0))).endswith("| met, noisy |")
    assert str(Row("w", (1.0, 1.0), "×", 1.5, "", (4.0, 5.0))).endswith("| met |")


def test_the_report_counts_limits_names_what_was_missed_and_links_its_pictures(tmp_path: Path) -> None:
    report = Report()
    assert report.add("quick", [1.0, 2.0, 3.0], "ms", 2.0, threads=1) == 2
    report.add("slow", [5.0], "×", 4.0, "2 each")
    report.add("only told", [8.0], "MB")
    report.absent.add("PyTorch")
    report.pictures["growth.svg"] = "Growth"
    report.write(tmp_path / "new" / "table.md")
    lines = (tmp_path / "new" / "table.md").read_text(encoding="utf-8").splitlines()
    assert "1 of 2 limits met." in lines
    assert [line for line in lines if line.startswith("- ")] == [
        "- missed: slow (threads: 2 each)",
        "- not there, so nothing was measured against it: PyTorch",
    ]
    assert sum(line.startswith("|") for line in lines) == 2 + 3
    assert lines[-1] == "![Growth](growth.svg)"


def test_warm_up_calls_do_not_count() -> None:
    numbers: list[int] = []
    assert len(milliseconds(numbers.append, 4, warm=2)) == 4
    assert numbers == [0, 1, 2, 3, 4, 5]
