"""What the pages of a PDF have in common: fonts, pictures, formulas, colour bars, degrees of transparency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cnnviz.export.cell_png import digest, filtered_lines, palette_bytes
from cnnviz.export.pdf_file import PdfFile, compressed, text_string
from cnnviz.export.pdf_fonts import PdfFonts
from cnnviz.paint.canvas import Cells, Colors
from cnnviz.paint.color import rgba
from cnnviz.scene.formulas import outline
from cnnviz.scene.primitives import Color

MOST_UNITS = 14_400
"""A page may have so many units each way; on larger ones a unit is made longer."""
_LEAN = 500  # thousandths of an em that italics may reach beyond a formula's box

Later = Callable[[], None]


@dataclass(slots=True)
class PdfBook:
    """A document that grows by pages.

    Numbers of objects are given out while a page is drawn; `taken` gives what is to be written for it, which a
    worker may do.
    """

    file: PdfFile
    operators: Callable[[str, Colors], str]
    """Draws a formula."""
    fonts: PdfFonts = field(default_factory=PdfFonts)
    _pages: list[int] = field(default_factory=list)
    _named: dict[object, tuple[str, int]] = field(default_factory=dict)
    _opacities: set[int] = field(default_factory=set)
    _shadings: dict[tuple[Color, ...], str] = field(default_factory=dict)
    _waiting: list[Later] = field(default_factory=list)
    _root: int = 0

    def __post_init__(self) -> None:
        # Catalogue, list of pages, fonts, opacities, shadings, title.
        self._root = self.file.reserve()
        for _ in range(5):
            self.file.reserve()

    def opacity(self, alpha: int) -> str:
        """Give the name of a degree of transparency of 0 to 255."""
        self._opacities.add(alpha)
        return f"A{alpha}"

    def shading(self, colors: tuple[Color, ...]) -> str:
        """Give the name of colours that run from 0 to 1."""
        return self._shadings.setdefault(colors, f"S{len(self._shadings)}")

    def picture(self, cells: Cells) -> tuple[str, int]:
        """Give name and number of a picture; each is held once."""
        return self._held(digest(cells), "I", lambda number: _write_picture(self.file, number, cells))

    def formula(self, name: str, colors: Colors) -> tuple[str, int]:
        """Give name and number of a formula; each is held once."""
        return self._held((name, colors), "M", lambda number: self._write_formula(number, name, colors))

    def page(
        self, parts: Sequence[str], shown: dict[str, int], size: tuple[float, float], scale: float
    ) -> Later:
        """Add a page; gives the work of writing it and what is on it.

        Parameters
        ----------
        parts : sequence of str
            Operators, in lengths of a scene.
        shown : dict of int
            Objects of pictures and formulas.
        size : tuple of float
            Of the scene.
        scale : float
            Points on the page for a length of 1.
        """
        page, content = self.file.reserve(), self.file.reserve()
        self._pages.append(page)
        others, self._waiting = self._waiting, []

        def write() -> None:
            for later in others:
                later()
            head, operators = _page(parts, shown, size, scale, self._root)
            self.file.put(page, f"{head}/Contents {content} 0 R>>")
            self.file.put_stream(content, "", compressed(operators.encode("ascii")))

        return write

    def finish(self, title: str, producer: str) -> None:
        """Write what was gathered, and the table at the end."""
        root = self._root
        pages, fonts, opacities, shadings, info = range(root + 1, root + 6)
        file = self.file
        file.put(root, f"<</Type/Catalog/Pages {pages} 0 R/ViewerPreferences<</DisplayDocTitle true>>>>")
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        file.put(pages, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>")
        self.fonts.write(file, fonts)
        degrees = (f"/A{a}<</ca {a / 255:.4g}/CA {a / 255:.4g}>>" for a in sorted(self._opacities))
        file.put(opacities, f"<<{''.join(degrees)}>>")
        bars = [f"/{name} {_write_shading(file, colors)} 0 R" for colors, name in self._shadings.items()]
        file.put(shadings, f"<<{''.join(bars)}>>")
        file.put(info, f"<</Title {text_string(title)}/Producer {text_string(producer)}>>")
        file.finish(root, info)

    def _held(self, key: object, letter: str, write: Callable[[int], None]) -> tuple[str, int]:
        if key not in self._named:
            number = self.file.reserve()
            self._named[key] = (f"{letter}{number}", number)
            self._waiting.append(lambda: write(number))
        return self._named[key]

    def _write_formula(self, number: int, name: str, colors: Colors) -> None:
        set_out = outline(name)
        top, bottom = -1000 * set_out.ascent - _LEAN, 1000 * set_out.descent + _LEAN
        box = f"{-_LEAN} {top:.0f} {1000 * set_out.width + _LEAN:.0f} {bottom:.0f}"
        data = compressed(self.operators(name, colors).encode("ascii"))
        self.file.put_stream(number, f"/Type/XObject/Subtype/Form/BBox[{box}]/Resources<<>>", data)


def _page(
    parts: Sequence[str], shown: dict[str, int], size: tuple[float, float], scale: float, root: int
) -> tuple[str, str]:
    """Give the dictionary of a page, left open, and its operators."""
    width, height = size[0] * scale, size[1] * scale
    unit = max(1, -int(-max(width, height) // MOST_UNITS))
    width, height, scale = width / unit, height / unit, scale / unit
    objects = "".join(f"/{name} {number} 0 R" for name, number in shown.items())
    head = (
        f"<</Type/Page/Parent {root + 1} 0 R/MediaBox[0 0 {width:.6g} {height:.6g}]"
        f"{f'/UserUnit {unit}' if unit > 1 else ''}/Group<</S/Transparency/CS/DeviceRGB>>"
        f"/Resources<</Font {root + 2} 0 R/ExtGState {root + 3} 0 R/Shading {root + 4} 0 R/XObject<<{objects}>>>>"
    )
    return head, "\n".join([f"{scale:.6g} 0 0 {-scale:.6g} 0 {height:.6g} cm", *parts])


def _write_picture(file: PdfFile, number: int, cells: Cells) -> None:
    height, width = cells.image.shape[:2]
    if cells.palette is None:
        colors, channels = "/DeviceRGB", 3
    else:
        listed = palette_bytes(cells.palette).hex()
        colors, channels = f"[/Indexed/DeviceRGB {len(cells.palette) - 1}<{listed}>]", 1
    head = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace{colors}"
        f"/DecodeParms<</Predictor 15/Colors {channels}/Columns {width}>>"
    )
    file.put_stream(number, head, filtered_lines(cells))


def _write_shading(file: PdfFile, colors: tuple[Color, ...]) -> int:
    shading, ramp = file.reserve(), file.reserve()
    file.put(
        shading,
        f"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 1 0]/Function {ramp} 0 R/Extend[true true]>>",
    )
    samples = bytes(part for color in colors for part in rgba(color)[:3])
    head = f"/FunctionType 0/Domain[0 1]/Range[0 1 0 1 0 1]/Size[{len(colors)}]/BitsPerSample 8"
    file.put_stream(ramp, head, compressed(samples))
    return shading
