"""cnnviz shows, step by step, how a convolutional neural network computes."""

import os

__version__ = "0.1.0"

# NumPy reads these once, when it is first imported, so they are set before any module here does that.
# One BLAS thread gives the same bits in every run and leaves no workers spinning beside the window.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
