"""The door of the engine: what it offers, and what comes in with it."""

import importlib
import inspect
import os
import subprocess
import sys
from types import FunctionType

import pytest

import cnnviz.engine


def run(code: str, **environment: str) -> str:
    """Run a line in a fresh interpreter that has no BLAS settings but these."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    clean["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"])
def test_blas_runs_on_one_thread_unless_somebody_chose_otherwise(name: str) -> None:
    code = f"import cnnviz, os, sys; print(os.environ['{name}'], 'numpy' in sys.modules)"
    assert run(code) == "1 False"
    assert run(code, **{name: "2"}) == "2 False"


@pytest.mark.parametrize(
    ("first", "environment", "alone"),
    [
        ("", {}, True),
        ("import numpy; ", {}, False),
        ("import numpy; ", {"OPENBLAS_NUM_THREADS": "1"}, True),
        ("", {"OPENBLAS_NUM_THREADS": "2"}, False),
    ],
)
def test_own_threads_are_for_a_blas_that_has_none(
    first: str, environment: dict[str, str], alone: bool
) -> None:
    code = (
        f"{first}import cnnviz, cnnviz.engine as e; print(cnnviz.blas_on_one_thread, e.thread_count() == 1)"
    )
    told, single = run(code, **environment).split()
    assert told == str(alone)
    assert single == "True" or alone


def test_the_engine_brings_no_gui_toolkit() -> None:
    code = "import cnnviz.engine, sys; print({'PySide6', 'pyqtgraph', 'PIL'} & set(sys.modules))"
    assert run(code) == "set()"


def test_every_public_name_is_there() -> None:
    assert [name for name in cnnviz.engine.__all__ if not hasattr(cnnviz.engine, name)] == []


OPERATIONS = [
    name for name in cnnviz.engine.__all__ if isinstance(getattr(cnnviz.engine, name), FunctionType)
]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_public_function_shows_itself_at_work(name: str) -> None:
    words = inspect.getdoc(getattr(cnnviz.engine, name)) or ""
    sections = ["Examples\n--------\n>>> "]
    if not name.startswith("thread_"):
        sections += ["Parameters\n-----", "Raises\n-----", "References\n-----"]
    assert [section for section in sections if section not in words] == []


NETWORKS = {
    "apply": ["apply_layer"],
    "apply_backward": ["backward_layer"],
    "drawn": ["drawn_params"],
    "initialisation": ["draw", "fans", "initial_parameters"],
    "layers": ["AvgPool", "Conv", "MaxPool"],
    "network": [
        "count_multiply_adds", "count_parameters", "parameter_shapes", "placed_layers", "receptive_fields",
        "shortcut_layers", "statistic_shapes",
    ],
    "optimisers": ["Adam", "Constant", "Cosine", "Sgd", "StepDecay"],
    "plan.plan": [""],
    "seen": ["pixels_seen"],
    "specs": ["ConvTranspose", "Residual", "chain_shapes", "read_network"],
}  # fmt: skip


@pytest.mark.parametrize(("module", "name"), [(m, name) for m, names in NETWORKS.items() for name in names])
def test_what_networks_are_made_of_shows_itself_at_work(module: str, name: str) -> None:
    found = importlib.import_module(f"cnnviz.engine.{module}")
    words = inspect.getdoc(getattr(found, name) if name else found) or ""
    assert "Examples\n--------\n" in words
    assert ">>> " in words
