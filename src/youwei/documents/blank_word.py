"""A form to be filled in by hand as a Word file: A4, boxes to tick, lines to write on, the code at the head of every page."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from youwei.cases.texts import Text
from youwei.documents.blank import Blank, Space
from youwei.ui.words import cn_date

BODY, HEADING = "仿宋", "黑体"
MARGINS = {
    "top_margin": 30,
    "bottom_margin": 25,
    "left_margin": 28,
    "right_margin": 26,
}  # GB/T 9704 leaves 37 above; the code stands there
LABEL, ANSWER = Mm(38), Mm(118)
FACTS = (Mm(24), Mm(54), Mm(24), Mm(54))
BOX, LINE = "□", "　"


def word(form: Blank) -> bytes:
    """The Word file of a form."""
    document = Document()
    _page(document, form)
    _line(document, form.case, size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, form.title, size=22, font=HEADING, align=WD_ALIGN_PARAGRAPH.CENTER)
    if form.help:
        _line(document, form.help, size=10.5)
    _facts(document, form.facts)
    for text in form.texts:
        _line(document, _heading(text), size=14, font=HEADING)
        _table(document, [(title, [value]) for title, value in text.fields])
    _line(document, "请用黑色笔填写；带＊的必填。", size=10.5)
    for space in form.spaces:
        _space(document, space)
    for hand in form.hands:
        _line(document, f"{hand}（签名）：＿＿＿＿＿＿＿＿　　　　　年　　月　　日", size=12)
    _line(document, f"录入时在搜索框输入 {form.code}，即到本环节；把签好的原件拍照或扫描附上。", size=10.5)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _facts(document: Any, facts: Sequence[tuple[str, str]]) -> None:
    """Two facts a row: who it is about takes no room from what is to be written."""
    table = document.add_table(rows=-(-len(facts) // 2), cols=4, style="Table Grid")
    table.autofit = False
    for place, (title, text) in enumerate(facts):
        left, right = table.rows[place // 2].cells[place % 2 * 2 :][:2]
        _write(left.paragraphs[0], title, size=10.5)
        _write(right.paragraphs[0], text, size=10.5)
    for row in table.rows:
        for cell, width in zip(row.cells, FACTS, strict=True):
            cell.width = width


def _heading(text: Text) -> str:
    behalf = f"，代{text.behalf}" if text.behalf else ""
    return f"{text.title}（{cn_date(text.on)}，{text.by}录入{behalf}）"


def _page(document: Any, form: Blank) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, width in MARGINS.items():
        setattr(section, name, Mm(width))
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _write(head, f"{form.title}　编码 {form.code}", size=12, font=HEADING)


def _space(document: Any, space: Space) -> None:
    if space.columns:
        _line(document, _label(space), size=12, font=HEADING)
        table = document.add_table(rows=1 + space.rows, cols=len(space.columns), style="Table Grid")
        for cell, title in zip(table.rows[0].cells, space.columns, strict=True):
            _write(cell.paragraphs[0], title, size=10.5)
        for row in table.rows[1:]:
            row.height = Mm(11)
        return
    answer = [f"{BOX} {box}" for box in space.boxes]
    lines = ["　　".join(answer)] if answer else []
    _table(document, [(_label(space), [*lines, *([space.given] if space.given else []), *[LINE] * space.lines])])


def _label(space: Space) -> str:
    return f"{'＊' if space.required else ''}{space.title}{f'（{space.note}）' if space.note else ''}"


def _table(document: Any, rows: Iterable[tuple[str, list[str]]]) -> None:
    """Label and answer, a row each; a row is not torn apart at the foot of a page."""
    for label, answer in rows:
        table = document.add_table(rows=1, cols=2, style="Table Grid")
        table.autofit = False
        left, right = table.rows[0].cells
        left.width, right.width = LABEL, ANSWER
        _write(left.paragraphs[0], label, size=10.5)
        for place, text in enumerate(answer):
            _write(right.paragraphs[0] if place == 0 else right.add_paragraph(), text, size=12)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _close(document)


def _close(document: Any) -> None:
    """The least paragraph between two tables: without one Word would join them and their columns."""
    between = document.add_paragraph()
    between.paragraph_format.space_after = between.paragraph_format.space_before = Pt(0)
    between.paragraph_format.line_spacing = Pt(2)


def _line(document: Any, text: str, *, size: float, font: str = BODY, align: Any = None) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.alignment = align
    _write(paragraph, text, size=size, font=font)


def _write(paragraph: Any, text: str, *, size: float, font: str = BODY) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
