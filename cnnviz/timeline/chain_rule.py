"""The chain rule of a small network as a graph: every number, and on the edges the derivatives of one by another."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.apply_backward import backward_layer
from cnnviz.engine.layers import Params
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.frame import Cell
from cnnviz.timeline.gradient_check import SUBSCRIPTS, Weight, weight_name
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.plots import Chain, Edge, Node
from cnnviz.timeline.sections import Section
from cnnviz.timeline.training_sections import lowest_weights
from cnnviz.timeline.weights import weight_index

Floats = NDArray[np.float64]

MOST_WEIGHTS = 8
"""Networks with more numbers to learn have no graph that can be read."""


def has_chain(track: Track) -> bool:
    """Whether a track learns few numbers, and hands on a single one from its first weights to its squared error."""
    learned = [p for p in track.params if p is not None]
    size = sum(p.weight.size + (0 if p.bias is None else p.bias.size) for p in learned)
    if track.recipe is None or track.recipe.loss != "squared_error" or not 0 < size <= MOST_WEIGHTS:
        return False
    return all(math.prod(shape) == 1 for shape in track.shapes()[lowest_weights(track) + 1 :])


def chain_of(it: Iteration, section: Section, cell: Cell) -> Chain:
    """The numbers of an iteration with their local derivatives, and the path that a section is at work on.

    A prediction's gradient takes the last edge alone; a weight's all edges from the loss back to the weight.
    """
    nodes, edges, owners = _built(it)
    loss = len(nodes) - 1
    path: list[int] = []
    if section.kind in ("error", "input"):
        path = _back(edges, loss, _output(edges, loss, it, section))
    elif section.kind in ("weight", "bias", "update", "update-bias"):
        owner = _owner(it, section, cell)
        path = _back(edges, loss, owners[owner]) if owner in owners else []
    product = float(np.prod([edges[n].derivative for n in path])) if path else None
    return Chain(tuple(nodes), tuple(edges), tuple(path), product)


def _owner(it: Iteration, section: Section, cell: Cell) -> Weight:
    if section.kind in ("bias", "update-bias"):
        return Weight(section.layer, "bias", cell[:1])
    params = it.track.params[section.layer]
    assert params is not None
    place = weight_index(it.track.layers[section.layer], params.weight.shape, *cell)
    return Weight(section.layer, "weight", place or ())


def _built(it: Iteration) -> tuple[list[Node], list[Edge], dict[Weight, int]]:
    """All nodes from left to right, all edges, and the node of each weight."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    owners: dict[Weight, int] = {}
    before: list[int] = []  # the nodes of what goes into the next layer
    least, last = lowest_weights(it.track), len(it.track.layers) - 1
    for n in range(least, last + 1):
        params, x = it.track.params[n], it.arrays[n]
        local = backward_layer(it.track.layers[n], params, x, np.ones_like(it.arrays[n + 1]))
        column = n - least
        sources: list[tuple[int, float, str]] = []
        if n == least and params is not None:
            sources += _inputs(nodes, it, n, np.asarray(local.dw, dtype=np.float64), owners)
        else:
            sources += [(node, float(local.dx.ravel()[0]), _reason(params)) for node in before]
            if params is not None:
                sources += _weights(
                    nodes, it, n, (np.asarray(local.dw, dtype=np.float64), [""]), owners, column
                )
        if params is not None and params.bias is not None:
            sources += _bias(nodes, it, n, owners, column)
        name = "ŷ" if n == last else "z" + str(n - least + 1).translate(SUBSCRIPTS)
        nodes.append(Node(name, float(it.arrays[n + 1].ravel()[0]), "output", column + 1))
        edges += [Edge(s, len(nodes) - 1, derivative, reason) for s, derivative, reason in sources]
        before = [len(nodes) - 1]
    slope = float(it.back.maps[-1].ravel()[0])
    nodes.append(Node("L", it.back.loss, "loss", last - least + 2))
    edges.append(Edge(len(nodes) - 2, len(nodes) - 1, slope, "2(ŷ − y)"))
    return nodes, edges, owners


def _inputs(
    nodes: list[Node], it: Iteration, n: int, dw: Floats, owners: dict[Weight, int]
) -> list[tuple[int, float, str]]:
    """Each input beside its weight: the derivative by the one is the value of the other."""
    params = it.track.params[n]
    assert params is not None
    out = []
    names = ["x" + str(i + 1).translate(SUBSCRIPTS) for i in range(dw.size)]
    for (place, x), name, (w, _) in zip(np.ndenumerate(dw), names, _places(it, n), strict=True):
        value = float(params.weight[place])
        nodes.append(Node(name, float(x), "input", 0))
        out.append((len(nodes) - 1, value, weight_name(it.track, w)))
    return out + _weights(nodes, it, n, (dw, names), owners, 0)


def _places(it: Iteration, n: int) -> list[tuple[Weight, float]]:
    params = it.track.params[n]
    assert params is not None
    return [(Weight(n, "weight", place), float(v)) for place, v in np.ndenumerate(params.weight)]


def _weights(
    nodes: list[Node],
    it: Iteration,
    n: int,
    local: tuple[Floats, list[str]],
    owners: dict[Weight, int],
    column: int,
) -> list[tuple[int, float, str]]:
    dw, names = local
    out = []
    for (weight, value), name in zip(_places(it, n), names, strict=True):
        owners[weight] = len(nodes)
        out.append((len(nodes), float(dw[weight.place]), name))
        nodes.append(Node(weight_name(it.track, weight), value, "weight", column))
    return out


def _bias(
    nodes: list[Node], it: Iteration, n: int, owners: dict[Weight, int], column: int
) -> list[tuple[int, float, str]]:
    params = it.track.params[n]
    assert params is not None
    assert params.bias is not None
    weight = Weight(n, "bias", (0,))
    owners[weight] = len(nodes)
    nodes.append(Node(weight_name(it.track, weight), float(params.bias[0]), "weight", column))
    return [(owners[weight], 1.0, "")]


def _reason(params: Params | None) -> str:
    return "" if params is None else "w"


def _output(edges: list[Edge], loss: int, it: Iteration, section: Section) -> int:
    """The node whose gradient a section computes: the prediction, or what a layer read."""
    node = edges[-1].source
    if section.kind == "input":
        for _ in range(len(it.track.layers) - section.layer):
            node = next((e.source for e in edges if e.target == node and _is_output(edges, e.source)), node)
    return node


def _is_output(edges: list[Edge], node: int) -> bool:
    return any(e.target == node for e in edges)


def _back(edges: list[Edge], loss: int, node: int) -> list[int]:
    """The edges from the loss back to a node, which is the only way there is."""
    path = []
    while node != loss:
        n = next(n for n, e in enumerate(edges) if e.source == node)
        path.append(n)
        node = edges[n].target
    return path[::-1]
