"""Every test of a view has the application, even one that only paints."""

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Made before a painting test makes one without widgets."""
