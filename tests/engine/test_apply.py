"""What each layer computes: large maps are activated part by part, with the numbers of the whole."""

import numpy as np
import pytest

from cnnviz.engine import apply
from cnnviz.engine.apply import ACTIVATIONS, activate, apply_layer
from cnnviz.engine.specs import AnyLayer


@pytest.mark.parametrize("spec", [kind() for kind in ACTIVATIONS], ids=lambda spec: spec.op)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parts_give_the_numbers_of_the_whole(
    spec: AnyLayer, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "AT_ONCE", 64)
    x = np.random.default_rng(7).normal(0, 3, (2, 9, 11)).astype(dtype)
    found = apply_layer(spec, None, x)
    assert found.shape == x.shape
    assert found.dtype == dtype
    np.testing.assert_allclose(found, activate(spec, x), rtol=1e-6, atol=1e-7)
    assert np.array_equal(found, apply_layer(spec, None, x.copy()))
