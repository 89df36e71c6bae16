"""How a lesson learns: the loss, the examples, and the rule that changes the weights."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Shape, digest_of, frozen
from cnnviz.lesson.pictures import Pictures

LossKind: TypeAlias = Literal["squared_error", "cross_entropy"]
Reduction: TypeAlias = Literal["sum", "mean"]

LOSSES: tuple[LossKind, ...] = ("squared_error", "cross_entropy")
REDUCTIONS: tuple[Reduction, ...] = ("sum", "mean")

MOST_ITERATIONS = 1_000_000
MOST_EXAMPLES = 10_000
LARGEST_SEED = 2**32 - 1
LARGEST_BATCH = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """What a track is shown and what it should answer.

    Attributes
    ----------
    target : ndarray, (C, H, W) float64
        The answer that is wanted; for cross-entropy one number, the label.
    source : ndarray, (C, H, W) float64, or None
        The input; None for the track's own.
    name : str
    """

    target: NDArray[np.float64]
    source: NDArray[np.float64] | None = None
    name: str = ""
    digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "target", frozen(self.target, np.float64))
        if self.source is not None:
            object.__setattr__(self, "source", frozen(self.source, np.float64))
        object.__setattr__(self, "digest", digest_of(self.target, self.source))

    @property
    def values(self) -> int:
        """How many numbers it holds."""
        return self.target.size + (0 if self.source is None else self.source.size)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Example) and (self.digest, self.name) == (other.digest, other.name)

    def __hash__(self) -> int:
        return hash((self.digest, self.name))


@dataclass(frozen=True, slots=True)
class Batches:
    """Many pictures an iteration, of a set with labels, in an order drawn anew for each epoch.

    Attributes
    ----------
    data : str
        The set, by the id under which it ships; "" where the lesson brings its own.
    size : int
        Pictures an iteration; what is left over at the end of an epoch is not shown in it.
    pictures : Pictures or None
        A person's own, in place of a set that ships.
    """

    data: str
    size: int = 64
    pictures: Pictures | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Gradient descent: one example an iteration, in turn, or a batch of a set of pictures.

    Attributes
    ----------
    examples : tuple of Example
    loss : {"squared_error", "cross_entropy"}
        ``Σ (ŷ − y)²`` or ``−log p_y`` of the softmax of the last layer's scores.
    rate : float
        η in ``w ← w − η·∂L/∂w``.
    iterations : int
        How many updates are planned.
    momentum : float
        μ in ``v ← μ·v + ∂L/∂w, w ← w − η·v``, as in torch.optim.SGD.
    reduction : {"sum", "mean"}
        Whether the squared errors of a map are summed or averaged.
    seed : int
        Draws the first weights of layers that are asked to start from random.
    random : tuple of int
        The layers that start from random weights in place of their own.
    batches : Batches or None
        What it learns from in place of the examples, the only one of which is the picture that is shown, with its
        label. The loss is the mean over the batch.
    """

    examples: tuple[Example, ...]
    loss: LossKind = "squared_error"
    rate: float = 0.01
    iterations: int = 100
    momentum: float = 0.0
    reduction: Reduction = "sum"
    seed: int = 0
    random: tuple[int, ...] = ()
    batches: Batches | None = None


def check_recipe(recipe: Recipe, in_shape: Shape, out_shape: Shape, layers: int) -> None:
    """Raise `BadInput` for a recipe that cannot be followed, with the field and the numbers."""
    if not recipe.examples or len(recipe.examples) > MOST_EXAMPLES:
        raise BadInput(f"recipe: {len(recipe.examples)} examples: give 1 to {MOST_EXAMPLES}")
    if not (math.isfinite(recipe.rate) and recipe.rate > 0):
        raise BadInput(f"recipe: rate {recipe.rate}: give a number above 0, such as 0.01")
    if not 1 <= recipe.iterations <= MOST_ITERATIONS:
        raise BadInput(f"recipe: {recipe.iterations} iterations: give 1 to {MOST_ITERATIONS:,}")
    if not 0 <= recipe.momentum < 1:
        raise BadInput(f"recipe: momentum {recipe.momentum}: give a number from 0 to below 1")
    if recipe.loss not in LOSSES or recipe.reduction not in REDUCTIONS:
        raise BadInput(
            f"recipe: loss {recipe.loss!r} ({recipe.reduction!r}): give one of {', '.join(LOSSES)}"
        )
    if not 0 <= recipe.seed <= LARGEST_SEED:
        raise BadInput(f"recipe: seed {recipe.seed}: give a whole number from 0 to {LARGEST_SEED}")
    if len(set(recipe.random)) < len(recipe.random):
        raise BadInput(f"recipe: random names a layer twice: {list(recipe.random)}; name each once")
    for number in recipe.random:
        if not 0 <= number < layers:
            raise BadInput(f"recipe: random names layer {number}: give numbers from 0 to {layers - 1}")
    if recipe.batches is not None:
        _check_batches(recipe, recipe.batches)
    for number, example in enumerate(recipe.examples):
        _check_example(recipe, number, example, in_shape, out_shape)


def _check_batches(recipe: Recipe, batches: Batches) -> None:
    if not 1 <= batches.size <= LARGEST_BATCH:
        raise BadInput(f"recipe: batches of {batches.size} pictures: give 1 to {LARGEST_BATCH:,}")
    if recipe.loss != "cross_entropy":
        raise BadInput(f"recipe: pictures with labels need the loss cross_entropy, not {recipe.loss}: set it")
    if len(recipe.examples) != 1 or recipe.examples[0].source is not None:
        raise BadInput(
            f"recipe: {len(recipe.examples)} examples beside batches: give one, the label of the track's own input"
        )


def _check_example(recipe: Recipe, number: int, example: Example, in_shape: Shape, out_shape: Shape) -> None:
    if example.source is not None and example.source.shape != in_shape:
        raise BadInput(
            f"recipe: the input of example {number} has the shape {example.source.shape}, the track's {in_shape}: "
            "make them the same"
        )
    if recipe.loss == "squared_error":
        if example.target.shape != out_shape:
            raise BadInput(
                f"recipe: the target of example {number} has the shape {example.target.shape}, the last layer gives "
                f"{out_shape}: make them the same"
            )
        return
    label = float(example.target.ravel()[0]) if example.target.size == 1 else -1.0
    if out_shape[1:] != (1, 1) or not 0 <= label < out_shape[0] or label != int(label):
        raise BadInput(
            f"recipe: cross-entropy needs a label from 0 to {out_shape[0] - 1} for scores in a line, got "
            f"{example.target.ravel()[:3].tolist()} for {out_shape} (example {number})"
        )
