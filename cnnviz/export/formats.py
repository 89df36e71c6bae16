"""The formats that an export can write: their endings, whether they are one file or many, and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plans import Plan

WEBP_SIDE = 16_383
"""Pixels each way that a picture of an animated WebP can have."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of export.

    Attributes
    ----------
    ending : str
        Of its files, without the dot; by it a plan names the format.
    name : str
    many : bool
        Whether each frame is a file of its own.
    animated : bool
        Whether frames are shown for a time.
    vector : bool
        Whether it is drawn as lines and letters.
    clear : bool
        Whether it can be transparent.
    extra : tuple of str
        What it needs beyond what is always there: the extra of this package and the module it brings; or empty.
    """

    ending: str
    name: str
    many: bool = False
    animated: bool = False
    vector: bool = False
    clear: bool = True
    extra: tuple[str, str] | tuple[()] = ()


FORMATS = (
    Format("png", "PNG pictures", many=True),
    Format("svg", "SVG drawings", many=True, vector=True),
    Format("pdf", "PDF, a page a step", vector=True),
    Format("pptx", "PowerPoint slides", vector=True, extra=("slides", "pptx")),
    Format("gif", "GIF animation", animated=True),
    Format("apng", "APNG animation", animated=True),
    Format("webp", "WebP animation", animated=True),
    Format("mp4", "MP4 video (H.264)", animated=True, clear=False, extra=("video", "av")),
    Format("webm", "WebM video (VP9)", animated=True, clear=False, extra=("video", "av")),
    Format("json", "JSON, every number"),
)

ENDINGS = tuple(format_.ending for format_ in FORMATS)


def format_of(ending: str) -> Format:
    """The format with that ending.

    Raises
    ------
    BadInput
        There is none.
    """
    for format_ in FORMATS:
        if format_.ending == ending:
            return format_
    raise BadInput(
        f"no format ends in .{ending}; use a folder's name or one of {', '.join('.' + e for e in ENDINGS)}"
    )


def check_extra(format_: Format) -> None:
    """Refuse a format whose package is not installed, with the command that adds it."""
    if format_.extra and find_spec(format_.extra[1]) is None:
        extra = format_.extra[0]
        raise BadInput(
            f'.{format_.ending} needs the extra "{extra}", which is not installed; '
            f"add it by: python -m pip install 'cnnviz[{extra}]'"
        )


def check_picture(format_: Format, plan: Plan) -> None:
    """Refuse sizes and themes that the format cannot hold, before anything is painted.

    Raises
    ------
    BadInput
        A video of odd size or transparent, or a WebP that is too large.
    """
    width, height = plan.pixels()
    if not format_.clear and plan.theme == "transparent":
        raise BadInput(
            f"theme transparent: .{format_.ending} is not; choose light or dark, or .apng or .webp"
        )
    if format_.ending in ("mp4", "webm") and (width % 2 or height % 2):
        raise BadInput(
            f"size {width}x{height}: a video needs even numbers of pixels; "
            f"choose {width // 2 * 2}x{height // 2 * 2}, or another scale"
        )
    if format_.ending == "webp" and max(width, height) > WEBP_SIDE:
        raise BadInput(
            f"size {width}x{height}: .webp holds at most {WEBP_SIDE} pixels each way; choose a smaller size or scale"
        )
