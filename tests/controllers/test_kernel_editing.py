"""The intents of the kernel editor."""

from pytestqt.qtbot import QtBot

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.kernel_editing import KernelEditing
from cnnviz.controllers.session import Moment, Session
from cnnviz.lesson.kernel_form import KernelForm
from tests.controllers.lessons import timeline_of


def test_a_refused_size_is_shown_as_it_was(qtbot: QtBot) -> None:
    session = Session(Moment(timeline_of()))
    editing = Editing(session)
    kernels = KernelEditing(editing, Choosing(editing, session))
    shown: list[KernelForm] = []
    kernels.form_changed.connect(shown.append)
    with qtbot.waitSignal(editing.refused):
        kernels.set_size("kernel_size", 31)  # larger than the 6×6 picture
    assert len(shown) == 1
    assert len(shown[0].cells) == 3
