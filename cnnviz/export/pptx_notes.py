"""What a speaker reads beside a slide, as its page of notes."""

from __future__ import annotations

from cnnviz.export.slides_xml import EMPTY_TREE, HEAD, NAMESPACES, xml_text

_HEAD = (
    f"<p:cSld><p:spTree>{EMPTY_TREE}"
    '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide Image"/><p:cNvSpPr>'
    '<a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr>'
    '</p:nvSpPr><p:spPr/></p:sp><p:sp><p:nvSpPr><p:cNvPr id="3" name="Notes"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
    '</p:cNvSpPr><p:nvPr><p:ph type="body" sz="quarter" idx="3"/></p:nvPr></p:nvSpPr><p:spPr/>'
    "<p:txBody><a:bodyPr/><a:lstStyle/>"
)
_TAIL = "</p:txBody></p:sp></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>"


def notes_xml(text: str) -> str:
    """The page of notes of one slide; each line is a paragraph."""
    lines = "".join(
        f'<a:p><a:r><a:rPr lang="en-US"/><a:t>{xml_text(line)}</a:t></a:r></a:p>'
        if line.strip()
        else "<a:p/>"
        for line in text.split("\n")
    )
    return f"{HEAD}<p:notes {NAMESPACES}>{_HEAD}{lines}{_TAIL}</p:notes>"
