"""What only moves or adds numbers: flattening, the addition at a shortcut, and concatenation."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from cnnviz.engine import checks, incoming
from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import shape_of
from cnnviz.engine.quiet import quiet

Shape = tuple[int, ...]


def flatten(x: npt.ArrayLike, start_dim: int = 1, end_dim: int = -1) -> Array:
    """Write the axes from `start_dim` to `end_dim` behind each other, row-major: (N, C, H, W) to (N, C*H*W).

    Parameters
    ----------
    x : array_like, any shape
    start_dim, end_dim : int
        First and last axis to join; all but the batch unless given, as in torch.nn.Flatten.

    Returns
    -------
    array
        Fresh. float32 and float64 are kept; whole numbers and booleans become float64.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    BadInput
        If an axis does not exist, or the last comes before the first.

    Examples
    --------
    >>> flatten([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]).tolist()
    [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.1; axes as in torch.flatten.
    """
    (values,) = checks.floats(checks.numbers(x, "x"))
    first = incoming.axis_of(start_dim, values.ndim, "flatten")
    last = incoming.axis_of(end_dim, values.ndim, "flatten")
    if last < first:
        raise BadInput(
            f"flatten: end_dim {end_dim} comes before start_dim {start_dim}: x has {values.ndim} axes"
        )
    joined = int(np.prod(values.shape[first : last + 1], dtype=np.int64))
    return np.array(values.reshape(*values.shape[:first], joined, *values.shape[last + 1 :]), order="C")


def flatten_backward(dout: npt.ArrayLike, in_shape: Sequence[int]) -> Array:
    """Give the gradient the shape that the input had: every number goes back to its place.

    Parameters
    ----------
    dout : array_like
        Gradient of the loss by the output of `flatten`.
    in_shape : sequence of int
        Shape of the input of `flatten`.

    Returns
    -------
    array, in_shape

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers, or a size is not a whole number.
    BadInput
        If the number of values differs.

    Examples
    --------
    >>> flatten_backward([[1, 2, 3, 4]], (1, 2, 2)).tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]

    References
    ----------
    As in `flatten`.
    """
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    shape = _shape(in_shape, "in_shape")
    if gradient.size != math.prod(shape):
        raise BadInput(f"flatten_backward: dout {gradient.shape} does not hold as many numbers as {shape}")
    return np.array(gradient.reshape(shape), order="C")


def add(x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """Add two arrays, as a shortcut does at the end of a residual body: out = x + y.

    Parameters
    ----------
    x, y : array_like
        Of the same shape, or of shapes that broadcast.

    Returns
    -------
    array
        float32 and float64 are kept, mixed they give float64; whole numbers and booleans as in `linear`.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If the shapes do not fit.

    Examples
    --------
    >>> add([[1, 2]], [[10, 20]]).tolist()
    [[11.0, 22.0]]

    References
    ----------
    He, Zhang, Ren and Sun (2015), Deep residual learning for image recognition, equation 1.
    """
    left, right = checks.floats(checks.numbers(x, "x"), checks.numbers(y, "y"))
    checks.room(_sum_shape(left.shape, right.shape, "add"), "add", itemsize=left.itemsize)
    with quiet():
        return np.asarray(left + right)


def add_backward(dout: npt.ArrayLike, x_shape: Sequence[int], y_shape: Sequence[int]) -> tuple[Array, Array]:
    """Hand the gradient to both sides: dx = dy = dout, summed along axes that were broadcast.

    Parameters
    ----------
    dout : array_like
        Gradient of the loss by the sum.
    x_shape, y_shape : sequence of int
        Shapes of what was added.

    Returns
    -------
    dx, dy : arrays, x_shape and y_shape
        Two fresh arrays.

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers, or a size is not a whole number.
    BadInput
        If the shapes do not fit.

    Examples
    --------
    >>> [d.tolist() for d in add_backward([[1, 2]], (1, 2), (1, 1))]
    [[[1.0, 2.0]], [[3.0]]]

    References
    ----------
    He, Zhang, Ren and Sun (2016), Identity mappings in deep residual networks, equation 5.
    """
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    left, right = _shape(x_shape, "x_shape"), _shape(y_shape, "y_shape")
    incoming.same_shape(gradient, _sum_shape(left, right, "add_backward"), "add_backward")
    return _summed_to(gradient, left), _summed_to(gradient, right)


def concat(arrays: Sequence[npt.ArrayLike], axis: int = 1) -> Array:
    """Put arrays behind each other along one axis, the channels unless told: (N, C1 + C2 + ..., H, W).

    Parameters
    ----------
    arrays : sequence of array_like
        Of the same shape but for the axis.
    axis : int

    Returns
    -------
    array
        float32 and float64 are kept, mixed they give float64; whole numbers and booleans as in `linear`.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    BadInput
        If there is no array, the axis does not exist, or other sizes differ.

    Examples
    --------
    >>> concat([[[1, 2]], [[3]]]).tolist()
    [[1.0, 2.0, 3.0]]

    References
    ----------
    Szegedy et al. (2015), Going deeper with convolutions, section 4.
    """
    if not isinstance(arrays, Iterable):
        raise TypeError(f"arrays must be several arrays in a row, not {type(arrays).__name__}")
    parts = checks.floats(*(checks.numbers(part, f"arrays[{i}]") for i, part in enumerate(arrays)))
    if not parts:
        raise BadInput("concat: there are no arrays: give at least one")
    along = incoming.axis_of(axis, parts[0].ndim, "concat")
    for i, part in enumerate(parts):
        if _without(part.shape, along) != _without(parts[0].shape, along) or part.ndim != parts[0].ndim:
            raise BadInput(
                f"concat: arrays[{i}] has shape {part.shape} beside {parts[0].shape}: only axis {along} may differ"
            )
    return np.concatenate(parts, axis=along)


def concat_backward(dout: npt.ArrayLike, sizes: Sequence[int], axis: int = 1) -> tuple[Array, ...]:
    """Cut the gradient into the parts that were put behind each other.

    Parameters
    ----------
    dout : array_like
        Gradient of the loss by the output of `concat`.
    sizes : sequence of int
        Size of every part along the axis.
    axis : int

    Returns
    -------
    tuple of arrays
        One fresh array for every part.

    Raises
    ------
    TypeError
        If `dout` does not hold real numbers, or a size is not a whole number.
    BadInput
        If the axis does not exist, or the sizes do not add up to it.

    Examples
    --------
    >>> [d.tolist() for d in concat_backward([[1, 2, 3]], (2, 1))]
    [[[1.0, 2.0]], [[3.0]]]

    References
    ----------
    As in `concat`.
    """
    (gradient,) = checks.floats(checks.numbers(dout, "dout"))
    along = incoming.axis_of(axis, gradient.ndim, "concat_backward")
    counts = _shape(sizes, "sizes")
    if sum(counts) != gradient.shape[along]:
        raise BadInput(
            f"concat_backward: sizes {counts} add up to {sum(counts)}, dout {gradient.shape} has "
            f"{gradient.shape[along]} along axis {along}"
        )
    parts = np.split(gradient, np.cumsum(counts)[:-1], axis=along) if counts else []
    return tuple(np.array(part, order="C") for part in parts)


def _shape(sizes: Sequence[int], name: str) -> Shape:
    """Read a shape, every size a whole number."""
    return shape_of(sizes, name)


def _sum_shape(x: Shape, y: Shape, what: str) -> Shape:
    """Give the shape of a sum; BadInput where shapes do not broadcast."""
    try:
        return np.broadcast_shapes(x, y)
    except ValueError:
        raise BadInput(f"{what}: shapes {x} and {y} cannot be added: give the same shape twice") from None


def _summed_to(gradient: Array, shape: Shape) -> Array:
    """Add up what went to the same number: axes put in front, and axes of size 1 that were stretched."""
    front = gradient.ndim - len(shape)
    stretched = tuple(front + i for i, n in enumerate(shape) if n == 1 and gradient.shape[front + i] != 1)
    with quiet():
        total = gradient.sum(axis=(*range(front), *stretched))
    return np.array(total.reshape(shape), order="C")


def _without(shape: Shape, axis: int) -> Shape:
    """Leave one axis out of a shape."""
    return shape[:axis] + shape[axis + 1 :]
