"""Words for every section of the networks of 34 layers: where in the network it is, and what happens there."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.specs import Add, AnyLayer, Back, BatchNorm, GlobalAvgPool, Linear, Normalise
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.timeline.depth import Depth, Part, track_depth
from cnnviz.timeline.sections import Section
from cnnviz.timeline.training_sections import training_sections
from lessons.making import said

Told = tuple[str, str, str]
"""Title, story line and notes."""

RANDOM = "{w}The weights are random, so what is found has no meaning yet; the arithmetic is that of a trained network."
SMALL = "{sl}At 224×224, as published, the stages have maps of 56, 28, 14 and 7 pixels; here they have 16, 8, 4 and 2."
BOTH = (
    "∂L/∂x = ∂L/∂y·(I + ∂f/∂x): what comes along the shortcut does not depend on the weights of the block, and no "
    "layer is skipped."
)


def with_words(lesson: Lesson) -> Lesson:
    """The lesson with a story for each section of its one track."""
    (track,) = lesson.tracks
    depth = track_depth(track)
    told = (
        said(section.number, *_told(track, depth, section))
        for section in training_sections(0, track, "layer")
    )
    return replace(lesson, words=tuple(told))


def _told(track: Track, depth: Depth, section: Section) -> Told:
    spec, number = track.layers[section.layer], depth.part_of(section.layer)
    where, part = _where(depth, number), depth.parts[number]
    match section.kind:
        case "forward":
            return _forward(track, section, where, part)
        case "loss":
            return (
                "Loss",
                "−log of the probability given to the right class. "
                "{t}Class 281, the tabby cat; 6.9 where all are alike.",
                "Cross-entropy of the softmax of all scores. " + RANDOM,
            )  # fmt: skip
        case "error":
            return (
                "Gradient of the loss", "Each probability, less 1 for the right class: here the way back begins.",
                "From here the gradient goes back through all 34 layers, to the first.",
            )  # fmt: skip
        case "weight" | "bias":
            return (
                f"{where}: ∂L/∂{'W' if section.kind == 'weight' else 'b'}",
                f"{_layer(part)} learns too: a gradient for each number. {{l}}It has {section.cells:,}.",
                "Inputs times gradients, added over all places."
                if section.kind == "weight"
                else "A bias is added as it is: its gradient is that of the score.",
            )
        case "input":
            return _back(spec, where, part)
    return (
        f"{where}: update", f"{_layer(part)}: each number takes a step against its gradient. {{r}}It is 0.1·∂L/∂w.",
        "One step is made, to show it.",
    )  # fmt: skip


def _forward(track: Track, section: Section, where: str, part: Part) -> Told:
    spec, (channels, rows, columns) = track.layers[section.layer], section.shape
    maps = f"{channels} maps of {rows}×{columns}"
    match spec:
        case Normalise():
            return (
                "The picture", "Each colour is centred and scaled. {l}As the pictures of ImageNet are.",
                "{s}Three maps of 64×64: red, green and blue.",
            )  # fmt: skip
        case Conv() if part.side:
            return (
                f"{where}: projection",
                f"It makes x fit what the block gives. {{sl}}Kernels of 1×1 with stride 2: {maps}.",
                "Three of the 16 shortcuts change the shape and have weights, drawn as dashed lines; 13 are the "
                "identity.",
            )  # fmt: skip
        case Conv():
            size = f"{spec.kernel_size[0]}×{spec.kernel_size[1]}"
            return (
                f"{where}: convolution",
                f"{_layer(part)}: each kernel makes a map. "
                f"{{sl}}Kernels of {size} make {maps} from {section.in_shape[0]}.",
                f"{RANDOM} {SMALL}" if part.number == 1 else "{w}Its weights are random.",
            )  # fmt: skip
        case BatchNorm():
            return (
                f"{where}: batch norm", "Each map is centred and scaled by its own mean and spread.",
                "Scale and shift are 1 and 0.",
            )  # fmt: skip
        case Relu():
            return (
                f"{where}: ReLU",
                "What is below 0 becomes 0, all else stays.",
                f"{{sl}}What goes on is {maps}.",
            )
        case Back():
            return (
                f"{where}: back to x", "The chain goes back to where the ways part: now the block begins with x.",
                "Nothing is computed here; the projection waits until the addition.",
            )  # fmt: skip
        case Add():
            return (
                f"{where}: addition", "y = f(x) + x: what two convolutions make of x is added to x, cell by cell.",
                "The block gives f(x) + x, so its weights learn the residual f = H − x.",
            )  # fmt: skip
        case MaxPool():
            return (
                "Stem: max pooling",
                f"The largest of each window stays. {{sl}}What goes on is {maps}.",
                "It has no weights.",
            )
        case GlobalAvgPool():
            return (
                "Means",
                "Only the mean of each map stays. {l}512 maps become 512 numbers.",
                "Where in its map something was is no longer told.",
            )
        case Linear():
            return (
                "Scores",
                "Layer 34: a score for each class. "
                "{l}512 means become 1,000 scores, for the classes of ImageNet.", RANDOM,
            )  # fmt: skip
    raise TypeError(f"{spec.op}: write down what is said of it")


def _back(spec: AnyLayer, where: str, part: Part) -> Told:
    title = f"{where}: gradient"
    match spec:
        case Conv() | Linear():
            return (
                title, f"{_layer(part)}: each input has a share in all that it fed, by the weights that it met.",
                "A kernel lies turned by 180° over the gradient."
                if isinstance(spec, Conv)
                else "The matrix is read by its columns.",
            )  # fmt: skip
        case BatchNorm():
            return (
                title, "Back through the norm: mean and spread depend on every cell, so every cell has a share.",
                "Maps of large spread get small gradients.",
            )  # fmt: skip
        case Relu():
            return (
                title, "The gradient passes where the input was above 0, and ends elsewhere.",
                "{ilw}About half of it passes each ReLU.",
            )  # fmt: skip
        case Add():
            return (
                title,
                "At the addition the gradient goes both ways: to the layers, and along the shortcut.",
                BOTH,
            )
        case Back():
            return (
                title, "Here the ways meet again: the gradient of x is the sum of what comes along both.", BOTH,
            )  # fmt: skip
        case MaxPool():
            return (
                title,
                "The gradient goes to the winner of each window, all others get none.",
                "It has no weights.",
            )
    return title, "The gradient is spread evenly over the cells whose mean was taken.", "It has no weights."


def _where(depth: Depth, number: int) -> str:
    """The stage and the block of a part, else the name of what stands at either end."""
    for stage, row in enumerate(depth.rows):
        pairs = [n for n in row if depth.parts[n].number not in (0, 1, depth.weighted)]
        joint = next((j for j in depth.joints if number in j.side and j.first in row), None)
        if number in pairs or joint is not None:
            at = pairs.index(number if joint is None else joint.first)
            return f"Stage {stage + 1}, block {at // 2 + 1}"
    return "Stem" if number <= 2 else "End"


def _layer(part: Part) -> str:
    return f"Layer {part.number} of 34" if part.number else "The projection"
