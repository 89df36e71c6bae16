"""The gradient check: what the chain rule says of a weight, held against the loss itself, changed a little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.engine.specs import Tanh
from cnnviz.lesson.lesson import Lesson, View
from lessons.making import Entry, conv, learning, numbers, story

GROUP = "Learning"


def gradient_check() -> Lesson:
    """A convolution and tanh: the loss over one weight is a curve, with a secant beside its tangent."""
    picture = [[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 2, 0], [0, 2, 1, 1]]
    weights = np.array([[0.2, -0.1, 0.1], [0.3, 0.1, -0.2], [-0.1, 0.2, 0.1]])
    chain = learning(
        numbers(picture, "4×4 picture"), conv(weights), (Tanh(), None),
        target=[[0.5, -0.5], [0.0, 0.5]], rate=0.02, iterations=3,
    )  # fmt: skip
    words = story(
        (
            "Forward",
            "A real convolution: one kernel makes all outputs. {sl}It has 3×3 weights, and makes four.",
            "Beside it from the first step on: the loss as a curve over one weight, all others held still. Each point "
            "of that curve is a whole forward pass.",
        ),
        ("tanh", "Each output is bent into −1 to 1.", "That is why the loss is no parabola over a weight."),
        (
            "Loss",
            "The squared errors of all predictions are added. {sl}Four predictions, four targets.",
            "This number is the height of the dot on the curve.",
        ),
        ("δ of the predictions", "2(ŷ − y) for each prediction.", "The chain rule starts here."),
        (
            "δ back through tanh",
            "Each δ times the slope 1 − ŷ² of tanh.",
            "Where tanh is flat, little comes back.",
        ),
        (
            "∂L/∂W, checked",
            "The chain rule gives the slope of the tangent, two more losses that of the secant: do they agree?",
            "The secant goes through L(w − h) and L(w + h). With a wide h one sees it, and it is a little off; with "
            "h = 0.00001 both slopes agree to many digits. That costs two forward passes for each weight, so it is a "
            "check and not a way to learn. Point at any weight to check that one.",
        ),
        (
            "Update",
            "Only now each weight steps against its gradient.",
            "{ilwtr}The gradients have been checked: the steps go down.",
        ),
    )
    return Lesson(
        "Is the gradient right?", (chain,), "cell", words,
        "The gradient of each weight by the chain rule, and by a difference of two real losses: a tangent and a "
        "secant on the curve of the loss.",
        GROUP, ("S50", "S60", "S60b"), view=replace(View(), plots="check"),
    )  # fmt: skip


ENTRIES = (Entry("gradient-check", ".json", gradient_check),)
