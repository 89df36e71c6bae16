"""Which point of a loss or an accuracy is meant, and the step that a click goes to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.lesson.lesson import Lesson
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.plot_names import of_plot
from cnnviz.timeline.plot_points import index_in_plot, plot_of, point_of
from cnnviz.timeline.plots import AccuracyCurve, LossCurve
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.learning import scores, two_weights

NAN = float("nan")


def curve(losses: list[float], examples: int = 1) -> LossCurve:
    means = np.convolve(losses, np.ones(examples) / examples, "valid")
    return LossCurve(np.array(losses), len(losses) - 1, losses[-1], 20, examples, means)


@pytest.mark.parametrize(("asked", "found"), [(0, 0), (2, 2), (3, 2), (4, 5), (5, 5), (19, 6), (-3, 0)])
def test_the_nearest_loss_that_is_known_is_meant(asked: int, found: int) -> None:
    losses = curve([4.0, 3.0, 2.0, NAN, NAN, 1.0, 0.5])
    point = point_of(losses, asked)
    assert point is not None
    assert point.iteration == found
    assert point.value == losses.losses[found]


def test_a_loss_has_the_mean_of_the_last_examples() -> None:
    losses = curve([4.0, 3.0, 2.0, 7.0], examples=2)
    points = [point_of(losses, n) for n in range(4)]
    assert [p.mean for p in points if p is not None][1:] == [3.5, 2.5, 4.5]
    assert points[0] is not None
    assert np.isnan(points[0].mean)


def test_the_nearest_test_is_meant() -> None:
    tests = AccuracyCurve(np.array([0.0, 25.0, 50.0]), np.array([0.1, 0.5, 0.75]), 100, 40)
    found = [point_of(tests, n) for n in (0, 12, 13, 99)]
    assert [(p.iteration, p.value) for p in found if p is not None] == [
        (0, 0.1),
        (0, 0.1),
        (25, 0.5),
        (50, 0.75),
    ]
    assert point_of(AccuracyCurve(np.empty(0), np.empty(0), 100, 40), 3) is None


def test_a_click_goes_to_the_start_of_the_iteration() -> None:
    timeline = make_timeline(two_weights(iterations=20))
    index = timeline.index_at(9)
    length = timeline.sections[0][-1].stop
    for plane, iteration in ((0, 0), (4, 4), (9, 9)):
        at = index_in_plot(timeline, index, CellRef(0, "plot/plot0/curve", plane, 0, 0))
        assert at == iteration * length
    # The curve ends at the playhead; ahead of it a click goes on, to the last iteration at most.
    assert index_in_plot(timeline, index, CellRef(0, "plot/plot0/curve", 15, 0, 0)) == timeline.index_at(9)
    assert index_in_plot(timeline, index, CellRef(0, "plot/plot0/free", 15, 0, 0)) == timeline.index_at(15)
    assert index_in_plot(timeline, index, CellRef(0, "plot/plot0/free", 99, 0, 0)) == timeline.index_at(19)


def test_the_plot_of_another_phase_has_no_iterations() -> None:
    timeline = make_timeline(two_weights(iterations=20))
    update = next(s for s in timeline.sections[0] if s.kind == "update")
    frame = timeline.frame(update.start)
    ref = CellRef(0, "plot/plot0/curve", 3, 0, 0)
    assert plot_of(frame, ref) is None
    assert index_in_plot(timeline, update.start, ref) is None
    assert isinstance(plot_of(timeline.frame(0), ref), LossCurve)


def test_cells_are_no_parts_of_plots() -> None:
    timeline = make_timeline(scores())
    for ref in (CellRef(0, "input", 0, 0, 0), CellRef(4, "plot/plot4/curve", 0, 0, 0)):
        assert plot_of(timeline.frame(0), ref) is None
    assert of_plot(CellRef(0, "plot/plot0/mean", 0, 0, 0))
    assert not of_plot(CellRef(0, "input", 0, 0, 0))


def test_each_track_has_its_own_losses() -> None:
    tracks = tuple(two_weights(rate=rate, iterations=20).tracks[0] for rate in (0.01, 0.1))
    timeline = make_timeline(Lesson("Rates", tuple(replace(t, name=str(n)) for n, t in enumerate(tracks))))
    frame = timeline.frame(timeline.index_at(6))
    slow, fast = (
        point_of(plot, 4)
        for n in (0, 1)
        if (plot := plot_of(frame, CellRef(n, f"plot/plot0/curve{n}", 4, 0, 0)))
    )
    assert slow is not None
    assert fast is not None
    assert slow.value > fast.value
