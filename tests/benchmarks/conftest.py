"""One table for the whole run, written to build/benchmarks.md."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.measuring import TABLES, Report

# They are the programs of child processes, and some import what only the measurements need.
collect_ignore_glob = ["probe_*.py"]

TABLE = TABLES / "benchmarks.md"


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """Where every measurement is noted."""
    table = Report()
    yield table
    table.write(TABLE)
    print(f"\nwritten to {TABLE.relative_to(TABLE.parents[1])}:\n{TABLE.read_text(encoding='utf-8')}")
