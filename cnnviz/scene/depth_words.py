"""What is said of networks trained beside each other: title, iteration, caption, and the recipe with its origin."""

from __future__ import annotations

from cnnviz.files.recordings import Run
from cnnviz.scene import words
from cnnviz.scene.areas import Areas, Look
from cnnviz.scene.composition import Composition
from cnnviz.scene.depth_asked import Asked
from cnnviz.scene.depth_bars import counted, run_title
from cnnviz.scene.depth_curves import loss_text, percent
from cnnviz.scene.plot_numbers import brief
from cnnviz.scene.primitives import Align, Box, Primitive, Text, Weight
from cnnviz.scene.primitives import Run as Words
from cnnviz.timeline.frame import Frame
from cnnviz.timeline.recorded import MEAN_OF, RunsFrame, ended, measured, missing
from cnnviz.timeline.runs_names import BOLD, FINE, FREE
from cnnviz.timeline.runs_points import Curves, point_near, run_of


def runs_texts(
    frame: Frame, caption: str, areas: Areas, composition: Composition, look: Look
) -> tuple[Primitive, ...]:
    """The lesson's title, the iteration, the story line and the caption: those that the picture shall have."""
    assert frame.runs is not None
    m, theme = look.metrics, look.theme
    half = Box(areas.title.x, areas.title.y, areas.title.w * 0.6, areas.title.h)
    rest = Box(half.right, half.y, areas.title.w - half.w, half.h)
    out: list[Primitive] = []
    if composition.has("title"):
        out.append(Text("title", half, (Words(look.lesson.title, theme.text, Weight.BOLD),), m.large))
    if composition.has("section"):
        iterations = frame.runs.recording.recipe.recipe.iterations
        runs = (
            Words(f"Iteration {counted(frame.runs.iteration)}", theme.accent, Weight.BOLD),
            Words(f"  of {iterations:,}", theme.muted),
        )
        out.append(Text("section", rest, runs, m.body * 0.86, Align.RIGHT))
    if composition.has("caption"):
        story = words.story(look.lesson, frame.step)
        if areas.story.h:
            line = (Words(story, theme.text, Weight.MEDIUM),)
            out.append(Text("story", areas.story, line, m.body, Align.CENTER))
        told = (Words(caption, theme.muted if story else theme.text),)
        out.append(Text("caption", areas.caption, told, m.body * (0.9 if story else 1.0), Align.CENTER))
    return tuple(out)


def runs_caption(frame: RunsFrame, hidden: frozenset[str] = frozenset()) -> str:
    """The gradients at both ends of the deepest plain network, and which networks have come to an end."""
    plain = [run for run in frame.recording.runs if run.twin.plain]
    deepest = max((run.twin.depth for run in plain), default=0)
    ends = [told for run in plain if run.twin.depth == deepest and (told := _ends(run, frame, hidden))]
    gone = [run_title(run) for run in frame.recording.runs if ended(run, frame.iteration)]
    waiting = sum(missing(run, frame.iteration) for run in frame.recording.runs)
    lines = [f"Gradients of plain {deepest}, layers 1 and {deepest}: {', '.join(ends)}."] if ends else []
    if gone:
        lines.append(
            f"{gone[0].capitalize()} diverged." if len(gone) == 1 else f"{len(gone)} networks diverged."
        )
    if waiting:
        lines.append(f"{waiting} of {len(frame.recording.runs)} are not computed so far.")
    return " ".join(lines) or f"Iteration {counted(frame.iteration)}."


def bar_words(frame: RunsFrame, key: str, layer: int, hidden: frozenset[str] = frozenset()) -> str | None:
    """What is measured of the layer whose bar is pointed at; None where that is none.

    Parameters
    ----------
    key : str
        That of the bars of a network, such as ``"bars/norm/gradients/plain-18"``.
    layer : int
        Counted from 0.
    """
    start, _, rest = key.partition("/")
    if start != "bars":
        return None
    group, _, name = rest.split("/")
    run = run_of(frame.recording, f"{group}/{name}")
    place = None if run is None else measured(run, frame.place, frame.recording.samples)
    if run is None or place is None or layer >= run.twin.depth:
        return None
    values = (run.gradients[place, layer], run.spreads[place, layer])
    norm, spread = ("?", "?") if "total" in hidden else (brief(float(f"{v:.2e}")) for v in values)
    at = frame.recording.samples[place]
    then = "" if at == frame.iteration else f", at iteration {counted(at)}"
    return f"Layer {layer + 1} of {run_title(run)}: gradient norm {norm}, spread {spread}{then}."


def asked_words(frame: RunsFrame, asked: Asked, hidden: frozenset[str] = frozenset()) -> str:
    """What is known of the run or the curve that is pointed at or chosen."""
    if asked.run is None:
        return _of_every(frame, asked, hidden)
    name = run_title(asked.run)
    name = f"{name[0].upper()}{name[1:]}"
    if asked.line == FREE:
        gone = (
            f" diverged at iteration {counted(asked.run.done)}" if ended(asked.run, frame.iteration) else ""
        )
        return f"{name}{gone}: a click goes to iteration {counted(asked.goal)}."
    if asked.point is None:
        return f"{name}: nothing is known of it so far."
    point, curves = asked.point, asked.curves
    fine, bold = ("?" if "total" in hidden else _number(curves, value) for value in (point.fine, point.bold))
    if curves == "errors":
        many = f"{point.updates:,} update{'' if point.updates == 1 else 's'}"
        then = f"after {many}" if point.updates else "before any update"
        at = f"iteration {counted(point.iteration)}, {then}" if asked.place else then
        told = [f"test error {bold}", f"training error {fine}"]
    else:
        at = f"iteration {counted(point.iteration)}"
        told = [
            f"mean loss {bold} of the last {min(MEAN_OF, point.iteration + 1)}",
            f"loss {fine} of this batch",
        ]
    if asked.line == FINE:
        told.reverse()
    end = f" It diverged at iteration {counted(asked.run.done)}." if ended(asked.run, frame.iteration) else ""
    return f"{name}, {at}: {', '.join(told)}.{end}"


def _of_every(frame: RunsFrame, asked: Asked, hidden: frozenset[str]) -> str:
    """Of a curve of all runs what it stands for, and the least and the greatest number at the playhead."""
    runs = [run for run in frame.recording.runs if not ended(run, frame.iteration)]
    points = [point_near(frame, run, asked.curves, frame.iteration + 1) for run in runs]
    numbers = {
        run_title(point.run): point.fine if asked.line == FINE else point.bold
        for point in points
        if point is not None
    }
    kind = {
        ("errors", FINE): "Training errors", ("errors", BOLD): "Test errors",
        ("losses", FINE): "Losses of each batch", ("losses", BOLD): f"Mean losses of the last {MEAN_OF} batches",
    }[asked.curves, asked.line]  # fmt: skip
    if not numbers or "total" in hidden:
        return f"{kind}."
    least, most = min(numbers, key=numbers.__getitem__), max(numbers, key=numbers.__getitem__)
    return (
        f"{kind}: from {_number(asked.curves, numbers[least])}, {least}, "
        f"to {_number(asked.curves, numbers[most])}, {most}."
    )


def _number(curves: Curves, value: float) -> str:
    return f"{percent(value)} %" if curves == "errors" else loss_text(value)


def _ends(run: Run, frame: RunsFrame, hidden: frozenset[str]) -> str:
    place = measured(run, frame.place, frame.recording.samples)
    if place is None:
        return ""
    norms = run.gradients[place]
    first, last = ("?", "?") if "total" in hidden else (brief(_short(float(norms[n]))) for n in (0, -1))
    return f"{first} and {last} {'with batch norm' if run.twin.norm else 'without'}"


def _short(value: float) -> float:
    """The number with two digits: a bar cannot be read more precisely."""
    return float(f"{value:.1e}")
