"""The PySide6 in use keeps its references: 6.12.0 lost one to None on every call that returns None."""

import sys

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


def test_calls_that_return_none_lose_no_reference_to_it(qtbot: QtBot) -> None:
    if sys.version_info >= (3, 12):
        # None is immortal there, its count is a constant, and the fault cannot show.
        assert sys.getrefcount(None) > 2**30
        return
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(50):
        label.setText(str(number))
    assert sys.getrefcount(None) >= before
