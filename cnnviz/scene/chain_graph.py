"""The chain rule as a graph: numbers as nodes, local derivatives on the edges, the path at work in the accent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import NamedTuple

from cnnviz.scene.areas import Look
from cnnviz.scene.letters import width_of
from cnnviz.scene.plot_numbers import brief, equals, value_of
from cnnviz.scene.plots import text_size
from cnnviz.scene.primitives import Align, Box, Color, Link, Primitive, Rect, Ring, Run, Text, Weight
from cnnviz.timeline.plots import Chain, Edge, Node

CROWD = 1.9
"""Where nodes would be nearer, in sizes of text, the inputs are left out: nobody asks for their derivatives."""


class _Spot(NamedTuple):
    """Where a node stands: its middle and its size."""

    x: float
    y: float
    w: float
    h: float

    @property
    def box(self) -> Box:
        return Box(self.x - self.w / 2, self.y - self.h / 2, self.w, self.h)


def chain_graph(key: str, box: Box, chain: Chain, look: Look) -> tuple[Primitive, ...]:
    """Nodes from left to right, edges with their derivatives, and below them the product along the path."""
    size, theme = text_size(look), look.theme
    title = Box(box.x, box.y, box.w, round(size * 1.4))
    foot = Box(box.x, box.bottom - round(size * 3.0), box.w, round(size * 3.0))
    room = Box(box.x, title.bottom + size * 0.5, box.w, foot.y - title.bottom - size)
    spots = _spots(chain, room, look)
    parts: list[Primitive] = [
        Text(f"{key}/title", title, (Run("Chain rule", theme.text, Weight.MEDIUM),), size * 1.1)
    ]
    edges = [(n, e) for n, e in enumerate(chain.edges) if e.source in spots]
    # What is at work is drawn last, over the rest.
    for n, edge in sorted(edges, key=lambda one: one[0] in chain.path):
        parts.append(_line(f"{key}/edge{n}", edge, spots, look, n in chain.path))
    for n, edge in edges:
        parts += _label(f"{key}/edge{n}", edge, chain, spots, look, n in chain.path)
    on_path = {chain.edges[n].source for n in chain.path} | {chain.edges[n].target for n in chain.path}
    for n, spot in spots.items():
        parts += _node(f"{key}/node{n}", chain.nodes[n], spot, look, n in on_path)
    return (*parts, *_product(f"{key}/product", chain, foot, look))


def _spots(chain: Chain, room: Box, look: Look) -> dict[int, _Spot]:
    size = text_size(look)
    first = [n for n, node in enumerate(chain.nodes) if node.column == 0]
    few = room.h / len(first) >= size * CROWD
    last = max(node.column for node in chain.nodes)
    stacked = _stacked(chain, room, look)
    wide = {n: _width(node, look, stacked) for n, node in enumerate(chain.nodes)}
    left = max(wide[n] for n in first)
    right = wide[len(chain.nodes) - 1]
    out = {}
    for column in range(last + 1):
        own = [n for n in _ordered(chain, column) if few or chain.nodes[n].role != "input"]
        share = column / last
        x = room.x + left / 2 + share * (room.w - left / 2 - right / 2)
        tall = stacked and column > 0
        for place, n in enumerate(own):
            y = room.y + room.h * (place + 0.5) / len(own)
            out[n] = _Spot(x, y, wide[n], round(size * (3.0 if tall else 1.7)))
    return out


def _stacked(chain: Chain, room: Box, look: Look) -> bool:
    """Whether names stand above their values, so that edges between many nodes have room."""
    last = max(node.column for node in chain.nodes)
    widths = [max(_width(n, look, False) for n in chain.nodes if n.column == c) for c in range(last + 1)]
    return (room.w - sum(widths)) / last < text_size(look) * 3


def _ordered(chain: Chain, column: int) -> Iterator[int]:
    """The nodes of a column: each input before its weight."""
    own = [n for n, node in enumerate(chain.nodes) if node.column == column]
    inputs = [n for n in own if chain.nodes[n].role == "input"]
    others = [n for n in own if n not in inputs]
    for n, other in enumerate(others):
        if n < len(inputs):
            yield inputs[n]
        yield other


def _width(node: Node, look: Look, stacked: bool) -> float:
    size, runs = text_size(look), _runs(node, look)
    if stacked and node.column:
        return round(max(width_of((run,), size) for run in _apart(runs)) + size * 0.9)
    return round(width_of(runs, size) + size * 1.4)


def _apart(runs: tuple[Run, Run]) -> tuple[Run, Run]:
    """Name and value without the sign between them."""
    return runs[0], replace(runs[1], text=runs[1].text.removeprefix(" = "))


def _runs(node: Node, look: Look) -> tuple[Run, Run]:
    theme = look.theme
    roles: dict[str, Color] = {
        "input": theme.input,
        "weight": theme.weight,
        "output": theme.output,
        "loss": theme.text,
    }
    value = "?" if node.role == "loss" and "total" in look.viewpoint.hidden else brief(node.value)
    return (Run(node.name, roles[node.role], Weight.BOLD), Run(f" = {value}", theme.text))


def _node(key: str, node: Node, spot: _Spot, look: Look, at_work: bool) -> list[Primitive]:
    theme, size = look.theme, text_size(look)
    color = theme.accent if at_work else theme.line
    width = look.metrics.stroke if at_work else max(1.0, look.metrics.stroke * 0.5)
    runs, box = _runs(node, look), spot.box
    ring = Ring(key, box, color, width=width, fill=theme.surface, radius=min(spot.h / 2, size * 0.85))
    if spot.h < size * 2:
        return [ring, Text(f"{key}/text", box, runs, size, Align.CENTER)]
    halves = (Box(box.x, box.y, box.w, box.h / 2), Box(box.x, box.cy, box.w, box.h / 2))
    lines = zip(halves, _apart(runs), ("name", "value"), strict=True)
    return [ring, *(Text(f"{key}/{what}", half, (run,), size, Align.CENTER) for half, run, what in lines)]


def _line(key: str, edge: Edge, spots: dict[int, _Spot], look: Look, at_work: bool) -> Link:
    a, b = spots[edge.source], spots[edge.target]
    theme, stroke = look.theme, look.metrics.stroke
    ends = ((a.x + a.w / 2 + 2, a.y), (b.x - b.w / 2 - 3, b.y))
    color = theme.accent if at_work else theme.line
    return Link(key, ends, color, width=max(1.5, stroke * (0.9 if at_work else 0.5)), arrow=True)


def _label(
    key: str, edge: Edge, chain: Chain, spots: dict[int, _Spot], look: Look, at_work: bool
) -> list[Primitive]:
    """The derivative on its edge, on a ground that covers the line; those by the inputs are left to the nodes."""
    source, target = chain.nodes[edge.source], chain.nodes[edge.target]
    if source.role == "input":
        return []
    theme, size = look.theme, max(11.0, round(text_size(look) * 0.88))
    a, b = spots[edge.source], spots[edge.target]
    gap = (b.x - b.w / 2) - (a.x + a.w / 2)
    value = brief(edge.derivative)
    name = f"∂{target.name}/∂{source.name} = "
    reason = f"{edge.reason} = " if edge.reason else ""
    color = theme.accent if at_work else theme.muted
    for text in (f"{name}{reason}{value}", f"{name}{value}", value):
        runs = (Run(text, color, Weight.MEDIUM if at_work else Weight.REGULAR),)
        wide = round(width_of(runs, size) + size * 0.5)
        if wide <= gap - size * 0.8:
            break
    if wide > gap:
        return []
    # Edges that run together are told apart near where they begin.
    share = 0.5 if source.role == "output" else 0.42
    # Long ones stand clear of both nodes.
    start, half = a.x + a.w / 2, wide / 2
    x = min(max(start + gap * share, start + half), start + gap - half)
    y = a.y + (b.y - a.y) * (x - start) / gap
    place = Box(x - wide / 2, y - size * 0.7, wide, round(size * 1.4))
    ground = Rect(f"{key}/ground", place, theme.background or theme.surface)
    return [ground, Text(f"{key}/text", place, runs, size, Align.CENTER)]


def _product(key: str, chain: Chain, foot: Box, look: Look) -> list[Primitive]:
    """The derivatives along the path, their names above their numbers."""
    start = chain.start
    if start is None or chain.product is None:
        return []
    theme, size = look.theme, look.metrics.small
    edges = [chain.edges[n] for n in chain.path]
    names = [f"∂{chain.nodes[e.target].name}/∂{chain.nodes[e.source].name}" for e in edges]
    numbers = [brief(e.derivative) for e in edges]
    factors = numbers[:1] + [text if text[0].isdigit() else f"({text})" for text in numbers[1:]]
    result = "?" if "total" in look.viewpoint.hidden else brief(chain.product)
    head = Run(f"∂L/∂{start.name} = ", theme.accent, Weight.MEDIUM)
    told = Run(_direction(start, chain.product), theme.text)
    lines: tuple[tuple[Run, ...], ...]
    if len(edges) == 1:
        lines = (
            (head, Run(f"{edges[0].reason} = ", theme.text), Run(result, theme.accent, Weight.BOLD)),
            (told,),
        )
    else:
        total = Run(result, theme.accent, Weight.BOLD)
        sign = equals(prod(map(value_of, numbers)), brief(chain.product))
        lines = (
            (head, Run(" · ".join(names), theme.text)),
            (Run(f"= {' · '.join(factors)} {sign} ", theme.text), total),
        )
    height = foot.h / 2
    return [
        Text(f"{key}/{n}", Box(foot.x, foot.y + n * height, foot.w, height), line, size, Align.CENTER)
        for n, line in enumerate(lines)
    ]


def _direction(node: Node, gradient: float) -> str:
    """Which way the number must go so that the loss falls: against the sign of its gradient."""
    if not gradient:
        return ""
    return f"{node.name} must {'increase' if gradient < 0 else 'decrease'} so that L falls"
