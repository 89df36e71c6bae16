"""What the lessons on residual blocks promise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.primitives import Grid
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline

STRIPES = np.array([[[0.0, -1, 3, 1]] * 3])


def arrays(name: str, track: int = 0) -> tuple[NDArray[np.floating], ...]:
    return make_timeline(shipped_lesson(name)).tensors[track].arrays


def test_f_finds_the_two_cells_that_stand_out_and_the_sum_puts_them_right() -> None:
    x, *_, f, y, out = arrays("residual-block")
    assert np.argwhere(x != STRIPES).tolist() == np.argwhere(f != 0).tolist() == [[0, 1, 1], [0, 1, 2]]
    assert f[0, 1, 1:3].tolist() == [-3, -2]
    assert np.array_equal(y, STRIPES)
    assert np.array_equal(out, np.maximum(STRIPES, 0))


def test_without_the_shortcut_the_stripes_are_lost() -> None:
    whole, plain = arrays("residual-and-plain", 0), arrays("residual-and-plain", 1)
    for n in range(4):
        assert np.array_equal(whole[n], plain[n])
    assert np.array_equal(plain[4], plain[3])
    assert not plain[5].any()  # what f takes away is below 0: nothing is left for what comes next
    assert np.array_equal(whole[4] - plain[4], whole[0])


def test_at_scale_0_the_block_is_the_identity_to_the_last_bit_until_its_relu() -> None:
    for track, scale in enumerate((1.0, 0.5, 0.0)):
        x, *_, f, y, _ = arrays("identity-is-easy", track)
        assert np.array_equal(y, scale * f + x)
    x, *_, y, out = arrays("identity-is-easy", 2)
    assert x.tobytes() == np.asarray(y, x.dtype).tobytes()
    assert np.array_equal(out[x >= 0], x[x >= 0])
    assert (out[x < 0] == 0).all()
    assert (x < 0).any()


def test_shortcuts_have_the_shape_of_what_they_are_added_to() -> None:
    x, padded, *_, _ = arrays("shortcut-kinds", 1)
    assert padded.shape == (2, 1, 2)
    assert np.array_equal(padded[0], x[0, ::2, ::2])
    assert not padded[1].any()
    x, projected, *_, _ = arrays("shortcut-kinds", 2)
    assert np.array_equal(projected, np.stack([x[0, ::2, ::2], 2 * x[0, ::2, ::2]]))


def test_both_ways_of_the_block_with_batch_norm_have_mean_0_and_spread_1() -> None:
    found = arrays("residual-norm")
    for number in (2, 8):  # the end of the shortcut, and f(x)
        np.testing.assert_allclose(found[number].mean(axis=(1, 2)), 0, atol=1e-12)
        np.testing.assert_allclose(found[number].std(axis=(1, 2)), 1, atol=1e-4)


def test_the_gradient_lessons_loss_falls() -> None:
    timeline = make_timeline(shipped_lesson("residual-backward"))
    losses = [timeline.iteration(0, k).back.loss for k in range(5)]
    assert losses == sorted(losses, reverse=True)
    it = timeline.iteration(0, 0)
    # ∂L/∂x = ∂L/∂y·(I + ∂f/∂x): what comes through f is what is left without the shortcut's part.
    through = it.back.maps[0] - it.back.maps[4]
    assert it.back.maps[4][0, 1, 1] == 12
    assert through[0, 1, 1] == 26


@pytest.mark.parametrize(
    ("name", "op"),
    [
        (name, op)
        for name in ("residual-and-plain", "identity-is-easy", "shortcut-kinds")
        for op in ("conv2d", "add", "relu")
    ],
)
def test_several_blocks_under_one_another_can_be_read_on_a_small_screen(name: str, op: str) -> None:
    timeline = make_timeline(shipped_lesson(name))
    section = next(s for s in timeline.sections[timeline.lead] if s.op == op)
    scene = build_scene(timeline, section.start + 3, Viewpoint(), (1280.0, 720.0), LIGHT)
    grids = [p for p in scene.primitives() if isinstance(p, Grid) and p.key.startswith(("0/", "1/", "2/"))]
    assert len(grids) > 10
    assert min(min(g.box.w / g.columns, g.box.h / g.rows) for g in grids) >= 17
