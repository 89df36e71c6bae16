"""cnnviz shows, step by step, how a convolutional neural network computes."""

import os

__version__ = "0.1.0"

_AVX512 = {b"avx512f", b"avx512dq", b"avx512bw", b"avx512vl", b"avx512cd"}


def _prepare_blas() -> None:
    """Set what NumPy's BLAS reads once, when NumPy is first imported; what a user has set stays.

    One BLAS thread gives the same bits in every run and leaves no workers spinning beside the window. OpenBLAS takes
    kernels of 256 bits on AMD processors that it does not know yet, though they have AVX-512: those of its name
    SkylakeX need just that and multiply matrices in half the time.
    """
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    try:
        with open("/proc/cpuinfo", "rb") as file:
            words = set(file.read(4096).split())  # the first processor's entry
    except OSError:
        return
    if b"AuthenticAMD" in words and words >= _AVX512:
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


_prepare_blas()
