"""What the arrays of a residual block are called: x, f(x), the shortcut's s(x), and y."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cnnviz.engine.branches import joints
from cnnviz.engine.specs import Add, AnyLayer, Layers
from cnnviz.scene.numbers import short


class Named(NamedTuple):
    """A title, and the same where there is little room."""

    title: str
    short: str


@lru_cache(maxsize=64)
def block_names(layers: Layers) -> dict[int, Named]:
    """For the arrays that blocks begin with, end with, and add, their names; the array 0 is the input.

    Only a single block has its x named: what one of several blocks begins with is the y of another.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> names = block_names((Conv(1, (1, 1)), Add(0, 0.5)))
    >>> names[0].title, names[1].title, names[2].title
    ('Input x', 'f(x)', 'y = 0.5·f(x) + x')
    """
    found = joints(layers)
    names: dict[int, Named] = {}
    for joint in found:
        spec = layers[joint.add]
        assert isinstance(spec, Add)
        names[joint.add] = Named("f(x)", "f(x)")
        if joint.shortcut:
            names[joint.end] = Named("Shortcut s(x)", "s(x)")
        names[joint.add + 1] = Named(f"y = {sum_words(spec, bool(joint.shortcut))}", "y")
    if len(found) == 1 and found[0].start == 0:
        names[0] = Named("Input x", "x")
    return names


def sum_words(spec: Add, changed: bool) -> str:
    """What an addition adds; where the shortcut is ``changed`` it brings s(x)."""
    f = "f(x)" if spec.scale == 1 else f"{short(spec.scale)}·f(x)"
    return f"{f} + {'s(x)' if changed else 'x'}" if spec.shortcut else f


def block_name(layers: tuple[AnyLayer, ...], layer: int) -> Named | None:
    """What the array that a layer makes is called as a part of a block, if it is one; −1 is the input."""
    return block_names(layers).get(layer + 1)
