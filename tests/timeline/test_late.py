"""What is computed late: once, when it is asked for, and to the same numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.layers import NO_PADS
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.edits import set_source
from cnnviz.lesson.source import Source
from cnnviz.timeline import iteration as iterations
from cnnviz.timeline.fold import Backward, backward
from cnnviz.timeline.frame import Tensor
from cnnviz.timeline.late import LateArrays, late_tensor
from cnnviz.timeline.progress import beside
from cnnviz.timeline.reuse import timeline_for
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import facts


def test_arrays_are_found_once() -> None:
    asked: list[int] = []

    def find() -> tuple[np.ndarray, ...]:
        asked.append(1)
        return np.ones(2), np.zeros(3)

    late = LateArrays(find)
    assert not asked
    assert late[-1].tolist() == [0, 0, 0]
    assert (len(late), [a.size for a in late], late[:1][0].tolist()) == (2, [2, 3], [1, 1])
    assert asked == [1]


def test_a_tensor_has_its_name_at_once_and_all_the_rest_when_asked() -> None:
    asked: list[int] = []
    values = np.arange(6.0).reshape(1, 2, 3)

    def make() -> Tensor:
        asked.append(1)
        return Tensor("conv1.grad", "grad", 2, values, 6, (-5.0, 5.0), 7, NO_PADS, values, signed=True)

    tensor = late_tensor("conv1.grad", "grad", 2, make)
    assert (tensor.name, tensor.kind, tensor.layer) == ("conv1.grad", "grad", 2)
    assert not asked
    assert tensor.shape == (1, 2, 3)
    assert replace(tensor, written=3).written == 3
    assert (tensor.span, tensor.group, tensor.signed, tensor.colors) == ((-5.0, 5.0), 7, True, "signed")
    assert asked == [1]
    with pytest.raises(AttributeError):
        tensor.unheard_of  # type: ignore[attr-defined]  # noqa: B018  # that is what is tested


def test_another_picture_needs_no_gradients_until_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = beside(make_timeline(shipped_lesson("learn-digits")))
    timeline.frame(0)
    ran: list[Backward] = []

    def counted(*given: object) -> Backward:
        ran.append(backward(*given))  # type: ignore[arg-type]  # handed on as it came
        return ran[-1]

    monkeypatch.setattr(iterations, "backward", counted)
    shape = timeline.lesson.tracks[0].source.shape
    other = Source(np.random.default_rng(5).integers(0, 17, shape).astype(np.float64), "noise")
    drawn = timeline_for(set_source(timeline.lesson, other), timeline)
    frame = drawn.frame(0).lead
    assert not ran
    grad = frame.tensor("conv1.grad").values
    (back,) = ran
    assert grad.shape == frame.tensor("conv1").shape
    assert (grad == back.maps[frame.tensor("conv1").layer + 1]).all()
    assert frame.tensor("input").values.tolist() == other.array.tolist()
    told = {t["name"]: t["values"] for t in facts(drawn.frame(0))["tensors"]}
    assert told["conv1.grad"] == grad.ravel().tolist()
    assert len(ran) == 1
