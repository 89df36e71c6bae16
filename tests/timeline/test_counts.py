"""Parameters and products of each layer, against the numbers that are printed for LeNet-5 with all its connections."""

from cnnviz.timeline.counts import layer_counts, total_count
from tests.helpers.networks import network


def test_a_lenet_has_the_numbers_of_the_books() -> None:
    track = network("lenet").lesson.tracks[0]
    counts = [c for c in layer_counts(track) if any(c)]
    # 6·(25 + 1), 16·(150 + 1), 120·401, 84·121, 10·85; each product of a kernel once for every cell of its map.
    assert [c.parameters for c in counts] == [156, 2_416, 48_120, 10_164, 850]
    assert [c.multiply_adds for c in counts] == [
        *(25 * 6 * 28 * 28, 150 * 16 * 10 * 10, 400 * 120, 120 * 84, 84 * 10)
    ]
    assert total_count(track).parameters == 61_706


def test_layers_without_weights_count_nothing() -> None:
    track = network("digits").lesson.tracks[0]
    assert [any(c) for c in layer_counts(track)] == [True, False, False, False, True, False]
