"""Convolutions that write the places of a pooling's windows apart: against plain operations, and where they do so."""

import numpy as np
import pytest

from cnnviz.engine.checks import Array
from cnnviz.engine.layers import Conv, MaxPool, Pair, Relu
from cnnviz.engine.plan import Plan, places
from cnnviz.engine.plan.places import WHOLE, by_place, by_window, in_order, parted_shape, wanted_by
from cnnviz.engine.specs import AnyLayer, BatchNorm, Dropout, Layers, LeakyRelu, Residual, Tanh
from tests.engine.test_plan import compare, drawn

HALVES = MaxPool((2, 2), (2, 2))


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apart even for few pictures."""
    monkeypatch.setattr(places, "_BATCH", 1)
    monkeypatch.setattr(places, "_LINE", 1)


CONVOLUTIONS = {
    "plain": Conv(3, (3, 3)),
    "one pixel": Conv(3, (1, 1)),
    "padding": Conv(3, (3, 3), padding=1),
    "unequal padding": Conv(3, (2, 4), padding=(1, 3)),
    "a stride": Conv(3, (3, 3), (2, 2), (1, 1)),
    "unequal strides": Conv(3, (2, 3), (1, 3), (0, 2)),
    "dilated": Conv(3, (2, 2), (1, 1), (1, 0), (2, 3)),
    "dilated with a stride": Conv(3, (3, 2), (2, 1), (2, 1), (2, 2)),
    "groups": Conv(4, (3, 3), padding=1, groups=2),
    "a mirror": Conv(3, (3, 3), padding=1, padding_mode="reflect"),
    "more padding than picture": Conv(2, (2, 2), padding=(5, 6)),
    "large": Conv(2, (5, 5), padding=2),
}


def with_room(conv: Conv, tile: Pair) -> tuple[int, int, int]:
    """Channels and the smallest picture from 3 x 3 whose output the tile covers twice or more."""
    for rows in range(5, 40):
        for columns in range(6, 40):
            _, *out = conv.out_shape((2, rows, columns))
            if all(n % t == 0 and n >= 2 * t for n, t in zip(out, tile, strict=True)):
                return 2, rows, columns
    raise AssertionError("no such picture")


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("tile", [(2, 2), (1, 2), (2, 1), (1, 4), (3, 1)])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_convolution_before_a_pooling(name: str, tile: Pair) -> None:
    conv = CONVOLUTIONS[name]
    shape = with_room(conv, tile)
    layers: Layers = (conv, Relu(), MaxPool(tile, tile), Conv(2, (1, 1)))
    assert wanted_by(layers[1:], conv.out_shape(shape), 3) == tile
    compare(layers, shape, 3)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("between", [BatchNorm(), LeakyRelu(0.2), Tanh()])
def test_layers_between(between: AnyLayer) -> None:
    compare((Conv(3, (3, 3), padding=1), between, HALVES, Conv(2, (2, 2)), between, HALVES), (2, 10, 10), 4)


@pytest.mark.usefixtures("always")
def test_the_input_itself() -> None:
    compare((HALVES, Conv(2, (1, 1))), (2, 6, 8), 3)
    compare((BatchNorm(), HALVES), (2, 6, 8), 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_many_pictures(dtype: type) -> None:
    compare((Conv(4, (5, 5)), Relu(), HALVES, Conv(8, (3, 3)), Relu(), HALVES), (3, 24, 24), 32, dtype=dtype)


def test_where_places_are_apart() -> None:
    shape = 4, 8, 8
    assert wanted_by((HALVES,), shape, 16) == (2, 2)
    assert wanted_by((Relu(), BatchNorm(), HALVES), shape, 16) == (2, 2)
    assert wanted_by((HALVES,), shape, 15) == WHOLE  # few pictures
    assert wanted_by((HALVES,), (4, 8, 6), 16) == WHOLE  # lines of 3 · 16 numbers
    assert wanted_by((MaxPool((3, 3), (2, 2)),), (4, 9, 9), 64) == WHOLE  # windows overlap
    assert wanted_by((MaxPool((3, 3), (3, 3)),), (4, 9, 9), 64) == WHOLE  # many places
    assert wanted_by((MaxPool((3, 1), (3, 1), (1, 0)),), (4, 9, 9), 64) == WHOLE  # padding
    assert wanted_by((HALVES,), (4, 9, 8), 64) == WHOLE  # a row is left over
    assert wanted_by((MaxPool((1, 1), (1, 1)),), shape, 64) == WHOLE
    # Other cells would be dropped, if they stood elsewhere.
    assert wanted_by((Dropout(0.5), HALVES), shape, 64) == WHOLE
    assert wanted_by((Residual((Relu(),)), HALVES), shape, 64) == WHOLE
    assert wanted_by((Relu(),), shape, 64) == WHOLE


@pytest.mark.usefixtures("always")
def test_a_watcher_sees_pictures_in_order() -> None:
    layers = (Conv(2, (1, 1)), LeakyRelu(0.5), HALVES)
    weights = {"0.weight": np.array([1.0, -2.0]).reshape(2, 1, 1, 1), "0.bias": np.zeros(2)}
    x = np.arange(1.0, 25.0).reshape(1, 1, 4, 6)
    plan = Plan(layers, (1, 4, 6), 1, np.float64, parameters=weights)
    seen: dict[str, Array] = {}
    plan.forward(x, watch=lambda name, out: seen.update({name: out.copy()}))
    picture = x[0, 0]
    assert np.array_equal(seen["0"][..., 0].transpose(1, 0, 2), [picture, -2 * picture])
    assert np.array_equal(seen["1"][..., 0].transpose(1, 0, 2), [picture, -picture])
    assert seen["2"][:, 0, :, 0].tolist() == [[8, 10, 12], [20, 22, 24]]


def test_a_plan_that_only_runs_gives_the_same_bits() -> None:
    layers: Layers = (Conv(4, (3, 3), padding=1), BatchNorm(), Relu(), HALVES, Conv(2, (3, 3)), HALVES)
    shape, x = (2, 12, 12), np.random.default_rng(3).normal(size=(32, 2, 12, 12))
    trained = Plan(layers, shape, 32, np.float64, parameters=drawn(layers, shape))
    shown = Plan(layers, shape, 32, np.float64, store=trained.store, training=False)
    assert trained.forward(x, training=False).tobytes() == shown.forward(x).tobytes()


def test_exact_sums_do_not_depend_on_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    layers: Layers = (Conv(4, (3, 3), padding=1), Relu(), HALVES, Conv(3, (3, 3)), Relu(), HALVES)
    shape, x = (2, 12, 12), np.random.default_rng(4).normal(size=(32, 2, 12, 12))
    found = []
    for least in (1, 1000):
        monkeypatch.setattr(places, "_BATCH", least)
        plan = Plan(layers, shape, 32, np.float64, parameters=drawn(layers, shape), exact=True)
        out = plan.forward(x).copy()
        plan.backward(np.round(out, 2))
        found.append((out.tobytes(), *(gradient.tobytes() for gradient in plan.gradients.values())))
    assert found[0] == found[1]


def test_places_windows_and_order() -> None:
    picture = np.arange(4 * 6.0).reshape(4, 1, 6, 1)
    parted = np.empty(parted_shape(picture.shape, (2, 3)))
    assert parted.shape == (12, 1, 2, 1)
    np.copyto(by_window(parted, (2, 3)), picture.reshape(2, 2, 1, 2, 3, 1))
    first, second, *_, last = by_place(parted, (2, 3))
    assert first[:, 0, :, 0].tolist() == [[0, 3], [12, 15]]
    assert second[:, 0, :, 0].tolist() == [[1, 4], [13, 16]]
    assert last[:, 0, :, 0].tolist() == [[8, 11], [20, 23]]
    assert np.array_equal(in_order(parted, (2, 3)), picture)
    assert np.shares_memory(in_order(picture, WHOLE), picture)
