"""How many parameters each layer of a track has, and how many products it sums for one picture."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cnnviz.engine.apply import needs_params
from cnnviz.engine.branches import shape_after
from cnnviz.engine.layers import Params, Shape
from cnnviz.engine.network import count_multiply_adds
from cnnviz.engine.specs import AnyLayer
from cnnviz.lesson.lesson import Track


class LayerCount(NamedTuple):
    """Of one layer: learnable numbers, and products that are summed for one picture."""

    parameters: int
    multiply_adds: int


def layer_counts(track: Track) -> tuple[LayerCount, ...]:
    """The counts of every layer; biases count as parameters, and as no product.

    Examples
    --------
    A convolution of 6 kernels of 5×5 over one channel with biases, onto maps of 24×24: 156 parameters, 86,400 products.
    """
    sums = _multiply_adds(track.layers, track.source.shape)
    return tuple(LayerCount(_parameters(own), sums.get(number, 0)) for number, own in enumerate(track.params))


def total_count(track: Track) -> LayerCount:
    """The counts of all layers together."""
    counts = layer_counts(track)
    return LayerCount(sum(c.parameters for c in counts), sum(c.multiply_adds for c in counts))


def _parameters(own: Params | None) -> int:
    if own is None:
        return 0
    return int(own.weight.size) + (0 if own.bias is None else int(own.bias.size))


@lru_cache(maxsize=32)  # the same in every frame
def _multiply_adds(layers: tuple[AnyLayer, ...], shape: Shape) -> dict[int, int]:
    """Products of layers by number, each from the shape of its own input: chains may branch."""
    shapes, sums = [shape], {}
    for number, spec in enumerate(layers):
        if needs_params(spec):
            sums[number] = count_multiply_adds((spec,), shapes[-1])["0"]
        shapes.append(shape_after(spec, shapes))
    return sums
