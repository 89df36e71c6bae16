"""The panels of a track whose loss, gradients or update are at work, with their titles."""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.layers import Conv, MaxPool, Relu
from cnnviz.engine.specs import Back, ConvTranspose, Flatten, GlobalMaxPool, Linear, PaddedShortcut
from cnnviz.scene.block_learning import is_joint, joint_shown, with_other_way
from cnnviz.scene.learning import in_one
from cnnviz.scene.learning_marks import MOST_WINNERS
from cnnviz.scene.learning_rows import ROW
from cnnviz.scene.shown import Shown, map_shown, shown_of, size_of
from cnnviz.timeline.frame import Focus, Tensor, TrackFrame
from cnnviz.timeline.iteration import focus_in
from cnnviz.timeline.timeline import Timeline

MOST_PLANES = 4
"""So many planes of a tensor stand beside one another; of more the one at work alone."""


MOST_PANELS = 7
"""Of a deeper network the kernel, its map and both ends stand for all in the picture of an iteration."""

SHORT_LINE = 6
"""So many numbers of a line stand one under another; more stand in rows."""


def learning_shown(
    timeline: Timeline, track: TrackFrame, looked_at: Focus | None = None
) -> tuple[Shown, ...]:
    """What is shown of a track in a section that is not of the forward pass; ``looked_at`` is a cell that is chosen."""
    focus = track.focus
    if in_one(timeline, track) and focus.kind == "update":
        return _of_iteration(timeline, track, _kernel_of(timeline, track, looked_at) or focus)
    match focus.kind:
        case "loss" | "error":
            return _of_loss(track, focus)
        case "weight":
            return _of_weight(timeline, track, focus)
        case "bias":
            return _of_bias(track, focus)
        case "input" if is_joint(focus) or isinstance(focus.spec, Back):
            return joint_shown(track)
        case "input":
            return with_other_way(_of_input(timeline, track, focus), track)
    return _of_update(track, focus, timeline.lesson.conventions.base)


def _kernel_of(timeline: Timeline, track: TrackFrame, looked_at: Focus | None) -> Focus | None:
    """The update of the kernel that makes a map's cell; None where no such cell is looked at."""
    if looked_at is None or looked_at.kind != "forward":
        return None
    section = next(
        (s for s in timeline.sections[track.track] if s.kind == "update" and s.layer == looked_at.layer), None
    )
    if section is None or isinstance(looked_at.spec, Linear):
        return None
    channels = track.tensor(f"{looked_at.target}.weight").shape[1]
    it = timeline.iteration(track.track, track.step.iteration)
    return focus_in(it, section, (looked_at.cell[0] * channels, 0, 0), track.track)


def _of_iteration(timeline: Timeline, track: TrackFrame, focus: Focus) -> tuple[Shown, ...]:
    """A whole iteration at once: the maps, the kernel with its gradient, and the target."""
    output = 0 if isinstance(focus.spec, Linear) else focus.cell[0] // track.tensor(focus.source).shape[1]
    forward = timeline.focus(track.track, focus.layer, (output, 0, 0))
    out: list[Shown] = []
    panels = shown_of(timeline, track, forward, timeline.lesson.view)
    for one in panels:
        if len(panels) > MOST_PANELS and not _tells(one, focus, track):
            continue
        own = one.key == focus.source
        out.append(replace(one, grows=own))
        if own:
            grad = _weights_of(track, track.tensor(f"{focus.source}.grad"), focus, "∂L/∂W")
            out.append(replace(grad, grows=True))
    return tuple(out)


def _tells(one: Shown, focus: Focus, track: TrackFrame) -> bool:
    """Whether a panel of a deep network is one of the few that there is room for."""
    ends = (focus.source, focus.source.removesuffix(".weight"), _top(track))
    return one.key in ends or one.tensor.kind in ("input", "target")


def _of_loss(track: TrackFrame, focus: Focus) -> tuple[Shown, ...]:
    assert track.learning is not None
    crossed = track.learning.recipe.loss == "cross_entropy"
    top = focus.target.removesuffix(".grad") if focus.kind == "error" else _top(track)
    out = []
    if crossed:
        if focus.kind == "loss":
            out.append(_map(track.tensor(top), "Scores z"))
        out += [
            _map(track.tensor("probabilities"), "Probabilities p"),
            _map(track.tensor("label"), "Label y"),
        ]
    else:
        out += [_map(track.tensor(top), "Prediction ŷ"), _map(track.tensor("target"), "Target y")]
        if focus.kind == "loss":
            out.append(_map(track.tensor("difference"), "ŷ − y"))
    if focus.kind == "loss":
        return (*out, _map(track.tensor("loss"), "Loss L"))
    return (*out, _map(track.tensor(focus.target), "∂L/∂z" if crossed else "∂L/∂ŷ"))


def _top(track: TrackFrame) -> str:
    """The name of the last map."""
    return [t.name for t in track.tensors if t.kind == "map"][-1]


def _of_weight(timeline: Timeline, track: TrackFrame, focus: Focus) -> tuple[Shown, ...]:
    x, delta = track.tensor(focus.source), track.tensor(focus.partner)
    assert focus.partner_window is not None
    output = focus.partner_window.channels[0]
    channel = focus.window.channels[0]
    if isinstance(focus.spec, ConvTranspose):
        # The gradient is under the window, and the input plays the kernel.
        x, delta = track.tensor(focus.partner), track.tensor(focus.source)
        output, channel = channel, output
    return (
        _map(x, "Input X", channel),
        _plane(delta, "Gradient δ", output),
        _as_drawn(_kernel(timeline, track, track.tensor(focus.target), focus, "∂L/∂W"), focus),
    )


def _of_bias(track: TrackFrame, focus: Focus) -> tuple[Shown, ...]:
    delta = track.tensor(focus.source)
    return (_map(delta, "Gradient δ", focus.cell[0]), _map(track.tensor(focus.target), "∂L/∂b"))


def _of_input(timeline: Timeline, track: TrackFrame, focus: Focus) -> tuple[Shown, ...]:
    spec, plane = focus.spec, focus.cell[0]
    delta, target = track.tensor(focus.source), track.tensor(focus.target)
    done = _map(target, "∂L/∂X", plane)
    if focus.source.endswith(".spread"):
        assert isinstance(spec, Conv)
        if any(done.tensor.pads):
            done = replace(done, detail=f"{size_of(done.tensor)}, border cropped")
        name = "δ, spread by the stride" if max(spec.stride) > 1 else "δ with room around"
        turned = track.tensor(focus.partner)
        how = ("Kernel W", "as it stands") if spec.flipped else ("Kernel turned", "by 180°")
        kernel = replace(_map(turned, how[0], 0), kind="kernel", detail=f"{how[1]}, {size_of(turned)}")
        return (_map(delta, name, focus.window.channels[0]), kernel, done)
    if isinstance(spec, ConvTranspose):
        own = track.tensor(focus.partner)
        base = timeline.lesson.conventions.base
        kernel = replace(
            _map(own, "Kernel W", 0), kind="kernel", detail=f"of input {plane + base}, {size_of(own)}"
        )
        return (_map(delta, "Gradient δ", focus.window.channels[0]), kernel, done)
    if isinstance(spec, Linear):
        weights = track.tensor(focus.partner)
        rows, columns = weights.shape[-2:]
        matrix = Shown(
            weights.name, "kernel", weights, range(1), 0, 0, "Weights W", f"{rows}×{columns}", True
        )
        return (_map(delta, "Gradient δ"), matrix, done)
    if isinstance(spec, Flatten | PaddedShortcut):
        return (_map(delta, "Gradient δ"), done)
    x = _map(track.tensor(focus.partner), "Input X", plane)
    if isinstance(spec, Relu):
        x = replace(x, detail=f"{x.detail}, open above 0")
    if isinstance(spec, MaxPool | GlobalMaxPool) and x.rows * x.columns <= MOST_WINNERS:
        x = replace(x, detail=f"{x.detail}, winners marked")
    return (_map(delta, "Gradient δ", min(plane, delta.shape[0] - 1)), x, done)


def _of_update(track: TrackFrame, focus: Focus, base: int) -> tuple[Shown, ...]:
    assert track.learning is not None
    letter = "W" if focus.kind == "update" else "b"
    recipe = track.learning.recipe
    row = ROW if focus.source.endswith(ROW) else ""
    source = focus.source.removesuffix(ROW)
    grad, sign = (
        (f"{source}.velocity{row}", "v") if recipe.momentum else (f"{source}.grad{row}", f"∂L/∂{letter}")
    )
    named = (
        (grad, "Velocity v" if recipe.momentum else sign),
        (focus.source, f"Old {letter}"),
        (focus.partner, f"−η · {sign}"),
        (focus.target, f"New {letter}′"),
    )
    out = tuple(
        _as_drawn(_weights_of(track, track.tensor(name), focus, title), focus) for name, title in named
    )
    if not focus.source.endswith(ROW):
        return out
    output = track.step.cell[1] + base
    return tuple(replace(one, detail=f"of output {output}") for one in out)


def _weights_of(track: TrackFrame, tensor: Tensor, focus: Focus, title: str) -> Shown:
    if focus.kind == "update-bias" or tensor.name.endswith(ROW):
        return replace(_map(tensor, title), kind="map" if focus.kind == "update-bias" else "kernel")
    planes = _kernel_planes(track, focus)
    rows, columns = tensor.shape[-2:]
    count = f"{len(planes)} of " if len(planes) > 1 else ""
    return Shown(tensor.name, "kernel", tensor, planes, 0, 0, title, f"{count}{rows}×{columns}", True)


def _kernel_planes(track: TrackFrame, focus: Focus) -> range:
    """The planes of the kernel that a weight is part of, as far as they have room."""
    plane = focus.cell[0]
    if isinstance(focus.spec, Linear):
        return range(1)
    name = focus.target.removesuffix(".grad").removesuffix(".next")
    channels = track.tensor(name).shape[1]
    if channels > MOST_PLANES:
        return range(plane, plane + 1)
    first = plane - plane % channels
    return range(first, first + channels)


def _kernel(timeline: Timeline, track: TrackFrame, tensor: Tensor, focus: Focus, title: str) -> Shown:
    one = _weights_of(track, tensor, focus, title)
    if isinstance(focus.spec, Linear):
        output = track.step.cell[1] + timeline.lesson.conventions.base
        return replace(one, detail=f"of output {output}") if tensor.name.endswith(ROW) else one
    weights = track.tensor(tensor.name.removesuffix(".grad"))
    if weights.shape[0] == 1:
        return one
    kernel = focus.cell[0] // weights.shape[1] + timeline.lesson.conventions.base
    return replace(one, detail=f"kernel {kernel}, {one.detail}")


def _as_drawn(one: Shown, focus: Focus) -> Shown:
    """The kernel of a true convolution, and all that belongs to it, are drawn as they slide."""
    return (
        replace(one, detail=f"turned, {one.detail}")
        if isinstance(focus.spec, Conv) and focus.spec.flipped
        else one
    )


def _plane(tensor: Tensor, title: str, plane: int) -> Shown:
    """One plane of a map; a line of numbers is shown whole."""
    one = _map(tensor, title, plane)
    if one.across or tensor.shape[0] == 1:
        return one
    return replace(one, planes=range(plane, plane + 1), detail=_detail(tensor, 1))


def _map(tensor: Tensor, title: str, plane: int = 0) -> Shown:
    """A map: all of its planes where they are few, else the one at work."""
    kept = plane if tensor.shape[0] > MOST_PLANES and max(tensor.shape[1:]) > 1 else None
    count = tensor.shape[0]
    one = map_shown(tensor, kept, 1 if count <= SHORT_LINE else (4 if count <= 4 * SHORT_LINE else 8))
    return replace(one, title=title, detail=_detail(tensor, len(one.planes)))


def _detail(tensor: Tensor, planes: int) -> str:
    channels, rows, columns = tensor.shape
    text = size_of(tensor)
    if planes == 1 and channels > 1 and max(rows, columns) > 1:
        text = f"{rows}×{columns}, 1 of {channels}"
    if any(tensor.pads):
        text += f", padded {tensor.padded.shape[1]}×{tensor.padded.shape[2]}"
    return text
