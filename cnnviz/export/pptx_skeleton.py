"""The parts of a deck that do not depend on what is on its slides, made by python-pptx and written as bytes."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from cnnviz.engine.errors import BadInput
from cnnviz.export.slides_xml import HEAD, SANS, places_of, xml_text
from cnnviz.scene.theme import Theme

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape

INCH = 914_400
HEIGHT = 7.5
"""Inches of a slide, whatever its width: 13.333 × 7.5 for 16:9, 10 × 7.5 for 4:3."""
SIDES = (1.0, 56.0)
"""Inches that PowerPoint allows."""

TYPES = "[Content_Types].xml"
DECK = "ppt/presentation.xml"
DECK_RELATIONS = "ppt/_rels/presentation.xml.rels"
FAMILY = "Inter"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.presentationml"
_DROPPED = re.compile(r"ppt/printerSettings/.*|docProps/thumbnail\.jpeg")
_EPOCH = datetime(2000, 1, 1)
_FIRST_SLIDE_ID = 256
_NOTES_WIDTH = 5_486_400
_PLACES = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}


def deck_size(width: float, height: float) -> tuple[int, int]:
    """Width and height of slides in English metric units, for a stage of that size.

    Raises
    ------
    BadInput
        One side would be longer than PowerPoint allows while the other has its least length.

    Examples
    --------
    >>> deck_size(1920, 1080), deck_size(1600, 1200)
    ((12192000, 6858000), (9144000, 6858000))
    """
    ratio = width / height
    low, high = SIDES
    if not low / high <= ratio <= high / low:
        raise BadInput(
            f"size {width:g}x{height:g}: a slide is at most {high / low:g} times as long as it is high; "
            "choose another size"
        )
    tall = min(high, high / ratio, max(HEIGHT, low / ratio))
    return round(tall * ratio * INCH), round(tall * INCH)


def skeleton(size: tuple[int, int], slides: int, title: str, theme: Theme) -> dict[str, bytes]:
    """Every part but the slides, their notes and pictures, by its name, in the order to be written.

    Slides are ``ppt/slides/slide1.xml`` and so on, their notes ``ppt/notesSlides/notesSlide1.xml``; the same
    arguments give the same bytes.
    """
    parts = _made(size, title)
    out = {TYPES: _types(parts[TYPES], slides)}
    out |= {name: data for name, data in parts.items() if name not in out and not _DROPPED.fullmatch(name)}
    out["_rels/.rels"] = _without(out["_rels/.rels"], "thumbnail")
    relations = _without(out[DECK_RELATIONS], "printerSettings")
    out[DECK_RELATIONS] = _with_slides(relations, slides)
    out[DECK] = _listed(out[DECK], relations.decode(), slides)
    out["docProps/app.xml"] = _properties(slides)
    for name in ("ppt/theme/theme1.xml", "ppt/theme/theme2.xml"):
        out[name] = _themed(out[name], theme, "Notes" if name.endswith("2.xml") else "Stage")
    return out


def _made(size: tuple[int, int], title: str) -> dict[str, bytes]:
    """A deck without slides and with one layout, as python-pptx writes it."""
    from pptx import Presentation
    from pptx.enum.shapes import PP_PLACEHOLDER
    from pptx.util import Emu

    deck = Presentation()
    before = deck.slide_width or 1
    deck.slide_width, deck.slide_height = Emu(size[0]), Emu(size[1])
    for layout in list(deck.slide_layouts):
        if layout.name != "Title Only":
            deck.slide_layouts.remove(layout)
    # The template is 10 inches wide and 7.5 high.
    across, down = size[0] / before, size[1] / (HEIGHT * INCH)
    for place in deck.slide_master.placeholders:
        place.left, place.width = Emu(round(place.left * across)), Emu(round(place.width * across))
        place.top, place.height = Emu(round(place.top * down)), Emu(round(place.height * down))
    for page in deck.notes_master.shapes:
        if page.is_placeholder and page.placeholder_format.type == PP_PLACEHOLDER.SLIDE_IMAGE:
            _fit(page, size)
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = title, "cnnviz", "cnnviz"
    about.created = about.modified = _EPOCH
    about.revision, about.subject, about.keywords = 1, "", ""
    stream = BytesIO()
    deck.save(stream)
    with ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _fit(place: BaseShape, size: tuple[int, int]) -> None:
    """Make a place on a page as wide as its text and as high as it was, at most, in the ratio of slides."""
    from pptx.util import Emu

    middle, room = place.left + place.width // 2, place.height
    share = min(_NOTES_WIDTH / size[0], room / size[1])
    place.width, place.height = Emu(round(size[0] * share)), Emu(round(size[1] * share))
    place.left, place.top = Emu(middle - place.width // 2), Emu(place.top + (room - place.height) // 2)


def _types(xml: bytes, slides: int) -> bytes:
    """What each part is."""
    text = re.sub(r'<Default Extension="(bin|jpeg)"[^>]*/>', "", xml.decode())
    text = text.replace("<Default ", '<Default Extension="png" ContentType="image/png"/><Default ', 1)
    added = "".join(
        f'<Override PartName="/ppt/slides/slide{n}.xml" ContentType="{_KIND}.slide+xml"/>'
        f'<Override PartName="/ppt/notesSlides/notesSlide{n}.xml" ContentType="{_KIND}.notesSlide+xml"/>'
        for n in range(1, slides + 1)
    )
    return text.replace("</Types>", added + "</Types>").encode()


def _without(xml: bytes, kind: str) -> bytes:
    """Relationships without those of a kind."""
    return re.sub(rf'<Relationship [^>]*/{kind}"[^>]*/>', "", xml.decode()).encode()


def _with_slides(xml: bytes, slides: int) -> bytes:
    added = "".join(
        f'<Relationship Id="rIdS{n}" Type="{_OFFICE}/slide" Target="slides/slide{n}.xml"/>'
        for n in range(1, slides + 1)
    )
    return xml.decode().replace("</Relationships>", added + "</Relationships>").encode()


def _listed(xml: bytes, relations: str, slides: int) -> bytes:
    """The deck with its slides in order, and the master of its notes, which python-pptx leaves out."""
    notes = re.search(r'Id="(\w+)"[^>]*/notesMaster"', relations)
    assert notes is not None
    listed = "".join(f'<p:sldId id="{_FIRST_SLIDE_ID + n}" r:id="rIdS{n}"/>' for n in range(1, slides + 1))
    master = f'<p:notesMasterIdLst><p:notesMasterId r:id="{notes[1]}"/></p:notesMasterIdLst>'
    text = re.sub(r'(<p:sldSz [^>]*?) type="\w+"', r"\1", xml.decode())
    text = text.replace("<p:sldIdLst/>", "")
    return text.replace("<p:sldSz ", f"{master}<p:sldIdLst>{listed}</p:sldIdLst><p:sldSz ", 1).encode()


def _properties(slides: int) -> bytes:
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Application>cnnviz</Application><Slides>{slides}</Slides><Notes>{slides}</Notes></Properties>"
    ).encode()


def _themed(xml: bytes, theme: Theme, name: str) -> bytes:
    """A theme with our type, and with our colours on slides; notes stay black on white."""
    text = xml.decode()
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FAMILY}" {SANS}', text)
    text = text.replace('name="Office Theme"', f'name="{xml_text(name)}"', 1)
    for role, color in places_of(theme).items() if name == "Stage" else ():
        place = _PLACES.get(role, role)
        value = f'<a:{place}><a:srgbClr val="{color[1:7].upper()}"/></a:{place}>'
        text = re.sub(rf"<a:{place}>.*?</a:{place}>", value, text, count=1, flags=re.DOTALL)
    return text.encode()
