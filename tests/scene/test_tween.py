"""Between two steps: outlines glide, and at the end it is the second scene itself."""

import pytest

from cnnviz.scene.primitives import Link, Ring
from cnnviz.scene.tween import tween
from tests.scene.scenes import named, scene_of


def test_at_the_end_it_is_the_scene_itself() -> None:
    a, b = scene_of(index=0), scene_of(index=1)
    assert tween(a, b, 1) is b
    assert tween(a, b, 1.5) is b


def test_scenes_of_other_sizes_are_not_mixed() -> None:
    a, b = scene_of(size=(860, 520)), scene_of(index=1)
    assert tween(a, b, 0.5) is b


@pytest.mark.parametrize(("t", "share"), [(0, 0), (0.5, 0.5), (0.25, 0.15625)])
def test_the_window_glides_with_a_soft_start_and_end(t: float, share: float) -> None:
    a, b = scene_of(index=0), scene_of(index=1)
    key = "now/window/0/input/0"
    first, last, between = (named(s, key) for s in (a, b, tween(a, b, t)))
    assert isinstance(first, Ring)
    assert isinstance(last, Ring)
    assert isinstance(between, Ring)
    assert between.box.x == pytest.approx(first.box.x + (last.box.x - first.box.x) * share)
    assert last.box.x > first.box.x
    assert between.box[1:] == last.box[1:]


def test_links_glide_and_everything_else_is_as_in_the_second() -> None:
    a, b = scene_of(index=0), scene_of(index=1)
    between = tween(a, b, 0.5)
    assert (between.caption, between.size, between.background) == (b.caption, b.size, b.background)
    for mine, theirs in zip(between.primitives(), b.primitives(), strict=True):
        assert mine.key == theirs.key
        assert mine is theirs or isinstance(mine, Ring | Link)
    key = "now/link/0/input/0/top"
    first, last, middle = (named(s, key) for s in (a, b, between))
    assert isinstance(first, Link)
    assert isinstance(last, Link)
    assert isinstance(middle, Link)
    for p, q, r in zip(first.points, last.points, middle.points, strict=True):
        assert r == pytest.approx(((p[0] + q[0]) / 2, (p[1] + q[1]) / 2))


def test_keys_are_unique_in_a_scene() -> None:
    for name, index in (("6x6", 0), ("multiply", 5), ("rgb", 3), ("two tracks", 2), ("256x256", 0)):
        keys = [p.key for p in scene_of(name, index).primitives()]
        assert len(set(keys)) == len(keys)
