"""What excites a channel: found again by running the network over the pictures one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.engine.apply import apply_layer
from cnnviz.engine.apply_batch import Floats, apply_batch
from cnnviz.engine.layers import Params
from cnnviz.engine.specs import AnyLayer
from cnnviz.files.datasets import shipped_set
from cnnviz.lesson.source import Source
from cnnviz.timeline import excite
from cnnviz.timeline.excite import BEST, await_worker, found, known, look, names_data, patch
from tests.helpers.networks import network


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(excite, "PICTURES", 40)
    excite._known.clear()
    yield
    excite._known.clear()


def test_the_nine_are_the_largest_answers_of_different_pictures() -> None:
    track = network("digits").lesson.tracks[0]
    layers = look(track)
    assert layers is not None
    own = layers[2]  # pooled: its cells see 4×4
    assert own is not None
    data = shipped_set("digits")
    values = {}
    for n in range(data.entry.train, data.entry.train + 40):
        x = data.images[n].astype(np.float32)
        for spec, params in zip(track.layers[:3], track.params[:3], strict=True):
            x = apply_layer(spec, params, x)
        values[n] = float(x[1].max())
    best = sorted(values, key=lambda n: (-values[n], n))[:BEST]
    assert own.pictures[1].tolist() == best
    assert np.allclose(own.values[1], [values[n] for n in best], rtol=1e-6)
    assert own.field.size == (4, 4)


def test_the_patch_gives_the_same_answer_by_itself() -> None:
    track = network("digits").lesson.tracks[0]
    layers = look(track)
    assert layers is not None
    own = layers[0]
    assert own is not None
    spec, params = track.layers[0], track.params[0]
    for n in range(BEST):
        alone = apply_layer(spec, params, patch(track, own, 2, n).astype(np.float32))
        assert alone.shape[1:] == (1, 1)
        assert abs(float(alone[2, 0, 0]) - own.values[2, n]) < 1e-3 * max(1.0, abs(own.values[2, n]))


def test_beyond_the_border_a_patch_is_black() -> None:
    track = network("four").lesson.tracks[0]
    layers = look(track)
    assert layers is not None
    own = layers[10]
    assert own is not None
    assert own.field.size == (38, 38)  # more than the pictures of 32×32
    part = patch(track, own, 0, 0)
    row = own.field.start[0] + own.field.jump[0] * int(own.cells[0, 0, 0])
    assert row < 0
    assert not part[:, :-row].any()


def test_layers_without_maps_have_none() -> None:
    layers = look(network("digits").lesson.tracks[0])
    assert layers is not None
    assert [own is None for own in layers] == [False, False, False, True, True, True]


def test_it_can_be_stopped_and_nothing_is_kept() -> None:
    track = network("digits").lesson.tracks[0]
    assert look(track, lambda: True) is None
    assert known(track) is None


def test_nothing_is_shown_while_a_worker_looks() -> None:
    track = network("digits").lesson.tracks[0]
    await_worker(track, True)
    try:
        assert found(track, 0) is None
    finally:
        await_worker(track, False)
    assert found(track, 0) is not None


def test_only_tracks_that_name_their_data_are_asked() -> None:
    track = network("digits").lesson.tracks[0]
    assert names_data(track)
    assert not names_data(replace(track, data=""))


def test_pictures_that_do_not_fit_the_input_excite_nothing() -> None:
    track = network("digits").lesson.tracks[0]
    other = replace(
        track, source=Source(np.zeros((1, 9, 9)), "larger"), layers=track.layers[:3], params=track.params[:3]
    )
    assert look(other) == (None, None, None)
    assert known(other) == (None, None, None)  # nobody looks again


def test_who_asks_for_one_layer_looks_at_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    track = network("four").lesson.tracks[0]
    whole = look(track)
    assert whole is not None
    excite._known.clear()
    ran: list[int] = []

    def counted(spec: AnyLayer, params: Params | None, x: Floats, other: Floats | None) -> Floats:
        ran.append(track.layers.index(spec))
        return apply_batch(spec, params, x, other)

    monkeypatch.setattr(excite, "apply_batch", counted)
    own, all_of_it = found(track, 3), whole[3]
    assert own is not None
    assert all_of_it is not None
    assert set(ran) == {0, 1, 2, 3}
    assert (own.pictures == all_of_it.pictures).all()
    assert (own.cells == all_of_it.cells).all()
    ran.clear()
    assert found(track, 3) is own
    assert not ran
    assert known(track) is None  # the others are still to be looked at
