"""Plans trained step by step as PyTorch trained (packaging/build_training_fixture.py)."""

from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.optimisers import Adam, Optimiser, Sgd
from cnnviz.engine.plan import Plan
from cnnviz.engine.specs import BatchNorm, Flatten, GlobalAvgPool, Layers, Linear, Residual

FILE = Path(__file__).parents[1] / "data" / "torch_training.npz"

BLOCK = Residual(
    (Conv(4, (3, 3), (2, 2), 1), BatchNorm(), Relu(), Conv(4, (3, 3), padding=1), BatchNorm()), "projection"
)
LAYERS: Layers = (
    Conv(3, (3, 3), padding=1), BatchNorm(), Relu(), MaxPool((2, 2), (2, 2)), BLOCK, Relu(), GlobalAvgPool(),
    Linear(3),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "optimiser"),
    [
        ("sgd", Sgd(0.1, 0.9, weight_decay=0.01)),
        ("nesterov", Sgd(0.1, 0.9, nesterov=True)),
        ("adam", Adam(0.05, weight_decay=0.01)),
    ],
)
@pytest.mark.parametrize(("dtype", "exact"), [(np.float64, 1e-10), (np.float32, 1e-4)])
def test_training_goes_as_in_pytorch(name: str, optimiser: Optimiser, dtype: type, exact: float) -> None:
    with np.load(FILE, allow_pickle=False) as kept:
        told = dict(kept)
    start = {key.removeprefix("start "): value for key, value in told.items() if key.startswith("start ")}
    plan = Plan(LAYERS, (1, 9, 8), 5, dtype, loss="cross_entropy", parameters=start)
    state = plan.start(optimiser)
    x = told["x"].astype(dtype)
    losses = [plan.step(x, told["y"], optimiser, state) for _ in told[f"{name} losses"]]
    np.testing.assert_allclose(losses, told[f"{name} losses"], rtol=exact, atol=exact)
    for own in plan.parameters:
        np.testing.assert_allclose(plan.parameters[own], told[f"{name} {own}"], rtol=exact, atol=10 * exact)
    scores = plan.forward(x, training=False)[..., 0, 0]
    np.testing.assert_allclose(scores, told[f"{name} evaluation"], rtol=10 * exact, atol=10 * exact)


def test_flattening_what_is_flat_changes_nothing() -> None:
    with np.load(FILE, allow_pickle=False) as kept:
        x = kept["x"]
    plain, flattened = (
        Plan((GlobalAvgPool(), *more), (1, 9, 8), 5, np.float64).forward(x) for more in ((), (Flatten(),))
    )
    np.testing.assert_array_equal(plain, flattened)
