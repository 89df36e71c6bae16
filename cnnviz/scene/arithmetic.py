"""The arithmetic of one cell: its window, its kernel, their products and what they add up to, with the real numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply import needs_params
from cnnviz.engine.layers import MaxPool, Shape
from cnnviz.engine.specs import GlobalMaxPool, Linear, Softmax
from cnnviz.scene.arithmetic_print import Print, figures_of_block, print_of, size_in
from cnnviz.scene.block_sums import OF_BLOCK, block_sum
from cnnviz.scene.colors import colorise, diverging, greys
from cnnviz.scene.layout import READABLE
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import multiplies
from cnnviz.scene.powers import power_text
from cnnviz.scene.primitives import Align, Box, Color, Grid, Primitive, Ring, Run, Text, Weight
from cnnviz.scene.sums import Drawn, Progress, Style, conclusion, in_words, words_width
from cnnviz.timeline.frame import Focus, Terms

MOST_ABREAST = 8
"""So many numbers of a line stand beside one another."""

FEW = 5
"""So few stand in one row."""

COMFORTABLE = 1.6
"""In cells of so many sizes of small type numbers are read well."""

WORTH_IT = 1.25
"""For cells so much larger the sums of the rows stand beside the products alone."""

SMALL = 0.58
"""Numbers in type of less than so many sizes of small type are tiny."""

WORTH_DIGITS = 1.05
"""Where numbers are tiny for cells so much larger."""

LEAST_CELL = 6.0
"""Below this the products are told in words only."""


@dataclass(frozen=True, slots=True)
class Block:
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
    if isinstance(focus.spec, OF_BLOCK):
        return block_sum(focus, progress, area, style)
    if focus.terms.x.size <= 1 and not needs_params(focus.spec):
        return in_words(focus, progress, area, style)
    layout = drawn_layout(focus)
    blocks = _blocks(focus, layout, progress, style) if layout[1] * layout[2] else []
    drawn = draw_blocks(focus, blocks, progress, area, style)
    return drawn or in_words(focus, progress, area, style)


def draw_blocks(
    focus: Focus, blocks: list[Block], progress: Progress, area: Box, style: Style
) -> tuple[Primitive, ...]:
    """Blocks of numbers beside one another with what they add up to; nothing where there is no room for them."""
    if not blocks:
        return ()
    channels, rows, columns = blocks[0].values.shape
    gap, sign = style.small * 0.5, style.body * 1.6
    label = style.small * 1.6
    across = channels * columns

    def cell_beside(words: float) -> float:
        room = area.w - words - sign * len(blocks) - gap * (channels - 1) * len(blocks)
        return float(int(min((area.h - label) / rows, room / (across * len(blocks)), style.large * 1.35)))

    words, terse = words_width(focus, style), False
    beside = cell_beside(words)
    cramped, tiny = (
        beside < max(READABLE, style.small * COMFORTABLE),
        _smallest(blocks, beside) < style.small * SMALL,
    )
    if rows > 1 and (cramped or tiny):
        # Where the sums of the rows stand beside the products they need not be written out once more.
        shorter = words_width(focus, style, Drawn(terse=True))
        gain = WORTH_DIGITS if tiny else WORTH_IT
        terse = cell_beside(shorter) >= max(READABLE, style.small, beside * gain)
        terse = terse or (cramped and _crowded(blocks, across * beside + gap * (channels - 1) + sign, style))
        words = shorter if terse else words
    cell = cell_beside(words)
    if cell < LEAST_CELL:
        return ()
    width = across * cell + gap * (channels - 1)
    used = width * len(blocks) + sign * len(blocks) + words
    before, behind = (_beyond(block, width, style) for block in (blocks[0], blocks[-1]))
    x, top = round(max(area.x + (area.w - used) / 2, area.x + before)), round(area.y + label)
    out: list[Primitive] = []
    prints = [print_of(block.values, cell, style.small) for block in blocks]
    decimals = [one.decimals for one in prints]
    signs = ["→"] if len(blocks) == 2 else ["×", "=" if _multiplied(blocks, decimals) else "≈"]
    for n, block in enumerate(blocks):
        out += _draw_block(block, prints[n], x, top, cell, gap, label, progress.current, style)
        x = round(x + width)
        if n < len(blocks) - 1:
            at = Box(x, top, sign, rows * cell)
            out.append(
                Text(f"sum/sign/{n}", at, (Run(signs[n], style.theme.muted),), style.body, Align.CENTER)
            )
            x = round(x + sign)
    if _has_winner(focus) and progress.total:
        out.append(_winner(out, focus.terms, cell, style))
    right = Box(x, top, max(area.right - x, words), rows * cell)
    drawn = Drawn(decimals[-1] if blocks[-1].key == "p" else None, terse, area.bottom)
    out += conclusion(focus, progress, right, cell, style, behind, drawn)
    return tuple(out)


def _crowded(blocks: list[Block], step: float, style: Style) -> bool:
    """Whether labels of blocks whose middles are a step apart would touch."""
    wide = [width_of((Run(b.label, "", Weight.MEDIUM),), style.small) for b in blocks]
    return any((one + other) / 2 > step for one, other in pairwise(wide))


def _beyond(block: Block, width: float, style: Style) -> float:
    """How far the label of a narrow block reaches beyond it."""
    told = f"{block.label} {power_text(figures_of_block(block.values).power)}".strip()
    return max(0.0, (width_of((Run(told, "", Weight.MEDIUM),), style.small) - width) / 2)


def _has_winner(focus: Focus) -> bool:
    """Whether one of the values under the window makes the cell alone."""
    pooled = isinstance(focus.spec, MaxPool | GlobalMaxPool) and focus.kind == "forward"
    return pooled and focus.terms.winner is not None


def _smallest(blocks: list[Block], cell: float) -> float:
    """The size of type in which all digits of all numbers would fit their cells."""
    return min(size_in(cell, figures_of_block(block.values).characters) for block in blocks)


def _multiplied(blocks: list[Block], decimals: list[int]) -> bool:
    """Whether the digits shown of each pair give the digits shown of its product."""
    if len(blocks) < 3:
        return True
    x, w, p = (figures_of_block(block.values) for block in blocks)
    # In the unit of the products: what was cut off the factors is as large there as it looks.
    a, b, c = (block.values / 10.0**f.power for block, f in zip(blocks, (x, w, p), strict=True))
    unit = 10.0 ** (x.power + w.power - p.power)
    return multiplies(a, b, c, (decimals[0], decimals[1], decimals[2]), unit)


def drawn_layout(focus: Focus) -> Shape:
    """Channels, rows and columns in which the terms are drawn: numbers in a line stand in rows of at most 8."""
    if not isinstance(focus.spec, Linear | Softmax):
        return focus.terms.layout
    count = focus.terms.x.size
    whole = [n for n in range(1, min(count, MOST_ABREAST) + 1) if count % n == 0]
    # As near to a square as it comes, rather wide than high.
    columns = min(whole, key=lambda n: (abs(n - 1.5 * count / n), n)) if count > FEW else count
    return (1, count // columns, columns)


def _blocks(focus: Focus, shape: Shape, progress: Progress, style: Style) -> list[Block]:
    terms, theme = focus.terms, style.theme
    signed = diverging(theme)
    x = terms.x.reshape(shape)
    table = greys() if style.source_table == "grey" else signed
    blocks = [Block("x", "window", theme.input, x, colored(x, style.source_span, table), x.size)]
    if isinstance(focus.spec, Softmax):
        powers = terms.products.reshape(shape)
        colors = colored(powers, (-1.0, 1.0), signed)
        blocks.append(Block("p", "exp(z − max z)", theme.text, powers, colors, powers.size))
    elif needs_params(focus.spec):
        w, p = terms.w.reshape(shape), terms.products.reshape(shape)
        reach = float(np.abs(p).max()) or 1.0
        blocks += [
            Block("w", "kernel", theme.weight, w, colored(w, style.weight_span, signed), w.size),
            Block("p", "products", theme.text, p, colored(p, (-reach, reach), signed),
                   0 if progress.hide_products else progress.products),
        ]  # fmt: skip
    return blocks


def colored(
    values: NDArray[np.float64], span: tuple[float, float], table: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The colours of a block."""
    return colorise(values, span, table)


def _draw_block(
    block: Block,
    printed: Print,
    x: float,
    top: float,
    cell: float,
    gap: float,
    label: float,
    current: int | None,
    style: Style,
) -> list[Primitive]:
    channels, rows, columns = block.values.shape
    theme = style.theme
    power = figures_of_block(block.values).power
    width = channels * columns * cell + gap * (channels - 1)
    head = Box(x - 40, top - label, width + 80, label)
    runs = (Run(f"{block.label} {power_text(power)}".strip(), block.color, Weight.MEDIUM),)
    numbers = block.values / 10.0**power
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
                values=numbers[c],
                decimals=printed.decimals,
                text_size=printed.size,
                written=min(max(block.shown - c * rows * columns, 0), rows * columns),
                blank=theme.blank,
                line=theme.line,
            )
        )
        if current is not None and current // (rows * columns) == c:
            at = current % (rows * columns)
            left = x + c * (columns * cell + gap)
            out.append(_ring(f"sum/{block.key}/now", left, top, at, columns, cell, style))
    return out


def _ring(key: str, x: float, top: float, flat: int, columns: int, cell: float, style: Style) -> Ring:
    box = Box(x + flat % columns * cell, top + flat // columns * cell, cell, cell)
    return Ring(key, box, style.theme.accent, style.theme.outline, max(2.0, style.small / 7))


def _winner(out: list[Primitive], terms: Terms, cell: float, style: Style) -> Ring:
    """The outline of the largest value in its window."""
    grid = next(p for p in out if isinstance(p, Grid))
    return _ring("sum/winner", grid.box.x, grid.box.y, terms.winner or 0, terms.layout[2], cell, style)
