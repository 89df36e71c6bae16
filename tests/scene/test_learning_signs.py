"""Old weights + step = new weights: the signs between the panels, and ≈ where the digits shown do not add up."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.lesson.lesson import Lesson
from cnnviz.scene.primitives import Grid, Scene, Text
from cnnviz.scene.stage import build_scene
from cnnviz.scene.theme import LIGHT
from cnnviz.scene.viewpoint import Viewpoint
from cnnviz.timeline.timeline import make_timeline
from tests.scene.learning_lessons import rates, tiny


def updated(lesson: Lesson, cell: int = 1, iteration: int = 0) -> Scene:
    timeline = make_timeline(lesson)
    section = next(s for s in timeline.sections[0] if s.kind == "update")
    index = timeline.index_at(iteration, section.start + section.cut.offset_of(cell))
    return build_scene(timeline, index, Viewpoint(), (1280, 720), LIGHT)


def signs(scene: Scene) -> list[str]:
    return [p.text for p in scene.primitives() if isinstance(p, Text) and p.key.startswith("sign/")]


def test_three_plus_two_hundredths_is_exact() -> None:
    # [3, 1] + [0.02, 0.04] = [3.02, 1.04]
    assert signs(updated(tiny())) == ["+", "="]


def test_digits_that_were_cut_off_are_owned_up_to() -> None:
    # One cell is written: 3 − 0.0123456·(−2) = 3.0246912, printed 3.025 beside 0.025.
    lesson = tiny(0.0123456)
    assert signs(updated(lesson, 0)) == ["+", "="]
    # Later neither old nor new weight has an end within three decimals.
    found = {signs(updated(lesson, 1, n))[1] for n in range(1, 9)}
    assert "≈" in found


@pytest.mark.parametrize("rate", [1e-5, 0.0001, 0.003])
def test_the_sign_says_what_a_pencil_finds(rate: float) -> None:
    from cnnviz.scene.maps import power_of

    lesson = tiny(rate)
    timeline = make_timeline(lesson)
    scene = updated(lesson)
    frame = timeline.frame(5).lead
    shown = {
        p.ref[0].split("/")[1]: p for p in scene.primitives() if isinstance(p, Grid) and "conv1" in p.ref[0]
    }
    step = shown["conv1.weight.step"]
    old, new = shown["conv1.weight"], shown["conv1.weight.next"]
    assert step.values is not None
    assert old.values is not None
    assert new.values is not None
    unit = 10.0 ** (np.floor(np.log10(rate * 4) / 3 + 1e-12) * 3) if rate * 4 < 0.01 else 1.0
    left = np.round(old.values, old.decimals) + np.round(step.values, step.decimals) * unit
    right = np.round(new.values, new.decimals)
    assert signs(scene)[1] == ("=" if np.allclose(left, right, rtol=0, atol=1e-12) else "≈")
    assert power_of(frame.tensor("conv1.weight"), range(1)) == 0


def test_tracks_whose_panels_stand_in_two_lines_have_none() -> None:
    assert signs(updated(replace(rates(), pace="cell"))) == []
