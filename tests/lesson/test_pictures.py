"""Pictures that a lesson brings along: equal by content, refused in one line when their parts disagree."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.lesson import pictures
from cnnviz.lesson.pictures import Pictures

IMAGES = np.arange(48, dtype=np.uint8).reshape(12, 1, 2, 2)
LABELS = np.arange(12, dtype=np.uint8) % 3
NAMES = ("fox", "hare", "owl")


def test_they_are_equal_where_all_is_and_cannot_be_written_to() -> None:
    one, same = (Pictures("mine", NAMES, 9, IMAGES.copy(), LABELS.copy()) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one.largest == 47
    assert not one.images.flags.writeable
    others = (
        Pictures("yours", NAMES, 9, IMAGES, LABELS), Pictures("mine", ("a", "b", "c"), 9, IMAGES, LABELS),
        Pictures("mine", NAMES, 8, IMAGES, LABELS), Pictures("mine", NAMES, 9, IMAGES, LABELS[::-1].copy()),
    )  # fmt: skip
    assert all(one != other for other in others)


@pytest.mark.parametrize(
    ("names", "train", "images", "labels", "words"),
    [
        (NAMES, 9, IMAGES, LABELS[:11], "12 images and 11 labels"),
        (NAMES, 9, IMAGES[:, 0], LABELS, r"images of uint8 \(12, 2, 2\) and labels of uint8 \(12,\)"),
        (NAMES, 9, IMAGES.astype(np.float64), LABELS, "images of float64"),
        (NAMES[:2], 9, IMAGES, LABELS, "the label 2, there are the classes 0…1"),
        (NAMES[:1], 9, IMAGES, LABELS * 0, "has 1 classes: give 2 to 100"),
        (NAMES, 12, IMAGES, LABELS, "12 of 12 pictures to train on"),
        (NAMES, 0, IMAGES, LABELS, "0 of 12 pictures to train on"),
    ],
)
def test_parts_that_disagree_are_refused(
    names: tuple[str, ...], train: int, images: NDArray[np.uint8], labels: NDArray[np.uint8], words: str
) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        Pictures("mine", names, train, images, labels)
    assert str(caught.value).startswith("mine: ")
    assert "\n" not in str(caught.value)


def test_more_than_a_lesson_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 40)
    with pytest.raises(BadInput, match="have 48 bytes, a lesson holds 40"):
        Pictures("mine", NAMES, 9, IMAGES, LABELS)
