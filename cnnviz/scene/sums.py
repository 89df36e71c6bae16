"""What the products of a cell add up to: row sums, the sum in a line, and its total, with ≈ where digits demand it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from cnnviz.engine.apply import needs_params
from cnnviz.engine.layers import AvgPool, MaxPool, Relu
from cnnviz.engine.specs import Flatten, GlobalAvgPool, GlobalMaxPool, Linear, Softmax
from cnnviz.scene.activation_names import spelled
from cnnviz.scene.block_learning import other_way
from cnnviz.scene.letters import width_of
from cnnviz.scene.maps import figures
from cnnviz.scene.numbers import adds_up, as_shown, decimals_needed, number, small
from cnnviz.scene.plot_numbers import value_of
from cnnviz.scene.powers import in_unit, total_text
from cnnviz.scene.primitives import Align, Box, Primitive, Run, Text, Weight
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus

MOST_TERMS = 9
"""So many numbers are written out in a line of text."""

MOST_CHARACTERS = 36
"""Longer lines of numbers are summed up in words."""

SHORT_LINE = 18
"""So many characters of numbers stand in the one line that a sum has beside others."""

MOST_ROWS = 7
"""So many sums of rows stand beside the products."""

ROW_LABEL = 4.8
"""The width of the words "row sums" or "products", in sizes of their type."""


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
    by_channel: bool = False
    """Whether a sum over several channels is told channel by channel rather than row by row."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the cell is: products shown, whether the total is known, what is hidden from the audience.

    ``current`` is the product that is made in this step, if one is.
    """

    products: int
    total: bool
    current: int | None = None
    hide_products: bool = False
    hide_total: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the products of a sum are drawn beside its words.

    ``decimals`` are those of the products, where they are not as many as they need; ``terse`` says that there is no
    room to write out the sums of their rows a second time, ``foot`` where the room for all of it ends.
    """

    decimals: int | None = None
    terse: bool = False
    foot: float = inf


def is_sum(focus: Focus) -> bool:
    """Whether a cell is a sum of products: what weights make, and all gradients and updates."""
    return needs_params(focus.spec) if focus.kind == "forward" else focus.terms.w.size > 0


def conclusion(
    focus: Focus,
    progress: Progress,
    box: Box,
    cell: float,
    style: Style,
    beyond: float = 0.0,
    drawn: Drawn = Drawn(),
) -> list[Primitive]:
    """Row sums beside the products, whose label reaches so far beyond them, and the total."""
    first, second = _lines(focus, progress, style, drawn)
    (scaled, unit), theme = in_unit(focus), style.theme
    terms = scaled.terms
    out: list[Primitive] = []
    left = box.x
    rows = terms.layout[1]
    by_channel = style.by_channel and terms.layout[0] > 1
    if is_sum(focus) and not by_channel and 1 < rows <= MOST_ROWS and cell >= style.small:
        sums = terms.products.reshape(terms.layout).sum(axis=(0, 2))
        decimals = decimals_needed(sums)
        figures = max(len(number(float(s), decimals)) for s in sums)
        wide = style.small * max(1.5 + 0.64 * figures, ROW_LABEL + 0.5 * len(unit))
        # The label of narrow products reaches beyond them.
        across = terms.layout[0] * terms.layout[2] * cell
        left += style.small * 0.6 + max((style.small * ROW_LABEL - across) / 2, beyond, 0.0)
        done = progress.products == terms.products.size and not progress.hide_products
        head = Box(left, box.y - style.small * 1.6, wide, style.small * 1.6)
        label = (Run(f"row sums {unit}".strip(), theme.muted, Weight.MEDIUM),)
        out.append(Text("sum/row/label", head, label, style.small, Align.RIGHT))
        for r, value in enumerate(sums):
            text = number(float(value), decimals) if done else ""
            at = Box(left, box.y + r * cell, wide, cell)
            out.append(Text(f"sum/row/{r}", at, (Run(text, theme.muted),), style.small * 1.1, Align.RIGHT))
        left += wide + style.small * 0.6
    else:
        left += beyond
    room = box.right - left - style.small
    h = style.body * 1.5
    high = h + style.large * 1.4
    y = max(min(box.cy - high / 2, drawn.foot - high), box.y - style.small * 1.6)
    out.append(Text("sum/line", Box(left + style.small, y, room, h), first, style.body * 0.9))
    out.append(
        Text("sum/total", Box(left + style.small, y + h, room, style.large * 1.4), second, style.large)
    )
    return out


def words_width(focus: Focus, style: Style, drawn: Drawn = Drawn()) -> float:
    """About the room that the row sums and the lines need, the same for all cells of a map as far as possible."""
    first, second = _lines(focus, Progress(focus.terms.products.size, True), style, drawn)
    line = max(
        sum(len(r.text) for r in first) * style.body * 0.9, sum(len(r.text) for r in second) * style.large
    )
    if focus.kind != "forward" and focus.terms.bias is not None:  # words are narrower than as many figures
        line = width_of(first, style.body * 0.9) / 0.6
    by_channel = style.by_channel and focus.terms.layout[0] > 1
    listed = is_sum(focus) and not by_channel and 1 < focus.terms.layout[1] <= MOST_ROWS
    rows = style.small * (8.5 if listed else 1.0 if not is_sum(focus) else 3.0)
    return max(line * 0.6, style.body * 7) + rows


def _lines(
    focus: Focus, progress: Progress, style: Style, drawn: Drawn
) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The sum in a line, and its result, in the power of ten that small numbers share."""
    focus, unit = in_unit(focus)
    terms, theme = focus.terms, style.theme
    parts, head = _parts(focus, style.by_channel)
    decimals = _decimals_of_line(parts, terms.bias)
    products = terms.products if terms.products.size else terms.x
    listed = len(parts) <= MOST_TERMS and len(parts) * _longest(parts, decimals) <= MOST_CHARACTERS
    listed = listed and not drawn.terse
    exact = _exact(focus, parts if listed or terms.layout[1] <= MOST_ROWS else [], decimals, drawn.decimals)
    sign = "= " if exact else "≈ "
    known = progress.total and not progress.hide_total
    told = _told(focus, decimals) if head == "max" else total_text(focus)
    total = Run(sign + (told if known else "?") + unit, theme.output, Weight.BOLD)
    if is_sum(focus) and (progress.products < terms.products.size or progress.hide_products):
        return (Run(f"{progress.products} of {terms.products.size} products", theme.muted),), (
            Run("= ?", theme.muted, Weight.BOLD),
        )
    if not listed:
        line = f"sum of {products.size:,} products" if is_sum(focus) else f"{products.size:,} values"
        runs: tuple[Run, ...] = (Run(line, theme.text),)
    else:
        runs = _joined(parts, decimals, head, focus, style)
    if terms.bias is not None:
        runs += (
            Run(
                _signed(terms.bias, decimals if listed else decimals_needed([terms.bias]))
                + ("" if listed else unit),
                theme.weight,
            ),
            Run(other_way(focus), theme.muted),
        )
    return (_in_brackets(runs, unit, theme) if listed else runs), (total,)


def _in_brackets(runs: tuple[Run, ...], unit: str, theme: Theme) -> tuple[Run, ...]:
    """Numbers that stand in one unit, with it behind them."""
    return (Run("(", theme.muted), *runs, Run(f"){unit}", theme.muted)) if unit else runs


def _decimals_of_line(parts: list[float], bias: float | None) -> int:
    """The decimals of all numbers that are added in one line."""
    return decimals_needed([*parts, bias or 0.0])


def _told(focus: Focus, decimals: int) -> str:
    """The total with the decimals of the line that it stands in, as far as these say the same."""
    own, like = total_text(focus), number(focus.terms.total, decimals)
    return like if len(like) > len(own) and value_of(like) == value_of(own) else own


def _longest(parts: list[float], decimals: int) -> int:
    return max(len(number(part, decimals)) for part in parts)


def _exact(focus: Focus, parts: list[float], decimals: int, of_products: int | None = None) -> bool:
    """Whether the digits shown give the total shown: the products, and the parts that are listed."""
    terms, told = focus.terms, value_of(total_text(focus))
    printed = figures(terms.products).decimals if of_products is None else of_products
    if focus.kind != "forward":
        other = terms.bias or 0.0
        return is_sum(focus) and adds_up(terms.products, terms.total, printed, other, told) and (
            not parts or adds_up(parts, terms.total, decimals, other, told)
        )  # fmt: skip
    match focus.spec:
        case AvgPool() | GlobalAvgPool():
            total = told * round(1.0 / float(terms.w[0]))
            return bool(abs(as_shown(terms.x, decimals).sum() - total) <= 1e-9 * max(1.0, abs(total)))
        case Softmax():
            return False  # exponentials have no end of digits
    if not is_sum(focus):
        return True
    bias = terms.bias or 0.0
    return adds_up(terms.products, terms.total, printed, bias, told) and (
        not parts or adds_up(parts, terms.total, decimals, bias, told)
    )


def _parts(focus: Focus, by_channel: bool = False) -> tuple[list[float], str]:
    """The numbers that the line shows: the row or channel sums of a convolution, the values of a pooling window."""
    terms = focus.terms
    if focus.kind != "forward":
        return _parts_back(focus)
    match focus.spec:
        case Linear():
            return [float(v) for v in terms.products], ""
        case MaxPool() | GlobalMaxPool():
            return [float(v) for v in terms.x], "max"
        case AvgPool() | GlobalAvgPool():
            return [float(v) for v in terms.x], "mean"
        case Softmax():
            return [float(v) for v in terms.products], "share"
    axes = (1, 2) if by_channel and terms.layout[0] > 1 else (0, 2)
    return [float(v) for v in terms.products.reshape(terms.layout).sum(axis=axes)] or [0.0], ""


def _parts_back(focus: Focus) -> tuple[list[float], str]:
    """The products of a gradient, by rows where they stand in several; of a cross-entropy the powers."""
    terms = focus.terms
    if not is_sum(focus):
        return [float(v) for v in terms.products], "log"
    if terms.layout[1] > 1:
        return [float(v) for v in terms.products.reshape(terms.layout).sum(axis=(0, 2))], ""
    return [float(v) for v in terms.products.ravel()] or [0.0], ""


def _joined(parts: list[float], decimals: int, head: str, focus: Focus, style: Style) -> tuple[Run, ...]:
    theme = style.theme
    if head == "max":
        inside = ", ".join(number(v, decimals) for v in parts)
        return (Run("max(", theme.muted), Run(inside, theme.text), Run(")", theme.muted))
    texts = [number(parts[0], decimals), *(_signed(v, decimals).strip(" ") for v in parts[1:])]
    line = " ".join(texts)
    if head == "log":
        own = number(float(focus.terms.products[focus.terms.winner or 0]), decimals)
        return (
            Run("−log( ", theme.muted),
            Run(own, theme.text, Weight.MEDIUM),
            Run(" / (", theme.muted),
            Run(line, theme.text),
            Run(") )", theme.muted),
        )
    if head == "share":
        own = number(float(focus.terms.products[focus.terms.winner or 0]), decimals)
        return (
            Run(own, theme.text, Weight.MEDIUM),
            Run(" / (", theme.muted),
            Run(line, theme.text),
            Run(")", theme.muted),
        )
    if head == "mean":
        count = round(1.0 / float(focus.terms.w[0]))
        return (Run("(", theme.muted), Run(line, theme.text), Run(f") / {count}", theme.muted))
    return (Run(line, theme.text),)


def _signed(value: float, decimals: int) -> str:
    text = number(value, decimals)
    return f" − {text[1:]}" if text.startswith("−") else f" + {text}"


def in_words(focus: Focus, progress: Progress, area: Box, style: Style) -> tuple[Primitive, ...]:
    """The arithmetic as one line of text: for what acts on single numbers, and where a window is too large to draw."""
    theme, known = style.theme, progress.total and not progress.hide_total
    alone = focus.kind == "forward" and focus.terms.x.size == 1 and not is_sum(focus)
    focus, unit = (focus, "") if alone else in_unit(focus)
    terms, printed = focus.terms, total_text(focus)
    if alone:
        x = small(float(terms.x[0]))
        before, after = spelled(focus.spec, float(terms.x[0]), focus.cell[0])
        exact = isinstance(focus.spec, Relu | Flatten) or _digits_hold(focus, x, printed)
        runs: tuple[Run, ...] = (
            Run(before, theme.muted),
            Run(x, theme.input, Weight.BOLD),
            Run(after, theme.muted),
        )
    elif (line := _short_line(focus, progress, style)) is not None and _fits(line[0], printed, area, style):
        runs, exact, printed = line
        runs = _in_brackets(runs, unit, theme) if len(runs) and "products" not in runs[0].text else runs
    else:
        _, head = _parts(focus)
        what = {"max": "largest", "mean": "mean", "share": "share"}.get(head, "sum")
        counted = "products" if head == "" else "values"
        # Where no parts are shown the total alone must be what it says.
        exact = abs(value_of(printed) - terms.total) <= 1e-9 * max(1.0, abs(terms.total))
        runs = (Run(f"{what} of {terms.x.size:,} {counted}", theme.text),)
        if terms.bias:
            runs += (
                Run(_signed(terms.bias, decimals_needed([terms.bias])), theme.weight),
                Run(other_way(focus), theme.muted),
            )
        if not _fits(runs, printed, area, style):
            runs = ()
    sign = " = " if exact else " ≈ "
    total = Run(f"{sign}{printed if known else '?'}{unit}", theme.output, Weight.BOLD)
    h = style.large * 1.6
    size = max(style.body, min(style.large, area.w / max(1.0, _wide(runs, printed + unit, 1.0))))
    return (Text("sum/total", Box(area.x, area.cy - h / 2, area.w, h), (*runs, total), size, Align.CENTER),)


def _fits(runs: tuple[Run, ...], printed: str, area: Box, style: Style) -> bool:
    """Whether a line and its result can be set in the type of the body."""
    return _wide(runs, printed, style.body) <= area.w


def _wide(runs: tuple[Run, ...], printed: str, size: float) -> float:
    """How wide a line and its result are."""
    return width_of((*runs, Run(f" = {printed}", "", Weight.BOLD)), size)


def _short_line(focus: Focus, progress: Progress, style: Style) -> tuple[tuple[Run, ...], bool, str] | None:
    """The numbers that give the total, whether their digits give it, and it as printed; None where they are many."""
    if is_sum(focus) and (progress.products < focus.terms.products.size or progress.hide_products):
        return (
            (Run(f"{progress.products} of {focus.terms.products.size} products", style.theme.muted),),
            True,
            total_text(focus),
        )
    parts, head = _parts(focus, style.by_channel)
    decimals = _decimals_of_line(parts, focus.terms.bias)
    if len(parts) > MOST_TERMS or len(parts) * _longest(parts, decimals) > SHORT_LINE:
        return None
    runs = _joined(parts, decimals, head, focus, style)
    if focus.terms.bias:
        bias = _signed(focus.terms.bias, decimals)
        runs += (Run(bias, style.theme.weight), Run(other_way(focus), style.theme.muted))
    return runs, _exact(focus, parts, decimals), _told(focus, decimals)


def _digits_hold(focus: Focus, x: str, total: str) -> bool:
    """Whether the result printed is that of the number printed."""
    values = [value_of(text) for text in (x, total)]
    exact = [float(focus.terms.x[0]), focus.terms.total]
    return all(abs(a - b) <= 1e-9 * max(1.0, abs(b)) for a, b in zip(values, exact, strict=True))
