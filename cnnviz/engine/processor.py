"""What the processor can do, as far as it decides which form of an operation is fastest, and how it rounds."""

from functools import cache

import numpy as np
from numpy.lib import introspect

from cnnviz.engine.layers import digest_of


@cache
def reads_in_place() -> bool:
    """Tell whether BLAS multiplies small matrices where they lie, as OpenBLAS does with registers of 512 bits.

    With others it copies the matrices first, which does not pay for a few rows. NumPy knows the registers: it picks
    its own code by them. This decides on speed only, so it need not be right for every BLAS.
    """
    found = introspect.opt_func_info(func_name="^maximum$", signature="^float32$")
    return any(
        way["current"].startswith(("AVX512", "X86_V4")) for kinds in found.values() for way in kinds.values()
    )


@cache
def rounding() -> str:
    """A fingerprint of how products and sums of float32 are rounded here.

    Where two machines have the same, the same training gives the same bits on both; processors of another kind, and
    other versions of BLAS and NumPy, add in another order.
    """
    rng = np.random.default_rng(0)
    parts = []
    for rows, common, columns in ((8, 72, 512), (32, 288, 128), (67, 181, 259)):
        a, b = (
            rng.standard_normal(shape).astype(np.float32) for shape in ((rows, common), (common, columns))
        )
        parts += [a @ b, a.sum(axis=0), a.sum(axis=1), np.vecdot(a, a), np.exp(a)]
    return digest_of(*parts).hex()
