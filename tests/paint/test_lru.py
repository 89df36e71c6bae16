"""The cache holds what fits, and never confuses arrays."""

import gc

import numpy as np

from cnnviz.paint.lru import BY_CONTENT_BYTES, ByteLru, _digests, array_key


def _cache(limit: int) -> ByteLru[bytes]:
    return ByteLru(limit, len)


def test_makes_a_value_once() -> None:
    cache, made = _cache(10), list[str]()

    def make() -> bytes:
        made.append("x")
        return b"abc"

    assert cache.get("k", make) == cache.get("k", make) == b"abc"
    assert made == ["x"]


def test_forgets_what_was_used_longest_ago() -> None:
    cache = _cache(6)
    for key in ("a", "b"):
        cache.get(key, lambda: b"123")
    cache.get("a", lambda: b"new")
    cache.get("c", lambda: b"123")
    assert cache.get("a", lambda: b"new") == b"123"
    assert cache.get("b", lambda: b"new") == b"new"


def test_holds_no_more_bytes_than_its_limit() -> None:
    cache = _cache(10)
    for number in range(20):
        cache.get(number, lambda: b"1234")
        assert cache.held <= 10
    assert len(cache) == 2


def test_what_is_too_large_is_given_but_not_kept() -> None:
    cache = _cache(3)
    assert cache.get("k", lambda: b"12345") == b"12345"
    assert len(cache) == 0


def test_small_arrays_are_alike_by_content_shape_and_type() -> None:
    one = np.arange(6, dtype=np.uint8)
    assert array_key(one) == array_key(one.copy())
    assert array_key(one) != array_key(one.reshape(2, 3))
    assert array_key(one) != array_key(one.view(np.int8))
    assert array_key(one) != array_key(one + 1)


def test_a_small_array_changed_in_place_gets_another_key() -> None:
    one = np.zeros(4)
    before = array_key(one)
    one[2] = 1
    assert array_key(one) != before


def _large() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    array = np.zeros(BY_CONTENT_BYTES + 1, np.uint8)
    array.setflags(write=False)
    return array


def test_large_arrays_are_alike_only_when_they_are_the_same() -> None:
    one, other = _large(), _large()
    assert array_key(one) == array_key(one)
    assert hash(array_key(one)) == hash(array_key(one))
    assert array_key(one) != array_key(other)


def test_a_large_array_that_may_be_written_to_is_never_found_again() -> None:
    array = np.zeros(BY_CONTENT_BYTES + 1, np.uint8)
    assert array_key(array) != array_key(array)


def test_a_key_does_not_keep_its_array_and_equals_nothing_afterwards() -> None:
    array = _large()
    key = array_key(array)
    twin = array_key(array)
    assert key == twin
    del array
    gc.collect()
    assert key != twin


def test_a_digest_that_is_kept_ends_with_its_array() -> None:
    before = len(_digests)
    arrays = [np.full((10, 10), float(n)) for n in range(20)]
    for array in arrays:
        array.setflags(write=False)
    keys = [array_key(array) for array in arrays]
    assert [array_key(array) for array in arrays] == keys == [array_key(array.copy()) for array in arrays]
    assert len(set(keys)) == 20
    assert len(_digests) == before + 20
    del array, arrays
    gc.collect()
    assert len(_digests) == before
