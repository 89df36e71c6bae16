"""The step in words: titles, captions and what hovers, in plain sentences with the engine's numbers."""

from __future__ import annotations

from decimal import Decimal

from cnnviz.engine.layers import AvgPool, Conv, LayerSpec, MaxPool, Relu
from cnnviz.lesson.kernels import name_of
from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.numbers import MINUS, number, short
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, Step, Tensor, Terms
from cnnviz.timeline.relations import Relation

TITLES: dict[type, str] = {Conv: "Feature map", Relu: "ReLU", MaxPool: "Max pool", AvgPool: "Average pool"}


def map_title(tensor: Tensor, layers: tuple[LayerSpec, ...]) -> str:
    """What a map is called above its panel."""
    if tensor.layer < 0:
        return "Input"
    spec = layers[tensor.layer]
    title = TITLES[type(spec)]
    return f"{title}s" if isinstance(spec, Conv) and tensor.shape[0] > 1 else title


def size_words(tensor: Tensor) -> str:
    """The shape of a map: rows × columns, its channels before them, its padding behind."""
    channels, rows, columns = tensor.shape
    size = f"{rows}×{columns}" if channels == 1 else f"{channels} of {rows}×{columns}"
    if any(tensor.pads):
        padded = tensor.padded.shape
        size += f", padded {padded[1]}×{padded[2]}"
    return size


def kernel_title(weights: Tensor, kernel: int) -> tuple[str, str]:
    """Title and shape of the kernel that makes one map."""
    kernels, channels, rows, columns = weights.shape
    title = "Kernel" if kernels == 1 else f"Kernel {kernel}"
    shape = f"{rows}×{columns}" if channels == 1 else f"{channels} of {rows}×{columns}"
    name = name_of(weights.values[kernel, 0]) if channels == 1 else ""
    return title, f"{shape}, {name}" if name else shape


def caption(lesson: Lesson, step: Step, focus: Focus, hidden: frozenset[str] = frozenset()) -> str:
    """The sentence under the stage: the teacher's own for this section, else what happens in this step.

    An answer that is hidden from the audience is asked for instead.
    """
    for words in lesson.words:
        if words.section == step.section.layer and words.caption:
            return words.caption
    if step.first != _flat(step):
        return _several(step, focus, "total" in hidden)
    return _one(step, focus, hidden)


def section_title(lesson: Lesson, step: Step) -> str:
    """The name of the section: the teacher's own, else the operation's."""
    for words in lesson.words:
        if words.section == step.section.layer and words.title:
            return words.title
    return step.section.name


def place_words(row: int, column: int, channel: int, channels: int) -> str:
    """A cell in words; its channel only where there are several."""
    at = f"row {row}, column {column}"
    return at if channels == 1 else f"map {channel}, {at}"


def relation_words(relation: Relation) -> str:
    """What hovers: its value and what it is tied to."""
    ref, value = relation.ref, short(relation.value)
    at = f"row {ref.row}, column {ref.column}"
    if relation.kind == "weight":
        return f"Weight {at} = {value}: it meets {_count(relation.uses, 'input value')}."
    name = "Input" if relation.kind == "input" else "Map"
    plane = f" {ref.plane}" if ref.plane else ""
    text = f"{name}{plane}, {at} = {value}"
    if relation.focus is not None:
        text += f": {_made(relation.focus)}"
    if relation.feeds is not None and relation.kind == "input":
        outputs = relation.feeds.counts.size * (relation.feeds.planes[1] - relation.feeds.planes[0])
        times = "" if relation.uses == outputs else f", {relation.uses} times in all"
        text += f": it feeds {_count(outputs, 'output')}{times}"
    return text + "."


def _one(step: Step, focus: Focus, hidden: frozenset[str]) -> str:
    c, r, k = focus.cell
    at = place_words(r, k, c, step.section.shape[0])
    at = at[0].upper() + at[1:]
    terms, beat = focus.terms, step.beat
    if beat is Beat.PLACE and isinstance(focus.spec, Conv):
        return f"{at}: the kernel is placed over its window, which starts at {_start(focus)}."
    if beat is Beat.PLACE:
        return f"{at}: {TITLES[type(focus.spec)]} looks at {_count(terms.x.size, 'value')}."
    if beat is Beat.MULTIPLY:
        product = _product(terms, step.products - 1, "products" in hidden)
        return f"{at}: product {step.products} of {terms.products.size} is {product}"
    if "total" in hidden:
        return f"{at}: {_asked(focus)}?"
    done = ", written into the map" if beat is Beat.WRITE and isinstance(focus.spec, Conv) else ""
    return f"{at}: {_made(focus)}{done}."


def _product(terms: Terms, n: int, hidden: bool) -> str:
    """One product as the end of a sentence, with ≈ where the digits shown do not multiply to the digits shown."""
    x, w, p = (short(float(v[n])) for v in (terms.x, terms.w, terms.products))
    sign = "=" if hidden or _shown(x) * _shown(w) == _shown(p) else "≈"
    return f"{x} × {w} {sign} " + ("?" if hidden else f"{p}.")


def _shown(text: str) -> Decimal:
    """The number that a printed text stands for, exactly."""
    return Decimal(text.replace(MINUS, "-").replace("∞", "Infinity"))


def _several(step: Step, focus: Focus, hidden: bool) -> str:
    """A step that writes more than one cell tells how many, and how its last one came about."""
    count = _flat(step) - step.first + 1
    c, r, k = focus.cell
    told = f"{_asked(focus)}?" if hidden else f"{_made(focus)}."
    return f"{count:,} cells are written; the last, {place_words(r, k, c, step.section.shape[0])}: {told}"


def _made(focus: Focus) -> str:
    terms = focus.terms
    total = short(terms.total)
    match focus.spec:
        case Conv():
            if terms.bias:
                parts = short(terms.total - terms.bias), short(terms.bias)
                about = "" if _shown(parts[0]) + _shown(parts[1]) == _shown(total) else "about "
                count = terms.products.size
                return f"{count} products add up to {parts[0]}, with the bias {parts[1]} to {about}{total}"
            return f"{terms.products.size} products add up to {total}"
        case Relu():
            x = float(terms.x[0])
            if x > 0:
                return f"{total} is above 0 and stays"
            return "0 stays 0" if x == 0 else f"{short(x)} is below 0 and becomes 0"
        case MaxPool():
            return f"the largest of {_count(terms.x.size, 'value')} is {total}"
        case AvgPool():
            return f"the mean of {_count(terms.x.size, 'value')} is {total}"


def _asked(focus: Focus) -> str:
    """The question whose answer `_made` tells."""
    terms = focus.terms
    match focus.spec:
        case Conv():
            bias = f", with the bias {short(terms.bias)}" if terms.bias else ""
            return f"what do {terms.products.size} products add up to{bias}"
        case Relu():
            return f"what becomes of {short(float(terms.x[0]))}"
        case MaxPool():
            return f"which of {_count(terms.x.size, 'value')} is the largest"
        case AvgPool():
            return f"what is the mean of {_count(terms.x.size, 'value')}"


def _start(focus: Focus) -> str:
    row, column = focus.window.row, focus.window.column
    where = f"row {_signed(row)}, column {_signed(column)}"
    return where + (", in the padding" if row < 0 or column < 0 else "")


def _signed(value: int) -> str:
    return number(float(value), 0)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _flat(step: Step) -> int:
    _, rows, columns = step.section.shape
    return (step.cell[0] * rows + step.cell[1]) * columns + step.cell[2]
