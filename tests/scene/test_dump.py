"""A scene as text: everything that differs is seen, and nothing that does not."""

import hashlib
import struct
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.scene.primitives import (
    Align,
    Box,
    Formula,
    Gradient,
    Grid,
    Link,
    Panel,
    Primitive,
    Rect,
    Ring,
    Run,
    Scene,
    Text,
)
from tests.helpers.dump import dump

IMAGE = np.zeros((1, 2, 3), np.uint8)
GRID = Grid("g", Box(0, 0, 20, 10), (0, 0), 10, IMAGE, ("0/conv1", 1, 0, 0), np.array([[1.5, -2]]), 1, 7)
RING = Ring("r", Box(0, 0, 9, 9), "#d1006c")
TEXT = Text("t", Box(1, 2, 30, 4), (Run("a", "#000000"), Run("b", "#111111")), 12)
FORMULA = Formula("f", Box(1, 2, 30, 4), "size.conv", (("text", "#000000"),), 12)
LINK = Link("l", ((0, 0), (1, 2)), "#d1006c")


def told(*primitives: Primitive) -> str:
    return dump(
        Scene((100, 50), "#ffffff", (Panel("p", Box(0, 0, 9, 9), "P", primitives),), (), "cap", "say")
    )


def fingerprint(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()


def test_every_part_is_told() -> None:
    colours, numbers = fingerprint(bytes(6)), fingerprint(struct.pack("=2d", 1.5, -2.0))
    assert told(GRID, TEXT) == (
        "scene 100×50 on #ffffff\ncaption 'cap'\nspoken 'say'\n\npanel p [0 0 9×9] 'P'\n"
        "  grid g [0 0 20×10] from (0 0), 1×2 cells of 10, shows 0/conv1[1] padded 0 0\n"
        f"    colours 1×2×3 {colours}, lines #00000000, blank #00000000, written 2\n"
        f"    numbers 1×2 {numbers} with 1 decimals, size 7\n"
        "      1.5 −2.0\n"
        "  text t [1 2 30×4] size 12 left: 'a' #000000 400 + 'b' #111111 400\n"
        "\nover\n"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (GRID, replace(GRID, written=1)),
        (GRID, replace(GRID, image=IMAGE + 1)),
        (GRID, replace(GRID, cell=10.01)),
        (GRID, replace(GRID, values=np.array([[1.5, -2.01]]))),
        (GRID, replace(GRID, text_size=0)),
        (GRID, replace(GRID, decimals=0)),
        (GRID, replace(GRID, ref=("0/conv1", 0, 0, 0))),
        (GRID, replace(GRID, line="#ffffff")),
        (RING, replace(RING, dashed=True)),
        (RING, replace(RING, fill="#d1006c14")),
        (RING, replace(RING, clip=Box(0, 0, 1, 1))),
        (RING, replace(RING, width=3)),
        (RING, replace(RING, outer="#ffffff")),
        (RING, replace(RING, key="s")),
        (TEXT, replace(TEXT, align=Align.RIGHT)),
        (TEXT, replace(TEXT, wrap=True)),
        (TEXT, replace(TEXT, top=True)),
        (FORMULA, replace(FORMULA, name="size.pool")),
        (FORMULA, replace(FORMULA, colors=(("text", "#000001"),))),
        (FORMULA, replace(FORMULA, size=13)),
        (FORMULA, replace(FORMULA, align=Align.RIGHT)),
        (LINK, replace(LINK, closed=True)),
        (LINK, replace(LINK, arrow=True)),
        (LINK, replace(LINK, points=((0, 0), (1, 3)))),
        (Rect("x", RING.box, "#ffffff"), Rect("x", RING.box, "#fffffe")),
        (
            Gradient("x", RING.box, ("#000000", "#ffffff")),
            Gradient("x", RING.box, ("#000000", "#808080", "#ffffff")),
        ),
    ],
)
def test_what_differs_is_told_differently(one: Primitive, other: Primitive) -> None:
    assert told(one) != told(other)


def test_what_is_drawn_alike_is_told_alike() -> None:
    assert told(RING) == told(replace(RING, box=Box(-0.0, 0.01, 9.04, 9)))
    assert told(GRID) == told(replace(GRID, values=np.array([[1.5, -2 - 1e-12]])))
