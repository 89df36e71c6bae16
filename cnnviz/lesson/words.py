"""What a lesson says: a teacher's own words, and findings, told only where what they were found on is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

WordField: TypeAlias = Literal["title", "caption", "notes"]

WORD_FIELDS: tuple[WordField, ...] = ("title", "caption", "notes")

Aspect: TypeAlias = Literal["kind", "shape", "input", "layers", "weights", "target", "learning"]
"""What a finding can rest on.

The kind of the section's layers, and behind the forward pass of the loss; the shape of the input; its values; the
numbers of the layers, such as stride and padding; their weights; the answers that are wanted; rate and iterations.
"""

ASPECTS: tuple[Aspect, ...] = ("kind", "shape", "input", "layers", "weights", "target", "learning")

Premise: TypeAlias = tuple[tuple[Aspect, str], ...]
"""Of each aspect that something rests on the fingerprint it was written for, each aspect once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Sentences about one lesson as it was written, such as "it answers 30": told while what they rest on is there.

    Attributes
    ----------
    place : {"title", "caption", "notes"}
        Where they stand, behind the teacher's own words and the findings before them.
    text : str
    rests_on : tuple of Aspect
        Beside the kind of the layers, on which every finding rests.
    """

    place: WordField
    text: str
    rests_on: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one section: they stand in place of the computed title, and above the computed caption.

    Attributes
    ----------
    section : int
    title, caption, notes : str
        A teacher's own, which stay whatever is edited: who wrote them answers for them.
    findings : tuple of Finding
    premise : Premise
        What the findings were written for; one that rests on an aspect that is not in it is never told.
    """

    section: int
    title: str = ""
    caption: str = ""
    notes: str = ""
    findings: tuple[Finding, ...] = ()
    premise: Premise = ()

    def text(self, place: WordField) -> str:
        """The teacher's own words in one place."""
        match place:
            case "title":
                return self.title
            case "caption":
                return self.caption
            case "notes":
                return self.notes

    def with_own(self, place: WordField, text: str) -> Words:
        """The same with a teacher's own words in one place: they replace what was found there."""
        findings = tuple(finding for finding in self.findings if finding.place != place)
        left = replace(self, findings=findings, premise=self.premise if findings else ())
        match place:
            case "title":
                return replace(left, title=text)
            case "caption":
                return replace(left, caption=text)
            case "notes":
                return replace(left, notes=text)
