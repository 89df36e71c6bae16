"""What a plan lets one see on the way, and the layers at which its backward pass ends."""

import numpy as np

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.plan import Plan
from cnnviz.engine.specs import BatchNorm, Flatten, Linear, Residual


def test_a_watcher_sees_each_output_before_others_write_over_it() -> None:
    layers = (Conv(2, (1, 1)), BatchNorm(), Relu(), Residual((Conv(2, (1, 1)),)))
    weights = {
        "0.weight": np.array([[1.0], [-1.0]]).reshape(2, 1, 1, 1), "1.weight": np.ones(2), "1.bias": np.zeros(2),
        "3.body.0.weight": np.eye(2).reshape(2, 2, 1, 1), "3.body.0.bias": np.zeros(2),
    }  # fmt: skip
    plan = Plan(layers, (1, 1, 2), 1, np.float64, parameters=weights)
    seen: dict[str, list[float]] = {}
    plan.forward([[[[1.0, 3.0]]]], watch=lambda name, out: seen.update({name: out.ravel().tolist()}))
    r = 1 / np.sqrt(1 + 1e-5)  # the pixels 1 and 3 are one standard deviation below and above their mean
    wanted = {
        "0": [1.0, 3.0, -1.0, -3.0],
        "1": [-r, r, r, -r],
        "2": [0.0, r, r, 0.0],
        "3.body.0": [0.0, r, r, 0.0],
        "3": [0.0, 2 * r, 2 * r, 0.0],
    }
    assert set(seen) == set(wanted)
    for name, values in wanted.items():
        np.testing.assert_allclose(seen[name], values, rtol=1e-12)


def test_layers_before_the_first_that_learns_may_be_of_any_kind() -> None:
    pooled = (AvgPool((2, 2), (2, 2)), MaxPool((2, 2), (2, 2)), Flatten(), Linear(1))
    x = np.array([[[[1.0, 3.0, 0.0, 0.0], [5.0, 7.0, 0.0, 4.0], [0.0] * 4, [0.0] * 4]]])
    weights = {"3.weight": np.array([[2.0]]), "3.bias": np.zeros(1)}
    for wanted in (False, True):
        plan = Plan(pooled, (1, 4, 4), 1, np.float64, parameters=weights, input_gradient=wanted)
        assert plan.forward(x).ravel().tolist() == [8.0]  # the greatest mean is (1 + 3 + 5 + 7) / 4 = 4
        plan.backward([[[[1.0]]]])
        assert plan.gradients["3.weight"].tolist() == [[4.0]]
    assert plan.input_gradient[0, 0, 0].tolist() == [0.5, 0.5, 0.0, 0.0]  # 2 / 4 for each of the winner
