"""Output sizes and paddings against published tables and hand computation."""

import numpy as np
import pytest

from cnnviz.engine import BadInput, Pads, conv_out_size, extent, out_size, pair, resolve_padding


@pytest.mark.parametrize(
    ("n", "f", "p", "s", "expected"),
    [
        (6, 3, 0, 1, 4),
        (6, 3, 0, 2, 2),
        (6, 3, 1, 2, 3),
        (7, 3, 0, 2, 3),
        (6, 5, 2, 1, 6),
        (6, 7, 3, 1, 6),
        (6, 2, 0, 2, 3),
        # Dumoulin and Visin (2016), figures 2.1 to 2.7
        (4, 3, 0, 1, 2),
        (5, 4, 2, 1, 6),
        (5, 3, 1, 1, 5),
        (5, 3, 2, 1, 7),
        (5, 3, 0, 2, 2),
        (5, 3, 1, 2, 3),
        # ResNet-34: the first convolution and the pooling behind it
        (224, 7, 3, 2, 112),
        (112, 3, 1, 2, 56),
    ],
)
def test_out_size_follows_the_published_tables(n: int, f: int, p: int, s: int, expected: int) -> None:
    assert out_size(n, f, s, p, p) == expected
    assert conv_out_size((n, n), f, s, p) == (expected, expected)


def test_a_dilated_kernel_counts_with_its_holes() -> None:
    assert extent(3, dilation=2) == 5
    assert out_size(7, 3, dilation=2) == 3  # Dumoulin and Visin (2016), figure 5.1
    assert out_size(7, 3, stride=2, before=1, after=2, dilation=3) == 2  # (7 + 3 - 7) // 2 + 1


@pytest.mark.parametrize(
    ("n", "f", "s", "before", "after", "expected"),
    [
        (6, 3, 2, 0, 0, 3),  # the third window hangs over by one column
        (5, 3, 2, 0, 0, 2),  # nothing is left over
        (4, 2, 3, 0, 0, 2),
        (3, 2, 3, 1, 1, 2),  # the second window starts at 2, the last pixel
        (2, 2, 3, 1, 1, 1),  # a second one would start at 2, behind the picture
        (2, 3, 2, 0, 0, 1),  # larger than the picture, and still started in it
    ],
)
def test_ceil_mode_needs_a_window_that_starts_in_the_picture(
    n: int, f: int, s: int, before: int, after: int, expected: int
) -> None:
    assert out_size(n, f, s, before, after, ceil_mode=True) == expected


def test_out_size_is_never_negative() -> None:
    assert out_size(3, 7) == 0
    assert out_size(3, 100, stride=2, ceil_mode=True) == 0


@pytest.mark.parametrize(
    ("n", "f", "s", "d", "before", "after"),
    [
        (6, 3, 1, 1, 1, 1),
        (6, 2, 1, 1, 0, 1),  # the odd one goes to the end
        (6, 4, 1, 1, 1, 2),
        (6, 3, 1, 2, 2, 2),
        (6, 3, 2, 1, 0, 1),
        (5, 3, 2, 1, 1, 1),
        (224, 7, 2, 1, 2, 3),  # TensorFlow's first layer of a residual network
        (6, 1, 3, 1, 0, 0),  # never negative where the stride jumps over the rest
    ],
)
def test_same_gives_ceil_n_over_s(n: int, f: int, s: int, d: int, before: int, after: int) -> None:
    assert resolve_padding("same", (n, n), f, s, d) == (before, after, before, after)
    assert out_size(n, f, s, before, after, d) == -(-n // s)


def test_words_and_numbers_name_all_four_sides() -> None:
    assert resolve_padding("valid", (6, 6), 3) == Pads(0, 0, 0, 0)
    assert resolve_padding("full", (6, 6), (3, 5), dilation=(1, 2)) == Pads(2, 2, 8, 8)
    assert resolve_padding("same", (6, 6), (3, 1)) == Pads(1, 1, 0, 0)
    assert resolve_padding(2, (6, 6), 3) == Pads(2, 2, 2, 2)
    assert resolve_padding((1, 2), (6, 6), 3) == Pads(top=1, bottom=1, left=2, right=2)
    assert resolve_padding((1, 2, 3, 4), (6, 6), 3) == Pads(top=1, bottom=2, left=3, right=4)


def test_full_padding_and_back_is_n_plus_f_minus_1() -> None:
    assert conv_out_size((6, 9), (3, 4), padding="full") == (8, 12)


def test_pair_reads_one_two_and_numbers_of_numpy() -> None:
    assert pair(3, "stride") == (3, 3)
    assert pair([1, 2], "stride") == (1, 2)
    assert pair(np.int32(4), "stride") == (4, 4)
    assert pair((0, 1), "padding", least=0) == (0, 1)


@pytest.mark.parametrize("value", [1.5, "3", True, None, (1, 2.0), np.array([1, 2])])
def test_what_is_no_whole_number_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError, match="stride must be a whole number"):
        pair(value, "stride")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "stride is 0: it must be at least 1"),
        ((2, -1), "stride is -1: it must be at least 1"),
        ((1, 2, 3), r"stride \(1, 2, 3\) has 3 numbers: give one, or two"),
        ((), "has 0 numbers"),
        (list(range(1000)), r"stride \[0, 1, .*\.\.\. has 1000 numbers"),
    ],
)
def test_numbers_that_do_not_fit_are_named(value: object, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        pair(value, "stride")
    assert len(str(caught.value)) < 130


@pytest.mark.parametrize(
    ("padding", "message"),
    [
        (-1, "padding is -1: it must be at least 0"),
        ((0, 0, 0, -2), "padding is -2"),
        ("reflect", "padding 'reflect' is unknown: give valid, same, same-lower, half, full or numbers"),
        ((1, 2, 3), r"padding \(1, 2, 3\) has 3 amounts"),
    ],
)
def test_bad_paddings_are_named(padding: object, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        resolve_padding(padding, (6, 6), 3)  # type: ignore[arg-type]  # the point of the test


def test_a_kernel_that_is_too_large_tells_every_number() -> None:
    with pytest.raises(BadInput) as caught:
        conv_out_size((6, 6), 7)
    assert str(caught.value) == (
        "conv2d: kernel 7x7 is larger than the picture 6x6: add padding or choose a smaller kernel"
    )
    with pytest.raises(
        BadInput, match=r"max_pool2d: kernel 3x3 \(dilated to 9x9\) .* padded picture 8x7: .*dilation"
    ):
        conv_out_size((6, 7), 3, padding=(1, 0), dilation=4, what="max_pool2d")
    assert conv_out_size((6, 6), 7, padding=1) == (2, 2)


@pytest.mark.parametrize("in_size", [(0, 6), (6, 0)])
def test_an_empty_picture_is_refused_even_with_padding(in_size: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="is empty"):
        conv_out_size(in_size, 1, padding=3)
