"""Losses of a descent that is followed again, compared where rounding may lead it another way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

EARLY = 8
"""Iterations within which a choice that fell otherwise cannot have grown."""


def alike(
    name: str, losses: Sequence[float], wanted: Sequence[float] | NDArray[np.float64], same: bool = False
) -> None:
    """Hold the losses of a network's first iterations against others, to 1e-4.

    The clothes of Fashion-MNIST lie on a background of equal windows, which tie in max pooling: which of them learns
    is decided by the rounding of the processor's own products, and that grows to some 1e-3 within twenty iterations;
    not where both were rounded the ``same``.
    """
    np.testing.assert_allclose(losses[:EARLY], wanted[:EARLY], rtol=0, atol=1e-4)
    np.testing.assert_allclose(losses, wanted, rtol=0, atol=2e-3 if name == "fashion" and not same else 1e-4)
