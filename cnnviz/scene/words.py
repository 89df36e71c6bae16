"""The step in words: titles, captions and what hovers, in plain sentences with the engine's numbers."""

from __future__ import annotations

from decimal import Decimal

from cnnviz.engine.apply import needs_params
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu, Shape
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    PaddedShortcut,
    Sigmoid,
    Softmax,
    Tanh,
)
from cnnviz.lesson.kernels import name_of
from cnnviz.lesson.lesson import Lesson
from cnnviz.lesson.recipe import Recipe
from cnnviz.lesson.word_edits import words_of
from cnnviz.scene import learning_words as back
from cnnviz.scene.block_formula import mean_and_spread
from cnnviz.scene.block_words import block_name
from cnnviz.scene.numbers import MINUS, bracketed, number, short
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, Step, Tensor, Terms
from cnnviz.timeline.relations import Relation

TITLES: dict[type, str] = {
    Conv: "Feature map",
    ConvTranspose: "Output",
    Relu: "ReLU",
    LeakyRelu: "Leaky ReLU",
    Elu: "ELU",
    Gelu: "GELU",
    Sigmoid: "Sigmoid",
    Tanh: "Tanh",
    Softmax: "Probabilities",
    MaxPool: "Max pool",
    AvgPool: "Average pool",
    GlobalAvgPool: "Channel means",
    GlobalMaxPool: "Channel maxima",
    Flatten: "Flattened",
    Linear: "Scores",
    Normalise: "Normalised",
    BatchNorm: "Batch norm",
    Back: "x again",
    Add: "f(x) + x",
    PaddedShortcut: "Shortcut",
}


def map_title(tensor: Tensor, layers: tuple[AnyLayer, ...]) -> str:
    """What a map is called above its panel."""
    if (named := block_name(layers, tensor.layer)) is not None:
        return named.title
    if tensor.layer < 0:
        return "Input"
    spec = layers[tensor.layer]
    title = TITLES[type(spec)]
    return f"{title}s" if isinstance(spec, Conv) and tensor.shape[0] > 1 else title


SHORT: dict[type, str] = {
    Conv: "Map",
    ConvTranspose: "Output",
    MaxPool: "Max",
    AvgPool: "Mean",
    GlobalAvgPool: "Means",
    GlobalMaxPool: "Maxima",
    Flatten: "Flat",
    Softmax: "Probs",
    LeakyRelu: "Leaky",
    Normalise: "Norm",
    BatchNorm: "Norm",
}


def short_title(tensor: Tensor, kind: str, layers: tuple[AnyLayer, ...]) -> str:
    """What a panel is called where there is little room."""
    named = block_name(layers, tensor.layer)
    if named is not None and kind == "map":
        return named.short
    if tensor.layer < 0:
        return "Input"
    spec = layers[tensor.layer]
    if kind == "kernel":
        return "W" if isinstance(spec, Linear) else "K"
    if kind == "curve":
        return ""
    return SHORT.get(type(spec), TITLES[type(spec)])


def size_words(tensor: Tensor) -> str:
    """The shape of a map: rows × columns, its channels before them, its padding behind."""
    channels, rows, columns = tensor.shape
    size = f"{rows}×{columns}" if channels == 1 else f"{channels} of {rows}×{columns}"
    if any(tensor.pads):
        padded = tensor.padded.shape
        size += f", padded {padded[1]}×{padded[2]}"
    return size


def kernel_title(weights: Tensor, kernel: int, spec: AnyLayer, base: int = 0) -> tuple[str, str]:
    """Title and shape of the kernel that makes one map."""
    kernels, channels, rows, columns = weights.shape
    if isinstance(spec, Linear):
        return "Weights", f"{rows}×{columns}"
    title = "Kernel" if kernels == 1 else f"Kernel {kernel + base}"
    shape = f"{rows}×{columns}" if channels == 1 else f"{channels} of {rows}×{columns}"
    if isinstance(spec, Conv) and spec.flipped:
        return title, f"{shape}, turned by 180°"
    name = name_of(weights.values[kernel, 0]) if channels == 1 else ""
    return title, f"{shape}, {name}" if name else shape


def curve_title(spec: AnyLayer) -> str:
    """What the curve of an activation is called."""
    return f"{TITLES[type(spec)]} curve"


def caption(lesson: Lesson, step: Step, focus: Focus, hidden: frozenset[str] = frozenset()) -> str:
    """The sentence under the stage: what happens in this step; an answer hidden from the audience is asked for."""
    base = lesson.conventions.base
    if isinstance(focus.spec, Back):
        return "Nothing is computed here: the layers of f(x) begin at the block's input once more."
    if step.first != _flat(step):
        return _several(step, focus, "total" in hidden, base)
    return _one(step, focus, hidden, base)


def story(lesson: Lesson, step: Step) -> str:
    """The line of this section, a teacher's own or a finding that holds; empty where there is none."""
    return words_of(lesson, step.section.number).caption


def section_title(lesson: Lesson, step: Step) -> str:
    """The name of the section: the teacher's own, else the operation's."""
    return words_of(lesson, step.section.number).title or step.section.name


def place_words(cell: tuple[int, int, int], shape: Shape, base: int = 0) -> str:
    """A cell in words, counted from ``base``; its channel only where there are several."""
    channel, row, column = (i + base for i in cell)
    if shape[1] == shape[2] == 1:
        return f"number {channel}"
    at = f"row {row}, column {column}"
    return at if shape[0] == 1 else f"map {channel}, {at}"


def relation_words(
    relation: Relation, base: int = 0, recipe: Recipe | None = None, hidden: frozenset[str] = frozenset()
) -> str:
    """What hovers: its value and what it is tied to; where totals are hidden from the audience it is asked for."""
    ref, value = relation.ref, short(relation.value)
    at = f"row {ref.row + base}, column {ref.column + base}"
    if relation.kind == "weight":
        return f"Weight {at} = {value}: it meets {_count(relation.uses, 'input value')}."
    asks = "total" in hidden and relation.focus is not None
    if relation.focus is not None and relation.focus.kind != "forward" and recipe is not None:
        return "What comes out here?" if asks else back.sentence(back.made(relation.focus, recipe))
    name = "Input" if relation.kind == "input" else "Map"
    plane = f" {ref.plane + base}" if ref.plane else ""
    if asks and relation.focus is not None:
        return f"{name}{plane}, {at}: {_asked(relation.focus)}?"
    text = f"{name}{plane}, {at} = {value}"
    if relation.focus is not None:
        text += f": {_made(relation.focus)}"
    if relation.feeds is not None and relation.kind == "input":
        outputs = relation.feeds.counts.size * (relation.feeds.planes[1] - relation.feeds.planes[0])
        times = "" if relation.uses == outputs else f", {relation.uses} times in all"
        text += f": it feeds {_count(outputs, 'output')}{times}"
        text += ", and goes along the shortcut" if relation.also else ""
    return text + "."


def _one(step: Step, focus: Focus, hidden: frozenset[str], base: int) -> str:
    at = place_words(focus.cell, step.section.shape, base)
    at = at[0].upper() + at[1:]
    terms, beat = focus.terms, step.beat
    if beat is Beat.PLACE and isinstance(focus.spec, Conv):
        turned = ", turned by 180°," if focus.spec.flipped else ""
        return f"{at}: the kernel{turned} is placed over its window, which starts at {_start(focus, base)}."
    if beat is Beat.PLACE:
        return f"{at}: {step.section.name} looks at {_count(terms.x.size, 'value')}."
    if beat is Beat.MULTIPLY and terms.products.size:
        shown = min(step.products, terms.products.size)
        if isinstance(focus.spec, Add):
            return f"{at}: {_summand(focus.spec, terms, shown - 1)}."
        product = _product(terms, shown - 1, "products" in hidden)
        return f"{at}: product {shown} of {terms.products.size} is {product}"
    if "total" in hidden:
        return f"{at}: {_asked(focus)}?"
    done = ", written into the map" if beat is Beat.WRITE and isinstance(focus.spec, Conv) else ""
    return f"{at}: {_made(focus)}{done}."


def _summand(spec: Add, terms: Terms, n: int) -> str:
    """What an addition takes up in this step."""
    x = short(float(terms.x[n]))
    if n:
        return f"the shortcut brings {x}"
    return f"f(x) is {x}" if spec.scale == 1 else f"f(x) is {x}, of which {short(spec.scale)} is added"


def _product(terms: Terms, n: int, hidden: bool) -> str:
    """One product as the end of a sentence, with ≈ where the digits shown do not multiply to the digits shown."""
    x, w, p = (short(float(v[n])) for v in (terms.x, terms.w, terms.products))
    sign = "=" if hidden or _shown(x) * _shown(w) == _shown(p) else "≈"
    return f"{x} × {w} {sign} " + ("?" if hidden else f"{p}.")


def _shown(text: str) -> Decimal:
    """The number that a printed text stands for, exactly."""
    return Decimal(text.replace(MINUS, "-").replace("∞", "Infinity"))


def _several(step: Step, focus: Focus, hidden: bool, base: int) -> str:
    """A step that writes more than one cell tells how many, and how its last one came about."""
    count = _flat(step) - step.first + 1
    told = f"{_asked(focus)}?" if hidden else f"{_made(focus)}."
    return (
        f"{count:,} cells are written; the last, {place_words(focus.cell, step.section.shape, base)}: {told}"
    )


def _made(focus: Focus) -> str:
    terms, spec = focus.terms, focus.spec
    total = short(terms.total)
    if needs_params(spec):
        return _added_up(terms, total)
    match spec:
        case Relu():
            return _kept_or_cut(float(terms.x[0]), total)
        case MaxPool() | GlobalMaxPool():
            return f"the largest of {_count(terms.x.size, 'value')} is {total}"
        case AvgPool() | GlobalAvgPool():
            return f"the mean of {_count(terms.x.size, 'value')} is {total}"
        case Softmax():
            power = short(float(terms.products[terms.winner or 0]))
            return f"{power} of {short(float(terms.products.sum()))} in all is the share {total}"
        case Flatten():
            return f"{total} takes its place in the line"
        case Add():
            return _joined(spec, terms, total)
        case Back():
            return f"the block's input once more, {total}"
        case PaddedShortcut():
            return f"{total} is kept" if terms.x.size else "a channel of zeros is added"
        case BatchNorm():
            middle, spread = (short(v) for v in mean_and_spread(terms))
            told = f"({short(float(terms.x[0]))} − {bracketed(middle)}) / {spread}"
            return f"{told}, by mean and spread of its map, is {total}"
        case Normalise():
            mean, std = (v[focus.cell[0] % len(v)] for v in (spec.mean, spec.std))
            return f"({short(float(terms.x[0]))} − {short(mean)}) / {short(std)} is {total}"
        case LeakyRelu() | Elu() | Gelu() | Sigmoid() | Tanh():
            return f"{TITLES[type(spec)]} of {short(float(terms.x[0]))} is {total}"
    raise AssertionError(f"no words for {spec.op}")


def _joined(spec: Add, terms: Terms, total: str) -> str:
    f = short(float(terms.products[0]))
    scaled = "" if spec.scale == 1 else f" ({short(spec.scale)} × {bracketed(short(float(terms.x[0])))})"
    if not spec.shortcut:
        return f"without the shortcut f(x){scaled} = {f} stays {total}"
    s = short(float(terms.x[1]))
    sign = "=" if _shown(f) + _shown(s) == _shown(total) else "≈"
    return f"f(x){scaled} and the shortcut make {f} + {bracketed(s)} {sign} {total}"


def _added_up(terms: Terms, total: str) -> str:
    if not terms.products.size:
        return f"no input value reaches it: {total}"
    products = _count(terms.products.size, "product")
    verb = "adds" if terms.products.size == 1 else "add"
    if not terms.bias:
        return f"{products} {verb} up to {total}"
    parts = short(terms.total - terms.bias), short(terms.bias)
    about = "" if _shown(parts[0]) + _shown(parts[1]) == _shown(total) else "about "
    return f"{products} {verb} up to {parts[0]}, with the bias {parts[1]} to {about}{total}"


def _kept_or_cut(x: float, total: str) -> str:
    if x > 0:
        return f"{total} is above 0 and stays"
    return "0 stays 0" if x == 0 else f"{short(x)} is below 0 and becomes 0"


def _asked(focus: Focus) -> str:
    """The question whose answer `_made` tells."""
    terms, spec = focus.terms, focus.spec
    if needs_params(spec):
        bias = f", with the bias {short(terms.bias)}" if terms.bias else ""
        return f"what do {_count(terms.products.size, 'product')} add up to{bias}"
    match spec:
        case MaxPool() | GlobalMaxPool():
            return f"which of {_count(terms.x.size, 'value')} is the largest"
        case AvgPool() | GlobalAvgPool():
            return f"what is the mean of {_count(terms.x.size, 'value')}"
        case Softmax():
            return "what share of the whole is it"
        case Add() if spec.shortcut:
            return f"what do {short(float(terms.products[0]))} and {short(float(terms.x[1]))} make"
    if not terms.x.size:
        return "what stands in a channel that is added"
    return f"what becomes of {short(float(terms.x[0]))}"


def _start(focus: Focus, base: int) -> str:
    row, column = focus.window.row, focus.window.column
    where = f"row {_signed(row + base)}, column {_signed(column + base)}"
    return where + (", in the padding" if row < 0 or column < 0 else "")


def _signed(value: int) -> str:
    return number(float(value), 0)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _flat(step: Step) -> int:
    _, rows, columns = step.section.shape
    return (step.cell[0] * rows + step.cell[1]) * columns + step.cell[2]
