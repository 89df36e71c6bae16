"""The arithmetic of one cell of a loss, a gradient or an update, with the real numbers."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

import numpy as np

from cnnviz.engine.apply import ACTIVATIONS
from cnnviz.engine.layers import Conv
from cnnviz.engine.specs import Back, ConvTranspose, Flatten, Linear
from cnnviz.lesson.recipe import Recipe
from cnnviz.scene.arithmetic import Block, colored, draw_blocks
from cnnviz.scene.block_learning import is_joint, joint_line, other_way
from cnnviz.scene.colors import diverging, greys
from cnnviz.scene.learning_words import moved
from cnnviz.scene.letters import width_of
from cnnviz.scene.numbers import MINUS, bracketed, rate_text, small
from cnnviz.scene.plot_numbers import value_of
from cnnviz.scene.powers import total_text
from cnnviz.scene.primitives import Align, Box, Color, Primitive, Run, Text, Weight
from cnnviz.scene.sums import Progress, Style, in_words
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus

MOST_SQUARES = 64
"""Of more numbers than this the loss is told in words alone."""


def learning_arithmetic(
    focus: Focus, progress: Progress, recipe: Recipe, area: Box, style: Style
) -> tuple[Primitive, ...]:
    """Draw how the focused cell comes about inside the area."""
    runs = line_of(focus, recipe, style)
    if runs is not None:
        return _set(runs, focus, progress, area, style)
    drawn = draw_blocks(focus, _blocks(focus, recipe, progress, style), progress, area, style)
    return drawn or in_words(focus, progress, area, style)


def learning_in_words(
    focus: Focus, progress: Progress, recipe: Recipe, area: Box, style: Style
) -> tuple[Primitive, ...]:
    """The same as one line of text, where several tracks stand side by side."""
    runs = line_of(focus, recipe, style)
    if runs is not None:
        return _set(runs, focus, progress, area, style)
    return in_words(focus, progress, area, style)


def line_of(focus: Focus, recipe: Recipe, style: Style) -> tuple[Run, ...] | None:
    """A cell of one or two terms spelled out; None where its terms are better drawn."""
    terms, theme = focus.terms, style.theme
    x = [small(float(v)) for v in terms.x[:2]]
    if focus.kind in ("update", "update-bias"):
        return (
            _run(_printed(focus)[0][0], theme.weight), Run(f" {MINUS} {rate_text(recipe.rate)} × ", theme.muted),
            _run(bracketed(_printed(focus)[0][1]), theme.text),
        )  # fmt: skip
    if focus.kind == "error":
        x = _printed(focus)[0]
        pair = (
            Run(x[0], theme.text, Weight.BOLD),
            Run(f" {MINUS} ", theme.muted),
            _run(bracketed(x[1]), theme.input),
        )
        if recipe.loss == "cross_entropy":
            return pair
        share = "2" if recipe.reduction == "sum" else f"2/{round(2 / float(terms.w[0]))}"
        return (Run(f"{share} · (", theme.muted), *pair, Run(")", theme.muted))
    if focus.kind == "loss" and terms.w.size == 1:
        return (Run("(ŷ − y)² = ", theme.muted), _run(f"{bracketed(x[0])}²", theme.text))
    if focus.kind == "loss":
        return None
    if is_joint(focus):
        return joint_line(focus, theme)
    if terms.x.size == 1:
        names, colors = _pair(focus, style)
        if names[1] == "1" and terms.bias is None:
            return (Run("δ", theme.text),)
        w = small(float(terms.w[0]))
        return (
            Run(f"{names[0]} · {names[1]} = ", theme.muted), _run(x[0], colors[0]), Run(" × ", theme.muted),
            _run(bracketed(w), colors[1]), *_by_other_way(focus, theme),
        )  # fmt: skip
    if not terms.x.size:
        return (Run("no output looks here", theme.muted),)
    return None


def _by_other_way(focus: Focus, theme: Theme) -> tuple[Run, ...]:
    """What is added to a product where two ways of a block meet."""
    if focus.terms.bias is None:
        return ()
    brought = bracketed(small(focus.terms.bias))
    return (Run(" + ", theme.muted), _run(brought, theme.text), Run(other_way(focus), theme.muted))


def _pair(focus: Focus, style: Style) -> tuple[tuple[str, str], tuple[Color, Color]]:
    """What the two factors of a product are called, and their colours."""
    theme = style.theme
    if focus.kind == "weight":
        laid = isinstance(focus.spec, ConvTranspose)
        return (("δ", "X"), (theme.text, theme.input)) if laid else (("X", "δ"), (theme.input, theme.text))
    second = "1"
    if focus.kind == "input":
        if focus.partner.endswith(".turned"):
            second = "W" if isinstance(focus.spec, Conv) and focus.spec.flipped else "W turned"
        elif isinstance(focus.spec, Linear | Conv | ConvTranspose):
            second = "W"
        else:
            gate = isinstance(focus.spec, ACTIVATIONS) or focus.terms.layout[0] > 1
            second = "1" if isinstance(focus.spec, Flatten | Back) else ("slope" if gate else "share")
    return ("δ", second), (theme.text, theme.weight)


def _blocks(focus: Focus, recipe: Recipe, progress: Progress, style: Style) -> list[Block]:
    terms, theme = focus.terms, style.theme
    if not terms.layout[1] * terms.layout[2] or (terms.x.size > MOST_SQUARES and focus.kind == "loss"):
        return []
    signed = diverging(theme)
    shape = _drawn(focus)
    x, p = terms.x.reshape(shape), terms.products.reshape(shape)
    names, colors = _pair(focus, style)
    reach = float(np.abs(p[np.isfinite(p)]).max(initial=0.0)) or 1.0
    products = 0 if progress.hide_products else progress.products
    if focus.kind == "loss":
        crossed = recipe.loss == "cross_entropy"
        label, last = ("z", "exp(z − max z)") if crossed else ("ŷ − y", _squares(recipe, p.size))
        shown = p.size if crossed else products
        return [
            Block("x", label, theme.text, x, colored(x, style.source_span, signed), x.size),
            Block("p", last, theme.text, p, colored(p, (-reach, reach), signed), shown),
        ]  # fmt: skip
    table = greys() if style.source_table == "grey" else signed
    first = Block("x", names[0], colors[0], x, colored(x, style.source_span, table), x.size)
    if focus.kind == "bias":
        return [first]
    w = terms.w.reshape(shape)
    return [
        first,
        Block("w", names[1], colors[1], w, colored(w, style.weight_span, signed), w.size),
        Block("p", "products", theme.text, p, colored(p, (-reach, reach), signed), products),
    ]


def _drawn(focus: Focus) -> tuple[int, int, int]:
    """Numbers in a line stand beside one another, in rows where they are many."""
    channels, rows, columns = focus.terms.layout
    if rows * columns > 1 or channels == 1:
        return (channels, rows, columns)
    across = next((n for n in range(min(8, channels), 0, -1) if channels % n == 0), channels)
    return (1, channels // across, across)


def _squares(recipe: Recipe, count: int) -> str:
    return "squares" if recipe.reduction == "sum" else f"squares / {count}"


def _set(
    runs: tuple[Run, ...], focus: Focus, progress: Progress, area: Box, style: Style
) -> tuple[Primitive, ...]:
    """A line with its result; where there is little room without what the factors are called."""
    known = progress.total and not progress.hide_total
    factors, printed = _printed(focus)
    sign = " = " if _holds(focus, factors, printed) else " ≈ "
    result = Run(f"{sign}{printed if known else '?'}", style.theme.output, Weight.BOLD)
    h = style.large * 1.6
    box = Box(area.x, area.cy - h / 2, area.w, h)
    if width_of((*runs, result), style.body) > area.w and runs[0].text.endswith("= "):
        runs = runs[1:]
    if width_of((*runs, result), style.small * 0.75) > area.w:
        runs = ()  # numbers too long to be told: the result alone
    size = min(style.large, area.w / max(1e-9, width_of((*runs, result), 1.0)))
    return (Text("sum/total", box, (*runs, result), size, Align.CENTER),)


def _printed(focus: Focus) -> tuple[list[str], str]:
    """The numbers that are added, or the first factors, and the total, as they are printed."""
    terms = focus.terms
    if focus.kind in ("update", "update-bias"):
        old, new = moved(float(terms.x[0]), terms.total)
        return [old, small(float(terms.x[1]))], new
    if focus.kind == "error":
        return list(moved(float(terms.x[0]), float(terms.x[1]))), total_text(focus)
    return [small(float(v)) for v in terms.x], total_text(focus)


def _holds(focus: Focus, factors: list[str], printed: str) -> bool:
    """Whether the digits shown of the factors give the digits shown of the total."""
    known = focus.kind in ("update", "update-bias", "error")  # −η, 1 and 2 are what they are
    w = [float(v) if known else value_of(small(float(v))) for v in focus.terms.w]
    bias = 0.0 if focus.terms.bias is None else value_of(small(focus.terms.bias))
    numbers = [*(value_of(text) for text in factors), *w, value_of(printed) - bias]
    if not all(isfinite(number) for number in numbers):
        return False
    # In decimals, as a reader would add them: a step far below the digits shown is no exact one.
    x, by, shown = ([Decimal(repr(n)) for n in part] for part in (numbers[: len(w)], w, numbers[-1:]))
    return sum(a * b for a, b in zip(x, by, strict=True)) == shown[0]


def _run(text: str, color: Color) -> Run:
    return Run(text, color, Weight.BOLD)
