"""The border of a gradient in the padding: real numbers, cropped on the stage."""

import numpy as np

from cnnviz.scene.primitives import Grid, Link
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.learning_lessons import small, two_convolutions


def test_the_border_holds_what_the_padding_would_get() -> None:
    lesson = two_convolutions()
    timeline = make_timeline(lesson)
    section = next(s for s in timeline.sections[0] if s.kind == "input" and s.layer == 2)
    scene = build_scene(timeline, section.stop - 1, Viewpoint(), (1280, 720), LIGHT)
    params = lesson.tracks[0].params[2]
    assert params is not None
    delta = timeline.iteration(0, 0).back.maps[3]
    whole = np.zeros((2, 6, 6))
    for o, i, j in np.ndindex(delta.shape):
        whole[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += delta[o, i, j] * params.weight[o]
    grids = {p.ref: p for p in scene.primitives() if isinstance(p, Grid) and p.ref[0] == "0/relu1.grad"}
    assert len(grids) == 2
    for (_, plane, top, left), grid in grids.items():
        assert (top, left) == (1, 1)
        assert grid.values is not None
        np.testing.assert_allclose(grid.values, whole[plane], atol=1e-9)
        lines = [p for p in scene.primitives() if p.key.startswith(f"border/0/relu1.grad/{plane}/")]
        assert any(isinstance(p, Link) for p in lines)


def test_other_gradients_have_no_border() -> None:
    timeline = make_timeline(small())
    section = next(s for s in timeline.sections[0] if s.kind == "input" and s.layer == 2)
    scene = build_scene(timeline, section.stop - 1, Viewpoint(), (1280, 720), LIGHT)
    assert not [p for p in scene.primitives() if p.key.startswith("border/")]
