"""Names of this very cell and of what it is made of, with live indices: S(0, 2) and Σ I(0+m, 2+n)·K(m, n)."""

from __future__ import annotations

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import (
    Add,
    ConvTranspose,
    Flatten,
    GlobalAvgPool,
    GlobalMaxPool,
    Linear,
    PaddedShortcut,
)
from cnnviz.engine.windows import pads_around
from cnnviz.lesson.lesson import Conventions
from cnnviz.scene.formula_index import PLAIN, transposed_index, turned_index, window_index
from cnnviz.scene.formula_names import channels_in, conv_dims, conv_knobs, dims_of, knobs, on_a_line
from cnnviz.scene.primitives import Color, Run
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, Terms

Runs = tuple[Run, ...]

SYMBOLS = {"IK": ("I", "K", "S"), "xw": ("x", "w", "y")}
BRACKETS = {"IK": ("(", ")"), "xw": ("[", "]")}


def cell_name(focus: Focus, in_shape: Shape, conventions: Conventions, theme: Theme) -> Runs:
    """The output's letter with the indices of the cell."""
    spec, cell, base = focus.spec, focus.cell, conventions.base
    match spec:
        case Conv():
            dims = conv_dims(spec, in_shape).replace("o", "c")
        case ConvTranspose():
            dims = "cij" if spec.out_channels > 1 else "ij"
        case MaxPool() | AvgPool():
            dims = "cij" if in_shape[0] > 1 else "ij"
        case GlobalAvgPool() | GlobalMaxPool() | Linear() | Flatten():
            dims = "c"
        case PaddedShortcut():
            dims = "cij"
        case _:
            dims = dims_of(in_shape)
    letter = "y" if isinstance(spec, Add) else ""  # of a block, as its formula has it
    return (_at(conventions, 2, _indices(cell, dims, base), theme.output, letter),)


def operand_names(focus: Focus, in_shape: Shape, conventions: Conventions, theme: Theme) -> Runs:
    """What is added up or compared, with the window's place written out; nothing for what acts on single numbers."""
    spec, base, ink = focus.spec, conventions.base, theme.text
    match spec:
        case Conv():
            x = _at(conventions, 0, _window(focus, spec, in_shape, base), theme.input)
            w = _at(conventions, 1, _weights(focus, spec, in_shape, base), theme.weight)
            return (Run("Σ ", ink), x, Run("·", ink), w)
        case ConvTranspose():
            x = _at(conventions, 0, [*_laid_channel(focus, spec, in_shape, base), "i", "j"], theme.input)
            w = _at(conventions, 1, _laid(focus, spec, in_shape, base), theme.weight)
            return (Run("Σ ", ink), x, Run("·", ink), w)
        case Linear():
            x = _at(conventions, 0, ["c"], theme.input)
            w = _at(conventions, 1, [str(focus.cell[0] + base), "c"], theme.weight, "W")
            return (Run("Σ ", ink), w, Run("·", ink), x)
        case MaxPool() | AvgPool():
            over = "max " if isinstance(spec, MaxPool) else f"1/{count_of(focus.terms)}·Σ "
            return (Run(over, ink), _at(conventions, 0, _window(focus, spec, in_shape, base), theme.input))
        case GlobalMaxPool() | GlobalAvgPool():
            over = "max " if isinstance(spec, GlobalMaxPool) else f"1/{count_of(focus.terms)}·Σ "
            return (Run(over, ink), _at(conventions, 0, [str(focus.cell[0] + base), "i", "j"], theme.input))
        case Flatten():
            place = (focus.window.channels[0], focus.window.row, focus.window.column)
            return (_at(conventions, 0, [str(i + base) for i in place], theme.input),)
    return ()


def count_of(terms: Terms) -> int:
    """How many cells a mean is over."""
    return round(1.0 / float(terms.w[0]))


def _at(conventions: Conventions, which: int, indices: list[str], color: Color, symbol: str = "") -> Run:
    """A letter with its indices in the brackets of the convention."""
    letter = SYMBOLS[conventions.letters][which]
    if symbol and letter.isupper():
        letter = symbol
    opening, closing = BRACKETS[conventions.letters]
    return Run(f"{letter}{opening}{', '.join(indices)}{closing}", color)


def _indices(cell: tuple[int, int, int], dims: str, base: int) -> list[str]:
    named = dict(zip("cij", cell, strict=True))
    return [str(named[name] + base) for name in dims]


def _window(focus: Focus, spec: Conv | MaxPool | AvgPool, in_shape: Shape, base: int) -> list[str]:
    """Channel, row and column of what a window reads, with the taps m and n."""
    pads = pads_around(spec, in_shape)
    if isinstance(spec, Conv):
        apart, written = spec.dilation, conv_knobs(spec, in_shape)
        channel = _channel(focus, channels_in(spec, in_shape), base)
    else:
        apart, written = (1, 1), knobs(spec.stride, (1, 1), spec.padding)
        channel = [str(focus.cell[0] + base)] if in_shape[0] > 1 else []
    return channel + [
        window_index(
            str(focus.cell[axis + 1] + base),
            "mn"[axis],
            _if("s" in written, spec.stride[axis]),
            _if("d" in written, apart[axis]),
            _if("p" in written, (pads.top, pads.left)[axis]),
            base,
            PLAIN,
        )
        for axis in ((1,) if on_a_line(spec, in_shape) else (0, 1))
    ]


def _channel(focus: Focus, how: str, base: int) -> list[str]:
    first = focus.window.channels[0]
    return {
        "-": [],
        "c": ["c"],
        "o": [str(focus.cell[0] + base)],
        "g": [str(first + base)],
        "gc": [f"{first}+c"],
    }[how]


def _weights(focus: Focus, spec: Conv, in_shape: Shape, base: int) -> list[str]:
    taps = ["m", "n"]
    if spec.flipped:
        taps = [turned_index(tap, str(spec.kernel_size[axis]), base, PLAIN) for axis, tap in enumerate(taps)]
    if on_a_line(spec, in_shape):
        del taps[0]
    kernel = [str(focus.cell[0] + base)] if spec.out_channels > 1 else []
    return [*kernel, *(["c"] if in_shape[0] // spec.groups > 1 else []), *taps]


def _laid(focus: Focus, spec: ConvTranspose, in_shape: Shape, base: int) -> list[str]:
    """Which weights a transposed convolution lays onto the cell."""
    written, maps = knobs(spec.stride, spec.dilation, spec.padding), spec.out_channels // spec.groups
    kernel = [str(focus.cell[0] % maps + base)] if maps > 1 else []
    return [
        *_laid_channel(focus, spec, in_shape, base),
        *kernel,
        *(
            transposed_index(
                str(focus.cell[axis + 1] + base),
                "ij"[axis],
                _if("s" in written, spec.stride[axis]),
                _if("d" in written, spec.dilation[axis]),
                _if("p" in written, spec.padding[axis]),
                base,
                PLAIN,
            )
            for axis in (0, 1)
        ),
    ]


def _laid_channel(focus: Focus, spec: ConvTranspose, in_shape: Shape, base: int) -> list[str]:
    """The channel whose numbers are laid: its own where each map has but one, else any of them."""
    if in_shape[0] == 1:
        return []
    return [str(focus.cell[0] + base)] if in_shape[0] == spec.groups == spec.out_channels else ["c"]


def _if(wanted: bool, value: int) -> str:
    return str(value) if wanted else ""
