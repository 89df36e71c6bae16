"""The formula of a loss, a gradient or an update, typeset."""

from __future__ import annotations

from cnnviz.engine.apply import ACTIVATIONS
from cnnviz.engine.layers import AvgPool, Conv, MaxPool
from cnnviz.engine.specs import AnyLayer, ConvTranspose, Flatten, GlobalAvgPool, GlobalMaxPool, Linear
from cnnviz.lesson.recipe import Recipe
from cnnviz.scene.areas import Look
from cnnviz.scene.block_learning import block_formula
from cnnviz.scene.formula_fit import EM, SPARE
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Align, Box, Formula, Primitive
from cnnviz.timeline.frame import Focus


def learning_formula(focus: Focus, recipe: Recipe, area: Box, look: Look) -> tuple[Primitive, ...]:
    """The formula in the middle of its area; nothing where it would be smaller than the small type."""
    name, theme = formula_name(focus, recipe), look.theme
    form = outline(name)
    room = area.w - 2 * look.metrics.body  # what stands beside it is not touched
    wide, high = room / (form.width * EM * SPARE), area.h / (form.height * EM)
    size = min(look.metrics.body * 0.9, wide, high)
    if size < look.metrics.small * 0.8:
        return ()
    colors = (
        ("input", theme.input), ("weight", theme.weight), ("output", theme.output), ("text", theme.text)
    )  # fmt: skip
    w, h = form.width * size * EM, form.height * size * EM
    box = Box(area.cx - w / 2, area.cy - h / 2, w, h)
    return (Formula("formula/operation", box, name, colors, size * EM, Align.LEFT),)


def formula_name(focus: Focus, recipe: Recipe) -> str:
    """Which formula tells how such a cell comes about."""
    crossed = recipe.loss == "cross_entropy"
    match focus.kind:
        case "loss" if crossed:
            return "loss.cross"
        case "loss":
            return "loss.one" if focus.terms.x.size == 1 else f"loss.{recipe.reduction}"
        case "error":
            one = abs(float(focus.terms.w[0])) == 2.0
            return "error.cross" if crossed else ("error.sum" if one else "error.mean")
        case "weight":
            return _weight(focus)
        case "bias":
            return "bias.map" if focus.terms.x.size > 1 else "bias.line"
        case "input":
            return _input(focus)
    letter = "w" if focus.kind == "update" else "b"
    return f"update.{letter}.v" if recipe.momentum else f"update.{letter}"


def _weight(focus: Focus) -> str:
    spec = focus.spec
    if isinstance(spec, Linear):
        return "weight.linear"
    if not isinstance(spec, Conv):
        return "weight.transposed"
    plain = spec.stride == spec.dilation == (1, 1) and spec.padding in (0, (0, 0), (0, 0, 0, 0), "valid")
    alone = spec.out_channels == 1 and focus.cell[0] == 0 and focus.window.channels == (0, 1)
    turned = ".turned" if spec.flipped else ""
    return f"weight.conv.{'-' if alone else 'oc'}{'' if plain else '.sdp'}{turned}"


def _input(focus: Focus) -> str:
    spec: AnyLayer = focus.spec
    if (name := block_formula(focus)) is not None:
        return name
    if focus.source.endswith(".spread"):
        return "input.conv.true" if isinstance(spec, Conv) and spec.flipped else "input.conv"
    if isinstance(spec, ACTIVATIONS):
        return "input.gate"
    match spec:
        case Linear():
            return "input.linear"
        case MaxPool() | GlobalMaxPool():
            return "input.max"
        case AvgPool() | GlobalAvgPool():
            return "input.avg"
        case ConvTranspose():
            return "input.transposed"
        case Conv():
            return "input.weights"
        case Flatten():
            return "input.same"
    return "input.gate"
