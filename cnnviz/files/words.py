"""The words of a lesson as the document holds them, and back."""

from __future__ import annotations

import re

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plain import Plain, checked_keys, items_from_plain, shown, text_from_plain
from cnnviz.lesson.words import ASPECTS, WORD_FIELDS, Finding, Premise, WordField, Words

MOST_FINDINGS = 100
"""In a section; those that ship have a few."""

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


def words_to_document(words: Words) -> dict[str, Plain]:
    """The words of one section; what is empty is left out, but for the teacher's own."""
    return {
        "section": words.section,
        "title": words.title,
        "caption": words.caption,
        "notes": words.notes,
        **({"findings": [_finding_to_document(f) for f in words.findings]} if words.findings else {}),
    }


def words_from_document(value: Plain, where: str) -> Words:
    """The words that `words_to_document` wrote.

    Raises
    ------
    BadInput
        With the path of the field and what is wrong there.
    """
    fields = checked_keys(value, where, ("section",), (*WORD_FIELDS, "findings"))
    section = fields["section"]
    if isinstance(section, bool) or not isinstance(section, int) or section < 0:
        raise BadInput(f"{where}.section: is {shown(section)}; give the section's number, from 0")
    title, caption, notes = (text_from_plain(fields.get(k, ""), f"{where}.{k}") for k in WORD_FIELDS)
    found = items_from_plain(fields.get("findings", []), f"{where}.findings", MOST_FINDINGS)
    findings = tuple(_finding_from_document(f, f"{where}.findings.{i}") for i, f in enumerate(found))
    return Words(section, title, caption, notes, findings)


def _finding_to_document(finding: Finding) -> Plain:
    return {"place": finding.place, "text": finding.text, "holds_for": dict(finding.premise)}


def _finding_from_document(value: Plain, where: str) -> Finding:
    fields = checked_keys(value, where, ("place", "text", "holds_for"))
    text = text_from_plain(fields["text"], f"{where}.text")
    return Finding(_place(fields["place"], where), text, _premise(fields["holds_for"], f"{where}.holds_for"))


def _place(value: Plain, where: str) -> WordField:
    for place in WORD_FIELDS:
        if value == place:
            return place
    raise BadInput(f"{where}.place: is {shown(value)}; give one of {', '.join(WORD_FIELDS)}")


def _premise(value: Plain, where: str) -> Premise:
    fields = checked_keys(value, where, (), ASPECTS)
    for name, text in fields.items():
        if not isinstance(text, str) or _FINGERPRINT.fullmatch(text) is None:
            raise BadInput(f"{where}.{name}: is {shown(text)}; give 16 hexadecimal digits")
    return tuple((aspect, str(fields[aspect])) for aspect in ASPECTS if aspect in fields)
