"""The answer of a network to the input of its track."""

import numpy as np

from cnnviz.engine.layers import Params
from cnnviz.engine.specs import Flatten, Linear
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.source import Source
from cnnviz.timeline.asking import ask


def test_the_answer_is_the_softmax_of_the_scores() -> None:
    source = Source(np.array([[[1, 3]]], np.uint8))
    params = Params(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, -1.0]))
    answer = dict(ask(Track(source, (Flatten(), Linear(2)), (None, params))))
    # Scores 1 and 2: 1 / (1 + e).
    assert list(answer) == ["0", "1"]
    np.testing.assert_allclose(answer["0"], 1 / (1 + np.e), rtol=1e-6)


def test_maps_are_no_answer() -> None:
    assert ask(Track(Source(np.zeros((1, 2, 2))), (), (), data="mnist")) == ()
