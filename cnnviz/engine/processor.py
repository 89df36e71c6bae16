"""What the processor can do, as far as it decides which form of an operation is fastest."""

from functools import cache

from numpy.lib import introspect


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
