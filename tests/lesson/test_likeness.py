"""Pictures of one's own made like those of a set: inverted, fitted, centred; raw when that is wanted; none blank."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import Relu
from cnnviz.files.lessons import shipped_lesson
from cnnviz.files.schema import array_from_lists, array_to_lists, lesson_from_document, lesson_to_document
from cnnviz.lesson.fields import set_field
from cnnviz.lesson.inputs import set_picture
from cnnviz.lesson.lesson import Lesson, Track
from cnnviz.lesson.likeness import is_like, likeness, set_like
from cnnviz.lesson.source import Grey, Like, Resize, Rotate, Source, materialise


def lesson_of(data: str, side: int) -> Lesson:
    return Lesson("l", (Track(Source(np.zeros((1, side, side), np.uint8)), (Relu(),), (None,), data=data),))


def paper(ink: int = 20, ground: int = 230) -> NDArray[np.uint8]:
    """A dark bar of 100×50 pixels on bright paper with some grain, in colour."""
    grain = np.random.default_rng(0).integers(-8, 9, (3, 240, 320))
    picture = np.full((3, 240, 320), ground) + grain
    picture[:, 30:130, 200:250] = ink
    return picture.astype(np.uint8)


def test_dark_on_paper_becomes_bright_on_black_fitted_and_centred_as_in_mnist() -> None:
    made = set_picture(lesson_of("mnist", 28), paper(), "bar.png")
    source = made.tracks[0].source
    assert source.transforms == (Like("mnist", 28, 28),)
    assert (source.shape, source.white, source.array.shape) == ((1, 28, 28), 255.0, (3, 240, 320))
    rows, columns = np.nonzero(materialise(source)[0])
    # 100×50 becomes 20×10, its mass in the middle of 28×28.
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 23, 9, 18)
    assert materialise(source).max() == 255
    assert likeness(source) == "made like mnist: grey, inverted, its longer side 20, in the middle of 28×28"


def test_bright_on_dark_is_not_inverted() -> None:
    made = set_picture(lesson_of("mnist", 28), 255 - paper(), "bar.png")
    again = set_picture(lesson_of("mnist", 28), paper(), "bar.png")
    difference = materialise(made.tracks[0].source) - materialise(again.tracks[0].source)
    assert abs(difference).max() <= 1
    assert "inverted" not in likeness(made.tracks[0].source)


def test_the_small_digits_are_counts() -> None:
    source = set_picture(lesson_of("digits", 8), paper(), "bar.png").tracks[0].source
    expected = np.zeros((8, 8))
    expected[:, 2:6] = 16
    np.testing.assert_array_equal(materialise(source)[0], expected)
    assert source.white == 16.0


def test_clothes_fill_the_square_and_patches_are_the_middle_of_a_picture() -> None:
    cloth = materialise(set_picture(lesson_of("fashion", 28), paper(), "bar.png").tracks[0].source)[0]
    rows, columns = np.nonzero(cloth)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (0, 27, 7, 20)
    half = np.zeros((1, 64, 128), np.uint8)
    half[0, :, 32:64] = 200
    half[0, :, :32] = 77
    patch = materialise(set_picture(lesson_of("patches", 32), half, "half.png").tracks[0].source)[0]
    assert set(np.unique(patch[:, :16])) == {200}
    assert set(np.unique(patch[:, 16:])) == {0}


def test_a_picture_that_is_like_them_already_stays() -> None:
    picture = np.zeros((1, 28, 28), np.uint8)
    picture[0, 5:20, 10:13] = 255
    made = set_picture(lesson_of("mnist", 28), picture, "one.png").tracks[0]
    assert (made.source.transforms, is_like(made), likeness(made.source)) == ((), None, "")
    bright = set_picture(lesson_of("mnist", 28), 255 - picture, "one.png").tracks[0]
    assert bright.source.transforms == (Like("mnist", 28, 28),)


def test_sixteen_bits_are_read_as_eight() -> None:
    deep = paper().astype(np.uint16) * 257
    made, usual = (set_picture(lesson_of("mnist", 28), a, "p").tracks[0].source for a in (deep, paper()))
    np.testing.assert_array_equal(materialise(made), materialise(usual))


def test_raw_and_back_again_keep_what_else_was_done() -> None:
    made = set_field(set_picture(lesson_of("mnist", 28), paper(), "bar.png"), "source.rotate", "10")
    assert is_like(made.tracks[0]) is True
    raw = set_like(made, False)
    assert raw.tracks[0].source.transforms == (Grey(), Resize(28, 28), Rotate(10.0))
    assert is_like(raw.tracks[0]) is False
    assert set_like(raw, True) == made
    assert set_field(made, "source.like", "false") == raw
    with pytest.raises(BadInput, match="no known set"):
        set_field(shipped_lesson("vertical-edge"), "source.like", "true")
    with pytest.raises(BadInput, match="give true or false"):
        set_field(made, "source.like", "perhaps")


@pytest.mark.parametrize("value", [0, 255, 128])
def test_a_picture_with_nothing_in_it_is_refused_with_both_sides(value: int) -> None:
    for shape in ((1, 28, 28), (3, 90, 60)):
        with pytest.raises(BadInput) as caught:
            set_picture(lesson_of("mnist", 28), np.full(shape, value, np.uint8), "blank.png")
        assert str(caught.value).startswith(
            f"blank.png: all of it is {value} or nearly so, but the network knows"
        )
        assert "pictures of mnist" in str(caught.value)
    with pytest.raises(BadInput, match="all of it is 0"):
        set_picture(lesson_of("mnist", 28), np.zeros((1, 28, 28)), "table.csv")


def test_other_lessons_take_blank_pictures() -> None:
    plain = np.full((1, 6, 6), 9, np.uint8)
    assert (materialise(set_picture(shipped_lesson("vertical-edge"), plain, "p").tracks[0].source) == 9).all()


def test_a_blank_one_in_a_file_is_black_not_an_error() -> None:
    blank = Source(np.full((1, 9, 9), 7, np.uint8), "p", (Like("mnist", 28, 28),))
    assert not materialise(blank).any()


def test_files_keep_it_and_refuse_what_is_no_set_or_too_large() -> None:
    made = set_field(set_picture(lesson_of("mnist", 28), paper(), "bar.png"), "source.rotate", "-7.5")
    document = lesson_to_document(made, lambda _name, array: array_to_lists(array))
    transforms = document["tracks"][0]["source"]["transforms"]
    assert transforms == [
        {"kind": "like", "data": "mnist", "rows": 28, "columns": 28},
        {"kind": "rotate", "degrees": -7.5},
    ]
    assert lesson_from_document(document, array_from_lists) == made
    transforms[0] = {"kind": "like", "data": "cats", "rows": 28, "columns": 28}
    with pytest.raises(BadInput, match="give one of digits, mnist, fashion, patches"):
        lesson_from_document(document, array_from_lists)
    with pytest.raises(BadInput, match="at most 1024"):
        Like("mnist", 28, 100_000)


def test_the_networks_answer_a_photographed_seven() -> None:
    from cnnviz.timeline.answers import answer_at
    from cnnviz.timeline.timeline import make_timeline

    seven = np.full((3, 200, 160), 240, np.uint8)
    seven[:, 40:58, 40:120] = 30
    for row in range(58, 165):
        left = 104 - round((row - 58) * 0.45)
        seven[:, row, left : left + 18] = 30
    for name in ("mnist-network", "digits-network"):
        timeline = make_timeline(set_picture(shipped_lesson(name), seven, "seven.png"))
        answer = answer_at(timeline, 0)
        assert answer is not None
        assert answer.probabilities.argmax() == 7, name
    assert replace(Source(seven), name="x").picture
