"""Outlines in the words of PDF."""

import pytest

from cnnviz.export.path_data import formula_paths, moved_path, pdf_path, plain


def test_lengths_have_no_exponent_and_no_negative_zero() -> None:
    assert [plain(x) for x in (1e-9, -1e-9, 32767.1234, -0.5, 3.0)] == ["0", "0", "32767.123", "-0.5", "3"]


def test_a_quadratic_curve_becomes_the_cubic_one_that_equals_it() -> None:
    words = pdf_path("M10 20L16 20Q22 20 22 26").split()
    assert words[:6] == ["10", "20", "m", "16", "20", "l"]
    # Degree elevation: a third of the way back from the control point at either end.
    assert [float(w) for w in words[6:12]] == pytest.approx([20, 20, 22, 22, 22, 26])
    assert words[12] == "c"

    def quadratic(t: float) -> tuple[float, ...]:
        return tuple(
            (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in ((16, 22, 22), (20, 20, 26))
        )

    def cubic(t: float) -> tuple[float, ...]:
        points = ((16, 20, 22, 22), (20, 20, 22, 26))
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        return tuple(sum(w * p for w, p in zip(weights, axis, strict=True)) for axis in points)

    assert cubic(0.3) == pytest.approx(quadratic(0.3))


def test_a_contour_is_closed_and_the_next_starts_where_it_says() -> None:
    assert pdf_path("M0 0L9 0ZM2 2L3 3Z") == "0 0 m 9 0 l h 2 2 m 3 3 l h"


def test_an_outline_is_moved_in_em() -> None:
    assert moved_path("M0 0L500 -250Z", 500, 0.1, 1) == "M100 1000L1100 500Z"


def test_a_formula_has_a_path_for_each_role() -> None:
    roles = [role for role, _ in formula_paths("bias.IK.o")]
    assert len(roles) == len(set(roles)) > 1
