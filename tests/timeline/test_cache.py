"""The memo: arrays in use are found, and those used last stay, up to its limit."""

import numpy as np

from cnnviz.timeline.cache import ByteCache


def test_what_was_used_last_stays() -> None:
    cache = ByteCache(limit=3 * 80)
    made: list[str] = []

    def get(key: str, size: int = 10) -> None:
        def compute() -> np.ndarray:
            made.append(key)
            return np.zeros(size)

        cache.get(key, compute)

    for key in ("a", "b", "c", "a", "d", "a", "c", "b"):
        get(key)
    assert made == ["a", "b", "c", "d", "b"]
    made.clear()
    get("large", 31)
    get("large", 31)
    get("b")
    assert made == ["large", "large"]


def test_what_is_kept_is_read_only_and_the_same_object() -> None:
    cache = ByteCache()
    first = cache.get("a", lambda: np.zeros(3))
    assert cache.get("a", lambda: np.ones(3)) is first
    assert not first.flags.writeable


def test_an_array_in_use_is_never_computed_again() -> None:
    cache = ByteCache(limit=80)
    large = cache.get("large", lambda: np.zeros(1000))
    old = cache.get("old", lambda: np.zeros(10))
    cache.get("new", lambda: np.ones(10))
    assert cache.get("large", lambda: np.ones(1000)) is large
    assert cache.get("old", lambda: np.ones(10)) is old
    del large
    assert cache.get("large", lambda: np.ones(1000))[0] == 1
