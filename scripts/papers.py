"""Makes a first Word template for every paper a pack names and none has been placed for yet; an office then edits it in Word.

Page and type after GB/T 9704: A4, margins 37/35/28/26 mm, body 三号仿宋 on a 28.95 pt line. Fonts are named, never shipped.
Run as `.venv/bin/python scripts/papers.py`; a template that exists is left alone unless `--again`.
"""

import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from youwei.documents.titles import TITLES
from youwei.engine.local import lineage
from youwei.rulebook.pack_kinds import ADVERSE
from youwei.rulebook.pack_order import is_parallel
from youwei.rulebook.pack_types import REPLY_MARKED
from youwei.rulebook.packs import PACKS, Field, FieldType, Kind, Pack, Step, load_packs

BODY, TITLE_FONT = "仿宋_GB2312", "方正小标宋简体"
LABEL_WIDTH, TEXT_WIDTH = Mm(38), Mm(118)
LINE = Pt(28.95)
HEAD = (("姓名", "{{ case.person }}"), ("单位及职务", "{{ case.unit }} {{ case.post }}"))
EITHER = (("对象", "{{ case.person }}"), ("单位及职务", "{{ case.unit }} {{ case.post }}", "case.unit != case.person"))
"""A pack about persons and organs alike: an organ has no name of a person and no post."""
BATCH = (("名称", "{{ case.title }}"), ("承办机关", "{{ case.organ }}"))
DECIDED = (("处分（处理）", "{{ case.measures }}"), ("决定文号、日期", "{{ case.number }} {{ case.made_on }}"))
DONE = (("办理日期", "{{ on }}"),)
OF_A_LETTER = ("number", "to", "file")
"""Fields of a letter that have their places in it."""
MEETS = (Kind.TALK, Kind.VISIT)
TALLIED = ("counts", "blanks")
"""Fields of a vote that its table tells."""


def write(cell: _Cell, text: str, *, size: float = 14, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold = bold
    face(run, BODY, size)


def face(run: Any, name: str, size: float) -> None:
    run.font.size = Pt(size)
    run.font.name = name
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def new_paper(title: str) -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.line_spacing_rule, normal.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    normal.paragraph_format.space_after = Pt(0)
    head = paper.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    face(head.add_run(title), TITLE_FONT, 22)
    paper.add_paragraph()
    return paper


def grid(paper: Paper, columns: int) -> Any:
    table: Any = paper.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    table.autofit = False
    return table


def row(table: Any, label: str, text: str) -> None:
    cells = table.add_row().cells
    cells[0].width, cells[1].width = LABEL_WIDTH, TEXT_WIDTH
    write(cells[0], label, bold=True)
    write(cells[1], text)


def only_if(table: Any, condition: str, label: str, text: str) -> None:
    """A row that is printed only when it has something to say."""
    write(table.add_row().cells[0], f"{{%tr if {condition} %}}")
    row(table, label, text)
    write(table.add_row().cells[0], "{%tr endif %}")


def heading(table: Any, lines: tuple[tuple[str, ...], ...]) -> None:
    """Whom a paper is about, line by line; a line with a condition only where that holds."""
    for label, text, *condition in lines:
        if condition:
            only_if(table, condition[0], label, text)
        else:
            row(table, label, text)


def rows_table(paper: Paper, field: Field) -> None:
    """A table of its own for rows: a head, and one line an entry."""
    paper.add_paragraph(f"{{%p if f.{field.id} %}}")
    paper.add_paragraph(field.title)
    columns = list(field.of.values())
    table, size = grid(paper, len(columns)), 14 if len(columns) <= 4 else 10.5
    for cell, column in zip(table.add_row().cells, columns, strict=True):
        write(cell, column.title, bold=True, size=size)
    write(table.add_row().cells[0], f"{{%tr for row in f.{field.id} %}}")
    for cell, column in zip(table.add_row().cells, columns, strict=True):
        write(cell, f"{{{{ row.{column.id} }}}}", size=size)
    write(table.add_row().cells[0], "{%tr endfor %}")
    paper.add_paragraph("{%p endif %}")


def fields_of(steps: list[Step]) -> list[Field]:
    """The fields of all steps that produce this paper, each once."""
    found: dict[str, Field] = {}
    for step in steps:
        for field in step.form.values():
            found.setdefault(field.id, field)
    return list(found.values())


ITEM_COLUMNS = (
    ("事项", "{{ row.title }}", 36), ("责任主体", "{{ row.body }} {{ row.organ }}", 28), ("期限", "{{ row.due }}", 20),
    ("办结日期", "{{ row.done_on }}", 20), ("情况", "{{ row.state }}", 16), ("结果、凭据或者理由", "{{ row.result }} {{ row.proof }}", 36),
)  # fmt: skip
BESIDE_COLUMNS = (
    ("另立的事项", "{{ row.title }}", 60), ("情况", "{{ row.state }}", 66), ("办结日期", "{{ row.ended_on }}", 30),
)  # fmt: skip
ANSWER_COLUMNS = (
    ("序号", "{{ row.number }}", 14), ("姓名", "{{ row.name }}", 24), ("单位", "{{ row.unit }}", 42), ("意见", "{{ row.words }}", 30),
    ("按规定查询", "{{ row.says }}", 46),
)  # fmt: skip
PROGRESS_COLUMNS = (
    ("机关", "{{ row.name }}", 38), ("人数", "{{ row.people }}", 14), ("已回访", "{{ row.visited }}", 16), ("拒绝", "{{ row.refused }}", 14),
    ("推迟", "{{ row.postponed }}", 14), ("因故未访", "{{ row.not_done }}", 18), ("逾期", "{{ row.late }}", 14), ("退出", "{{ row.left }}", 12),
    ("完成", "{{ row.present_rate }}", 18),
)  # fmt: skip
REPORT_COLUMNS = (
    ("规程", "{{ row.title }}", 46), ("当期新立", "{{ row.opened }}", 20), ("当期办结", "{{ row.ended }}", 20), ("期末在办", "{{ row.open }}", 20),
    ("办结的结果", "{{ row.ends }}", 50),
)  # fmt: skip
REPORTED_COLUMNS = (
    ("事项", "{{ row.title }}", 34), ("对象", "{{ row.who }}", 28), ("单位", "{{ row.unit }}", 36), ("立项", "{{ row.opened_on }}", 18),
    ("办结", "{{ row.ended_on }}", 18), ("情况", "{{ row.state }}", 22),
)  # fmt: skip
LETTER = (
    ("来函机关", "{{ letter().from }}"), ("来函文号", "{{ letter().number }}"), ("使用意向", "{{ letter().intent }} {{ letter().post }}"),
)  # fmt: skip
REPLIED = (
    ("原答复意见", "{{ letter().words }}"), ("原查询日期", "{{ letter().replied_on }}"),
)  # fmt: skip
NO_MORE = "以上根据本机关系统内截至答复之日的记录，按日期提出；系统内未见记录，不等于对其表现的评价。是否适合使用，由来函机关研究决定。"


def list_table(paper: Paper, title: str, source: str, columns: tuple[tuple[str, str, int], ...]) -> None:
    """What the whole case asks for, or the other cases of the decision: a head, and one line each."""
    paper.add_paragraph(f"{{%p if {source} %}}")
    paper.add_paragraph(title)
    table = grid(paper, len(columns))
    for texts in ([title for title, _, _ in columns], [], [text for _, text, _ in columns], None):
        cells = table.add_row().cells
        for cell, (_, _, width) in zip(cells, columns, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(16)
        if not texts:
            write(cells[0], "{%tr endfor %}" if texts is None else f"{{%tr for row in {source} %}}", size=10.5)
        for cell, text in zip(cells, texts or (), strict=bool(texts)):
            write(cell, text, size=10.5, bold=not text.startswith("{"))
    paper.add_paragraph("{%p endif %}")


def tally_table(paper: Paper, step: Step) -> None:
    """The table of a secret vote, 汇总表: an item a line, its columns the grades of the step."""
    columns = len(step.options) + 3
    widths = [Mm(36), *[(TEXT_WIDTH + LABEL_WIDTH - Mm(36)) // (columns - 1)] * (columns - 1)]
    paper.add_paragraph("各项票数（票）")
    table = grid(paper, columns)
    heads = [f"{{{{ tally()[0][{number}] }}}}" for number in range(columns)]
    cells = [f"{{{{ row[{number}] }}}}" for number in range(columns)]
    for texts in (heads, ["{%tr for row in tally()[1:] %}"], cells, ["{%tr endfor %}"]):
        made = table.add_row().cells
        for cell, width in zip(made, widths, strict=True):
            cell.width = width
        for cell, text in zip(made, texts, strict=False):
            write(cell, text, size=12, bold=texts is heads)


def of_the_unit(pack: Pack, steps: list[Step]) -> bool:
    """Whether the unit, or a mentor there, draws the paper up: it bears the unit's name and not that of the office."""
    return {pack.roles[step.by].held_by for step in steps} <= {"unit", "mentor"}


def signing(pack: Pack, steps: list[Step]) -> str:
    """Who signs by hand: who counted a vote; the person only where met, where it is their own text or holds their answers, or is handed to
    them; of a paper of the unit, whoever is named in it or writes it, and the unit's Party organization. Whatever else an office draws up its
    own people sign.
    """
    if any(step.voters is not None for step in steps):
        return "计票人签字：　　　　　　　　监票人签字："
    own = "负责人签字：　　　　　　　　办理人签字："
    if not {"person", "decision"} & {*pack.about}:
        return own
    if any(step.kind is Kind.NOTICE for step in steps):
        return "签收人签字：　　　　　　　　签收日期："
    met = any(step.kind in MEETS for step in steps)
    answered = any(field.subject == ADVERSE for step in steps for field in step.form.values())
    if answered or any(pack.roles[step.by].at == "subject" for step in steps):
        return "本人签字：　　　　　　　　办理人签字："
    if not of_the_unit(pack, steps):
        return "本人签字：　　　　　　　　办理人签字：" if met else own
    drawn_up = {step.id for step in steps}
    named = [role.title for role in pack.roles.values() if drawn_up & {name.head for name in role.named_in}]
    writers = named or [pack.roles[step.by].title for step in steps if pack.roles[step.by].held_by == "mentor"]
    who = ["本人"] * met + writers
    return "　　　　".join(
        [*(f"{each}签字：" for each in dict.fromkeys(who)), *(["党组织负责人签字："] if not met else [])]
    )


def make(
    title: str,
    pack: Pack,
    steps: list[Step],
    head: tuple[tuple[str, ...], ...],
    *,
    whole: bool = False,
    letter: bool = False,
    batch: bool = False,
    report: bool = False,
) -> Paper:
    """`whole`: with a line for everything the case asks for; `letter`: with one for everybody a letter asks about; `report`: with its figures."""
    paper = new_paper(title)
    table = grid(paper, 2)
    heading(table, head)
    voted = next((step for step in steps if step.voters is not None), None)
    fields = [field for field in fields_of(steps) if voted is None or field.id not in TALLIED]
    for field in fields:
        if field.type is not FieldType.ROWS:
            only_if(table, f"f.{field.id}", field.title, f"{{{{ f.{field.id} }}}}")
    if voted is not None:
        tally_table(paper, voted)
    for field in fields:
        if field.type is FieldType.ROWS:
            rows_table(paper, field)
    if whole:
        list_table(paper, "执行清单", "items()", ITEM_COLUMNS)
        list_table(paper, "同一决定的其他事项", "beside()", BESIDE_COLUMNS)
    if batch:
        list_table(paper, "截至记录当日的进度", "progress()", PROGRESS_COLUMNS)
    if report:
        paper.add_paragraph("报告期：{{ report().period }}")
        list_table(paper, "件数（含下级机关，按记录当日的登记统计）", "report().lines", REPORT_COLUMNS)
        list_table(paper, "本机关当期新立、办结的事项", "report().cases", REPORTED_COLUMNS)
    if letter:
        list_table(paper, "名单和意见", "answers()", ANSWER_COLUMNS)
        paper.add_paragraph(NO_MORE)
    paper.add_paragraph()
    for line in ("录入：{{ by }}",) if letter or report else (signing(pack, steps), "录入：{{ by }}"):
        paper.add_paragraph(line)
    elsewhere = any(pack.roles[step.by].at != "case organ" for step in steps)
    name = "case.unit" if of_the_unit(pack, steps) else "office()" if elsewhere else "case.organ"
    closing = paper.add_paragraph(f"{{{{ {name} }}}}\n{{{{ on }}}}")
    closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paper


def make_letter(title: str, steps: list[Step], first: str, signers: list[str]) -> Paper:
    """A letter (函) as one is sent: number, to whom, whom it is about, what is said, and the organs in whose name it goes. Nobody signs it
    beside the text, and the person it is about does not.
    """
    paper = new_paper(title)
    fields = {field.id: field for field in fields_of(steps)}

    def line(text: str, condition: str = "", *, right: bool = False) -> None:
        if condition:
            paper.add_paragraph(f"{{%p if {condition} %}}")
        made = paper.add_paragraph(text)
        if right:
            made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if condition:
            paper.add_paragraph("{%p endif %}")

    line("{{ f.number }}", "f.number", right=True)
    line("{{ f.to }}：", "f.to")
    line(f"　　{first}")
    for field in fields.values():
        if field.id not in OF_A_LETTER and field.type is not FieldType.ROWS:
            line(f"　　{field.title}：{{{{ f.{field.id} }}}}", f"f.{field.id}")
    for field in fields.values():
        if field.type is FieldType.ROWS:
            rows_table(paper, field)
    line("　　附件：{{ f.file }}", "f.file")
    line("")
    for organ in ("{{ case.organ }}", *signers, "{{ on }}"):
        line(organ, right=True)
    line("（联系人：{{ by }}）")
    return paper


def is_letter(pack: Pack, steps: list[Step]) -> bool:
    """Whether a paper is a letter that tells somebody else something about a person."""
    told = any(field.id not in OF_A_LETTER for step in steps for field in step.form.values())
    sent = all(step.kind is Kind.LETTER for step in steps)
    return told and sent and {*pack.about} <= {"person", "decision"} and not pack.sealed_to


def about(pack: Pack) -> str:
    """The sentence a letter begins with."""
    number = "{% if case.number %}（{{ case.number }}）{% endif %}"
    decided = f"，{{{{ case.made_on }}}}受{{{{ case.measures }}}}{number}" if "decision" in pack.about else ""
    return f"现将{{{{ case.person }}}}（{{{{ case.unit }}}} {{{{ case.post }}}}{decided}）的有关情况函告如下："


def main() -> int:
    again = "--again" in sys.argv
    packs = load_packs(PACKS)
    for ref, pack in packs.items():
        folder = Path(PACKS) / ref.procedure / ref.version / "papers"
        inherited = {name for each in lineage(packs, pack)[1:] for step in each.steps.values() for name in step.papers}
        names = dict.fromkeys(name for step in pack.steps.values() for name in step.papers if name not in inherited)
        for name in names:
            target = folder / f"{name}.docx"
            if target.exists() and not again:
                continue
            folder.mkdir(parents=True, exist_ok=True)
            letter, batch, either = "letter" in pack.about, "batch" in pack.about, {"person", "organ"} <= {*pack.about}
            head = (
                *(LETTER if letter else BATCH if batch or pack.sealed_to else EITHER if either else HEAD),
                *(REPLIED if pack.opens.event == REPLY_MARKED else ()),
                *(DECIDED if "decision" in pack.about else ()),
                *DONE,
            )
            title = pack.papers.get(name) or TITLES.get(name, pack.title)
            steps = [step for step in pack.steps.values() if name in step.papers]
            lists = {step.id for step in pack.steps.values() if step.kind is Kind.FREEZE}
            counted = any(lists & pack.ancestors[each.id] for each in steps)
            print(target.relative_to(PACKS))
            if is_letter(pack, steps):
                signers = [
                    pack.roles[role].title for role in dict.fromkeys(role for each in steps for role in each.signs)
                ]
                make_letter(title, steps, about(pack), signers).save(str(target))
                continue
            make(
                title,
                pack,
                steps,
                head,
                whole=is_parallel(pack),
                letter=letter,
                batch=counted,
                report=any(each.reports for each in steps),
            ).save(str(target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
