"""The cost of a step."""

from cnnviz.timeline.cost import SAMPLES, Cost


def test_the_mean_of_the_first_measurements_stays() -> None:
    cost = Cost()
    for _ in range(SAMPLES - 1):
        cost.add(2.0)
    assert cost.seconds == 0.0
    cost.add(2.0 + SAMPLES)
    assert cost.seconds == 3.0
    cost.add(1000.0)
    assert cost.seconds == 3.0
