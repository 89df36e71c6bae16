"""Typesets the formulas of the stage ahead of time: resources/formulas/pieces.json and letters.json.

Usage, in an environment with the extra `build` (ziamath):

    PYTHONPATH=. python packaging/build_formulas.py
    python packaging/build_resources.py record

The program itself needs no typesetter: it sets pieces side by side and fills the outlines with its colours.
"""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import ziamath
from PIL import ImageFont

from cnnviz.scene.formula_latex import ROLES, every_piece

FORMULAS = Path(__file__).parents[1] / "resources" / "formulas"
FONTS = Path(__file__).parents[1] / "resources" / "fonts"
EM = 1000
"""Units of an em in all lengths written: those of STIX Two Math itself."""

WEIGHTS = {"400": "Inter-Regular", "500": "Inter-Medium", "700": "Inter-Bold"}
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "×·−≈=⌊⌋⌈⌉Σ…√Φπαμσ½³∞≥≤∈′ " + "ŷ∂ηδ∇→²⁻⁰¹⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"

Shape = tuple[str, int, int]


def main() -> int:
    """Write both files."""
    ziamath.config.svg2 = False
    ziamath.config.precision = 3
    ziamath.config.math.color = ROLES["text"]
    shapes: dict[str, int] = {}
    pieces = {name: set_piece(latex, shapes) for name, latex in every_piece()}
    write("pieces.json", {"em": EM, "roles": list(ROLES), "pieces": pieces, "shapes": list(shapes)})
    write("letters.json", {weight: widths(font) for weight, font in WEIGHTS.items()})
    print(f"{len(pieces)} pieces of {len(shapes)} shapes")
    return 0


def set_piece(latex: str, shapes: dict[str, int]) -> list[int | str]:
    """Width, ascent and descent of a piece, and its marks as text: "role shape x y" each, joined by spaces.

    Outlines are gathered in ``shapes``, which maps each to its number.
    """
    formula = ziamath.Latex(latex, size=EM)
    box = formula.node.bbox
    roles = {color: number for number, color in enumerate(ROLES.values())}
    marks: list[int] = []
    for element in formula.svgxml():
        outline, x, y = shape_of(element)
        marks += [roles[element.attrib["fill"]], shapes.setdefault(outline, len(shapes)), x, y]
    return [round(box.xmax), round(box.ymax), round(-box.ymin), " ".join(map(str, marks))]


def shape_of(element: ET.Element) -> Shape:
    """An outline as path data from its own first point on, and where that point lies."""
    kind = element.tag.rpartition("}")[2]
    if kind == "rect":
        x, y, w, h = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        right, low = round(w), max(1, round(h))
        return f"M0 0L{right} 0L{right} {low}L0 {low}Z", round(x), round(y)
    if kind != "path":
        raise SystemExit(f"{kind} in a formula: teach build_formulas.py to draw it")
    tokens = re.findall(r"[A-Z]|-?[\d.]+", element.attrib["d"])
    x, y = float(tokens[1]), float(tokens[2])
    out, across = [], True
    for token in tokens:
        if token.isalpha():
            out.append(token)
            across = True
        else:
            out.append(str(round(float(token) - (x if across else y))))
            across = not across
    text = re.sub(r"(?<=[A-Z]) | (?=[A-Z])", "", " ".join(out))
    return re.sub(r"M(-?\d+ -?\d+)L\1(?=[A-Z])", r"M\1", text), round(x), round(y)


def widths(font: str) -> dict[str, int]:
    """How far each letter of live numbers moves on, in thousandths of the size; figures are tabular."""
    face = ImageFont.truetype(str(FONTS / f"{font}.ttf"), 1000)
    return {letter: round(face.getlength("0" if letter.isdigit() else letter)) for letter in LETTERS}


def write(name: str, content: dict[str, object]) -> None:
    """Write one of the files, each entry of its tables on a line of its own."""
    FORMULAS.mkdir(parents=True, exist_ok=True)
    parts = [f"{_plain(key)}:{_table(value)}" for key, value in content.items()]
    (FORMULAS / name).write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def _table(value: object) -> str:
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{_plain(key)}:{_plain(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_plain, value)) + "]"
    return _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    raise SystemExit(main())
