"""Sums that are exact, and so the same on every processor: what is multiplied is kept to few enough bits."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.initialisation import fans
from cnnviz.engine.layers import Conv, Shape
from cnnviz.engine.network import parameter_shapes, placed_layers
from cnnviz.engine.specs import BatchNorm, ConvTranspose, Layers, Linear

_MANTISSA = 53
"""Bits of a whole number that float64 holds."""

_LEAST = 12
"""Fewer bits than these would be seen in what a network learns."""


class Grid:
    """Rounds arrays of float64 to whole multiples of a power of two, so that sums of their products are exact.

    BLAS adds products in an order of its own on each kind of processor, and rounds each time. Where two factors are
    whole numbers below 2^b in some unit, a product is below 2^(2b), and n of them add up to below 2^(2b) n. With
    b = (53 - log2 n) / 2 float64 holds every partial sum, whatever the order. The unit is the power of two that
    leaves the largest number of an array b bits: 20 of them for sums of 8,192 products.

    References
    ----------
    Ozaki, Ogita, Oishi and Rump (2012), Error-free transformations of matrix multiplication, splits matrices so.
    """

    __slots__ = ("bits",)

    def __init__(self, products: int) -> None:
        """Prepare for sums of at most so many products."""
        self.bits = (_MANTISSA - max(products - 1, 1).bit_length()) // 2
        assert self.bits >= _LEAST, "sums of so many products leave too few bits"

    def round(self, array: Array) -> None:
        """Round an array in place, to the nearest, halves to even; infinity and NaN stay.

        Examples
        --------
        >>> array = np.array([1.0, 1 / 3, -0.75])
        >>> Grid(1 << 29).round(array)
        >>> (array * 4096).tolist()
        [4096.0, 1365.0, -3072.0]
        """
        if not array.size:
            return
        largest = max(float(np.maximum.reduce(array, axis=None)), -float(np.minimum.reduce(array, axis=None)))
        if not (math.isfinite(largest) and largest):
            return
        # Of a number between 2^52 and 2^53 units no fraction of a unit is left.
        mantissa, exponent = math.frexp(largest)
        # A power of two is its own bound, so that rounding again changes nothing.
        above = exponent - (mantissa == 0.5)
        shift = math.ldexp(1.5, above - self.bits + _MANTISSA - 1)
        np.add(array, shift, out=array)
        np.subtract(array, shift, out=array)

    def round_all(self, arrays: Iterable[Array]) -> None:
        """Round several arrays, each in its own unit."""
        for array in arrays:
            self.round(array)


def most_products(layers: Layers, in_shape: Shape, batch: int, training: bool = True) -> int:
    """How many products are added at most: those of a window, and in training those of a channel in a whole batch.

    Examples
    --------
    >>> from cnnviz.engine.layers import Conv
    >>> most_products((Conv(8, (3, 3)),), (4, 10, 10), 32), most_products((Conv(8, (3, 3)),), (4, 10, 10), 32, False)
    (2048, 72)
    """
    most = max(
        (max(fans(shape)) for shape in parameter_shapes(layers, in_shape).values() if len(shape) > 1),
        default=1,
    )
    if not training:
        return most
    areas = (
        at.out_shape[1] * at.out_shape[2]
        for at in placed_layers(layers, in_shape)
        if isinstance(at.layer, Conv | ConvTranspose | BatchNorm | Linear)
    )
    return max(most, batch * max(areas, default=1))
