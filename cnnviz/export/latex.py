"""The lines that put what was exported into a LaTeX document, ready to paste."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnnviz.export.plan import Target
from cnnviz.export.shots import Shot
from cnnviz.lesson.plans import Plan

WIDTH = r"width=\linewidth"
# What TeX takes for something else than a letter of a name; of two spaces it reads one.
_SPECIAL = re.compile(r"""[\\%#{}~$&^"\x00-\x1f]|  |^ | $""")


def animategraphics(target: Target, plan: Plan, shots: Sequence[Shot]) -> str:
    r"""Give the line that plays what was written, by the LaTeX package ``animate``.

    A PDF of many pages is one animation. Pictures have to be numbered evenly: counted from 0, or by steps at
    equal distances. Numbers with leading zeros are named with all their digits, as the package wants them.

    Parameters
    ----------
    target : Target
    plan : Plan
    shots : sequence of Shot

    Returns
    -------
    str
        A single picture is included by ``\includegraphics``; a comment says what to do where the name cannot be
        read by LaTeX or where numbers have gaps; empty for formats that LaTeX does not read.
    """
    if target.format.ending not in ("pdf", "png"):
        return ""
    name = _base(target)
    if _SPECIAL.search(name):
        return f"% LaTeX cannot read the name {name!r}: use letters, digits, spaces, - and _ and export again"
    if len(shots) == 1 and not target.width:
        return rf"\includegraphics[{WIDTH}]{{{name}}}"
    if not target.width:
        return rf"\animategraphics[controls,loop,{WIDTH}]{{{plan.fps:g}}}{{{name}}}{{}}{{}}"
    numbers = _numbers(target, shots)
    if numbers is None:
        return "% the numbers of these files have gaps: export with numbering by count for \\animategraphics"
    every = f"every={abs(numbers.step)}," if abs(numbers.step) > 1 else ""
    first, last = (f"{n:0{_digits(target)}d}" for n in (numbers[0], numbers[-1]))
    return rf"\animategraphics[controls,loop,{every}{WIDTH}]{{{plan.fps:g}}}{{{name}-}}{{{first}}}{{{last}}}"


def multiinclude(target: Target, shots: Sequence[Shot]) -> str:
    r"""Give the line that shows counted pictures one a click in beamer, by its package ``xmpmulti``; else empty."""
    name = _base(target)
    if not (target.counted and target.width and target.format.ending == "png" and not _SPECIAL.search(name)):
        return ""
    return rf"\multiinclude[<+>][format=png,start=0,end={len(shots) - 1},graphics={{{WIDTH}}}]{{{name}}}"


def _base(target: Target) -> str:
    """The name as a document beside the export says it, without number and ending."""
    return f"{target.folder.resolve().name}/{target.stem}" if target.own_folder else target.stem


def _digits(target: Target) -> int:
    return 1 if target.counted else target.width


def _numbers(target: Target, shots: Sequence[Shot]) -> range | None:
    """The numbers of the files where they are evenly spaced."""
    if target.counted:
        return range(len(shots))
    indices = [shot.index for shot in shots]
    step = indices[1] - indices[0] if len(indices) > 1 else 1
    if step == 0 or any(shot.role for shot in shots):
        return None
    even = range(indices[0], indices[-1] + (1 if step > 0 else -1), step)
    return even if list(even) == indices else None
