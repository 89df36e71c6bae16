"""Sizes by arithmetic: paddings, windows and output sizes of convolution and pooling, without an array."""

import operator
from typing import Literal, NamedTuple

from cnnviz.engine.errors import BadInput

PairArg = int | tuple[int, int]
PaddingWord = Literal["valid", "same", "same-lower", "half", "full"]
PaddingArg = int | tuple[int, int] | tuple[int, int, int, int] | PaddingWord
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

PADDING_WORDS: tuple[PaddingWord, ...] = ("valid", "same", "same-lower", "half", "full")
PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")

_LONGEST = 2**24
"""The largest kernel, stride, dilation or padding: more would not fit into any memory."""


class Pads(NamedTuple):
    """Rows and columns added on each side of a picture."""

    top: int
    bottom: int
    left: int
    right: int


def pair(value: object, name: str, least: int = 1) -> tuple[int, int]:
    """Read one number, or one for rows and one for columns.

    Parameters
    ----------
    value : int or pair of int
    name : str
        What the value is called in an error.
    least : int
        The smallest number allowed.

    Returns
    -------
    tuple of two int
        For rows and for columns.

    Raises
    ------
    TypeError
        If a number is not a whole number (a bool is none).
    BadInput
        If there are more or fewer than two, or one is too small or larger than any memory.

    Examples
    --------
    >>> pair(3, "stride"), pair((1, 2), "stride")
    ((3, 3), (1, 2))

    References
    ----------
    Arguments as in torch.nn.functional.conv2d.
    """
    numbers = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(numbers) != 2:
        raise BadInput(f"{name} {_shown(value)} has {len(numbers)} numbers: give one, or two (rows, columns)")
    return whole(numbers[0], name, least, _LONGEST), whole(numbers[1], name, least, _LONGEST)


def two(value: object, name: str, least: int = 1) -> tuple[int, int]:
    """Read one number for rows and one for columns, as layers keep them; errors as in `pair`, TypeError for one.

    Examples
    --------
    >>> two((1, 2), "stride")
    (1, 2)
    """
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name} must be two whole numbers (rows, columns), not {_shown(value)}")
    return pair(value, name, least)


def whole(value: object, name: str, least: int = 1, most: int | None = None) -> int:
    """Read one whole number that is at least `least` and, where it is given, at most `most`; errors as in `pair`.

    Examples
    --------
    >>> whole(3, "stride")
    3
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)  # type: ignore[arg-type]  # what has no index raises the TypeError
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {_shown(value)}") from None
    if number < least:
        raise BadInput(f"{name} is {_shown(number)}: it must be at least {least}")
    if most is not None and number > most:
        raise BadInput(f"{name} is {_shown(number)}: it must be at most {most}")
    return number


def shape_of(sizes: object, name: str, least: int = 0) -> tuple[int, ...]:
    """Read a shape: whole numbers in a row, each at least `least`; errors as in `pair`.

    Examples
    --------
    >>> shape_of([2, 3], "in_shape")
    (2, 3)
    """
    try:
        listed = list(sizes)  # type: ignore[call-overload]  # what has no items raises the TypeError
    except TypeError:
        raise TypeError(f"{name} must be whole numbers in a row, not {_shown(sizes)}") from None
    return tuple(whole(size, name, least) for size in listed)


def resolve_padding(
    padding: PaddingArg,
    in_size: tuple[int, int],
    kernel_size: PairArg,
    stride: PairArg = (1, 1),
    dilation: PairArg = (1, 1),
) -> Pads:
    """Turn any way of saying a padding into the amounts on the four sides.

    With n the size, f the kernel, s the stride and d the dilation, rows and columns separately:

    - "valid" adds nothing; "full" adds d(f-1) on each side, so that a window may hold one pixel only;
    - "same" adds max((ceil(n/s) - 1)s + d(f-1) + 1 - n, 0) in all, so that ceil(n/s) cells come out. It is
      halved; an odd one goes to the end (bottom, right), as in TensorFlow, and at stride 1 as in PyTorch;
      "same-lower" puts the odd one at the start (top, left), as ONNX's SAME_LOWER;
    - "half" adds floor((d(f-1) + 1) / 2) on each side, the symmetric rule: an even kernel makes the map grow;
    - a number adds it on every side, a pair is (rows, columns), four are (top, bottom, left, right).

    Parameters
    ----------
    padding : int, pair, four int, or {"valid", "same", "same-lower", "half", "full"}
    in_size : (rows, columns)
        Of the picture; only "same" depends on it.
    kernel_size, stride, dilation : int or (rows, columns)

    Returns
    -------
    Pads
        Rows added at the top and bottom, columns at the left and right.

    Raises
    ------
    TypeError
        If an amount is not a whole number.
    BadInput
        If an amount is negative, the word unknown, or there are neither one, two nor four amounts.

    Examples
    --------
    >>> resolve_padding("same", (6, 6), 3)
    Pads(top=1, bottom=1, left=1, right=1)
    >>> resolve_padding("same", (6, 7), 3, stride=2)
    Pads(top=0, bottom=1, left=1, right=1)

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 2.
    """
    if isinstance(padding, str):
        kernel, step, apart = (
            pair(kernel_size, "kernel size"),
            pair(stride, "stride"),
            pair(dilation, "dilation"),
        )
        in_size = _size(in_size)
        rows, columns = (
            _named_padding(padding, in_size[axis], kernel[axis], step[axis], apart[axis]) for axis in (0, 1)
        )
        return Pads(*rows, *columns)
    if isinstance(padding, (tuple, list)) and len(padding) == 4:
        return Pads(*(whole(amount, "padding", 0, _LONGEST) for amount in padding))
    if isinstance(padding, (tuple, list)) and len(padding) != 2:
        raise BadInput(
            f"padding {_shown(padding)} has {len(padding)} amounts: give one, two (rows, columns) "
            "or four (top, bottom, left, right)"
        )
    rows_each, columns_each = pair(padding, "padding", least=0)
    return Pads(rows_each, rows_each, columns_each, columns_each)


def out_size(
    n: int,
    kernel: int,
    stride: int = 1,
    before: int = 0,
    after: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Count the places of a window along one axis: floor((n + before + after - d(f-1) - 1) / s) + 1, or 0.

    With `ceil_mode` the quotient is rounded up, so a last window may hang over the end; as in PyTorch it must
    still start inside the picture or the padding before it.

    Parameters
    ----------
    n : int
        Rows or columns of the picture.
    kernel, stride, dilation : int
        f, s and d.
    before, after : int
        Rows or columns of padding.
    ceil_mode : bool

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If a number is not a whole number.
    BadInput
        If a size or an amount is below 0, or kernel, stride or dilation below 1.

    Examples
    --------
    >>> out_size(6, 3), out_size(6, 3, stride=2), out_size(6, 3, stride=2, ceil_mode=True)
    (4, 2, 3)

    References
    ----------
    Dumoulin and Visin (2016), relationships 6 and 15.
    """
    whole(stride, "stride")
    padded = whole(n, "n", least=0) + whole(before, "before", least=0) + whole(after, "after", least=0)
    room = padded - extent(kernel, dilation)
    if not ceil_mode:
        return max(room // stride + 1, 0)
    places = -(-room // stride) + 1
    if (places - 1) * stride >= n + before:
        places -= 1
    return max(places, 0)


def extent(kernel: int, dilation: int = 1) -> int:
    """Count the cells from the first to the last weight of a dilated kernel along one axis: d(f-1) + 1.

    Parameters
    ----------
    kernel, dilation : int
        f and d.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If a number is not a whole number.
    BadInput
        If a number is below 1.

    Examples
    --------
    >>> extent(3), extent(3, dilation=2)
    (3, 5)

    References
    ----------
    Dumoulin and Visin (2016), section 5.1.
    """
    return whole(dilation, "dilation") * (whole(kernel, "kernel") - 1) + 1


def channels_of(group: int, groups: int, channels: int) -> slice:
    """The channels of one group.

    Examples
    --------
    >>> channels_of(1, 2, 6)
    slice(3, 6, None)
    """
    size = channels // groups
    return slice(group * size, (group + 1) * size)


def conv_out_size(
    in_size: tuple[int, int],
    kernel_size: PairArg,
    stride: PairArg = 1,
    padding: PaddingArg = 0,
    dilation: PairArg = 1,
    what: str = "conv2d",
    ceil_mode: bool = False,
) -> tuple[int, int]:
    """Compute the (rows, columns) that a window over a picture of `in_size` gives, each as in `out_size`.

    Parameters
    ----------
    in_size : (rows, columns)
    kernel_size, stride, dilation : int or (rows, columns)
    padding
        As in `resolve_padding`.
    what : str
        Name of the operation, with which an error opens.
    ceil_mode : bool

    Returns
    -------
    rows, columns : int

    Raises
    ------
    TypeError
        If a number is not a whole number.
    BadInput
        If the picture is empty, or the kernel does not fit even once; the line opens with `what`.

    Examples
    --------
    >>> conv_out_size((6, 6), 3), conv_out_size((6, 8), (3, 5), stride=(1, 2), padding="same")
    ((4, 4), (6, 4))

    References
    ----------
    Dumoulin and Visin (2016), relationship 15.
    """
    kernel, step, apart = pair(kernel_size, "kernel size"), pair(stride, "stride"), pair(dilation, "dilation")
    in_size = _size(in_size)
    pads = resolve_padding(padding, in_size, kernel, step, apart)
    if min(in_size) < 1:
        raise BadInput(
            f"{what}: the picture {_times(in_size)} is empty, it needs at least one row and one column"
        )
    rows = out_size(in_size[0], kernel[0], step[0], pads.top, pads.bottom, apart[0], ceil_mode)
    columns = out_size(in_size[1], kernel[1], step[1], pads.left, pads.right, apart[1], ceil_mode)
    if rows < 1 or columns < 1:
        raise BadInput(f"{what}: {_does_not_fit(in_size, kernel, pads, apart)}")
    return rows, columns


def _size(in_size: object) -> tuple[int, int]:
    """Read the size of a picture."""
    size = shape_of(in_size, "in_size")
    if len(size) != 2:
        raise BadInput(f"in_size {_shown(in_size)} has {len(size)} numbers: give two (rows, columns)")
    return size[0], size[1]


def _named_padding(word: str, n: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Give the amounts before and after along one axis that a word stands for."""
    reach = dilation * (kernel - 1)
    if word == "valid":
        return 0, 0
    if word == "full":
        return reach, reach
    if word == "half":
        return (reach + 1) // 2, (reach + 1) // 2
    if word in ("same", "same-lower"):
        total = max((-(-n // stride) - 1) * stride + reach + 1 - n, 0)
        small, large = total // 2, total - total // 2
        return (small, large) if word == "same" else (large, small)
    raise BadInput(f"padding {word!r} is unknown: give {', '.join(PADDING_WORDS)} or numbers")


def _does_not_fit(
    in_size: tuple[int, int], kernel: tuple[int, int], pads: Pads, dilation: tuple[int, int]
) -> str:
    """Say why not one window fits, with every number that matters, and what to do."""
    padded = in_size[0] + pads.top + pads.bottom, in_size[1] + pads.left + pads.right
    reach = extent(kernel[0], dilation[0]), extent(kernel[1], dilation[1])
    spread = f" (dilated to {_times(reach)})" if reach != kernel else ""
    picture = "padded picture" if padded != tuple(in_size) else "picture"
    return (
        f"kernel {_times(kernel)}{spread} is larger than the {picture} {_times(padded)}: "
        "add padding or choose a smaller kernel" + (" or dilation" if spread else "")
    )


def _times(size: tuple[int, int]) -> str:
    """Write a size as rows x columns."""
    return f"{size[0]}x{size[1]}"


def _shown(value: object) -> str:
    """Write a value that was refused, cut to a length that fits one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
