"""What the three forms ask becomes named edits; what they show follows the lesson."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.input_editing import InputEditing
from cnnviz.controllers.kernel_editing import KernelEditing
from cnnviz.controllers.layer_editing import LayerEditing
from cnnviz.controllers.session import Moment, Session
from cnnviz.engine.layers import Relu
from cnnviz.lesson.inputs import set_pattern, set_picture
from cnnviz.lesson.kernel_form import KernelForm
from cnnviz.lesson.lesson import Track
from cnnviz.timeline.frame import CellRef
from tests.controllers.lessons import timeline_of


class Desk:
    """All three over the 6×6 example, with a clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.session = Session(Moment(timeline_of()))
        self.editing = Editing(self.session, lambda: self.seconds)
        self.choosing = Choosing(self.editing, self.session)
        self.kernels, self.layers, self.inputs = (
            KernelEditing(self.editing, self.choosing), LayerEditing(self.editing, self.choosing),
            InputEditing(self.editing, self.choosing),
        )  # fmt: skip
        self.refused: list[str] = []
        self.shown: list[object] = []
        self.editing.refused.connect(self.refused.append)
        self.layers.form_changed.connect(self.shown.append)

    @property
    def undo(self) -> str:
        return self.editing.stack.undoText()

    @property
    def picture(self) -> list[list[float]]:
        return self.session.moment.timeline.frame(0).lead.tensor("input").values[0].tolist()  # type: ignore[no-any-return]

    @property
    def kernel(self) -> KernelForm:
        form = self.kernels.form
        assert form is not None
        return form

    def colour(self) -> None:
        """Give the lesson three channels."""
        self.editing.apply("Colour", lambda lesson: set_pattern(lesson, "bar", (3, 6, 6), 0, 10, 0))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_a_weight_is_set_and_named(desk: Desk) -> None:
    desk.kernels.set_weight(0, 2, 1 / 9)
    assert desk.undo == "Set weight (0, 2) to 1/9"
    assert desk.kernel.cells[0] == ("1", "0", "1/9")


def test_several_weights_typed_at_once_are_one_entry(desk: Desk) -> None:
    for column in range(3):
        desk.kernels.set_weight(1, column, 4.0)
    desk.seconds = 0.5
    desk.kernels.set_weight(2, 0, 4.0)
    assert desk.editing.stack.count() == 2


def test_channel_minus_one_edits_all_channels(desk: Desk) -> None:
    desk.colour()
    desk.kernels.select(0, -1)
    desk.kernels.set_weight(0, 0, 9.0)
    desk.kernels.select(0, 2)
    assert desk.kernel.cells[0][0] == "9"
    assert desk.kernel.alike
    desk.kernels.set_weight(0, 0, 5.0)
    assert not desk.kernel.alike


def test_a_weight_of_the_stage_is_found_in_its_kernel_and_channel(desk: Desk) -> None:
    desk.colour()
    desk.kernels.add()
    desk.kernels.set_weight_of(CellRef(0, "conv1.weight", 4, 1, 1), 7.0)  # kernel 1, channel 1
    assert (desk.kernel.kernel, desk.kernel.channel) == (1, 1)
    assert desk.kernel.cells[1][1] == "7"


def test_add_selects_the_new_kernel_and_remove_goes_back(desk: Desk) -> None:
    desk.kernels.add()
    assert (desk.kernel.kernels, desk.kernel.kernel) == (2, 1)
    desk.kernels.remove()
    assert (desk.kernel.kernels, desk.kernel.kernel) == (1, 0)
    desk.kernels.remove()
    assert len(desk.refused) == 1


def test_named_pasted_and_reset(desk: Desk) -> None:
    desk.kernels.use_named("box-3")
    assert desk.undo == "Kernel Box blur 3×3"
    desk.kernels.paste("1 2; 3 4")
    assert desk.kernel.cells == (("1", "2"), ("3", "4"))
    desk.kernels.paste("one two")
    assert len(desk.refused) == 1
    desk.kernels.reset()
    assert desk.kernel.name == "Vertical edge"


def test_an_unknown_kernel_is_refused(desk: Desk) -> None:
    desk.kernels.use_named("unheard-of")
    assert "unheard-of" in desk.refused[0]


def test_the_shown_plane_is_copied(desk: Desk) -> None:
    copied: list[str] = []
    desk.kernels.copied.connect(copied.append)
    desk.kernels.copy("plain")
    assert copied == ["1\t0\t-1\n1\t0\t-1\n1\t0\t-1"]


def test_geometry_pooling_activation_and_pace(desk: Desk) -> None:
    desk.layers.set_option("padding", "same")
    assert (desk.undo, desk.layers.form.shapes[1]) == ("Padding same", (1, 6, 6))
    desk.layers.set_number("stride", 2)
    assert (desk.undo, desk.layers.form.shapes[1]) == ("Stride 2", (1, 3, 3))
    desk.layers.set_number("stride.columns", 3)
    assert (desk.undo, desk.layers.form.shapes[1]) == ("Stride columns 3", (1, 3, 2))
    desk.layers.set_pooling("avg_pool2d")
    assert (desk.undo, desk.layers.form.shapes[-1]) == ("Pooling Average pooling", (1, 1, 1))
    desk.layers.set_option("flipped", True)
    assert desk.undo == "True convolution on"
    desk.layers.set_activation("none")
    assert desk.undo == "Activation none"
    desk.layers.set_pace("layer")
    assert desk.session.moment.timeline.count == 2
    desk.layers.set_pace(None)
    assert desk.undo == "Pace by default"


def test_a_run_of_a_spin_box_is_one_entry(desk: Desk) -> None:
    for stride in (2, 3, 1):
        desk.seconds += 0.3
        desk.layers.set_number("stride", stride)
    assert desk.editing.stack.count() == 0  # back where it began
    for stride in (2, 3):
        desk.seconds += 0.3
        desk.layers.set_number("stride", stride)
    assert desk.editing.stack.count() == 1


def test_a_drag_is_one_entry_however_long_it_takes(desk: Desk) -> None:
    for stride in (2, 3):
        desk.seconds += 60
        desk.layers.set_number("stride", stride, dragging=True)
    desk.layers.end_drag()
    desk.layers.set_number("stride", 2, dragging=True)
    assert desk.editing.stack.count() == 2
    for size in (2, 1):
        desk.seconds += 60
        desk.kernels.set_size("kernel_size", size, dragging=True)
    desk.kernels.end_drag()
    assert (desk.undo, desk.editing.stack.count()) == ("Kernel size 1", 3)


def test_a_refused_value_does_not_stay_in_the_form(desk: Desk) -> None:
    desk.layers.set_number("dilation", 5)
    assert len(desk.refused) == 1
    assert desk.shown[-1] == desk.layers.form


def test_the_layer_of_a_form_follows_the_playhead_until_it_is_pinned(desk: Desk) -> None:
    assert desk.layers.form.name == "Convolution"
    desk.session.show(index=20)
    assert (desk.layers.form.name, desk.kernel.layer) == ("ReLU", "Convolution")
    desk.choosing.choose(0, 2)
    desk.session.show(index=0)
    assert desk.layers.form.name == "Max pooling"
    assert desk.choosing.form().pinned
    desk.layers.set_number("kernel_size", 4)
    assert (desk.undo, desk.layers.form.shapes[-1]) == ("Size 4", (1, 1, 1))
    desk.choosing.pin(False)
    assert desk.layers.form.name == "Convolution"


def test_a_click_on_the_stage_chooses_the_layer(desk: Desk) -> None:
    desk.choosing.click(CellRef(0, "pool1", 0, 0, 0))
    assert desk.layers.form.name == "Max pooling"
    desk.choosing.click(CellRef(0, "conv1.weight", 0, 0, 0))
    assert desk.layers.form.name == "Convolution"
    desk.choosing.pin(True)
    desk.choosing.click(CellRef(0, "relu1", 0, 0, 0))
    assert desk.layers.form.name == "Convolution"


def test_a_layer_that_is_gone_gives_way(desk: Desk) -> None:
    desk.choosing.choose(0, 2)
    desk.layers.set_option("kind", "none")
    assert desk.undo == "none"
    assert desk.layers.form.name == "ReLU"


def test_a_weight_of_any_layer_is_set_where_it_stands(desk: Desk) -> None:
    desk.layers.set_option("flipped", True)
    desk.kernels.set_weight_of(CellRef(0, "conv1.weight", 0, 0, 0), 7.0)  # turned: the last one
    assert desk.kernel.cells[2] == ("1", "0", "7")
    desk.kernels.set_weight_of(CellRef(0, "conv1.weight", 0, 5, 0), 7.0)
    desk.kernels.set_weight_of(CellRef(0, "relu1", 0, 0, 0), 7.0)
    assert desk.editing.stack.count() == 2


def test_edits_of_one_track_alone(desk: Desk) -> None:
    one = desk.editing.lesson.tracks[0]
    desk.editing.apply("Twice", lambda lesson: replace(lesson, tracks=(one, one)))
    desk.choosing.click(CellRef(1, "conv1", 0, 0, 0))
    desk.kernels.set_weight(0, 0, 5.0)
    desk.choosing.set_alone(True)
    desk.kernels.set_weight(1, 1, 6.0)
    first, second = (t.params[0].weight[0, 0].tolist() for t in desk.editing.lesson.tracks if t.params[0])
    assert (first[0][0], second[0][0], first[1][1], second[1][1]) == (5, 5, 0, 6)
    desk.inputs.set_cells([(0, 0, 5, 3.0)])
    assert [t.source.overrides for t in desk.editing.lesson.tracks] == [(), ((5, 3.0),)]


def test_a_track_without_weights(desk: Desk) -> None:
    alone = Track(desk.editing.lesson.tracks[0].source, (Relu(),), (None,))
    desk.editing.apply("Bare", lambda lesson: replace(lesson, tracks=(alone,)))
    assert desk.kernels.form is None
    desk.kernels.use_named("box-3")
    assert "no weights" in desk.refused[-1]


def test_noise_and_shift(desk: Desk) -> None:
    for amount in (10, 20):
        desk.seconds += 60
        desk.inputs.set_noise(amount, dragging=True)
    desk.inputs.end_drag()
    assert (desk.undo, desk.editing.stack.count(), desk.inputs.form.noise) == ("Noise 20", 1, 20)
    noisy = desk.picture
    desk.inputs.draw_noise()
    assert (desk.undo, desk.inputs.form.seed) == ("New noise, seed 1", 1)
    assert desk.picture != noisy
    desk.inputs.set_noise(0)
    desk.inputs.set_shift(0, 1)
    assert (desk.undo, desk.picture[0]) == ("Shift 0, 1", [10, 10, 10, 10, 0, 0])


def test_cells_typed_one_or_several(desk: Desk) -> None:
    desk.inputs.set_cells([(0, 0, 5, 3.0)])
    assert desk.undo == "Set cell (0, 5) to 3"
    desk.inputs.set_cells([(0, 1, column, 2.0) for column in range(6)])
    assert desk.undo == "Set 6 cells"
    assert desk.picture[:2] == [[10, 10, 10, 0, 0, 3], [2] * 6]
    assert desk.inputs.cells[0][1] == ("2",) * 6


def test_a_stroke_is_one_entry_however_long_it_takes(desk: Desk) -> None:
    desk.inputs.paint(CellRef(0, "input", 0, 0, 4))
    assert desk.editing.stack.count() == 0
    desk.inputs.set_brush(7.0)
    for column in (3, 4, 5):
        desk.seconds += 10
        desk.inputs.paint(CellRef(0, "input", 0, 0, column))
    desk.inputs.end_stroke()
    desk.inputs.paint(CellRef(0, "input", 0, 1, 5))
    assert desk.picture[0] == [10, 10, 10, 7, 7, 7]
    assert desk.editing.stack.count() == 2
    desk.editing.stack.undo()
    desk.editing.stack.undo()
    assert desk.picture[0] == [10, 10, 10, 0, 0, 0]


def test_grey_and_size_keep_the_original(desk: Desk) -> None:
    picture = np.zeros((3, 8, 12), dtype=np.uint8)
    desk.editing.apply("Open", lambda lesson: set_picture(lesson, picture, "photo"))
    assert (desk.inputs.form.grey, desk.inputs.form.shape) == (True, (1, 8, 12))
    desk.inputs.set_grey(False)
    assert desk.inputs.form.shape == (3, 8, 12)
    desk.inputs.set_size(4, 6)
    assert (desk.inputs.form.shape, desk.inputs.form.original) == ((3, 4, 6), (3, 8, 12))
    desk.inputs.set_size(8, 12)
    assert desk.editing.lesson.tracks[0].source.transforms == ()
    assert math.prod(desk.inputs.form.shape) == 288


def test_a_large_input_is_no_table(desk: Desk) -> None:
    desk.editing.apply("Open", lambda lesson: set_pattern(lesson, "ramp", (1, 40, 40), 0, 1, 0))
    assert desk.inputs.cells == ()


def test_new_input_and_pasted_table(desk: Desk) -> None:
    desk.inputs.make("checker", (1, 4, 4), 0, 1, 0)
    assert (desk.undo, desk.picture[0]) == ("New input 4×4 checker", [1, 0, 1, 0])
    desk.inputs.paste("1\t2\t3\n4\t5\t6\n7\t8\t9")
    assert desk.refused  # 3×3 leaves a map of 1×1, too small for the pooling
    desk.inputs.paste("\n".join(["1;2;3;4"] * 4))
    assert desk.picture == [[1, 2, 3, 4]] * 4
    copied: list[str] = []
    desk.inputs.copied.connect(copied.append)
    desk.inputs.copy("plain")
    assert copied[0].splitlines()[0] == "1\t2\t3\t4"


def test_a_rotation_is_one_entry_of_a_drag(desk: Desk) -> None:
    for degrees in (30, 90):
        desk.seconds += 60
        desk.inputs.set_rotation(degrees, dragging=True)
    desk.inputs.end_drag()
    assert (desk.undo, desk.editing.stack.count(), desk.inputs.form.rotation) == ("Rotate 90°", 1, 90)
    assert desk.picture == [[0] * 6] * 3 + [[10] * 6] * 3  # the bright left side lies below now
    desk.inputs.set_rotation(0)
    assert desk.inputs.form.rotation == 0


def test_raw_pictures_are_offered_where_a_network_knows_a_set(desk: Desk) -> None:
    assert (desk.inputs.form.like, desk.inputs.form.done) == (None, "")
    desk.inputs.set_like(True)
    assert "no known set" in desk.refused[-1]
