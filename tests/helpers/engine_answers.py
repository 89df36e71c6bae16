"""What the engine answers to a case, under the names that the fixtures use, and the comparison."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz import engine
from tests.helpers.torch_cases import Case

Array = npt.NDArray[Any]
Answers = dict[str, Array]


def compare(operation: str, case: Case) -> None:
    """Assert that the engine answers as PyTorch did: 1e-10 in float64, 1e-4 relatively in float32."""
    got = engine_answers(operation, case)
    for name, expected in case.answers.items():
        assert got[name].shape == expected.shape, name
        assert got[name].dtype == expected.dtype, name
        relative, absolute = 1e-10, 1e-10
        if expected.dtype == np.float32:
            # PyTorch itself loses digits where 1 - y**2 or 1 + erf is near 0: what is near 0 is held absolutely.
            size = np.abs(expected[np.isfinite(expected)]).max(initial=1.0)
            relative, absolute = 1e-4, 1e-5 * float(size)
        np.testing.assert_allclose(got[name], expected, relative, absolute, err_msg=name)


def engine_answers(operation: str, case: Case) -> Answers:
    """Call an operation forward, and backward when the case has a gradient that comes in."""
    inputs = {name: array for name, array in case.inputs.items() if name != "dout"}
    special = _SPECIAL.get(operation, _plain)
    options = {name: tuple(v) if isinstance(v, list) else v for name, v in case.options.items()}
    return special(operation, inputs, options, case.inputs.get("dout"))


def _pair_of(operation: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return getattr(engine, operation), getattr(engine, f"{operation}_backward")


def _plain(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    """Operations on one array, whose backward function takes the same arguments behind dout."""
    forward, backward = _pair_of(operation)
    answers = {"out": forward(**inputs, **options)}
    if dout is not None:
        answers["dx"] = backward(dout, **inputs, **options)
    return answers


def _weighted(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    """Operations with weights: three gradients."""
    forward, backward = _pair_of(operation)
    answers = {"out": forward(**inputs, **options)}
    if dout is not None:
        gradients = backward(dout, inputs["x"], inputs["weight"], **options)
        answers |= dict(zip(("dx", "dweight", "dbias"), gradients, strict=True))
    return answers


def _batch_norm(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    """Batch normalisation, whose running statistics are an answer too."""
    running: Answers = {
        name: inputs[name].copy() for name in ("running_mean", "running_var") if name in inputs
    }
    mean, var = running.get("running_mean"), running.get("running_var")
    weight, bias = inputs.get("weight"), inputs.get("bias")
    answers: Answers = {"out": engine.batch_norm(inputs["x"], mean, var, weight, bias, **options)}
    answers |= running
    if dout is not None:
        dx, dw, db = engine.batch_norm_backward(
            dout,
            inputs["x"],
            inputs.get("running_mean"),
            inputs.get("running_var"),
            weight,
            options["training"],
            options["eps"],
        )
        answers |= {"dx": dx, "dweight": dw, "dbias": db}
    return answers


def _with_indices(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    """Maxima, whose gradient goes by their indices."""
    forward, backward = _pair_of(operation)
    out, indices = forward(**inputs, **options)
    answers = {"out": out, "indices": indices}
    if dout is not None:
        answers["dx"] = backward(dout, indices, inputs["x"].shape)
    return answers


def _by_shape(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    """Operations whose gradient needs only the shape of the input."""
    forward, backward = _pair_of(operation)
    answers = {"out": forward(**inputs, **options)}
    if dout is not None:
        more = {} if operation == "flatten" else options
        answers["dx"] = backward(dout, inputs["x"].shape, **more)
    return answers


def _pad2d(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    answers = {"out": np.asarray(engine.pad2d(inputs["x"], **options))}
    if dout is not None:
        answers["dx"] = engine.pad2d_backward(dout, options["pads"], options["mode"])
    return answers


def _dropout(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    answers = {"out": engine.dropout(inputs["x"], **options, seed=3)}
    if dout is not None:
        answers["dx"] = engine.dropout_backward(dout, **options, seed=3)
    return answers


def _add(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    answers = {"out": engine.add(**inputs)}
    if dout is not None:
        answers["dx"], answers["dy"] = engine.add_backward(dout, inputs["x"].shape, inputs["y"].shape)
    return answers


def _concat(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    answers = {"out": engine.concat(list(inputs.values()), **options)}
    if dout is not None:
        sizes = [array.shape[options["axis"]] for array in inputs.values()]
        parts = engine.concat_backward(dout, sizes, **options)
        answers |= {f"d{name}": part for name, part in zip(inputs, parts, strict=True)}
    return answers


def _loss(operation: str, inputs: Answers, options: dict[str, Any], dout: Array | None) -> Answers:
    forward, backward = _pair_of(operation)
    answers = {"out": forward(inputs["x"], inputs["target"], **options)}
    if dout is not None:
        answers["dx"] = backward(dout, inputs["x"], inputs["target"], **options)
    return answers


_SPECIAL: dict[str, Callable[[str, Answers, dict[str, Any], Array | None], Answers]] = {
    "conv2d": _weighted,
    "conv1d": _weighted,
    "conv_transpose2d": _weighted,
    "linear": _weighted,
    "batch_norm": _batch_norm,
    "max_pool2d": _with_indices,
    "global_max_pool2d": _with_indices,
    "avg_pool2d": _by_shape,
    "global_avg_pool2d": _by_shape,
    "flatten": _by_shape,
    "pad2d": _pad2d,
    "dropout": _dropout,
    "add": _add,
    "concat": _concat,
    "squared_error": _loss,
    "cross_entropy": _loss,
}
