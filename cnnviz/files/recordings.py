"""Recorded runs: what was measured while networks were trained, with the recipe that gives the same again."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.files.archive import Refusing
from cnnviz.files.octaves import from_octaves, to_octaves
from cnnviz.files.reading import shown
from cnnviz.lesson.recipe import Batches, Recipe
from cnnviz.lesson.runs import Runs, Twin, examined
from cnnviz.resources import open_resource, resource_text

Floats: TypeAlias = NDArray[np.float32]

LIMIT = 4_000_000
"""Bytes of one array of a recording."""

LAYERED = ("gradients", "spreads")
TESTS = ("train_errors", "test_errors")
FIELDS = ("losses", *LAYERED, *TESTS)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What was measured of one network; nan where it was not computed, or where it has diverged before.

    Attributes
    ----------
    twin : Twin
    losses : ndarray of float32, (iterations,)
        The mean loss of each iteration's batch, before its update.
    gradients : ndarray of float32, (iterations, layers)
        The Euclidean norm of the gradient of each layer's weights; from a file within 0.55 % (`cnnviz.files.octaves`).
    spreads : ndarray of float32, (iterations, layers)
        The standard deviation of each layer's response over the batch; from a file within 0.55 %.
    train_errors, test_errors : ndarray of float32, (tests,)
        The share of wrong answers on pictures to train on and on all to test on.
    done : int
        So many iterations are computed.
    stopped : bool
        Whether it has diverged and no more will follow.
    """

    twin: Twin
    losses: Floats
    gradients: Floats
    spreads: Floats
    train_errors: Floats
    test_errors: Floats
    done: int
    stopped: bool


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """The runs of all networks of a recipe.

    Attributes
    ----------
    recipe : Runs
    runs : tuple of Run
    made : str
        On what they were recorded; empty for runs that are computed here.
    """

    recipe: Runs
    runs: tuple[Run, ...]
    made: str = ""

    @property
    def samples(self) -> range:
        """The iterations at which gradients and responses were measured: all."""
        return range(self.recipe.recipe.iterations)

    @property
    def tests(self) -> tuple[int, ...]:
        """After how many updates the networks were tested."""
        return examined(self.recipe.recipe.iterations)


@cache
def recorded_runs() -> dict[str, Runs]:
    """The recipes of the recordings that ship, by id."""
    return {name: _recipe(name, entry) for name, entry in _index().items()}


@cache
def recording(name: str) -> Recording:
    """The recording with that id; `BadInput` names those that ship."""
    entry = _index().get(name)
    if entry is None:
        known = ", ".join(_index()) or "none"
        raise BadInput(f"runs {shown(name)!r} do not ship; give one of {known}")
    with open_resource(f"runs/{name}.npz") as stream:
        return read_recording(stream.read(), recorded_runs()[name], entry["made"])


def read_recording(data: bytes, recipe: Runs, made: str = "") -> Recording:
    """Read the arrays of a recording, which must be those that its recipe gives.

    Raises
    ------
    BadInput
        The bytes are no .npz file of these arrays, or their sizes are not those of the recipe.
    """
    with Refusing(), ZipFile(io.BytesIO(data)) as archive:
        arrays = {field: _read(archive, field, shape) for field, shape in shapes_of(recipe).items()}
    cuts = np.cumsum([twin.depth for twin in recipe.twins])[:-1]
    parts = {field: np.split(arrays[field], cuts, axis=1) for field in LAYERED}
    runs = []
    for n, twin in enumerate(recipe.twins):
        own = {f: parts[f][n] if f in LAYERED else arrays[f][n] for f in FIELDS}
        runs.append(run_of(twin, own, recipe.recipe.iterations))
    return Recording(recipe, tuple(runs), made)


def run_of(twin: Twin, arrays: dict[str, Floats], iterations: int) -> Run:
    """A run that has come to its end, from its arrays; it stopped where its loss is no number any more."""
    for array in arrays.values():
        array.setflags(write=False)
    finite = np.isfinite(arrays["losses"])
    done = iterations if finite.all() else int(finite.argmin())
    return Run(twin, **arrays, done=done, stopped=done < iterations)


def recording_to_bytes(recording: Recording) -> bytes:
    """The bytes of a recording's .npz file; the same arrays give the same bytes with the same zlib."""
    from zipfile import ZIP_DEFLATED, ZipInfo

    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for field in FIELDS:
            parts = [getattr(run, field) for run in recording.runs]
            member = io.BytesIO()
            np.lib.format.write_array(member, _packed(field, parts), version=(1, 0), allow_pickle=False)
            info = ZipInfo(f"{field}.npy", (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, member.getvalue(), compresslevel=9)
    return out.getvalue()


def shapes_of(recipe: Runs) -> dict[str, tuple[int, int]]:
    """The shapes of the arrays of a recording: of layers those of all networks side by side."""
    iterations, count = recipe.recipe.iterations, len(recipe.twins)
    layers = sum(twin.depth for twin in recipe.twins)
    return {
        "losses": (count, iterations),
        **dict.fromkeys(LAYERED, (iterations, layers)),
        **{field: (count, len(examined(iterations))) for field in TESTS},
    }


def _packed(field: str, parts: list[Floats]) -> NDArray[Any]:
    """An array as the file holds it: what there is of each layer and iteration is coded."""
    if field in LAYERED:
        return to_octaves(np.concatenate(parts, axis=1))
    return np.stack(parts).astype("<f4")


def _read(archive: ZipFile, field: str, shape: tuple[int, int]) -> Floats:
    if field in LAYERED:
        return from_octaves(_array(archive, field, (2, *shape[::-1]), np.uint8))
    numbers: Floats = _array(archive, field, shape, np.float32)
    return numbers


def _array(archive: ZipFile, field: str, shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
    info = archive.getinfo(f"{field}.npy")
    if info.file_size > LIMIT:
        raise BadInput(f"recording: {field} unpacks to {info.file_size:,} bytes, the limit is {LIMIT:,}")
    array: NDArray[Any] = np.load(io.BytesIO(archive.read(info)), allow_pickle=False)
    if array.dtype != dtype or array.shape != shape:
        raise BadInput(
            f"recording: {field} is {array.dtype} {array.shape}, its recipe gives {np.dtype(dtype)} {shape}; "
            "record it again"
        )
    return array


@cache
def _index() -> dict[str, Any]:
    index: dict[str, Any] = json.loads(resource_text("runs/index.json"))
    return index


def _recipe(name: str, entry: dict[str, Any]) -> Runs:
    how = entry["recipe"]
    recipe = Recipe(
        (), "cross_entropy", rate=how["rate"], iterations=how["iterations"], momentum=how["momentum"],
        seed=how["seed"], batches=Batches(how["data"], how["batch"]),
    )  # fmt: skip
    twins = tuple(Twin(t["name"], tuple(t["blocks"]), t["shortcut"], t["norm"]) for t in how["twins"])
    return Runs(
        name, entry["title"], recipe, how["pool"], tuple(how["mean"]), tuple(how["std"]), tuple(how["widths"]), twins
    )  # fmt: skip
