"""ResNet-34 in full and the plain network of equal depth: one pass forward and one back through all 34 layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cnnviz.engine.apply import needs_params, weight_shape
from cnnviz.engine.branches import shape_after
from cnnviz.engine.chained import chained
from cnnviz.engine.drawn import drawn_params
from cnnviz.engine.layers import Drawn, Params, Shape
from cnnviz.engine.resnet import resnet34
from cnnviz.engine.specs import AnyLayer, Back, Linear, Normalise
from cnnviz.lesson.lesson import Lesson, Track, View
from cnnviz.lesson.recipe import Example, Recipe
from lessons.depth_words import with_words
from lessons.making import Entry
from lessons.pictures import photograph

GROUP = "Depth"
SEED = 34
TABBY = 281
"""The number of the tabby cat among the thousand classes of ImageNet."""

# Mean and spread of red, green and blue over the pictures of ImageNet, in numbers from 0 to 255.
COLOURS = Normalise((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))

RANDOM = (
    "The weights are random, drawn by He's rule from a seed, and nothing is trained: the answer is left to chance. "
    "What is shown is how numbers and gradients go through so many layers. Batch norms take the mean and the spread "
    "of this one picture; their scales and shifts, which training would learn, are 1 and 0 and count as parameters. "
)


def resnet_34() -> Lesson:
    """All of ResNet-34 on a photograph of 64×64, forward and back."""
    return _lesson(
        "ResNet-34, layer by layer",
        _track("ResNet-34", chained((COLOURS, *resnet34()), (3, 64, 64))),
        "ResNet-34 with all its 21,797,672 parameters on a photograph of 64×64: 34 layers with weights in stages of "
        "3, 4, 6 and 3 blocks, and 16 shortcuts. "
        + RANDOM
        + "On the way back the norm of each layer's gradient "
        "stands under it: it grows from 25 in the last layer to 312 in the second, in the plain network from 9.8 to "
        "3,310. After He, Zhang, Ren and Sun (2015).",
        ("S62", "S66", "S67", "S68"),
    )


def plain_34() -> Lesson:
    """The plain network with the same layers and the same weights, and no shortcut."""
    return _lesson(
        "The plain network of 34 layers",
        _track("Plain, 34 layers", (COLOURS, *resnet34(plain=True))),
        "The layers of ResNet-34 without its shortcuts, with the same weights where both have them: 21,623,848 "
        "parameters. "
        + RANDOM
        + "On the way back the norm of each layer's gradient stands under it. Computed here, with batch norm and "
        "before any training, it does not vanish but grows, from 9.8 in the last layer to 3,310 in the second; with "
        "shortcuts from 25 to 312.",
        ("S61", "S66", "S67"),
    )


def resnet_34_and_plain() -> Lesson:
    """Both on one clock, the plain network under the one with shortcuts."""
    with_shortcuts, without = resnet_34(), plain_34()
    return replace(
        with_shortcuts,
        title="34 layers with and without shortcuts",
        tracks=(*with_shortcuts.tracks, *without.tracks),
        notes="ResNet-34 above, the plain network of the same layers and the same weights below, on the same "
        "photograph and the same clock. "
        + RANDOM
        + "The norm of each layer's gradient grows on the way back: from 25 "
        "to 312 with shortcuts, from 9.8 to 3,310 without.",
        systems=("S61", "S62", "S66", "S67", "S68"),
    )


def _lesson(title: str, track: Track, notes: str, systems: tuple[str, ...]) -> Lesson:
    view = View(formula=False, plots="none", level="network")
    return with_words(Lesson(title, (track,), "layer", (), notes, GROUP, systems, view=view))


def _track(name: str, layers: tuple[AnyLayer, ...]) -> Track:
    recipe = Recipe((Example(np.array([[[float(TABBY)]]])),), "cross_entropy", rate=0.1, iterations=1)
    source = photograph("cat", reduce=4)
    return Track(source, layers, tuple(_weights(layers, source.shape)), name, recipe)


def _weights(layers: tuple[AnyLayer, ...], shape: Shape) -> Iterator[Params | None]:
    """Weights by He's rule; those of the same layer are the same with and without shortcuts."""
    shapes, main, beside = [shape], 0, 100
    goes_back = {n for at, spec in enumerate(layers) if isinstance(spec, Back) for n in range(spec.start, at)}
    for n, spec in enumerate(layers):
        if needs_params(spec):
            number = beside if n in goes_back else main
            main, beside = main + (n not in goes_back), beside + (n in goes_back)
            how = Drawn("kaiming-normal", SEED, number)
            yield drawn_params(weight_shape(spec, shapes[-1]), how, isinstance(spec, Linear))
        else:
            yield None
        shapes.append(shape_after(spec, shapes))


ENTRIES = (
    Entry("resnet-34", ".cnnviz", resnet_34),
    Entry("plain-34", ".cnnviz", plain_34),
    Entry("resnet-34-and-plain", ".cnnviz", resnet_34_and_plain),
)
