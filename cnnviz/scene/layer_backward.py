"""One layer on the way back: its gradients ∂L/∂y, those of its kernels, and the gradients ∂L/∂x that go on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.layers import NO_PADS, Conv, Params
from cnnviz.engine.specs import Back, Flatten, Linear
from cnnviz.scene.block_learning import is_joint, other_way
from cnnviz.scene.layer_blocks import MOST_CHANNELS, Block, bare, flattened, laid, line_of
from cnnviz.scene.learning_shown import learning_shown
from cnnviz.scene.maps import power_of
from cnnviz.scene.memo import Memo
from cnnviz.scene.numbers import bracketed, small
from cnnviz.scene.powers import power_text
from cnnviz.scene.primitives import Run, Weight
from cnnviz.scene.theme import Theme
from cnnviz.scene.words import size_words
from cnnviz.timeline.frame import CellRef, Focus, Tensor, TrackFrame
from cnnviz.timeline.learning_ranges import both_ways
from cnnviz.timeline.timeline import Timeline

GRADIENT_Y, GRADIENT_X, GRADIENT_W = "Gradient ∂L/∂y", "Gradient ∂L/∂x", "Gradient ∂L/∂W"
SHORT_Y, SHORT_X = "∂L/∂y", "∂L/∂x"
"""The same where many blocks stand side by side."""

FAINT = 0.3
"""Parts whose largest is so small a share of the range of their sum have a range of their own."""

MOST_WINDOWS = 16
"""Of more gradients the window is marked only on the one that gives most."""

_parts: Memo[NDArray[np.float64]] = Memo(8)


@dataclass(frozen=True, slots=True, eq=False)
class WayBack:
    """What is told of a layer on the way back.

    Attributes
    ----------
    blocks : tuple of Block
        From the gradient that comes in to the one that is written.
    whole : Tensor
        All gradients of one kind, to be drawn small beside them.
    chosen : int
        The plane of it that is at work.
    title : str
        What they are.
    focus : Focus
        What is marked.
    cells : tuple of CellRef
        Where numbers of a line that are laid out like maps have the one at work.
    """

    blocks: tuple[Block, ...]
    whole: Tensor
    chosen: int
    title: str
    focus: Focus
    cells: tuple[CellRef, ...] = ()


def back_of(timeline: Timeline, frame: TrackFrame) -> WayBack:
    """The layer of a step in which gradients of weights, biases or inputs are written."""
    focus = frame.focus
    grad = frame.tensor(f"{timeline.tensor_names(frame.track)[focus.layer + 1]}.grad")
    blocks = _blocks(timeline, frame, grad)
    told = tuple(_with_power(block) for block in blocks)
    cells = _laid_cells(frame, told) if isinstance(focus.spec, Linear) else ()
    if focus.kind == "input":
        return WayBack(told, bare(frame.tensor(focus.target)), focus.cell[0], "∂L/∂x", _marked(focus), cells)
    return WayBack(told, grad, _output(frame, focus), "∂L/∂y", focus, cells)


def _marked(focus: Focus) -> Focus:
    """The focus with one window where there would be too many to tell apart: that of the gradient that gives most."""
    first, stop = focus.window.channels
    if (
        not isinstance(focus.spec, Conv)
        or stop - first <= MOST_WINDOWS
        or focus.partner_window is None
        or not focus.terms.products.size
    ):
        return focus
    given = np.abs(focus.terms.products.reshape(stop - first, -1).sum(axis=1))[:MOST_CHANNELS]
    most = int(given.argmax())
    window = focus.window._replace(channels=(first + most, first + most + 1))
    partner = focus.partner_window._replace(channels=(most, most + 1))
    return replace(focus, window=window, partner_window=partner)


def _laid_cells(frame: TrackFrame, blocks: tuple[Block, ...]) -> tuple[CellRef, ...]:
    """The number at work of a fully connected layer in the blocks that are laid out like maps."""
    number = frame.step.cell[2] if frame.focus.kind == "weight" else frame.focus.cell[0]
    cells = []
    for block in blocks:
        if block.tensor.name.endswith((".laid", ".row")) and not block.across:
            plane, row, column = (int(i) for i in np.unravel_index(number, block.tensor.shape))
            cells.append(CellRef(frame.track, block.tensor.name, plane, row, column))
    return tuple(cells)


def _output(frame: TrackFrame, focus: Focus) -> int:
    """Whose weights or bias the gradient is of: the number of an output channel."""
    if focus.kind == "bias":
        return focus.cell[0]
    if isinstance(focus.spec, Linear):
        return frame.step.cell[1]
    return focus.cell[0] // _each(frame, focus)


def _each(frame: TrackFrame, focus: Focus) -> int:
    """How many channels a kernel has."""
    return int(frame.tensor(focus.target.removesuffix(".grad")).shape[1])


def _blocks(timeline: Timeline, frame: TrackFrame, grad: Tensor) -> tuple[Block, ...]:
    focus, track = frame.focus, timeline.lesson.tracks[frame.track]
    base = timeline.lesson.conventions.base
    if isinstance(focus.spec, Conv) and focus.kind == "weight":
        return _of_kernel(frame, grad, base)
    if isinstance(focus.spec, Conv) and focus.source.endswith(".spread"):
        return _of_map(frame, focus.spec, base)
    if isinstance(focus.spec, Linear) and focus.kind in ("weight", "input"):
        shape = flattened(track, focus.layer)
        return _of_row(frame, grad, shape, base) if focus.kind == "weight" else _of_line(frame, grad, shape)
    if isinstance(focus.spec, Flatten):
        source, target = frame.tensor(focus.source), frame.tensor(focus.target)
        line, across = line_of(source)
        return (
            Block(line, range(1), GRADIENT_Y, f"{source.shape[0]} values", 0.7, across),
            _tiles(bare(target), GRADIENT_X, "="),
        )
    shown = learning_shown(timeline, frame)
    joint = is_joint(focus) or isinstance(focus.spec, Back)
    signs = ("", *(["→" if joint else "·"] * (len(shown) - 2)), "→" if joint else "=")
    return tuple(
        Block(one.tensor, one.planes, one.title, one.detail, 1.0, one.across, sign=sign)
        for one, sign in zip(shown, signs, strict=False)
    )


def _of_kernel(frame: TrackFrame, grad: Tensor, base: int) -> tuple[Block, ...]:
    """``∂L/∂W[o, c] = x[c] ⋆ ∂L/∂y[o]``: the inputs, the gradient of one map, and that of its kernel."""
    focus = frame.focus
    assert isinstance(focus.spec, Conv)
    x, weights = frame.tensor(focus.source), frame.tensor(focus.target)
    each, output = _each(frame, focus), _output(frame, focus)
    first = output // (focus.spec.out_channels // focus.spec.groups) * each
    reads = range(first, first + each)[:MOST_CHANNELS]
    planes = range(output * each, (output + 1) * each)[:MOST_CHANNELS]
    tied = len(planes) > 1
    some = f", {len(reads)} of {x.shape[0]}" if len(reads) < x.shape[0] else ""
    of = f"of kernel {output + base}, " if weights.shape[0] > each else ""
    return (
        Block(x, reads, "Input x", size_words(x) + some, tied=tied),
        Block(bare(grad), range(output, output + 1), _numbered(GRADIENT_Y, grad, output + base), _plane_size(grad),
              sign="⋆"),
        Block(weights, planes, GRADIENT_W, f"{of}{weights.shape[1]}×{weights.shape[2]}", 0.8, tied=tied, sign="="),
    )  # fmt: skip


def _of_map(frame: TrackFrame, spec: Conv, base: int) -> tuple[Block, ...]:
    """``∂L/∂x[c] = Σ_o ∂L/∂y[o] ⋆ rot180(W[o, c])``: all gradients that came in, what each gives, and their sum."""
    focus = frame.focus
    delta, kernels, target = (frame.tensor(name) for name in (focus.source, focus.partner, focus.target))
    first, stop = focus.window.channels
    planes = range(first, stop)[:MOST_CHANNELS]
    own = range(stop - first)[:MOST_CHANNELS]
    tied, channel = len(planes) > 1, focus.cell[0]
    how = ", spread" if max(spec.stride) > 1 else ", bordered"
    how = "" if focus.brought else how  # no room beside what the shortcut brings
    turned = "as it stands" if spec.flipped else "turned by 180°"
    blocks = [
        Block(delta, planes, SHORT_Y, f"{size_words(delta)}{how}", tied=tied),
        Block(kernels, own, "Kernels" if tied else "Kernel", turned, 0.5, tied=tied, sign="⋆"),
    ]  # fmt: skip
    parts = _parts_of(frame, delta, kernels, target, spec) if tied else None
    if parts is not None:
        blocks.append(Block(parts, own, "Each by itself", "its part of the sum", tied=True, sign="="))
    if focus.brought:
        other = frame.tensor(focus.brought)
        way = Block(bare(other), range(channel, channel + 1), "By the shortcut", _plane_size(other))
        blocks.append(replace(way, sign="+" if parts is None else "Σ +"))
    result = Block(
        bare(target), range(channel, channel + 1), _numbered(SHORT_X, target, channel + base),
        _plane_size(target), sign="=" if parts is None or focus.brought else "Σ",
    )  # fmt: skip
    return (*blocks, result)


def _parts_of(frame: TrackFrame, delta: Tensor, kernels: Tensor, target: Tensor, spec: Conv) -> Tensor | None:
    """What each gradient gives by itself, without the border; None where padding is made of the picture."""
    focus = frame.focus
    first, stop = focus.window.channels
    count, plane = min(stop - first, MOST_CHANNELS), target.shape[1] * target.shape[2]
    rows, columns = target.shape[1:]
    top, left = target.pads.top, target.pads.left
    if spec.padding_mode != "zeros":
        return None

    def compute() -> NDArray[np.float64]:
        apart = Conv(count, spec.kernel_size, dilation=spec.dilation, groups=count)
        weights = Params(np.ascontiguousarray(kernels.values[:count, None]))
        whole = apply_layer(apart, weights, delta.values[first : first + count])
        out = np.ascontiguousarray(whole[:, top : top + rows, left : left + columns], dtype=np.float64)
        out.setflags(write=False)
        return out

    values = _parts.get(target.values, (focus.layer, focus.cell[0]), compute)
    if values.shape[1:] != target.shape[1:]:
        return None
    written = min(max(frame.step.written - focus.cell[0] * plane, 0), plane)
    return replace(
        target, name=f"{target.name}.parts", kind="partial", values=values, padded=values, pads=NO_PADS,
        written=written, span=_parts_span(values, target),
    )  # fmt: skip


def _parts_span(parts: NDArray[np.float64], target: Tensor) -> tuple[float, float]:
    """The range of the sum, so that like colours are like numbers; their own where nothing would be seen in that."""
    own = both_ways(parts)
    return own if own[1] < FAINT * target.span[1] else target.span


def _of_row(frame: TrackFrame, grad: Tensor, shape: tuple[int, int, int], base: int) -> tuple[Block, ...]:
    """``∂L/∂W[o] = ∂L/∂y[o]·x``: all inputs, the gradient of one output, and that of its weights, laid out like x."""
    focus = frame.focus
    output = frame.step.cell[1]
    before = next(t for t in frame.tensors if t.layer == focus.layer - 1 and t.kind in ("input", "map"))
    whole = frame.tensor(f"{grad.name.removesuffix('.grad')}.weight.grad")
    x = laid(before, before.values, 0, before.values, shape, "laid")
    row = laid(whole, whole.values, output, whole.values[0, output], shape, "row")
    count = row.values.size
    row = replace(row, written=min(max(whole.written - output * count, 0), count))
    line, across = line_of(grad)
    return (
        _tiles(x, "Inputs x"),
        Block(line, range(1), GRADIENT_Y, f"{grad.shape[0]} values", 0.5, across, sign="×"),
        _tiles(row, f"{GRADIENT_W} of output {output + base}", "="),
    )


def _of_line(frame: TrackFrame, grad: Tensor, shape: tuple[int, int, int]) -> tuple[Block, ...]:
    """``∂L/∂x[i] = Σ_o W[o, i]·∂L/∂y[o]``: the gradients, the weights of one input, and all sums, laid out like x."""
    focus = frame.focus
    target, weights = frame.tensor(focus.target), frame.tensor(focus.partner)
    one = focus.cell[0]
    column = np.ascontiguousarray(weights.values.reshape(grad.shape[0], -1)[:, one]).reshape(-1, 1, 1)
    column.setflags(write=False)
    own = replace(
        weights,
        name=f"{focus.partner}.column",
        values=column,
        padded=column,
        written=column.size,
        pads=NO_PADS,
    )
    done = laid(target, target.values, 0, target.values, shape, "laid")
    blocks = []
    for tensor, title, sign in ((grad, GRADIENT_Y, ""), (own, f"Weights of input {one}", "×")):
        line, across = line_of(tensor)
        blocks.append(Block(line, range(1), title, f"{column.size} values", 0.6, across, sign=sign))
    return (*blocks, _tiles(done, GRADIENT_X, "Σ"))


def gradient_runs(focus: Focus, hidden: bool, theme: Theme) -> list[Run]:
    """The sum of the cell at work in one line, and what comes by another way."""
    terms = focus.terms
    many = f"{terms.products.size} product" + ("s" if terms.products.size > 1 else "")
    added = "?" if hidden else small(float(terms.products.sum()))
    runs = [Run(f"{many}: Σ = {added}", theme.text)]
    if terms.bias is None:
        return [
            Run(f"{many}: Σ = ", theme.text),
            Run("?" if hidden else small(terms.total), theme.accent, Weight.BOLD),
        ]
    runs.append(Run(f"   + {bracketed(small(terms.bias))}{other_way(focus)}", theme.input))
    return [*runs, Run(f"   = {'?' if hidden else small(terms.total)}", theme.accent, Weight.BOLD)]


def _tiles(tensor: Tensor, title: str, sign: str = "") -> Block:
    """Numbers laid out as the maps that they came from, or in a line."""
    line, across = line_of(tensor)
    channels, rows, columns = tensor.shape
    size = f"{channels} of {rows}×{columns}" if rows * columns > 1 else f"{channels} values"
    planes = range(1) if across else range(channels)[:MOST_CHANNELS]
    return Block(line, planes, title, size, across=across, tied=len(planes) > 1, sign=sign)


def _numbered(title: str, tensor: Tensor, number: int) -> str:
    return f"{title}, map {number}" if tensor.shape[0] > 1 else title


def _plane_size(tensor: Tensor) -> str:
    return f"{tensor.shape[1]}×{tensor.shape[2]}"


def _with_power(block: Block) -> Block:
    """The block with the power of ten that its numbers share beside its size."""
    unit = power_text(power_of(block.tensor, block.planes))
    return replace(block, detail=f"{block.detail} {unit}") if unit and unit not in block.detail else block
