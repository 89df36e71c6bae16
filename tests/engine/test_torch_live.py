"""Every operation and its gradients against PyTorch itself, on configurations that nobody has seen before.

Run by `pytest -m oracle` where the extra `oracle` is installed; tests/engine/conftest.py leaves it out elsewhere.
"""

import importlib
import secrets
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers.engine_answers import compare
from tests.helpers.torch_cases import OPERATIONS

PACKAGING = Path(__file__).parents[2] / "packaging"
CASES = 100


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script that builds the fixtures, which knows how PyTorch is asked."""
    monkeypatch.syspath_prepend(PACKAGING)
    return importlib.import_module("build_fixtures")


@pytest.mark.oracle
@pytest.mark.parametrize("operation", OPERATIONS)
def test_agrees_with_pytorch(operation: str, builder: Any) -> None:
    seed = secrets.randbits(64)
    for number, case in enumerate(builder.fresh_cases(operation, seed, CASES)):
        try:
            compare(operation, case)
        except Exception as error:
            shapes = {name: array.shape for name, array in case.inputs.items()}
            error.add_note(f"{operation}, seed {seed}, case {number}: {case.options} {shapes}")
            raise


@pytest.mark.oracle
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_agrees_on_shapes_of_real_networks(dtype: str, builder: Any) -> None:
    random = np.random.default_rng(secrets.randbits(64))
    for channels, out_channels, size in ((1, 8, 28), (8, 16, 14), (32, 64, 16)):
        options = {
            "stride": [1, 1],
            "padding": [1, 1],
            "dilation": [1, 1],
            "groups": 1,
            "padding_mode": "zeros",
        }
        inputs = {
            "x": random.normal(size=(4, channels, size, size)).astype(dtype),
            "weight": random.normal(size=(out_channels, channels, 3, 3)).astype(dtype),
            "bias": random.normal(size=out_channels).astype(dtype),
        }
        draft = builder.Draft(options, inputs)
        compare("conv2d", builder.answered("conv2d", draft, random))
