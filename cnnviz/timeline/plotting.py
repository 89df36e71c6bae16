"""Which plot stands beside a track that learns, at each step."""

from __future__ import annotations

from cnnviz.lesson.lesson import Plots
from cnnviz.timeline.chain_rule import chain_of, has_chain
from cnnviz.timeline.descent import Descent
from cnnviz.timeline.frame import CellRef, Learning, Step
from cnnviz.timeline.gradient_check import check_of, weight_at
from cnnviz.timeline.iteration import Iteration
from cnnviz.timeline.loss_curve import has_parabola, loss_curve, parabola
from cnnviz.timeline.outlook import outlook
from cnnviz.timeline.plots import Plot
from cnnviz.timeline.sections import Phase
from cnnviz.timeline.surface import has_surface, surface_of


def plot_at(
    descent: Descent,
    it: Iteration,
    step: Step,
    learning: Learning,
    asked: Plots,
    pointed: CellRef | None = None,
    patient: bool = True,
) -> Plot | None:
    """The plot of a step; the loss over the iterations where what is asked for does not fit the track.

    Parameters
    ----------
    asked : Plots
        What the lesson's view says.
    pointed : CellRef, optional
        The weight whose derivative is checked, in place of the one at work.
    patient : bool
        Whether what is looked ahead of the run is waited for.
    """
    section = step.section
    match _kind(it, section.phase) if asked == "auto" else asked:
        case "none":
            return None
        case "parabola":
            return parabola(it)
        case "chain" if has_chain(it.track):
            return chain_of(it, section, step.cell)
        case "surface" if has_surface(it.track):
            return surface_of(descent, it)
        case "check" if any(params is not None for params in it.track.params):
            return check_of(it, weight_at(it, section, step.cell, pointed))
    # However many more are computed, those up to this one stay: it is drawn again for each picture that is looked at.
    ahead = outlook(descent, patient)
    return it.known(("loss curve", ahead.size), lambda: loss_curve(learning, ahead))


def _kind(it: Iteration, phase: Phase) -> str:
    """The plot that tells most in a phase."""
    if phase is Phase.LOSS and has_parabola(it):
        return "parabola"
    return {Phase.BACKWARD: "chain", Phase.UPDATE: "surface"}.get(phase, "loss")
