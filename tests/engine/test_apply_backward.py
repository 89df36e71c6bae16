"""The gradient of every layer on one sample, against PyTorch and against the naive twin."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.apply import NARRATED, apply_layer
from cnnviz.engine.apply_backward import backward_layer
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Conv, Params
from cnnviz.engine.specs import BatchNorm, Dropout, Linear, PaddedShortcut
from cnnviz.lesson.plain import layer_from_plain
from tests.helpers.learning_cases import FILE
from tests.helpers.learning_twin import layer_backward
from tests.helpers.torch_cases import read_cases

_, CASES = read_cases(FILE)


def test_every_layer_hands_back_what_autograd_says_and_what_its_naive_twin_does() -> None:
    met = set()
    for number, case in enumerate(CASES):
        x = np.asarray(case.inputs["x"])
        for n, plain in enumerate(case.options["layers"]):
            spec = layer_from_plain(plain, "layer")
            met.add(type(spec))
            weight = case.inputs.get(f"weight{n}")
            params = None if weight is None else Params(weight, case.inputs.get(f"bias{n}"))
            dout = case.answers[f"dmap{n + 1}"]
            grads = backward_layer(spec, params, x, dout)
            where = f"case {number}, layer {n}, {spec}"
            np.testing.assert_allclose(grads.dx, case.answers[f"dmap{n}"], 1e-10, 1e-10, err_msg=where)
            if params is not None:
                assert grads.dw is not None
                np.testing.assert_allclose(grads.dw, case.answers[f"dweight{n}"], 1e-10, 1e-10, err_msg=where)
            if params is not None and params.bias is not None:
                assert grads.db is not None
                np.testing.assert_allclose(grads.db, case.answers[f"dbias{n}"], 1e-10, 1e-10, err_msg=where)
            if number % 5 == 0:
                dx, dw, _ = layer_backward(spec, params, x, dout)
                np.testing.assert_allclose(grads.dx, dx, 1e-10, 1e-10, err_msg=where)
                if dw is not None and grads.dw is not None:
                    np.testing.assert_allclose(grads.dw, dw, 1e-10, 1e-10, err_msg=where)
            x = np.asarray(apply_layer(spec, params, x), dtype=np.float64)
    # PyTorch's answers on these two stand in tests/engine/test_branches_torch.py.
    assert met == set(NARRATED) - {BatchNorm, PaddedShortcut}


def test_a_layer_without_its_weights_is_refused() -> None:
    with pytest.raises(BadInput, match="the layer has no weights: give it some"):
        backward_layer(Linear(2), None, np.ones((3, 1, 1)), np.ones((2, 1, 1)))


def test_a_layer_that_is_not_narrated_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be stepped through"):
        backward_layer(Dropout(), None, np.ones((1, 2, 2)), np.ones((1, 2, 2)))


def test_a_turned_kernel_has_its_gradient_turned() -> None:
    x, weight = np.arange(9.0).reshape(1, 3, 3), np.array([[[[1.0, 2], [3, 4]]]])
    dout = np.array([[[1.0, 0], [0, 0]]])
    # Only the first window counts: 0 1 3 4, which the turned kernel meets the other way round.
    plain = backward_layer(Conv(1, (2, 2)), Params(weight), x, dout)
    turned = backward_layer(Conv(1, (2, 2), flipped=True), Params(weight), x, dout)
    assert np.asarray(plain.dw).ravel().tolist() == [0, 1, 3, 4]
    assert np.asarray(turned.dw).ravel().tolist() == [4, 3, 1, 0]
    assert np.asarray(turned.dx)[0, :2, :2].ravel().tolist() == [4, 3, 2, 1]
