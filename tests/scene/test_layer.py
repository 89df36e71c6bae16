"""One layer alone: its blocks, what the channels give, all its maps, and the numbers of the cell at work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnviz.engine.conv import conv2d
from cnnviz.engine.layers import Conv
from cnnviz.engine.specs import ConvTranspose
from cnnviz.files.lessons import shipped_lesson
from cnnviz.scene.layer_blocks import star_of
from cnnviz.scene.primitives import Formula, Grid, Scene
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.frame import CellRef
from cnnviz.timeline.timeline import Timeline, make_timeline
from tests.helpers.networks import network
from tests.scene.ink import problems
from tests.scene.scenes import texts


def scene_at(timeline: Timeline, index: int, **other: Any) -> Scene:
    view = Viewpoint(level="layer", pinned=other.pop("pinned", None))
    size, theme = other.pop("size", (1280, 800)), other.pop("theme", LIGHT)
    return build_scene(timeline, index, view, size, theme, other.pop("hover", None))


def grids_of(scene: Scene) -> dict[str, Grid]:
    return {p.key: p for p in scene.primitives() if isinstance(p, Grid)}


def values_of(grid: Grid) -> np.ndarray[Any, Any]:
    assert grid.values is not None
    return np.asarray(grid.values, np.float64)


def middle_of(timeline: Timeline, layer: int) -> int:
    section = timeline.sections[0][layer]
    return (section.start + section.stop) // 2


def test_the_parts_of_the_channels_add_up_to_the_map() -> None:
    timeline = network("lenet")
    grids = grids_of(scene_at(timeline, timeline.count - 1, pinned=CellRef(0, "conv2", 7, 2, 3)))
    parts = [values_of(grids[f"0/conv2.channels/{c}"]) for c in range(6)]
    params = timeline.lesson.tracks[0].params[3]
    assert params is not None
    assert params.bias is not None
    assert np.allclose(sum(parts) + params.bias[7], values_of(grids["0/conv2/7"]), atol=1e-4)
    x = timeline.tensors[0].arrays[3]
    one = conv2d(x[None, 2:3], params.weight[7:8, 2:3])[0, 0]
    assert np.allclose(parts[2], one, atol=1e-4)


def test_the_sign_before_a_kernel_is_that_of_its_formula() -> None:
    timeline = make_timeline(shipped_lesson("correlation-convolution"))
    said = texts(scene_at(timeline, 5))
    near = build_scene(timeline, 5, Viewpoint(level="cell"), (1280, 800), LIGHT)
    formulas = [p.name for p in near.primitives() if isinstance(p, Formula)]
    for track, name, sign, formula in (
        (0, "Cross-correlation ⋆", "⋆", ".corr."), (1, "True convolution ∗", "∗", ".conv."),
    ):  # fmt: skip
        assert timeline.lesson.tracks[track].name == name
        assert said[f"{track}/conv1.weight/sign"] == sign
        assert formula in formulas[track]


@pytest.mark.parametrize(
    ("spec", "sign"),
    [
        (Conv(1, (3, 3)), "⋆"),
        (Conv(1, (3, 3), stride=(2, 2)), "⋆"),
        (Conv(1, (3, 3), flipped=True), "∗"),
        # Each number lays the kernel down as it is written: that is a true convolution of the numbers spread.
        (ConvTranspose(1, (3, 3)), "∗"),
    ],
)
def test_a_star_says_whether_the_kernel_is_turned(spec: Conv | ConvTranspose, sign: str) -> None:
    assert star_of(spec) == sign


def test_a_convolution_shows_inputs_kernel_parts_and_all_maps() -> None:
    timeline = network("lenet")
    grids = grids_of(scene_at(timeline, middle_of(timeline, 3)))
    kinds = [key.rsplit("/", 1)[0] for key in grids if not key.endswith("/thumb") and "/excite/" not in key]
    assert {k: kinds.count(k) for k in kinds} == {
        "0/pool1": 6, "0/conv2.weight": 6, "0/conv2.channels": 6, "0/conv2": 1
    }  # fmt: skip
    assert len([key for key in grids if key.endswith("/thumb")]) == 16


def test_what_belongs_to_one_channel_stands_in_one_line() -> None:
    timeline = network("lenet")
    grids = grids_of(scene_at(timeline, middle_of(timeline, 3)))
    kernel = int(next(k for k in grids if k.startswith("0/conv2.weight/")).rsplit("/", 1)[1])
    for c in range(6):
        lines = [
            grids[k].box.cy for k in (f"0/pool1/{c}", f"0/conv2.weight/{kernel + c}", f"0/conv2.channels/{c}")
        ]
        assert max(lines) - min(lines) < 2


def test_a_chosen_map_is_shown_and_every_map_can_be_chosen() -> None:
    timeline = network("lenet")
    index = middle_of(timeline, 3)
    grids = grids_of(scene_at(timeline, index, pinned=CellRef(0, "conv2", 7, 2, 3)))
    assert "0/conv2/7" in grids
    assert grids["0/conv2/12/thumb"].ref[:2] == ("0/conv2", 12)
    other = grids_of(scene_at(timeline, index, pinned=CellRef(0, "conv1", 3, 2, 3)))
    assert {"0/input/0", "0/conv1/3"} <= set(other)


def test_pointing_at_a_map_of_the_layer_previews_it_but_not_at_another_layer() -> None:
    timeline = network("lenet")
    index = middle_of(timeline, 3)
    assert "0/conv2/9" in grids_of(scene_at(timeline, index, hover=CellRef(0, "conv2", 9, 0, 0)))
    assert "0/pool1/1" in grids_of(scene_at(timeline, index, hover=CellRef(0, "pool1", 1, 0, 0)))


def test_weights_of_a_class_lie_as_the_maps_that_were_flattened() -> None:
    timeline = network("digits")
    grids = grids_of(scene_at(timeline, middle_of(timeline, 4), pinned=CellRef(0, "linear1", 3, 0, 0)))
    params = timeline.lesson.tracks[0].params[4]
    assert params is not None
    shape = timeline.lesson.tracks[0].shapes()[3]
    weights, x = params.weight[3].reshape(shape), timeline.tensors[0].arrays[3]
    for c in range(shape[0]):
        assert np.allclose(values_of(grids[f"0/linear1.row/{c}"]), weights[c])
        assert np.allclose(values_of(grids[f"0/linear1.products/{c}"]), weights[c] * x[c], rtol=1e-5)


def test_numbers_of_the_cell_at_work_add_up() -> None:
    told = texts(scene_at(network("digits"), 0))
    focus = network("digits").focus(0, 0, (0, 0, 0))
    assert told["0/numbers"].startswith("9 products: Σ = ")
    assert focus.terms.bias is not None
    assert abs(focus.terms.products.sum() + focus.terms.bias - focus.terms.total) < 1e-12


def test_a_softmax_tells_scores_powers_their_sum_and_probabilities() -> None:
    timeline = network("digits")
    told = texts(scene_at(timeline, timeline.count - 1))
    scores = np.asarray(timeline.tensors[0].arrays[-2].ravel(), np.float64)
    powers = np.exp(scores - scores.max())
    assert told["0/softmax1/sum"].startswith(f"{powers.sum():.3f}")
    for n, p in enumerate(powers / powers.sum()):
        assert told[f"0/softmax1/{n}/5"] == f"{p:.3f}"


def test_probabilities_that_are_not_written_are_not_told() -> None:
    timeline = network("digits")
    told = texts(scene_at(timeline, timeline.sections[0][5].start))
    assert told["0/softmax1/9/5"] == "–"


def test_the_wiring_of_flatten_leads_from_the_map_to_the_number() -> None:
    timeline = network("digits")
    scene = scene_at(timeline, timeline.count - 1, pinned=CellRef(0, "flat1", 13, 0, 0))
    # 4 maps of 3×3: number 13 is map 1, row 1, column 1.
    ring = next(p for p in scene.over if p.key == "0/now/window/0/pool1/1")
    grid = grids_of(scene)["0/pool1/1"]
    assert not hasattr(ring, "text")
    assert grid.cell > 0
    assert abs(ring.box.cx - (grid.origin[0] + 1.5 * grid.cell)) < 1  # type: ignore[union-attr]  # a Ring


@pytest.mark.parametrize("name", ["digits", "lenet", "four"])
@pytest.mark.parametrize("size", [(860, 520), (1280, 800), (1920, 1080)])
def test_nothing_overlaps_and_everything_can_be_read(name: str, size: tuple[int, int]) -> None:
    timeline = network(name)
    for layer in range(len(timeline.sections[0])):
        assert list(problems(scene_at(timeline, middle_of(timeline, layer), size=size))) == [], layer


@pytest.mark.parametrize(
    "name",
    ["classifier", "rgb", "sixty-four-kernels", "strides", "groups", "transposed", "learn-edge-labels"],
)
def test_every_kind_of_lesson_has_its_layers(name: str) -> None:
    timeline = make_timeline(shipped_lesson(name))
    for index in (0, timeline.count // 2, timeline.count - 1):
        assert list(problems(scene_at(timeline, index, theme=DARK))) == []


def test_the_nine_parts_of_pictures_that_excite_a_channel_stand_beside_it() -> None:
    timeline = network("lenet")
    grids = grids_of(scene_at(timeline, middle_of(timeline, 3), pinned=CellRef(0, "conv2", 7, 2, 3)))
    parts = [grids[f"0/excite/{n}"] for n in range(9)]
    # 5×5 on 2×2 on 5×5: a cell of the second convolution sees 14×14.
    assert {p.image.shape for p in parts} == {(14, 14)}
    assert parts[0].image.max() > 200  # white is that of the set, not of the part
    # On a second look, and for another channel, they are others.
    other = grids_of(scene_at(timeline, middle_of(timeline, 3), pinned=CellRef(0, "conv2", 8, 2, 3)))
    assert any((other[f"0/excite/{n}"].image != parts[n].image).any() for n in range(9))
