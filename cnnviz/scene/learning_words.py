"""Learning in words: what a loss, a gradient and an update mean, with the numbers of this very cell."""

from __future__ import annotations

import math
import re

from cnnviz.engine.layers import AvgPool, Conv, MaxPool
from cnnviz.engine.specs import ConvTranspose, Flatten, GlobalAvgPool, GlobalMaxPool, Linear
from cnnviz.lesson.recipe import Recipe
from cnnviz.scene.block_learning import block_words
from cnnviz.scene.numbers import bracketed, number, rate_text, small
from cnnviz.scene.powers import total_text
from cnnviz.timeline.cuts import Beat
from cnnviz.timeline.frame import Focus, Learning, TrackFrame

MOST_PLACES = 8
"""Decimals that tell an old weight from a new one."""


def learning_caption(track: TrackFrame, hidden: frozenset[str] = frozenset()) -> str:
    """The sentence under the stage for a cell of a loss, a gradient or an update."""
    assert track.learning is not None
    focus, step = track.focus, track.step
    if step.beat is Beat.MULTIPLY and focus.terms.w.size and "products" not in hidden:
        return _product(focus, min(step.products, focus.terms.products.size) - 1)
    if "total" in hidden:
        return f"{step.section.name}: what comes out?"
    return sentence(made(focus, track.learning.recipe))


def _product(focus: Focus, n: int) -> str:
    """The product that is made in a step; those of a slope and of an update have names."""
    x, w, p = (small(float(v[n])) for v in (focus.terms.x, focus.terms.w, focus.terms.products))
    factor = bracketed(w)
    if focus.kind == "error":
        return f"{('The prediction', 'The target')[n]}: {x} × {factor} gives {p}."
    if focus.kind in ("update", "update-bias"):
        what = "bias" if focus.kind == "update-bias" else "weight"
        if not n:
            return f"The old {what} is {x}."
        return f"The step is {w} × {bracketed(x)}, which gives {p}."
    return f"Product {n + 1} of {focus.terms.products.size}: {x} × {factor} gives {p}."


def sentence(told: str) -> str:
    """What was told as a sentence; a letter of a formula stays as it is."""
    first = told[0].upper() if told[0].isascii() else told[0]
    return f"{first}{told[1:]}."


def made(focus: Focus, recipe: Recipe) -> str:
    """How the number came about and what it means."""
    match focus.kind:
        case "loss":
            return _loss(focus, recipe)
        case "error":
            return _error(focus, recipe)
        case "weight":
            return _weight(focus)
        case "bias":
            return (
                f"each output has the bias added once, so its gradient is the sum of δ: {total_text(focus)}"
            )
        case "input":
            return _input(focus)
    return _update(focus, recipe)


def stopped_words(learning: Learning) -> str:
    """Why learning came to an end; iterations are counted from 1, as on the stage."""
    reason = re.sub(r"iteration (\d+)", lambda found: f"iteration {int(found[1]) + 1}", learning.stopped)
    reason = re.sub(r"(\d)\.0 is", r"\1 is", reason).replace("e+", "e")
    return f"Learning has stopped: {reason}."


def place_of(learning: Learning) -> str:
    """Which iteration of how many."""
    return f"iteration {learning.iteration + 1:,} of {learning.recipe.iterations:,}"


def story_of(track: TrackFrame, hidden: frozenset[str] = frozenset()) -> str:
    """One whole iteration in a sentence; without its loss where that is hidden from the audience."""
    learning = track.learning
    assert learning is not None
    asks = "total" in hidden
    loss = "?" if asks else small(learning.loss)
    text = f"Iteration {learning.iteration + 1:,}: the loss is {loss}"
    # Losses of different examples are not to be compared.
    alike = len(learning.recipe.examples) == 1 and learning.recipe.batches is None
    if alike and not asks and learning.iteration and len(learning.losses) > learning.iteration:
        before = float(learning.losses[learning.iteration - 1])
        change = "down" if learning.loss < before else ("up" if learning.loss > before else "unchanged")
        text += f", {change} from {small(before)}" if change != "unchanged" else ", unchanged"
    if learning.recipe.batches is not None:
        return _batch(learning, loss, asks)
    what = "velocity" if learning.recipe.momentum else "gradient"
    return f"{text}; each weight moves by −{rate_text(learning.recipe.rate)} × its {what}."


def _batch(learning: Learning, loss: str, asks: bool) -> str:
    """One update from a batch: how large it is, and how the network did when it was tested last."""
    batches = learning.recipe.batches
    assert batches is not None
    pictures = f"{batches.size:,} picture{'s' if batches.size > 1 else ''}"
    told = f"Iteration {learning.iteration + 1:,}: the mean loss of {pictures} is {loss}"
    if math.isfinite(learning.moved):
        told += f", the weights move by {100 * learning.moved:.2g} %"
    return f"{told}{_tested(learning, asks)}."


def _tested(learning: Learning, asks: bool) -> str:
    """How the network did when it was tested last."""
    if learning.tested is None:
        return ""
    updates, share = learning.tested
    after = f"after {updates:,} update{'' if updates == 1 else 's'}" if updates else "before the first update"
    told = "?" if asks else f"{100 * share:.1f}"
    return f"; {told} % of the test pictures right {after}"


def moved(old: float, new: float) -> tuple[str, str]:
    """Two numbers with the decimals that tell them apart, as far as that is possible."""
    told = small(old), small(new)
    if old == new or not (math.isfinite(old) and math.isfinite(new)) or _bare(told[0]) != _bare(told[1]):
        return told
    places = next((n for n in range(3, MOST_PLACES) if f"{old:.{n}f}" != f"{new:.{n}f}"), 3)
    return number(old, places), number(new, places)


def _bare(text: str) -> str:
    return text.rstrip("0") if "." in text else text


def _loss(focus: Focus, recipe: Recipe) -> str:
    terms, total = focus.terms, total_text(focus)
    if recipe.loss == "cross_entropy":
        p = float(terms.products[terms.winner or 0] / terms.products.sum())
        return (
            f"the right answer, {terms.winner}, has the probability {small(p)}, so the loss −log p is {total}"
        )
    if terms.x.size == 1:
        x = small(float(terms.x[0]))
        return f"the prediction misses the target by {x}; squared, the loss is {total}"
    how = "their sum" if recipe.reduction == "sum" else "their mean"
    return f"{terms.x.size:,} differences are squared; {how}, the loss, is {total}"


def _error(focus: Focus, recipe: Recipe) -> str:
    total = focus.terms.total
    first, second = moved(*(float(v) for v in focus.terms.x))
    if recipe.loss == "cross_entropy":
        told = f"the probability {first} less the {second} that is wanted is {small(total)}"
        return f"{told}: {_wanted(total, 'this score')}"
    share = "2" if recipe.reduction == "sum" else f"2/{round(2 / float(focus.terms.w[0]))}"
    return f"{share} · (ŷ − y) with ŷ = {first} and y = {second} is {small(total)}: {_wanted(total, 'the output')}"


def _wanted(gradient: float, what: str) -> str:
    """What the sign of a gradient asks for: the loss falls against it."""
    if gradient == 0:
        return f"a small change of {what} would not change the loss"
    way, sign = ("increase", "negative") if gradient < 0 else ("decrease", "positive")
    return f"it is {sign}, so {what} must {way} to lower the loss"


def _weight(focus: Focus) -> str:
    total = focus.terms.total
    if focus.terms.x.size == 1:
        x = small(float(focus.terms.x[0]))
        told = f"the weight met the input {x}, so its gradient is {x} × δ = {total_text(focus)}"
        if isinstance(focus.spec, Linear):
            return told
        return f"{told}: {_wanted(total, 'this weight')}"
    names = ("δ", "X") if isinstance(focus.spec, ConvTranspose) else ("X", "δ")
    told = f"{names[0]} under the window times {names[1]}, {focus.terms.x.size} products, add up to {total_text(focus)}"
    return f"{told}: {_wanted(total, 'this weight')}"


def _input(focus: Focus) -> str:
    terms, total = focus.terms, total_text(focus)
    if (told := block_words(focus)) is not None:
        return told
    match focus.spec:
        case Conv() if focus.source.endswith(".spread"):
            # A true convolution turned the kernel already: turned again, it is as it was.
            how = "as it stands" if focus.spec.flipped else "turned by 180°"
            return f"the kernel, {how}, lies over δ: {terms.x.size} products add up to {total}"
        case ConvTranspose():
            return f"the kernel of this input lies over δ where it was laid: {terms.x.size} products add up to {total}"
        case Conv():
            return f"each output that reads this input hands back δ times its weight: together {total}"
        case Linear():
            return f"each output hands back δ times the weight of this input: together {total}"
        case MaxPool() | GlobalMaxPool():
            won = int((terms.w > 0).sum())
            if not won:
                return "this value was no maximum of its window, so no gradient comes back: 0"
            if won > 1:
                return f"this value was the maximum of {won} windows, so the δ of each comes back: together {total}"
            return f"this value was the maximum of its window, so all of δ comes back: {total}"
        case AvgPool() | GlobalAvgPool():
            return f"an average hands δ back in equal shares to the values of its window: {total}"
        case Flatten():
            return f"flattening changes no value: {total} goes back to its place"
    slope = float(terms.w[0]) if terms.w.size == 1 else 0.0
    if terms.w.size == 1:
        x = small(float(terms.x[0]))
        if slope == 0:
            return f"the gate is shut here (slope 0), so of δ = {x} nothing comes back"
        return f"the slope here is {small(slope)}, so δ = {x} comes back as {total}"
    return f"{terms.x.size} outputs hand back their share: together {total}"


def _update(focus: Focus, recipe: Recipe) -> str:
    old, gradient = (float(v) for v in focus.terms.x)
    before, new = moved(old, focus.terms.total)
    what = "bias" if focus.kind == "update-bias" else "weight"
    name = "velocity" if recipe.momentum else "gradient"
    if gradient == 0:
        return f"the {name} is 0, so the {what} stays {new}"
    way = "up" if gradient < 0 else "down"
    told = f"the {name} {small(gradient)} is {'negative' if gradient < 0 else 'positive'}, so the {what} goes {way}"
    if before == new and focus.terms.total != old:
        return f"{told}: by {small(abs(focus.terms.total - old))} from {before}"
    return f"{told}: from {before} to {new}"
