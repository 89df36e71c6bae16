"""The arithmetic of one cell: its window, its kernel, their products and what they add up to, with the real numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.scene.colors import colorise, diverging, greys
from cnnviz.scene.maps import figures, text_size
from cnnviz.scene.numbers import adds_up, decimals_needed, number
from cnnviz.scene.primitives import Align, Box, Color, Grid, Primitive, Ring, Run, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, Terms

LEAST_CELL = 6.0
"""Below this the products are told in words only."""

MOST_TERMS = 9
"""So many numbers are written out in a line of text."""


MOST_CHARACTERS = 36
"""Longer lines of numbers are summed up in words."""


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes of type and colours for the arithmetic."""

    theme: Theme
    small: float
    body: float
    large: float
    source_table: str
    """"grey" or "signed": how the values under the window are coloured."""
    source_span: tuple[float, float]
    weight_span: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the cell is: products shown, whether the total is known, what is hidden from the audience."""

    products: int
    total: bool
    hide_products: bool = False
    hide_total: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """Some planes of numbers side by side, with a label above."""

    key: str
    label: str
    color: Color
    values: NDArray[np.float64]
    """(channels, rows, columns)"""
    image: NDArray[np.uint8]
    shown: int


def arithmetic(focus: Focus, progress: Progress, area: Box, style: Style) -> tuple[Primitive, ...]:
    """Draw how the focused cell comes about inside the area; the patch has the key ``sum/x`` for the loupe's lines."""
    if isinstance(focus.spec, Relu):
        return _words(focus, progress, area, style)
    blocks = _blocks(focus, progress, style)
    channels, rows, columns = focus.terms.layout
    gap, sign = style.small * 0.5, style.body * 1.6
    label = style.small * 1.6
    words = _words_width(focus, progress, style)
    across = channels * columns
    room = area.w - words - sign * len(blocks) - gap * (channels - 1) * len(blocks)
    cell = float(int(min((area.h - label) / rows, room / (across * len(blocks)), style.large * 1.35)))
    if cell < LEAST_CELL:
        return _words(focus, progress, area, style)
    width = across * cell + gap * (channels - 1)
    used = width * len(blocks) + sign * len(blocks) + words
    x, top = round(area.x + (area.w - used) / 2), round(area.y + label)
    out: list[Primitive] = []
    signs = ["×", "="]
    for n, block in enumerate(blocks):
        out += _draw_block(block, x, top, cell, gap, label, style)
        x = round(x + width)
        if n < len(blocks) - 1:
            at = Box(x, top, sign, rows * cell)
            out.append(
                Text(f"sum/sign/{n}", at, (Run(signs[n], style.theme.muted),), style.body, Align.CENTER)
            )
            x = round(x + sign)
    if isinstance(focus.spec, MaxPool) and focus.terms.winner is not None and progress.total:
        out.append(_winner(out, focus.terms, cell, style))
    right = Box(x, top, max(area.right - x, words), rows * cell)
    out += _conclusion(focus, progress, right, cell, style)
    return tuple(out)


def _blocks(focus: Focus, progress: Progress, style: Style) -> list[_Block]:
    terms, theme = focus.terms, style.theme
    shape = terms.layout
    signed = diverging(theme)
    x = terms.x.reshape(shape)
    table = greys() if style.source_table == "grey" else signed
    blocks = [_Block("x", "window", theme.input, x, _colored(x, style.source_span, table), x.size)]
    if isinstance(focus.spec, Conv):
        w, p = terms.w.reshape(shape), terms.products.reshape(shape)
        reach = float(np.abs(p).max()) or 1.0
        blocks += [
            _Block("w", "kernel", theme.weight, w, _colored(w, style.weight_span, signed), w.size),
            _Block("p", "products", theme.text, p, _colored(p, (-reach, reach), signed),
                   0 if progress.hide_products else progress.products),
        ]  # fmt: skip
    return blocks


def _colored(
    values: NDArray[np.float64], span: tuple[float, float], table: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    return colorise(values, span, table)


def _draw_block(
    block: _Block, x: float, top: float, cell: float, gap: float, label: float, style: Style
) -> list[Primitive]:
    channels, rows, columns = block.values.shape
    theme = style.theme
    printed = figures(np.where(np.isfinite(block.values), block.values, 0.0))
    width = channels * columns * cell + gap * (channels - 1)
    head = Box(x - 40, top - label, width + 80, label)
    runs = (Run(block.label, block.color, Weight.MEDIUM),)
    out: list[Primitive] = [Text(f"sum/{block.key}/label", head, runs, style.small, Align.CENTER)]
    for c in range(channels):
        out.append(
            Grid(
                key=f"sum/{block.key}/{c}",
                box=Box(x + c * (columns * cell + gap), top, columns * cell, rows * cell),
                origin=(x + c * (columns * cell + gap), top),
                cell=cell,
                image=block.image[c],
                ref=(f"0/sum.{block.key}", c, 0, 0),
                values=block.values[c],
                decimals=printed.decimals,
                text_size=text_size(cell, printed.characters),
                written=min(max(block.shown - c * rows * columns, 0), rows * columns),
                blank=theme.blank,
                line=theme.line,
            )
        )
        if 0 < block.shown < block.values.size and (block.shown - 1) // (rows * columns) == c:
            at = (block.shown - 1) % (rows * columns)
            out.append(
                _ring(f"sum/{block.key}/now", x + c * (columns * cell + gap), top, at, columns, cell, style)
            )
    return out


def _ring(key: str, x: float, top: float, flat: int, columns: int, cell: float, style: Style) -> Ring:
    box = Box(x + flat % columns * cell, top + flat // columns * cell, cell, cell)
    return Ring(key, box, style.theme.accent, style.theme.outline, max(2.0, style.small / 7))


def _winner(out: list[Primitive], terms: Terms, cell: float, style: Style) -> Ring:
    """The outline of the largest value in its window."""
    grid = next(p for p in out if isinstance(p, Grid))
    return _ring("sum/winner", grid.box.x, grid.box.y, terms.winner or 0, terms.layout[2], cell, style)


def _conclusion(focus: Focus, progress: Progress, box: Box, cell: float, style: Style) -> list[Primitive]:
    """Row sums beside the products, and the total."""
    terms, theme = focus.terms, style.theme
    out: list[Primitive] = []
    left = box.x
    rows = terms.layout[1]
    if isinstance(focus.spec, Conv) and 1 < rows <= 7 and cell >= style.small:
        sums = terms.products.reshape(terms.layout).sum(axis=(0, 2))
        decimals = decimals_needed(sums)
        wide = style.small * (1.5 + 0.64 * max(len(number(float(s), decimals)) for s in sums))
        done = progress.products == terms.products.size and not progress.hide_products
        head = Box(
            left - style.small * 2, box.y - style.small * 1.6, wide + style.small * 4.6, style.small * 1.6
        )
        out.append(
            Text(
                "sum/row/label",
                head,
                (Run("row sums", theme.muted, Weight.MEDIUM),),
                style.small,
                Align.CENTER,
            )
        )
        for r, value in enumerate(sums):
            text = number(float(value), decimals) if done else ""
            at = Box(left + style.small * 0.6, box.y + r * cell, wide, cell)
            out.append(Text(f"sum/row/{r}", at, (Run(text, theme.muted),), style.small * 1.1, Align.RIGHT))
        left += wide + style.small * 1.2
    first, second = _lines(focus, progress, style)
    room = box.right - left - style.small
    h = style.body * 1.5
    y = box.cy - (h + style.large * 1.4) / 2
    out.append(Text("sum/line", Box(left + style.small, y, room, h), first, style.body * 0.9))
    out.append(
        Text("sum/total", Box(left + style.small, y + h, room, style.large * 1.4), second, style.large)
    )
    return out


def _words_width(focus: Focus, progress: Progress, style: Style) -> float:
    """About the room that the row sums and the lines need, the same for all cells of a map as far as possible."""
    first, second = _lines(focus, Progress(focus.terms.products.size, True), style)
    line = max(
        sum(len(r.text) for r in first) * style.body * 0.9, sum(len(r.text) for r in second) * style.large
    )
    rows = style.small * 8 if isinstance(focus.spec, Conv) else style.small
    return max(line * 0.6, style.body * 7) + rows


def _lines(focus: Focus, progress: Progress, style: Style) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The sum in a line, and its result."""
    terms, theme = focus.terms, style.theme
    parts, head = _parts(focus)
    decimals = max(decimals_needed(parts), decimals_needed([terms.total]))
    products = terms.products if terms.products.size else terms.x
    printed = max(decimals_needed(products), decimals_needed([terms.total]))
    exact = _exact(focus, parts, printed, decimals)
    sign = "= " if exact else "≈ "
    known = progress.total and not progress.hide_total
    total = Run(
        sign + (number(terms.total, decimals_needed([terms.total])) if known else "?"),
        theme.output,
        Weight.BOLD,
    )
    if isinstance(focus.spec, Conv) and (progress.products < terms.products.size or progress.hide_products):
        return (Run(f"{progress.products} of {terms.products.size} products", theme.muted),), (
            Run("= ?", theme.muted, Weight.BOLD),
        )
    if len(parts) > MOST_TERMS or len(parts) * len(number(max(parts, key=abs), decimals)) > MOST_CHARACTERS:
        line = (
            f"sum of {products.size:,} products"
            if isinstance(focus.spec, Conv)
            else f"{products.size:,} values"
        )
        runs: tuple[Run, ...] = (Run(line, theme.text),)
    else:
        runs = _joined(parts, decimals, head, focus, style)
    if terms.bias is not None:
        runs += (
            Run(_signed(terms.bias, decimals_needed([terms.bias])), theme.weight),
            Run(" bias", theme.muted),
        )
    return runs, (total,)


def _exact(focus: Focus, parts: list[float], printed: int, decimals: int) -> bool:
    """Whether the digits shown add up to the total shown."""
    terms = focus.terms
    bias = [] if terms.bias is None else [terms.bias]
    match focus.spec:
        case Conv():
            return adds_up([*terms.products, *bias], terms.total, printed) and adds_up(
                [*parts, *bias], terms.total, decimals
            )
        case AvgPool():
            count = round(1.0 / float(terms.w[0]))
            shown = sum(round(v, decimals) for v in parts) / count
            return abs(shown - round(terms.total, decimals_needed([terms.total]))) < 1e-9 * max(
                1.0, abs(shown)
            )
        case _:
            return True


def _parts(focus: Focus) -> tuple[list[float], str]:
    """The numbers that the line shows: the row sums of a convolution, the values of a pooling window."""
    terms = focus.terms
    if isinstance(focus.spec, Conv):
        return [float(v) for v in terms.products.reshape(terms.layout).sum(axis=(0, 2))], ""
    return [float(v) for v in terms.x], "max" if isinstance(focus.spec, MaxPool) else "mean"


def _joined(parts: list[float], decimals: int, head: str, focus: Focus, style: Style) -> tuple[Run, ...]:
    theme = style.theme
    if head == "max":
        inside = ", ".join(number(v, decimals) for v in parts)
        return (Run("max(", theme.muted), Run(inside, theme.text), Run(")", theme.muted))
    texts = [number(parts[0], decimals), *(_signed(v, decimals).strip(" ") for v in parts[1:])]
    line = " ".join(texts)
    if head == "mean":
        count = round(1.0 / float(focus.terms.w[0]))
        return (Run("(", theme.muted), Run(line, theme.text), Run(f") / {count}", theme.muted))
    return (Run(line, theme.text),)


def _signed(value: float, decimals: int) -> str:
    text = number(value, decimals)
    return f" − {text[1:]}" if text.startswith("−") else f" + {text}"


def _words(focus: Focus, progress: Progress, area: Box, style: Style) -> tuple[Primitive, ...]:
    """The arithmetic as one line of text: for ReLU, and where the window is too large to be drawn."""
    terms, theme = focus.terms, style.theme
    known = progress.total and not progress.hide_total
    total = Run(
        f" = {number(terms.total, decimals_needed([terms.total])) if known else '?'}",
        theme.output,
        Weight.BOLD,
    )
    if isinstance(focus.spec, Relu):
        x = number(float(terms.x[0]), decimals_needed(terms.x))
        runs: tuple[Run, ...] = (
            Run("max(0, ", theme.muted),
            Run(x, theme.input, Weight.BOLD),
            Run(")", theme.muted),
            total,
        )
    else:
        runs = (Run(f"sum of {terms.x.size:,} products", theme.text), total)
    h = style.large * 1.6
    return (Text("sum/total", Box(area.x, area.cy - h / 2, area.w, h), runs, style.large, Align.CENTER),)
