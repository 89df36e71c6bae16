"""A Frame as plain facts that JSON can hold: every number on the stage."""

from __future__ import annotations

from typing import Any

from cnnviz.timeline.frame import Focus, Frame, Tensor, Terms, TrackFrame
from cnnviz.timeline.plain_numbers import plain_number, plain_numbers
from cnnviz.timeline.plot_facts import plot_facts

VALUES_LIMIT = 250_000
"""A tensor with more values than this is traced by its shape alone (``values`` is null); the terms are always there."""

LOSSES_LIMIT = 1_000
"""So many losses are traced, the last ones: with all of them a trace would grow with the square of the iterations."""


def facts(frame: Frame) -> dict[str, Any]:
    """The facts of a frame.

    Returns
    -------
    dict
        ``step``, ``section`` {track, phase, op, layer, name}, ``iteration``, ``cell`` [channel, row, column], ``beat``,
        ``window`` [row, column, height, width] on the unpadded input, ``terms`` {x, w, products, bias, total},
        ``tensors`` [{name, shape, values, written}] with flat values in row-major order, ``losses`` (of a track that
        learns those of all iterations up to this one, the last 1,000); where the lesson shows them ``heat`` {kind,
        tensor, shape, counts, pixel} and ``curve`` {x, y, point}; of a track that learns ``learning`` {loss, rate,
        momentum, iterations, stopped, pending} and where it learns from batches {data, batch, moved, tested {updates,
        right}}; outside its forward pass, and of an addition, ``source``, the tensor that the window lies on, and
        ``partner`` {tensor, window}, the one that plays the kernel or is added, or null; where two ways of a block meet
        ``brought``, the tensor whose number is the bias; ``plots``, what is drawn beside it (see `plot_facts`). The
        keys stand for the leading track; ``tracks`` holds the same of every further one.
    """
    out: dict[str, Any] = {"step": frame.step.index} | _track(frame.lead)
    others = [t for t in frame.tracks if t is not frame.lead]
    if others:
        out["tracks"] = [_track(t) for t in others]
    if frame.runs is not None:
        from cnnviz.timeline.recorded import runs_facts  # few lessons have them

        out |= {"iteration": frame.runs.iteration, "runs": runs_facts(frame.runs)}
    return out


def _track(track: TrackFrame) -> dict[str, Any]:
    step, focus = track.step, track.focus
    section = step.section
    return (
        {
            "section": {
                "track": section.track,
                "phase": section.phase.value,
                "op": section.op,
                "layer": section.layer,
                "name": section.name,
            },
            "iteration": step.iteration,
            "cell": list(step.cell),
            "beat": step.beat.value,
            "window": list(focus.window[:4]),
            "terms": _terms(focus.terms),
            "tensors": [_tensor(t) for t in track.tensors],
            "losses": _losses(track),
        }
        | _learned(track)
        | (_read(focus) if focus.kind != "forward" or focus.partner else {})
        | _shown(track)
    )


def _losses(track: TrackFrame) -> list[float | str]:
    learning = track.learning
    if learning is None:
        return []
    upto = learning.iteration + 1
    return plain_numbers(learning.losses[max(0, upto - LOSSES_LIMIT) : upto])


def _learned(track: TrackFrame) -> dict[str, Any]:
    """Where the descent stands."""
    learning = track.learning
    if learning is None:
        return {}
    out: dict[str, Any] = {
        "learning": {
            "loss": plain_number(learning.loss),
            "rate": learning.recipe.rate,
            "momentum": learning.recipe.momentum,
            "iterations": learning.recipe.iterations,
            "stopped": learning.stopped,
            "pending": learning.pending,
        },
        "plots": [plot_facts(plot) for plot in track.plots],
    }
    batches = learning.recipe.batches
    if batches is not None:
        tested = (
            None if learning.tested is None else {"updates": learning.tested[0], "right": learning.tested[1]}
        )
        out["learning"] |= {
            "data": batches.data if batches.pictures is None else batches.pictures.name,
            "batch": batches.size,
            "moved": plain_number(learning.moved),
            "tested": tested,
        }
    return out


def _read(focus: Focus) -> dict[str, Any]:
    """What a gradient reads, and an addition: the tensor under the window, the other one, what comes by another way."""
    window = None if focus.partner_window is None else list(focus.partner_window[:4])
    out: dict[str, Any] = {
        "source": focus.source,
        "partner": {"tensor": focus.partner, "window": window} if focus.partner else None,
    }
    return out | ({"brought": focus.brought} if focus.brought else {})


def _shown(track: TrackFrame) -> dict[str, Any]:
    """What the lesson shows beside its maps: a heat-map, the curve of an activation with the point at work."""
    out: dict[str, Any] = {}
    if track.heat is not None:
        heat = track.heat
        few = heat.counts.size <= VALUES_LIMIT
        out["heat"] = {
            "kind": heat.kind,
            "tensor": heat.tensor,
            "shape": list(heat.counts.shape),
            "counts": heat.counts.ravel().tolist() if few else None,
            "pixel": None if heat.pixel is None else list(heat.pixel),
        }
    if track.curve is not None:
        point = [plain_number(float(track.focus.terms.x[0])), plain_number(track.focus.terms.total)]
        out["curve"] = {"x": plain_numbers(track.curve.x), "y": plain_numbers(track.curve.y), "point": point}
    return out


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "x": plain_numbers(terms.x),
        "w": plain_numbers(terms.w),
        "products": plain_numbers(terms.products),
        "bias": None if terms.bias is None else plain_number(terms.bias),
        "total": plain_number(terms.total),
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    shown = tensor.values.size <= VALUES_LIMIT
    return {
        "name": tensor.name,
        "shape": list(tensor.shape),
        "values": plain_numbers(tensor.values) if shown else None,
        "written": tensor.written,
    }


def as_text(frame: Frame, whole: bool = True) -> str:
    """The facts of a frame for people: one line, or with ``whole`` the sum and every matrix that fits a terminal."""
    lines = []
    if frame.runs is not None:
        from cnnviz.timeline.recorded import runs_text  # few lessons have them

        return f"{frame.step.index:>4}  {runs_text(frame.runs)}"
    for track in (frame.lead, *(t for t in frame.tracks if t is not frame.lead)):
        step, focus = track.step, track.focus
        learns = "" if track.learning is None else f"iteration {step.iteration}  {step.section.phase.value}  "
        head = (
            f"{frame.step.index:>4}  {learns}{step.section.name}  cell {list(step.cell)}  {step.beat.value}"
        )
        lines.append(f"{head}  {_sum_text(focus.terms)}")
        if whole:
            row, column, height, width = focus.window[:4]
            lines.append(f"      window at row {row}, column {column}, {height}×{width}, on {focus.source}")
            lines += _partner_text(track)
            lines += [line for tensor in track.tensors for line in _matrix_text(tensor)]
    return "\n".join(lines)


def _partner_text(track: TrackFrame) -> list[str]:
    learning, focus = track.learning, track.focus
    added = focus.kind == "forward" and focus.partner
    if learning is None:
        return [f"      added: {focus.partner}"] if added else []
    lines = [f"      loss {_short(learning.loss)}, rate {_short(learning.recipe.rate)}"]
    if added:
        lines.append(f"      added: {focus.partner}")
    elif focus.partner:
        over = ""
        if focus.partner_window is not None:
            row, column, height, width = focus.partner_window[:4]
            over = f" at row {row}, column {column}, {height}×{width}"
        lines.append(f"      met by {focus.partner}{over}")
    if focus.brought:
        lines.append(f"      its bias comes by the other way: {focus.brought}")
    return [*lines, f"      stopped: {learning.stopped}"] if learning.stopped else lines


def _sum_text(terms: Terms) -> str:
    values = [_short(v) for v in terms.x]
    if terms.w.size:
        values = [f"{x}·{_short(w)}" for x, w in zip(values, terms.w, strict=True)]
    cut = values if len(values) <= 27 else [*values[:26], f"… ({len(values)} terms)"]
    if not terms.w.size:
        return f"{', '.join(cut)} → {_short(terms.total)}"
    bias = "" if terms.bias is None else f" + bias {_short(terms.bias)}"
    return f"{' + '.join(cut)}{bias} = {_short(terms.total)}"


def _matrix_text(tensor: Tensor) -> list[str]:
    shape = "×".join(map(str, tensor.shape))
    lines = [f"{tensor.name} {shape}, {tensor.written} of {tensor.values.size} written"]
    if max(tensor.shape[-2:]) > 16 or tensor.values.size > 1024:
        return lines
    texts = [_short(v) for v in tensor.values.ravel().tolist()]
    texts[tensor.written :] = ["."] * (len(texts) - tensor.written)
    width, columns = max(map(len, texts)), tensor.shape[-1]
    for start in range(0, len(texts), columns):
        if start and start % (columns * tensor.shape[-2]) == 0:
            lines.append("")
        lines.append("      " + " ".join(text.rjust(width) for text in texts[start : start + columns]))
    return lines


def _short(value: float) -> str:
    return f"{value + 0.0:.6g}"
