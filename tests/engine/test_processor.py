"""What is told about the processor: from what NumPy picked for it."""

from collections.abc import Iterator

import pytest
from numpy.lib import introspect

from cnnviz.engine.processor import reads_in_place


@pytest.fixture(autouse=True)
def ask_again() -> Iterator[None]:
    reads_in_place.cache_clear()
    yield
    reads_in_place.cache_clear()


@pytest.mark.parametrize(
    ("picked", "expected"),
    [("X86_V4", True), ("AVX512_SKX", True), ("X86_V3", False), ("AVX2", False), ("NEON", False)],
)
def test_registers_of_512_bits_are_recognised(
    monkeypatch: pytest.MonkeyPatch, picked: str, expected: bool
) -> None:
    def info(func_name: str, signature: str) -> dict[str, dict[str, dict[str, str]]]:
        return {"maximum": {"fff": {"current": picked, "available": "X86_V4 X86_V3"}}}

    monkeypatch.setattr(introspect, "opt_func_info", info)
    assert reads_in_place() is expected


def test_numpy_still_tells_what_it_picked() -> None:
    (kinds,) = introspect.opt_func_info(func_name="^maximum$", signature="^float32$").values()
    assert [way["current"] != "" for way in kinds.values()] == [True]
