"""The switch that accepts new pictures: ``pytest tests/scene --rewrite-golden``."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the scenes as they are now into tests/golden"
    )
