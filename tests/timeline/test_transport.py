"""Playing times."""

import pytest

from cnnviz.timeline.transport import SPEEDS, TransportState, clock


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (34.2, "0:34"),
        (59.6, "1:00"),
        (3599.4, "59:59"),
        (3600, "1:00:00"),
        (360000, "100:00:00"),
    ],
)
def test_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_the_total_time_goes_with_the_speed() -> None:
    # a move of 0.25 s and a rest of 0.70 s
    assert TransportState(0, 36).total_seconds == pytest.approx(36 * 0.95)
    assert TransportState(0, 36, speed=2.0).total_seconds == pytest.approx(18 * 0.95)
    assert TransportState(0, 2000, stops=87).total_seconds == pytest.approx(87 * 0.95)
    assert list(SPEEDS) == sorted(SPEEDS)
    assert (SPEEDS[0], SPEEDS[-1]) == (0.25, 8.0)
