"""Texts of a scene as text boxes of a slide, and its title as the placeholder that outlines and screen readers know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from cnnviz.export.other_fonts import WIDER
from cnnviz.export.slides_xml import (
    NO_FILL,
    NO_LINE,
    RECTANGLE,
    SANS,
    Look,
    Sheet,
    body_frame,
    fill,
    frame_of,
    name_of,
    paragraph,
    shape,
    xml_text,
)
from cnnviz.paint.fonts import text_width
from cnnviz.paint.layout import ELLIPSIS, LINE_HEIGHT, Setting, set_text
from cnnviz.scene.primitives import Align, Box, Run, Text, Weight

_BOX = '<p:cNvSpPr txBox="1"/><p:nvPr/>'
_TITLE = '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="title"/></p:nvPr>'
_BREAK = "<a:br/>"
_SHARE = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}

_SPARE = 0.03
"""Part of a line left free beside it, or half an em: programs that kern otherwise, or know no tabular figures, must not
break it."""

_ROOM = 1.5
"""Height of a box in the size of its only line, which no family's line exceeds, and two lines do."""


def text_shape(sheet: Sheet, text: Text, title: bool = False) -> str:
    """A text box, or the slide's title; nothing for a text without letters.

    Sizes are those of the stage, also where it sets a long line smaller or ends it early. Lines that the stage
    breaks between words are broken by the program that opens the slide. Where it has another family, whose letters
    may be wider, it sets smaller what would leave its box.
    """
    if not text.text.strip():
        return ""
    look, setting = sheet.look, set_text(text)
    lines = [
        [Run(p.text, p.color, p.weight) for p in line]
        for _, line in groupby(setting.pieces, key=lambda piece: piece.baseline)
    ]
    whole = text.wrap and not _cut(text, lines)
    runs = _runs(_lines(text.runs) if whole else lines, look.type_size(setting.size), look)
    spacing = f'<a:lnSpc><a:spcPts val="{look.type_size(LINE_HEIGHT * setting.size)}"/></a:lnSpc>'
    widest = _widest(setting)
    tight = WIDER * widest > text.box.w
    box = _roomy(text, setting, widest, whole and len(lines) > 1) if tight else text.box
    fitted = body_frame(text.wrap or tight, "t" if text.top else "ctr", shrinks=tight)
    body = (
        f"<p:txBody>{fitted}{paragraph(runs, text.align.value, spacing if len(lines) > 1 else '')}</p:txBody>"
    )
    drawn = f"{RECTANGLE}{NO_FILL}{NO_LINE}"
    return shape(sheet, name_of(text.key), frame_of(box, look), drawn, body, kind=_TITLE if title else _BOX)


def _widest(setting: Setting) -> float:
    """The length of the longest line."""
    lines = groupby(setting.pieces, key=lambda piece: piece.baseline)
    return max(sum(text_width(p.text, setting.size, p.weight) for p in line) for _, line in lines)


def _roomy(text: Text, setting: Setting, widest: float, own_breaks: bool) -> Box:
    """The box of lines that nearly fill it: just so large that in Inter they are neither broken nor set smaller."""
    count = len({piece.baseline for piece in setting.pieces})
    tall = max(text.box.h, count * LINE_HEIGHT * setting.size) if text.wrap else _ROOM * setting.size
    spare = max(_SPARE * widest, setting.size / 2)
    wide = text.box.w if own_breaks else max(text.box.w, widest + spare)
    left = text.box.x - _SHARE[text.align] * (wide - text.box.w)
    return Box(left, text.box.y if text.top else text.box.cy - tall / 2, wide, tall)


def hidden_title(sheet: Sheet, words: str, size: tuple[float, float], color: str) -> str:
    """A title above the slide, seen in the outline and by screen readers only."""
    run = Run(words, color)
    height = size[1] / 20
    return text_shape(
        sheet, Text("title", Box(0, -1.5 * height, size[0], height), (run,), height / 2), title=True
    )


def _cut(text: Text, lines: Sequence[Sequence[Run]]) -> bool:
    """Whether the stage could not show all of it."""
    last = lines[-1][-1].text if lines else ""
    return last.endswith(ELLIPSIS) and not text.text.endswith(ELLIPSIS)


def _lines(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs divided at their own newlines."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        for number, part in enumerate(run.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Run(part, run.color, run.weight))
    return lines


def _runs(lines: Iterable[Iterable[Run]], size: int, look: Look) -> str:
    return _BREAK.join("".join(_run(run, size, look) for run in line) for line in lines)


def _run(run: Run, size: int, look: Look) -> str:
    bold = ' b="1"' if run.weight is Weight.BOLD else ' b="0"'
    face = f'<a:latin typeface="Inter Medium" {SANS}/>' if run.weight is Weight.MEDIUM else ""
    return (
        f'<a:r><a:rPr lang="en-US" sz="{size}"{bold}>{fill(run.color, look)}{face}</a:rPr>'
        f"<a:t>{xml_text(run.text)}</a:t></a:r>"
    )
