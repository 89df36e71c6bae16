"""Trained networks against PyTorch: frozen scores and iterations, and with the extra `oracle` fresh pictures."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.apply import apply_layer
from cnnviz.files.datasets import DataSet, shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.fold import ParamsList
from cnnviz.timeline.training import first_moment, training

NAMES = ("digits", "mnist", "fashion", "patches")
ROOT = Path(__file__).parents[2]
PICTURES = 20
FRESH = 10
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def wanted() -> Mapping[str, Floats]:
    """PyTorch's numbers, by packaging/build_network_fixture.py."""
    with np.load(ROOT / "tests" / "data" / "torch_networks.npz", allow_pickle=False) as arrays:
        return dict(arrays)


def track_of(lesson: str) -> Track:
    (track,) = shipped_lesson(lesson).tracks
    return track


def unseen(data: DataSet) -> NDArray[np.uint8]:
    return data.images[data.entry.train :][:PICTURES]


def scores(track: Track, params: ParamsList, images: NDArray[np.generic]) -> Floats:
    """What the layers one by one make of each picture, as the stage shows them."""
    found = []
    for image in images:
        x = image.astype(np.float64)
        for spec, own in zip(track.layers, params, strict=True):
            x = np.asarray(apply_layer(spec, own, x), np.float64)
        found.append(x.ravel())
    return np.array(found)


@pytest.mark.parametrize("name", NAMES)
def test_twenty_pictures_have_the_scores_that_pytorch_gives_them(
    wanted: Mapping[str, Floats], name: str
) -> None:
    track, data = track_of(f"{name}-network"), shipped_set(name)
    assert wanted[name].shape == (PICTURES, len(data.entry.classes))
    np.testing.assert_allclose(scores(track, track.params, unseen(data)), wanted[name], rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_twenty_iterations_come_where_pytorch_comes(wanted: Mapping[str, Floats], name: str) -> None:
    """The losses are PyTorch's, and the weights after them answer pictures alike."""
    track, losses = track_of(f"learn-{name}"), wanted[f"{name}.losses"]
    assert len(losses) == 20
    moments = list(islice(training(track, first_moment(track)), len(losses)))
    np.testing.assert_allclose([moment.loss for moment in moments], losses, rtol=0, atol=1e-4)
    found = scores(track, moments[-1].state.params, unseen(shipped_set(name)))
    np.testing.assert_allclose(found, wanted[f"{name}.after"], rtol=0, atol=1e-3)
    first = scores(track, first_moment(track).state.params, unseen(shipped_set(name)))
    assert (
        float(np.abs(first - wanted[f"{name}.after"]).max()) > 0.05
    )  # they have learned something meanwhile


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script that builds the fixture, which knows how PyTorch is asked."""
    monkeypatch.syspath_prepend(ROOT / "packaging")
    return importlib.import_module("build_network_fixture")


@pytest.mark.oracle
@pytest.mark.parametrize("name", NAMES)
def test_fresh_pictures_have_pytorchs_scores(builder: Any, name: str) -> None:
    seed = secrets.randbits(64)
    track, data, random = track_of(f"{name}-network"), shipped_set(name), np.random.default_rng(seed)
    of_the_set = data.images[random.integers(0, len(data.images), FRESH)]
    noise = random.integers(0, data.entry.largest + 1, (FRESH, *data.shape))
    images = np.concatenate([of_the_set, noise])
    np.testing.assert_allclose(
        scores(track, track.params, images),
        builder.scores(track, images),
        rtol=0,
        atol=1e-5,
        err_msg=f"seed {seed}",
    )
