"""Every operation and its gradients against what PyTorch made of 300 random configurations each, without PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from tests.helpers.engine_answers import compare
from tests.helpers.torch_cases import FOLDER, OPERATIONS, Case, read_cases, write_cases


@pytest.mark.parametrize("operation", OPERATIONS)
def test_agrees_with_pytorch(operation: str) -> None:
    _, cases = read_cases(FOLDER / f"{operation}.npz")
    for number, case in enumerate(cases):
        try:
            compare(operation, case)
        except Exception as error:
            shapes = {name: array.shape for name, array in case.inputs.items()}
            error.add_note(f"{operation}, case {number}: {case.options} {shapes}")
            raise


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_fixtures_are_worth_their_name(operation: str) -> None:
    version, cases = read_cases(FOLDER / f"{operation}.npz")
    assert version == "2.13.0"
    assert len(cases) == 300
    kinds = [case.inputs["x"].dtype.name for case in cases]
    assert min(kinds.count("float32"), kinds.count("float64")) >= 50
    gradients = [case for case in cases if "dout" in case.inputs]
    assert len(gradients) >= 250
    assert all("dx" in case.answers for case in gradients)
    special = [case for case in cases if not np.isfinite(case.inputs["x"]).all()]
    assert len(special) >= 8


def test_no_file_is_left_over() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(OPERATIONS)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3e6


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    x = np.array([[1.5, np.nan]], np.float32)
    case = Case({"axis": 1, "word": "full"}, {"x": x, "target": np.array(3)}, {"out": np.empty((0, 2))})
    for name in ("a.npz", "b.npz"):
        write_cases(tmp_path / name, [case, case], "1.2.3")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    version, cases = read_cases(tmp_path / "a.npz")
    assert (version, len(cases), cases[1].options) == ("1.2.3", 2, case.options)
    for before, after in ((case.inputs, cases[1].inputs), (case.answers, cases[1].answers)):
        assert before.keys() == after.keys()
        for name, array in before.items():
            assert (after[name].dtype, after[name].flags.writeable) == (array.dtype, False)
            np.testing.assert_array_equal(after[name], array)
