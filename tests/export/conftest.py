"""Everything here paints, and painting needs an application."""

import pytest
from PySide6.QtCore import QCoreApplication


@pytest.fixture(autouse=True)
def _application(qapp: QCoreApplication) -> None:
    """One application for all tests; views need the kind with widgets, and there can be only one."""
