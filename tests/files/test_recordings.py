"""Recordings of runs: what ships, round trips, and files that are refused."""

import io
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.octaves import from_octaves, to_octaves
from cnnviz.files.recordings import (
    FIELDS,
    LAYERED,
    Recording,
    read_recording,
    recorded_runs,
    recording,
    recording_to_bytes,
    run_of,
    shapes_of,
)
from tests.helpers.runs import small_runs

SMALL = small_runs()


def arrays_of() -> dict[str, np.ndarray]:
    """What a file holds: of layers what is coded as octaves."""
    rng = np.random.default_rng(0)
    numbers = {field: rng.random(shape, np.float32) for field, shape in shapes_of(SMALL).items()}
    return {field: to_octaves(own) if field in LAYERED else own for field, own in numbers.items()}


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)  # type: ignore[arg-type]  # arrays, by their names
    return out.getvalue()


def test_sizes_follow_from_the_recipe() -> None:
    assert shapes_of(SMALL) == {
        "losses": (2, 4),
        "gradients": (4, 8),
        "spreads": (4, 8),
        "train_errors": (2, 2),
        "test_errors": (2, 2),
    }


def test_each_network_gets_its_own_layers() -> None:
    arrays = arrays_of()
    read = read_recording(packed(arrays), SMALL, "somewhere")
    assert read.made == "somewhere"
    assert [run.twin.name for run in read.runs] == ["plain-4", "residual-4"]
    np.testing.assert_array_equal(read.runs[0].gradients, from_octaves(arrays["gradients"])[:, :4])
    np.testing.assert_array_equal(read.runs[1].spreads, from_octaves(arrays["spreads"])[:, 4:])
    np.testing.assert_array_equal(read.runs[1].losses, arrays["losses"][1])
    assert read.samples == range(4)
    assert read.tests == (0, 4)
    assert not read.runs[0].gradients.flags.writeable


def test_a_recording_comes_back_as_it_was_written_in_the_same_bytes() -> None:
    first = read_recording(packed(arrays_of()), SMALL)
    data = recording_to_bytes(first)
    again = read_recording(data, SMALL)
    for one, other in zip(first.runs, again.runs, strict=True):
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
    assert recording_to_bytes(again) == data


def test_a_run_has_stopped_where_its_loss_is_no_number_any_more() -> None:
    arrays = {field: array[0] for field, array in arrays_of().items()}
    arrays["losses"] = np.array([2.0, 3.0, np.nan, np.nan], np.float32)
    run = run_of(SMALL.twins[0], arrays, 4)
    assert (run.done, run.stopped) == (2, True)
    arrays["losses"] = np.array([2.0, 3.0, 1.0, 1.0], np.float32)
    run = run_of(SMALL.twins[0], arrays, 4)
    assert (run.done, run.stopped) == (4, False)


@pytest.mark.parametrize("field", FIELDS)
def test_arrays_of_other_sizes_or_types_are_refused(field: str) -> None:
    arrays = arrays_of()
    with pytest.raises(BadInput, match=f"{field} is float64"):
        read_recording(packed(arrays | {field: arrays[field].astype(np.float64)}), SMALL)
    with pytest.raises(BadInput, match="its recipe gives"):
        read_recording(packed(arrays | {field: arrays[field][:-1]}), SMALL)


def test_damaged_and_foreign_files_are_refused() -> None:
    data = packed(arrays_of())
    for broken in (b"", data[:-200], b"PK" + data[:50]):
        with pytest.raises(BadInput, match="damaged or cut off"):
            read_recording(broken, SMALL)
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("losses.npy", b"\x80\x04K\x01.")
    with pytest.raises(BadInput, match="damaged or cut off"):
        read_recording(out.getvalue(), SMALL)


def test_an_array_that_unpacks_to_more_than_the_limit_is_not_unpacked() -> None:
    arrays = arrays_of() | {"losses": np.zeros(2_000_000, np.float32)}
    with pytest.raises(BadInput, match="the limit is"):
        read_recording(packed(arrays), SMALL)


def test_an_unknown_recording_names_those_that_ship() -> None:
    with pytest.raises(BadInput, match="give one of twins"):
        recording("triplets")


def test_the_twins_that_ship_are_eight_networks_of_two_depths() -> None:
    recipe = recorded_runs()["twins"]
    assert [(t.name, t.depth, t.norm) for t in recipe.twins] == [
        (f"{kind}-{depth}", depth, norm)
        for norm in (True, False)
        for kind in ("plain", "residual")
        for depth in (18, 34)
    ]
    assert all(t.plain is t.name.startswith("plain") for t in recipe.twins)
    assert recipe.widths == (8, 16, 32)


def test_the_recording_that_ships_holds_a_number_wherever_a_run_came() -> None:
    read: Recording = recording("twins")
    assert read.made
    assert len(read.runs) == 8
    for run in read.runs:
        kept = sum(sample < run.done for sample in read.samples)
        assert np.isfinite(run.gradients[:kept]).all()
        assert np.isfinite(run.spreads[:kept]).all()
        assert (run.gradients[:kept] >= 0).all()
        tested = sum(test <= run.done for test in read.tests)
        for errors in (run.train_errors, run.test_errors):
            assert ((errors[:tested] >= 0) & (errors[:tested] <= 1)).all()
            assert np.isnan(errors[tested:]).all()
    assert replace(read, made="").recipe is read.recipe
