"""The way back through a residual block: where the gradient goes both ways, and where these meet again."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.specs import Add, Back, BatchNorm, PaddedShortcut
from cnnviz.scene.numbers import bracketed, short, small
from cnnviz.scene.powers import total_text
from cnnviz.scene.primitives import Run, Weight
from cnnviz.scene.shown import Shown, map_shown, size_of
from cnnviz.scene.theme import Theme
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame

MOST_PLANES = 4
"""So many planes of a tensor stand beside one another; of more the one at work alone."""

BROUGHT = ".shortcut"
"""Behind the name of a gradient: the same as it goes along the shortcut."""

Runs = tuple[Run, ...]


def is_joint(focus: Focus) -> bool:
    """Whether a gradient goes on both ways: that of an addition."""
    return focus.kind == "input" and isinstance(focus.spec, Add)


def brought_name(focus: Focus) -> str:
    """The name of what goes along the shortcut of an addition; empty where that is switched off."""
    assert isinstance(focus.spec, Add)
    return f"{focus.source}{BROUGHT}" if focus.spec.shortcut else ""


def along_shortcut(track: TrackFrame) -> Tensor:
    """The gradient as it goes along the shortcut, as far as this step has come."""
    delta = track.tensor(track.focus.source)
    name = brought_name(track.focus)
    # Its range is that of what goes to the layers, so that like numbers look alike.
    return replace(delta, name=name, written=track.step.written)


def joint_shown(track: TrackFrame) -> tuple[Shown, ...]:
    """At an addition: the gradient of y, and what the layers and the shortcut get of it."""
    focus = track.focus
    if isinstance(focus.spec, Back):  # the same told as a step of its own, where the shortcut has layers
        return (
            _panel(track, focus.source, "∂L/∂y"),
            _panel(track, focus.target, "along the shortcut", "∂L/∂s"),
        )
    panels = [_panel(track, focus.source, "∂L/∂y"), _panel(track, focus.target, "to the layers", "∂L/∂f")]
    if name := brought_name(focus):
        panels.append(_panel(track, name, "along the shortcut", "∂L/∂y"))
    return tuple(panels)


def with_other_way(panels: tuple[Shown, ...], track: TrackFrame) -> tuple[Shown, ...]:
    """The panels of a gradient, and before the last one what comes by the other way, where two ways parted."""
    focus = track.focus
    if not focus.brought:
        return panels
    title, detail = ("+ through f", "∂L/∂x") if _by_shortcut(focus) else ("+ by the shortcut", "∂L/∂y")
    return (*panels[:-1], _panel(track, focus.brought, title, detail), panels[-1])


def _by_shortcut(focus: Focus) -> bool:
    """Whether the layer at work is part of a shortcut, and what is brought comes through f."""
    return focus.brought.startswith("back")


def _panel(track: TrackFrame, name: str, title: str, detail: str = "") -> Shown:
    tensor, plane = track.tensor(name), track.focus.cell[0]
    kept = plane if tensor.shape[0] > MOST_PLANES and max(tensor.shape[1:]) > 1 else None
    one = map_shown(tensor, kept)
    size = size_of(tensor) if kept is None else f"{tensor.shape[1]}×{tensor.shape[2]}, 1 of {tensor.shape[0]}"
    return replace(one, title=title, detail=f"{detail}, {size}" if detail else size)


def other_way(focus: Focus) -> str:
    """What stands behind the number that is added to a sum of products."""
    if focus.kind == "forward":
        return " bias"
    return " through f" if _by_shortcut(focus) else " by the shortcut"


def joint_line(focus: Focus, theme: Theme) -> Runs:
    """What both ways get, in numbers; the result of the way to the layers follows."""
    spec = focus.spec
    assert isinstance(spec, Add)
    x = small(float(focus.terms.x[0]))
    runs: Runs = ()
    if spec.shortcut:
        runs = (
            Run("shortcut: ", theme.muted),
            Run(x, theme.input, Weight.BOLD),
            Run(",   layers: ", theme.muted),
        )
    return (
        *runs, Run(f"{bracketed(short(spec.scale))} × ", theme.weight), Run(bracketed(x), theme.text, Weight.BOLD),
    )  # fmt: skip


def joint_words(focus: Focus) -> str:
    """What happens to the gradient at an addition."""
    spec, x = focus.spec, small(float(focus.terms.x[0]))
    assert isinstance(spec, Add)
    to_f = (
        f"all of it, {x},"
        if spec.scale == 1
        else f"{short(spec.scale)} × {bracketed(x)} = {total_text(focus)}"
    )
    if not spec.shortcut:
        return f"without the shortcut only the layers get ∂L/∂y: {total_text(focus)}"
    return f"of ∂L/∂y = {x} the layers get {to_f} and the shortcut gets all of it too: {x}"


def block_words(focus: Focus) -> str | None:
    """How a gradient goes back through what blocks are made of; None for all other layers."""
    total = total_text(focus)
    if focus.brought:
        through, other = focus.terms.total - (focus.terms.bias or 0.0), focus.terms.bias or 0.0
        ways = ("by the shortcut", "through f") if _by_shortcut(focus) else ("through f", "by the shortcut")
        return f"{ways[0]} comes {small(through)}, {ways[1]} {small(other)}: together {total}"
    match focus.spec:
        case Add():
            return joint_words(focus)
        case Back():
            return f"the shortcut gets ∂L/∂y as it is: {total}"
        case PaddedShortcut():
            kept = bool(focus.terms.w.size and focus.terms.w[0])
            return (
                f"this pixel was kept, so its δ comes back: {total}" if kept else "this pixel was left out: 0"
            )
        case BatchNorm():
            return (
                f"each of {focus.terms.x.size} outputs depends on it, by mean and spread: their shares add up to "
                f"{total}"
            )
    return None


def block_formula(focus: Focus) -> str | None:
    """The formula of a gradient in a block; None where it is that of the layer alone."""
    if focus.brought:
        return "input.ways" if _by_shortcut(focus) else "input.join"
    match focus.spec:
        case Add() as spec:
            return "input.add" + ("" if spec.shortcut else ".plain") + ("" if spec.scale == 1 else ".scaled")
        case Back():
            return "input.back"
        case PaddedShortcut():
            return "input.kept"
        case BatchNorm():
            return "input.norm"
    return None
