"""The losses of a run that are known ahead: as many as arithmetic allows, whichever iteration is shown."""

import numpy as np
import pytest

from cnnviz.timeline.outlook import MOST, looked_ahead, outlook
from cnnviz.timeline.plots import LossCurve
from cnnviz.timeline.progress import beside
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.lesson.learning import two_weights


def ahead(timeline: Timeline, iteration: int) -> list[float]:
    (plot,) = timeline.frame(timeline.index_at(iteration)).lead.plots
    assert isinstance(plot, LossCurve)
    return [float(loss) for loss in plot.ahead]


def test_at_every_iteration_the_whole_run_is_known() -> None:
    # Each loss is 0.81 of the one before, from 1.
    losses = [0.81**n for n in range(7)]
    fresh, walked = (make_timeline(two_weights(iterations=7)) for _ in range(2))
    assert ahead(fresh, 0) == pytest.approx(losses, rel=1e-9)
    walked.frame(walked.count - 1)
    for iteration in (0, 3, 6):
        assert ahead(walked, iteration) == ahead(fresh, iteration)


def test_a_window_does_not_wait_for_it() -> None:
    timeline = beside(make_timeline(two_weights(iterations=7)))
    timeline.descents[0].advance(2)  # type: ignore[union-attr]  # it learns
    assert ahead(timeline, 0) == pytest.approx([1.0, 0.81])
    timeline.descents[0].advance(9)  # type: ignore[union-attr]  # it learns
    assert len(ahead(timeline, 0)) == 7


def test_of_long_runs_the_first_iterations_are_enough() -> None:
    (descent,) = make_timeline(two_weights(iterations=10**6)).descents
    assert descent is not None
    assert looked_ahead(descent) == MOST
    assert outlook(descent, patient=False).size == 0
    assert outlook(descent, patient=True).size == MOST
    assert descent.filled < 2 * MOST


def test_large_networks_are_not_looked_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    (descent,) = make_timeline(two_weights(iterations=30)).descents
    assert descent is not None
    monkeypatch.setattr("cnnviz.timeline.outlook.WORK", 9)  # of an iteration of two products
    assert looked_ahead(descent) == 4
    monkeypatch.setattr("cnnviz.timeline.outlook.WORK", 1)
    assert looked_ahead(descent) == 0


def test_a_run_that_stops_is_known_as_far_as_it_goes() -> None:
    found = ahead(make_timeline(two_weights(rate=1e60, iterations=50)), 0)
    assert 1 <= len(found) < 50
    assert np.isfinite(found[0])
