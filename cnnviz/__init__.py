"""cnnviz shows, step by step, how a convolutional neural network computes."""

import os
import sys

__version__ = "0.1.0"

# NumPy has read its settings when somebody imported it before us.
_too_late = "numpy" in sys.modules and os.environ.get("OPENBLAS_NUM_THREADS") != "1"

# NumPy reads these once, when it is first imported, so they are set before any module here does that.
# One BLAS thread gives the same bits in every run and leaves no workers spinning beside the window.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# Whether the engine may use threads of its own: they and BLAS's threads would wait for each other.
blas_on_one_thread = not _too_late and os.environ["OPENBLAS_NUM_THREADS"] == "1"
