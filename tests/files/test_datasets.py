"""Data sets: those that ship are what their record says, and a person's own are refused in one line when wrong."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.errors import BadInput
from cnnviz.files.datasets import read_data, shipped_set, shipped_sets
from cnnviz.resources import resource_path

SHAPES = {"digits": (1, 8, 8), "mnist": (1, 28, 28), "fashion": (1, 28, 28), "patches": (1, 32, 32)}
COUNTS = {"digits": (1500, 297), "mnist": (9000, 1000), "fashion": (12000, 2000), "patches": (2000, 480)}


@pytest.mark.parametrize("name", SHAPES)
def test_what_ships_is_what_is_said_of_it(name: str) -> None:
    data = shipped_set(name)
    entry = data.entry
    assert data.shape == SHAPES[name]
    assert (entry.train, entry.test) == COUNTS[name]
    assert len(data.images) == len(data.labels) == sum(COUNTS[name])
    assert int(data.images.max()) == entry.largest
    assert not data.images.flags.writeable
    # Every class occurs in both parts, none of them in more than a quarter of the pictures.
    for part in (data.labels[: entry.train], data.labels[entry.train :]):
        counts = np.bincount(part, minlength=len(entry.classes))
        assert counts.min() > 0
        assert counts.max() < 0.25 * len(part)


def test_digits_are_those_of_the_record() -> None:
    # The first picture of the UCI test set, as printed in scikit-learn's documentation of load_digits.
    first = shipped_set("digits").images[0, 0]
    assert first[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert shipped_set("digits").labels[:10].tolist() == list(range(10))


def test_no_picture_to_test_on_is_one_to_train_on() -> None:
    for entry in shipped_sets():
        data = shipped_set(entry.id)
        seen = {image.tobytes() for image in data.images[: entry.train]}
        twice = sum(image.tobytes() in seen for image in data.images[entry.train :])
        # MNIST and Fashion-MNIST hold a few true duplicates of their own.
        assert twice <= 0.005 * entry.test, entry.id


def test_all_resources_together_stay_under_twelve_megabytes() -> None:
    root = resource_path("data/index.json").parents[1]
    assert sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) < 12_000_000


IMAGES = np.arange(20 * 9, dtype=np.uint8).reshape(20, 3, 3)
LABELS = np.arange(20, dtype=np.uint8) % 3


def test_own_pictures_are_read_with_their_last_tenth_to_test_on(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "own.npz", images=IMAGES, labels=LABELS)
    data = read_data(tmp_path / "own.npz")
    assert data.images.tolist() == IMAGES[:, None].tolist()
    assert (data.entry.classes, data.entry.train, data.entry.test) == (("0", "1", "2"), 18, 2)


def test_own_labels_may_be_any_whole_numbers_and_have_names(tmp_path: Path) -> None:
    names = ["red  fox", "hare", ""]
    images = np.asfortranarray(IMAGES)
    np.savez(tmp_path / "own.npz", images=images, labels=LABELS.astype(np.int64), classes=names)
    data = read_data(tmp_path / "own.npz")
    assert data.images.tolist() == IMAGES[:, None].tolist()
    assert data.labels.tolist() == LABELS.tolist()
    assert (data.entry.id, data.entry.classes, data.named) == ("own.npz", ("red fox", "hare", "2"), True)


def test_a_header_that_says_more_than_there_is_allocates_nothing(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", images=IMAGES, labels=LABELS)
    with zipfile.ZipFile(tmp_path / "own.npz") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["images.npy"] = parts["images.npy"].replace(b"(20, 3, 3)", b"(9**9,3,3)")
    with zipfile.ZipFile(tmp_path / "own.npz", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(BadInput, match="images is no array of NumPy"):
        read_data(tmp_path / "own.npz")
    parts["images.npy"] = parts["images.npy"].replace(b"(9**9,3,3)", b"(99999,99)")
    with zipfile.ZipFile(tmp_path / "own.npz", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(BadInput, match="images holds more or less than its header"):
        read_data(tmp_path / "own.npz")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"images": IMAGES, "labels": LABELS[:19]}, "20 images and 19 labels"),
        ({"images": IMAGES}, "no array 'labels'"),
        ({"images": IMAGES.astype(np.float64), "labels": LABELS}, "images are float64; give uint8"),
        ({"images": IMAGES[0], "labels": LABELS}, r"images have the shape \(3, 3\), labels \(20,\)"),
        ({"images": IMAGES, "labels": LABELS * 0}, "has 1 classes; give 2 to 100"),
        ({"images": IMAGES, "labels": LABELS + 98}, "holds the label 100; give classes from 0 to 99"),
        ({"images": IMAGES[:1], "labels": LABELS[1:2]}, "give more pictures"),
        ({"images": IMAGES, "labels": LABELS.astype(np.int8) - 1}, "holds the label -1"),
        ({"images": IMAGES, "labels": LABELS / 2}, "labels are float64; give whole numbers"),
        (
            {"images": IMAGES, "labels": LABELS, "classes": ["cat", "dog"]},
            r"label 2, there are the classes 0…1",
        ),
        (
            {"images": IMAGES, "labels": LABELS, "classes": [1, 2, 3]},
            "classes are int64 .* one text for each",
        ),
        ({"images": IMAGES, "labels": np.array(["a"] * 20, object)}, "labels are object, which is not read"),
        ({"images": IMAGES[:0], "labels": LABELS[:0]}, "0 images and 0 labels"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(
    arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]], words: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "own.npz", **arrays)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(BadInput, match=words) as caught:
        read_data(tmp_path / "own.npz")
    assert "\n" not in str(caught.value)
    assert "own.npz" in str(caught.value)


def test_what_is_no_archive_or_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.npz").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(BadInput, match=r"own\.npz.*damaged"):
        read_data(tmp_path / "own.npz")
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", b"\0" * 200_000_001)
        archive.writestr("labels.npy", b"\0")
    with pytest.raises(BadInput, match=r"images unpack to 200,000,001 bytes"):
        read_data(tmp_path / "bomb.npz")
    with pytest.raises(BadInput, match="does not ship; give one of digits, mnist"):
        shipped_set("cifar")
