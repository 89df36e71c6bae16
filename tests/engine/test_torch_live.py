"""Every operation and its gradients against PyTorch itself, on configurations that nobody has seen before.

Run by `pytest -m oracle` where the extra `oracle` is installed; tests/engine/conftest.py leaves it out elsewhere.
"""

import importlib
import secrets
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.apply_backward import backward_layer
from cnnviz.engine.layers import Params
from cnnviz.lesson.plain import layer_from_plain
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


@pytest.mark.oracle
def test_chains_are_differentiated_as_pytorch_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PACKAGING)
    answers = importlib.import_module("learning_answers")
    seed = secrets.randbits(64)
    for number, case in enumerate(answers.learning_cases(seed, CASES)):
        x = np.asarray(case.inputs["x"])
        for n, plain in enumerate(case.options["layers"]):
            spec = layer_from_plain(plain, "layer")
            weight = case.inputs.get(f"weight{n}")
            params = None if weight is None else Params(weight, case.inputs.get(f"bias{n}"))
            grads = backward_layer(spec, params, x, case.answers[f"dmap{n + 1}"])
            where = f"seed {seed}, case {number}, {spec}"
            np.testing.assert_allclose(grads.dx, case.answers[f"dmap{n}"], 1e-10, 1e-10, err_msg=where)
            if params is not None and grads.dw is not None:
                np.testing.assert_allclose(grads.dw, case.answers[f"dweight{n}"], 1e-10, 1e-10, err_msg=where)
            x = np.asarray(apply_layer(spec, params, x), dtype=np.float64)
