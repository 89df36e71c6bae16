"""What the package sets before NumPy is imported."""

import os
import subprocess
import sys

import pytest

CODE = "import cnnviz, os; print(os.environ.get('OPENBLAS_NUM_THREADS'), os.environ.get('OPENBLAS_CORETYPE'))"


def seen(**given: str) -> list[str]:
    """Import the package in a process of its own, whose environment names no BLAS setting but those given."""
    plain = {k: v for k, v in os.environ.items() if "OPENBLAS" not in k}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=plain | given, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_blas_has_one_thread() -> None:
    assert seen()[0] == "1"


@pytest.mark.parametrize("name", ["Haswell", "Prescott"])
def test_what_a_user_has_set_stays(name: str) -> None:
    assert seen(OPENBLAS_NUM_THREADS="2", OPENBLAS_CORETYPE=name) == ["2", name]
