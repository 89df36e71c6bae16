"""Effort: numbers written, counted by hand."""

import numpy as np

from cnnviz.engine.layers import MaxPool, Relu
from cnnviz.timeline.effort import effort
from cnnviz.timeline.timeline import make_timeline
from tests.lesson.examples import lesson


def test_every_layer_counts_with_its_terms() -> None:
    x, weight = np.zeros((2, 10, 10)), np.ones((4, 2, 4, 4))
    made = make_timeline(lesson(x, weight, None, (Relu(), MaxPool((4, 4), (1, 1)))))
    # 4·7·7 cells of 32 terms, as many of one term, 4·4·4 cells of 16 terms.
    assert effort(made) == round(196 * 1.5 + 196 * (65 / 64) + 64 * 1.25)
