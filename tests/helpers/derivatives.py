"""Central differences by random projection: an oracle for gradients that knows nothing of their formulas."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

STEP = 1e-5


def check_gradients(
    forward: Callable[..., Array], inputs: Sequence[Array], gradients: Sequence[Array], dout: Array
) -> None:
    """Compare, along random directions, the slope of sum(dout * forward(*inputs)) with what the gradients say.

    The inputs are float64; each has its gradient. Agreement is to 1e-6 of the size of the terms.
    """
    random = np.random.default_rng(0)
    for place, (values, gradient) in enumerate(zip(inputs, gradients, strict=True)):
        assert gradient.shape == values.shape
        for _ in range(3):
            direction = random.normal(size=values.shape)
            ends = []
            for step in (STEP, -STEP):
                moved = [*inputs[:place], values + step * direction, *inputs[place + 1 :]]
                ends.append(forward(*moved))
            measured = float((dout * (ends[0] - ends[1])).sum()) / (2 * STEP)
            told = float((gradient * direction).sum())
            terms = float(np.abs(gradient * direction).sum())
            assert abs(measured - told) <= 1e-6 * max(terms, 1e-3), (place, measured, told)
