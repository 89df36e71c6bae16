"""ResNet-34 forward and backward with all its weights, as in PyTorch (packaging/build_resnet_fixture.py)."""

from functools import lru_cache

import numpy as np
import pytest

from cnnviz.engine.network import parameter_shapes
from cnnviz.engine.plan import Plan
from cnnviz.engine.resnet import resnet34
from tests.helpers.resnet_draws import (
    CLASSES,
    FILE,
    KINDS,
    PICTURES,
    SIDE,
    Arrays,
    norms,
    parameters,
    pictures,
    projections,
)

SHAPE = (3, SIDE, SIDE)
EXACT = 1e-6


@lru_cache(maxsize=1)
def told() -> Arrays:
    with np.load(FILE, allow_pickle=False) as kept:
        return dict(kept)


def close(ours: object, kind: str, what: str) -> None:
    theirs = told()[f"{kind} {what}"]
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=EXACT, atol=EXACT * float(np.abs(theirs).max()))


@pytest.mark.parametrize("kind", KINDS)
def test_one_pass_forward_and_backward_agrees_with_pytorch(kind: str) -> None:
    layers = resnet34(CLASSES, momentum=1.0, **KINDS[kind])
    drawn = parameters(parameter_shapes(layers, SHAPE))
    plan = Plan(layers, SHAPE, PICTURES, np.float64, loss="cross_entropy", parameters=drawn)
    x, labels = pictures()
    close(plan.forward(x)[:, :, 0, 0], kind, "training scores")
    close(plan.loss(labels), kind, "training loss")
    plan.backward()
    gradients = list(plan.gradients.values())
    close(norms(gradients), kind, "training norms")
    close(projections(gradients), kind, "training projections")
    # The running statistics are now those of the batch (those of projections a tenth of them).
    close(plan.forward(x, training=False)[:, :, 0, 0], kind, "evaluation scores")
    close(plan.loss(labels), kind, "evaluation loss")


def test_the_fixture_says_something() -> None:
    for kind in KINDS:
        own = told()[f"{kind} training projections"]
        assert own.shape == (1000,)
        assert np.count_nonzero(own) == 1000
        assert 0.1 < told()[f"{kind} training loss"] < 30
    assert FILE.stat().st_size < 1_000_000
