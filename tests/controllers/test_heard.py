"""What the panels show is found out only once somebody shows it."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from cnnviz.controllers.choosing import Choosing
from cnnviz.controllers.editing import Editing
from cnnviz.controllers.heard import is_heard
from cnnviz.controllers.kernel_editing import KernelEditing
from cnnviz.controllers.session import Moment, Session
from tests.controllers.lessons import timeline_of


def test_a_form_that_nobody_shows_is_not_made(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def form(*_place: object) -> None:
        made.append(1)

    monkeypatch.setattr("cnnviz.controllers.kernel_editing.kernel_form", form)
    owner = QObject()
    session = Session(Moment(timeline_of()), owner)
    editing = Editing(session, parent=owner)
    kernels = KernelEditing(editing, Choosing(editing, session, owner), owner)
    kernels.keep_origin()
    kernels.refresh()
    assert not made
    shown: list[object] = []
    assert not is_heard(kernels, kernels.form_changed)
    kernels.form_changed.connect(shown.append)
    assert is_heard(kernels, kernels.form_changed)
    kernels.refresh()
    assert len(made) == len(shown) == 1
