"""The plots beside a lesson that learns as plain facts that JSON can hold."""

from __future__ import annotations

from typing import Any

from cnnviz.timeline.plain_numbers import plain_number, plain_numbers
from cnnviz.timeline.plots import AccuracyCurve, Chain, Check, LossCurve, Parabola, Plot, Slope, Surface


def plot_facts(plot: Plot) -> dict[str, Any]:
    """The facts of a plot, each with its ``kind``.

    Returns
    -------
    dict
        ``loss`` {point}: the values are the trace's ``losses``. ``accuracy`` {x, y, point, pictures}, the
        share of right answers to so many test pictures after x updates; point is null where none were tested yet.
        ``parabola`` {x, y, point, target, slope}. ``chain`` {nodes [{name, value, role}], edges [{from, to,
        derivative}], path, product}, the path from the loss back as numbers of edges. ``surface`` {names, x,
        y, values, path, point, gradient, loss}: values row by row, a row for each y. ``check`` {name, tensor,
        index, x, y, point, analytic, numeric, h, relative, secant {h, below, above, slope}}.
    """
    match plot:
        case LossCurve():
            return {"kind": "loss", "point": [plot.iteration, plain_number(plot.loss)]}
        case AccuracyCurve():
            x, y = plain_numbers(plot.iterations), plain_numbers(plot.shares)
            point = [x[-1], y[-1]] if x else None
            return {"kind": "accuracy", "x": x, "y": y, "point": point, "pictures": plot.pictures}
        case Parabola():
            return {
                "kind": "parabola",
                "x": plain_numbers(plot.x),
                "y": plain_numbers(plot.y),
                "point": [plain_number(plot.prediction), plain_number(plot.loss)],
                "target": plain_number(plot.target),
                "slope": plain_number(plot.slope),
            }
        case Chain():
            return _chain(plot)
        case Surface():
            return {
                "kind": "surface",
                "names": list(plot.names),
                "x": plain_numbers(plot.x),
                "y": plain_numbers(plot.y),
                "values": plain_numbers(plot.values),
                "path": [plain_numbers(pair) for pair in plot.path],
                "point": [plain_number(v) for v in plot.point],
                "gradient": [plain_number(v) for v in plot.gradient],
                "loss": plain_number(plot.loss),
            }
    return _check(plot)


def _chain(chain: Chain) -> dict[str, Any]:
    names = [node.name for node in chain.nodes]
    return {
        "kind": "chain",
        "nodes": [{"name": n.name, "value": plain_number(n.value), "role": n.role} for n in chain.nodes],
        "edges": [
            {"from": names[e.source], "to": names[e.target], "derivative": plain_number(e.derivative)}
            for e in chain.edges
        ],
        "path": list(chain.path),
        "product": None if chain.product is None else plain_number(chain.product),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "kind": "check",
        "name": check.name,
        "tensor": check.tensor,
        "index": list(check.index),
        "x": plain_numbers(check.x),
        "y": plain_numbers(check.y),
        "point": [plain_number(check.weight), plain_number(check.loss)],
        "analytic": plain_number(check.analytic),
        "numeric": plain_number(check.fine.value),
        "h": check.fine.h,
        "relative": plain_number(check.relative),
        "secant": _slope(check.drawn),
    }


def _slope(slope: Slope) -> dict[str, Any]:
    return {
        "h": slope.h,
        "below": plain_number(slope.below),
        "above": plain_number(slope.above),
        "slope": plain_number(slope.value),
    }
