"""What the package sets before NumPy is imported."""

import os
import subprocess
import sys

CODE = "import cnnviz, os; print(os.environ.get('OPENBLAS_NUM_THREADS'))"


def threads(**given: str) -> str:
    """Import the package in a process of its own, whose environment names no BLAS setting but those given."""
    plain = {k: v for k, v in os.environ.items() if "OPENBLAS" not in k}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=plain | given, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_blas_has_one_thread() -> None:
    assert threads() == "1"


def test_what_a_user_has_set_stays() -> None:
    assert threads(OPENBLAS_NUM_THREADS="2") == "2"
