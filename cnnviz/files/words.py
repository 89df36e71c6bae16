"""The words of a lesson as the document holds them, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnnviz.engine.errors import BadInput
from cnnviz.lesson.plain import Plain, checked_keys, items_from_plain, shown, text_from_plain
from cnnviz.lesson.words import ASPECTS, WORD_FIELDS, Aspect, Finding, Premise, Words

MOST_FINDINGS = 100
"""In a section; those that ship have a few."""

_FINGERPRINT = re.compile(r"[0-9a-f]{8}")


def words_to_document(words: Words) -> dict[str, Plain]:
    """The words of one section; beside findings own words that are empty are left out."""
    document: dict[str, Plain] = {"section": words.section}
    for place in WORD_FIELDS:
        if words.text(place) or not words.findings:
            document[place] = words.text(place)
    if words.findings:
        document["findings"] = _findings_to_document(words.findings)
        document["written_for"] = dict(words.premise)
    return document


def words_from_document(value: Plain, where: str) -> Words:
    """The words that `words_to_document` wrote.

    Raises
    ------
    BadInput
        With the path of the field and what is wrong there.
    """
    fields = checked_keys(value, where, ("section",), (*WORD_FIELDS, "findings", "written_for"))
    section = fields["section"]
    if isinstance(section, bool) or not isinstance(section, int) or section < 0:
        raise BadInput(f"{where}.section: is {shown(section)}; give the section's number, from 0")
    title, caption, notes = (text_from_plain(fields.get(k, ""), f"{where}.{k}") for k in WORD_FIELDS)
    found = items_from_plain(fields.get("findings", []), f"{where}.findings", MOST_FINDINGS)
    made = (f for i, one in enumerate(found) for f in _findings(one, f"{where}.findings.{i}"))
    findings = tuple(sorted(made, key=lambda finding: WORD_FIELDS.index(finding.place)))
    premise = premise_from_document(fields.get("written_for", {}), f"{where}.written_for")
    return Words(section, title, caption, notes, findings, premise)


def _findings_to_document(findings: tuple[Finding, ...]) -> list[Plain]:
    """In their order, with those of several places that rest on the same beside one another."""
    groups: list[dict[str, Plain]] = []
    for finding in findings:
        last = next((n for n in reversed(range(len(groups))) if finding.place in groups[n]), -1)
        on: Plain = list(finding.rests_on)
        fit = next((group for group in groups[last + 1 :] if group.get("rests_on", []) == on), None)
        if fit is None:
            fit = {"rests_on": on} if on else {}
            groups.append(fit)
        fit[finding.place] = finding.text
    return list(groups)


def _findings(value: Plain, where: str) -> Iterator[Finding]:
    fields = checked_keys(value, where, (), (*WORD_FIELDS, "rests_on"))
    on = items_from_plain(fields.get("rests_on", []), f"{where}.rests_on", len(ASPECTS))
    aspects = tuple(_aspect(a, f"{where}.rests_on") for a in on)
    for place in WORD_FIELDS:
        if place in fields:
            yield Finding(place, text_from_plain(fields[place], f"{where}.{place}"), aspects)


def _aspect(value: Plain, where: str) -> Aspect:
    for aspect in ASPECTS:
        if value == aspect:
            return aspect
    raise BadInput(f"{where}: holds {shown(value)}; give some of {', '.join(ASPECTS)}")


def premise_from_document(value: Plain, where: str) -> Premise:
    """Aspects with their fingerprints; `BadInput` for an aspect that is unknown or a fingerprint that is none."""
    fields = checked_keys(value, where, (), ASPECTS)
    for name, text in fields.items():
        if not isinstance(text, str) or _FINGERPRINT.fullmatch(text) is None:
            raise BadInput(f"{where}.{name}: is {shown(text)}; give 8 hexadecimal digits")
    return tuple((aspect, str(fields[aspect])) for aspect in ASPECTS if aspect in fields)
