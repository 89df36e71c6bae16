"""Where a window's tap lies, written out: the same index expression for typeset symbols and for live numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """How factors, signs and fractions are written: as LaTeX or as plain text."""

    times: str
    plus: str
    minus: str
    fraction: str

    def over(self, top: str, bottom: str) -> str:
        """A fraction in one line."""
        return self.fraction.format(top, bottom)


PLAIN = Ink("·", "+", "−", "({})/{}")
LATEX = Ink(r"\,", "+", "-", "({})/{}")


def window_index(place: str, tap: str, s: str, d: str, p: str, base: int, ink: Ink) -> str:
    """Which row (or column) of the picture a tap of a window reads: ``s·i + d·m − p``.

    Parameters
    ----------
    place, tap : str
        The output's index and the kernel's, as symbols or numbers counted from ``base``.
    s, d, p : str
        Stride, dilation and padding; an empty one is 1, 1 or 0 and is not written.
    base : {0, 1}
        The first index; from 1 on the same row is called ``s·(i − 1) + d·(m − 1) − p + 1``.
    ink : Ink

    Examples
    --------
    >>> window_index("i", "m", "", "", "", 0, PLAIN), window_index("3", "m", "2", "", "1", 0, PLAIN)
    ('i+m', '2·3+m−1')
    >>> window_index("i", "m", "", "", "", 1, PLAIN), window_index("i", "m", "s", "d", "p", 1, PLAIN)
    ('i+m−1', 's·(i−1)+d·(m−1)−p+1')
    """
    first = _scaled(place, s, base, ink)
    second = _scaled(tap, d, base, ink)
    text = first + ink.plus + second + (ink.minus + p if p else "")
    # Each index that is not multiplied still holds the 1 it is counted from.
    rest = base * (1 - (not s) - (not d))
    return text + (f"{ink.plus if rest > 0 else ink.minus}1" if rest else "")


def strided_index(place: str, s: str, base: int, ink: Ink) -> str:
    """Which row (or column) is kept as number ``place`` when every s-th is: ``s·i``, from 1 on ``s·(i − 1) + 1``."""
    return _scaled(place, s, base, ink) + (f"{ink.plus}1" if base and s else "")


def turned_index(tap: str, f: str, base: int, ink: Ink) -> str:
    """Which weight a tap of a kernel turned by 180° has: ``f − 1 − m``, counted from 1 ``f + 1 − m``."""
    return f"{f}{ink.plus if base else ink.minus}1{ink.minus}{tap}"


def transposed_index(out: str, place: str, s: str, d: str, p: str, base: int, ink: Ink) -> str:
    """Which weight a cell of the input lays onto a cell of the output: ``(u + p − s·i) / d``.

    Examples
    --------
    >>> transposed_index("u", "i", "2", "", "1", 0, PLAIN), transposed_index("u", "i", "", "", "", 1, PLAIN)
    ('u+1−2·i', 'u−i+1')
    >>> transposed_index("u", "i", "2", "2", "", 1, PLAIN)
    '(u−1−2·(i−1))/2+1'
    """
    more = ink.plus + p if p else ""
    one = ink.plus + "1" if base else ""
    if d:
        back = ink.minus + "1" if base else ""
        from_start = _scaled(place, s, base, ink) if s else (f"({place}{back})" if base else place)
        return ink.over(out + back + more + ink.minus + from_start, d) + one
    if s:
        return out + more + ink.minus + _scaled(place, s, base, ink)
    return out + more + ink.minus + place + one


def _scaled(index: str, factor: str, base: int, ink: Ink) -> str:
    if not factor:
        return index
    return f"{factor}{ink.times}({index}{ink.minus}1)" if base else f"{factor}{ink.times}{index}"
