"""Sets what was chosen for the formula panel into its boxes: formulas over their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from cnnviz.scene.areas import Look
from cnnviz.scene.formula_fit import EM, LEAST_LIVE, LINE, SPARE, Asked, Parts, formula_height
from cnnviz.scene.formula_live import Live, Told, live
from cnnviz.scene.formulas import outline
from cnnviz.scene.letters import width_of
from cnnviz.scene.primitives import Align, Box, Formula, Primitive, Run, Text
from cnnviz.scene.theme import Theme
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, TrackFrame

Runs = tuple[Run, ...]


def numbers_of(frame: TrackFrame, shown: Focus, look: Look) -> Live:
    """The formula of a cell of a track with its numbers, as far as it is made and may be seen."""
    channels, rows, columns = frame.tensor(shown.source).shape
    told = _told(frame, shown, look)
    return live(shown, (channels, rows, columns), told, look.lesson.conventions, look.theme)


def asked_of(frame: TrackFrame, shown: Focus, numbers: Live, room: tuple[float, float], look: Look) -> Asked:
    """What a room (width, height) is asked to hold."""
    channels, rows, columns = frame.tensor(shown.source).shape
    return Asked(
        shown.spec, (channels, rows, columns), shown.terms.bias is not None, look.lesson.conventions, look.theme,
        2 if numbers.index else 1, (), *room, int(look.metrics.body), int(look.metrics.small),
    )  # fmt: skip


def operation(
    parts: Parts, numbers: Live, box: Box, size: float, theme: Theme, key: str = "", align: Align = Align.LEFT
) -> Iterator[Primitive]:
    """The operation's formula and the numbers of the cell under it; ``key`` tells several apart."""
    y, h, room = box.y, LINE * size, box.w / SPARE
    if parts.operation:
        yield set_formula(f"formula{key}/operation", parts.operation, box, size, theme, align)
        y += formula_height(parts.operation, size)
    if parts.lives == 0:
        return
    if parts.lives == 2:
        yield Text(f"formula{key}/index", Box(box.x, y, box.w, h), numbers.head, size, align)
        y += h
        start: Runs = (Run("= ", theme.text),)
    else:
        whole = numbers.cell + numbers.index
        start = whole if width_of(whole, size) + LEAST_LIVE * size < room else numbers.cell
    line = numbers.line(room, size, start)
    yield Text(f"formula{key}/live", Box(box.x, y, box.w, h), line, size, align)


def sizes(parts: Parts, box: Box, size: float, theme: Theme) -> Iterator[Primitive]:
    """The size formula, its numbers and what is left over."""
    y, h = box.y, LINE * size
    if parts.size:
        yield set_formula("formula/size", parts.size, box, size, theme, Align.LEFT)
        y += formula_height(parts.size, size)
    label = parts.label_width(size)
    for number, (whole, line) in enumerate(zip(parts.sizes, parts.told, strict=True)):
        if label:
            yield Text(f"formula/size/{number}/label", Box(box.x, y, label, h), whole[:1], size)
        yield Text(f"formula/size/{number}", Box(box.x + label, y, box.w - label, h), line, size)
        y += h
    if parts.note:
        yield Text("formula/remainder", Box(box.x, y, box.w, h), parts.note, size)


def _told(frame: TrackFrame, shown: Focus, look: Look) -> Told:
    """How far the cell is: one that hovers or is pinned is done."""
    hidden, step = look.viewpoint.hidden, frame.step
    count = shown.terms.x.size
    if shown is not frame.focus:
        return Told(count, "total" not in hidden)
    done = step.beat in (Beat.SUM, Beat.WRITE)
    current = step.products - 1 if step.beat is Beat.MULTIPLY else None
    return Told(count if done else step.products, done and "total" not in hidden, current)


def set_formula(key: str, name: str, box: Box, size: float, theme: Theme, align: Align) -> Formula:
    """A typeset formula at the top of a box."""
    wide = outline(name).width * size * EM
    left = {Align.LEFT: box.x, Align.CENTER: box.cx - wide / 2, Align.RIGHT: box.right - wide}[align]
    colors = (
        ("input", theme.input),
        ("weight", theme.weight),
        ("output", theme.output),
        ("text", theme.text),
    )
    return Formula(key, Box(left, box.y, wide, formula_height(name, size)), name, colors, size * EM)
