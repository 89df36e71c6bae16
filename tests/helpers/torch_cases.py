"""Random configurations of every operation, and the files that keep them with what PyTorch made of them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FOLDER = Path(__file__).parents[1] / "data" / "torch"
TYPES = ("float64", "float32", "int64")
# Values are multiples of this: they pack well, yet their products need more digits than float32 has, so that
# sums computed in float32 by mistake are found out.
GRAIN = 2.0**-16


class Draft(NamedTuple):
    """What an operation is called with: options that JSON can hold, and arrays by the engine's names."""

    options: dict[str, Any]
    inputs: dict[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A call and its answers: `out`, and for each input NAME that has a gradient `dNAME` (given `dout`)."""

    options: dict[str, Any]
    inputs: dict[str, Array]
    answers: dict[str, Array]


def write_cases(path: Path, cases: list[Case], torch_version: str) -> None:
    """Write one JSON text and, of each type, all numbers in a row; the same cases give the same bytes."""
    records, flat = [], {kind: [np.empty(0, kind)] for kind in TYPES}
    for case in cases:
        record: dict[str, Any] = {"options": case.options}
        for part, arrays in (("inputs", case.inputs), ("answers", case.answers)):
            record[part] = {name: [str(array.dtype), *array.shape] for name, array in arrays.items()}
            for array in arrays.values():
                flat[str(array.dtype)].append(array.ravel())
        records.append(record)
    text = json.dumps({"torch": torch_version, "cases": records}, separators=(",", ":"))
    numbers = {kind: np.concatenate(parts) for kind, parts in flat.items()}
    arrays = {"json": np.frombuffer(text.encode(), np.uint8), **numbers}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_cases(path: Path) -> tuple[str, list[Case]]:
    """Read the version of PyTorch and the cases; every array is read-only."""
    with np.load(path, allow_pickle=False) as file:
        document = json.loads(file["json"].tobytes().decode())
        flat = {kind: file[kind] for kind in TYPES}
    place = dict.fromkeys(TYPES, 0)

    def taken(shapes: Mapping[str, list[Any]]) -> dict[str, Array]:
        arrays = {}
        for name, (kind, *shape) in shapes.items():
            size = int(np.prod(shape, dtype=np.int64))
            arrays[name] = flat[kind][place[kind] : place[kind] + size].reshape(shape)
            arrays[name].setflags(write=False)
            place[kind] += size
        return arrays

    cases = [Case(r["options"], taken(r["inputs"]), taken(r["answers"])) for r in document["cases"]]
    return document["torch"], cases


def draw(operation: str, random: np.random.Generator) -> Draft:
    """Draw one configuration: one in four in float32, one in twelve with infinities and NaN in x."""
    draft = _DRAWS[operation](random)
    if random.random() < 1 / 12 and draft.inputs["x"].size > 1:
        x = draft.inputs["x"]
        # Whether PyTorch's gelu of infinity is infinity or NaN depends on where in the array it stands.
        infinities = [-np.inf] if operation == "gelu" else [np.inf, -np.inf]
        x.flat[random.integers(0, x.size, 2)] = random.permutation([np.nan, *infinities])[:2]
    if random.random() < 1 / 4:
        return Draft(draft.options, {name: narrow(array) for name, array in draft.inputs.items()})
    return draft


def narrow(array: Array) -> Array:
    """Bring numbers to float32, and leave labels."""
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def values(random: np.random.Generator, *shape: int, scale: float = 1.0) -> Array:
    """Draw numbers of some size that are multiples of the grain."""
    return np.asarray(np.round(random.normal(size=shape) * scale / GRAIN) * GRAIN)


def _some(random: np.random.Generator, least: int, most: int) -> int:
    return int(random.integers(least, most + 1))


def _pair(random: np.random.Generator, least: int, most: int) -> list[int]:
    return [_some(random, least, most), _some(random, least, most)]


def _chance(random: np.random.Generator) -> bool:
    return bool(random.random() < 0.5)


def _batch(random: np.random.Generator) -> int:
    return int(random.choice([0, 1, 2, 3], p=[0.04, 0.48, 0.36, 0.12]))


def _shape(random: np.random.Generator, least: int = 1) -> list[int]:
    return [_some(random, 1, 4) for _ in range(_some(random, least, 4))]


def _convolution(random: np.random.Generator, axes: int) -> Draft:
    """Draw a convolution of lines or pictures: every kind of padding, every mode."""
    kernel, stride = ([_some(random, 1, 3) for _ in range(axes)] for _ in range(2))
    dilation = [_some(random, 1, 2) for _ in range(axes)]
    groups = int(random.choice([1, 1, 2, 3]))
    mode = str(random.choice(["zeros", "zeros", "reflect", "replicate", "circular"]))
    reach = [d * (f - 1) for d, f in zip(dilation, kernel, strict=True)]
    size = [max(_some(random, 1, 5), r + 1) for r in reach]
    most = [min(3, n - 1) if mode == "reflect" else min(3, n) for n in size]
    kinds: list[Any] = [min(most), [_some(random, 0, m) for m in most], "valid", "full", "same"]
    if axes == 2:
        kinds.append([_some(random, 0, m) for m in most for _ in range(2)])
    padding = kinds[_some(random, 0, len(kinds) - 1)]
    if padding == "full" and any(r > m for r, m in zip(reach, most, strict=True)):
        mode = "zeros"
    if padding == "same":  # PyTorch knows it at stride 1 only; at most half the reach is lent
        stride = [1] * axes
    inside, outside = _some(random, 1, 2), _some(random, 1, 2)
    inputs = {
        "x": values(random, _batch(random), groups * inside, *size),
        "weight": values(random, groups * outside, inside, *kernel),
    }
    if _chance(random):
        inputs["bias"] = values(random, groups * outside)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return Draft({**options, "padding_mode": mode}, inputs)


def _conv2d(random: np.random.Generator) -> Draft:
    return _convolution(random, 2)


def _conv1d(random: np.random.Generator) -> Draft:
    options, inputs = _convolution(random, 1)
    single = {name: value[0] if isinstance(value, list) else value for name, value in options.items()}
    return Draft(single, inputs)


def _conv_transpose2d(random: np.random.Generator) -> Draft:
    kernel, stride, dilation = _pair(random, 1, 3), _pair(random, 1, 3), _pair(random, 1, 2)
    groups = int(random.choice([1, 1, 2, 3]))
    size = _pair(random, 1, 4)
    spare = [_some(random, 0, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True)]
    # At most so much padding that a cell is left.
    room = [
        ((n - 1) * s + d * (f - 1) + o) // 2
        for n, s, d, f, o in zip(size, stride, dilation, kernel, spare, strict=True)
    ]
    inside, outside = _some(random, 1, 2), _some(random, 1, 2)
    inputs = {
        "x": values(random, _batch(random), groups * inside, *size),
        "weight": values(random, groups * inside, outside, *kernel),
    }
    if _chance(random):
        inputs["bias"] = values(random, groups * outside)
    padding = [_some(random, 0, min(r, 3)) for r in room]
    options = {"stride": stride, "padding": padding, "output_padding": spare, "groups": groups}
    return Draft({**options, "dilation": dilation}, inputs)


def _pooling(random: np.random.Generator, dilated: bool) -> Draft:
    """Draw a pooling; padding up to half the window, as PyTorch allows. Half of the pictures have ties."""
    kernel = _pair(random, 1, 4)
    dilation = _pair(random, 1, 2) if dilated and _chance(random) else [1, 1]
    padding = [_some(random, 0, f // 2) for f in kernel]
    size = [
        max(_some(random, 1, 7), d * (f - 1) + 1 - 2 * p)
        for f, d, p in zip(kernel, dilation, padding, strict=True)
    ]
    if dilation != [1, 1]:  # no window may step over the picture
        size = [max(n, d * (f - 1) + 1) for n, f, d in zip(size, kernel, dilation, strict=True)]
    x = values(random, _batch(random), _some(random, 1, 3), *size)
    if _chance(random):
        x = np.round(x)
    options: dict[str, Any] = {"kernel_size": kernel, "padding": padding, "ceil_mode": _chance(random)}
    options["stride"] = None if _chance(random) else _pair(random, 1, 4)
    return Draft({**options, "dilation": dilation} if dilated else options, {"x": x})


def _max_pool2d(random: np.random.Generator) -> Draft:
    return _pooling(random, True)


def _avg_pool2d(random: np.random.Generator) -> Draft:
    options, inputs = _pooling(random, False)
    return Draft({**options, "count_include_pad": _chance(random)}, inputs)


def _planes(random: np.random.Generator) -> Draft:
    x = values(random, _batch(random), _some(random, 1, 4), *_pair(random, 1, 6))
    return Draft({}, {"x": np.round(x) if _chance(random) else x})


def _pad2d(random: np.random.Generator) -> Draft:
    x = values(random, _some(random, 1, 2), _some(random, 1, 2), *_pair(random, 1, 5))
    mode = str(random.choice(["zeros", "reflect", "replicate", "circular"]))
    least = 1 if mode == "reflect" else 0
    amounts = [_some(random, 0, min(3, x.shape[axis] - least)) for axis in (2, 2, 3, 3)]
    options: dict[str, Any] = {"pads": amounts, "mode": mode}
    return Draft({**options, "value": 1.5} if mode == "zeros" and _chance(random) else options, {"x": x})


def _activation(**options: Callable[[np.random.Generator], Any]) -> Callable[[np.random.Generator], Draft]:
    """Draw numbers from -12 to 12 or so, a third of them whole (corners are at 0), and options half of the time."""

    def drawn(random: np.random.Generator) -> Draft:
        chosen = {name: choose(random) for name, choose in options.items() if _chance(random)}
        x = values(random, *_shape(random), scale=4)
        return Draft(chosen, {"x": np.round(x) if random.random() < 1 / 3 else x})

    return drawn


def _softmax(random: np.random.Generator) -> Draft:
    x = values(random, *_shape(random), scale=8)
    return Draft({"axis": _some(random, -x.ndim, x.ndim - 1)}, {"x": x})


def _linear(random: np.random.Generator) -> Draft:
    inputs, outputs = _some(random, 1, 6), _some(random, 1, 5)
    samples = [_some(random, 1, 3) for _ in range(_some(random, 0, 3))]
    arrays = {"x": values(random, *samples, inputs), "weight": values(random, outputs, inputs)}
    if _chance(random):
        arrays["bias"] = values(random, outputs)
    return Draft({}, arrays)


def _batch_norm(random: np.random.Generator) -> Draft:
    training = _chance(random)
    channels = _some(random, 1, 4)
    x = values(random, _some(random, 2, 4), channels, *_shape(random, 0)[:2], scale=2) + 1
    arrays = {"x": x}
    if not training or _chance(random):
        arrays["running_mean"] = values(random, channels)
        arrays["running_var"] = np.abs(values(random, channels)) + 0.5
    for name in ("weight", "bias"):
        if _chance(random):
            arrays[name] = values(random, channels)
    options = {"training": training, "momentum": float(random.choice([0.1, 0.5, 1.0]))}
    return Draft({**options, "eps": float(random.choice([1e-5, 1e-3, 0.25]))}, arrays)


def _dropout(random: np.random.Generator) -> Draft:
    # Chance itself cannot be compared: all, nothing, or evaluation.
    options = [{"p": 0.0}, {"p": 1.0}, {"p": 0.5, "training": False}][_some(random, 0, 2)]
    return Draft(options, {"x": values(random, *_shape(random))})


def _flatten(random: np.random.Generator) -> Draft:
    x = values(random, *_shape(random, 2))
    first = _some(random, 0, x.ndim - 1)
    return Draft({"start_dim": first, "end_dim": _some(random, first, x.ndim - 1) - x.ndim}, {"x": x})


def _add(random: np.random.Generator) -> Draft:
    shape = _shape(random)
    other = [1 if random.random() < 0.2 else n for n in shape][_some(random, 0, 1) :]
    return Draft({}, {"x": values(random, *shape), "y": values(random, *other)})


def _concat(random: np.random.Generator) -> Draft:
    shape = _shape(random, 2)
    axis = _some(random, 0, len(shape) - 1)
    names = ["x", "y", "z"][: _some(random, 1, 3)]
    parts = {name: values(random, *shape[:axis], _some(random, 0, 3), *shape[axis + 1 :]) for name in names}
    return Draft({"axis": axis}, parts)


def _squared_error(random: np.random.Generator) -> Draft:
    shape = _shape(random)
    reduction = str(random.choice(["mean", "sum", "none"]))
    return Draft({"reduction": reduction}, {"x": values(random, *shape), "target": values(random, *shape)})


def _cross_entropy(random: np.random.Generator) -> Draft:
    classes = _some(random, 1, 6)
    samples = [_some(random, 1, 4) for _ in range(_some(random, 0, 3))]
    shape = [samples[0], classes, *samples[1:]] if samples else [classes]
    target = random.integers(0, classes, samples)
    x = values(random, *shape, scale=4)
    return Draft(
        {"reduction": str(random.choice(["mean", "sum", "none"]))}, {"x": x, "target": np.asarray(target)}
    )


_DRAWS: dict[str, Callable[[np.random.Generator], Draft]] = {
    "conv2d": _conv2d,
    "conv1d": _conv1d,
    "conv_transpose2d": _conv_transpose2d,
    "max_pool2d": _max_pool2d,
    "avg_pool2d": _avg_pool2d,
    "global_avg_pool2d": _planes,
    "global_max_pool2d": _planes,
    "pad2d": _pad2d,
    "relu": _activation(),
    "leaky_relu": _activation(negative_slope=lambda random: float(random.choice([0.0, 0.25, -0.5]))),
    "elu": _activation(alpha=lambda random: float(random.choice([0.5, 2.0]))),
    "gelu": _activation(approximate=lambda random: str(random.choice(["none", "tanh", "tanh"]))),
    "sigmoid": _activation(),
    "tanh": _activation(),
    "softmax": _softmax,
    "log_softmax": _softmax,
    "linear": _linear,
    "batch_norm": _batch_norm,
    "dropout": _dropout,
    "flatten": _flatten,
    "add": _add,
    "concat": _concat,
    "squared_error": _squared_error,
    "cross_entropy": _cross_entropy,
}
OPERATIONS = tuple(_DRAWS)
