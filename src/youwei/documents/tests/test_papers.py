"""Every field of every step that produces a paper is found in the Word file (I3)."""

import io
import re
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

from youwei.documents.issuing import PaperKind, context, kinds, render
from youwei.documents.tests.stand_ins import Stand
from youwei.engine.tally import sheet
from youwei.engine.types import Standing
from youwei.rulebook.pack_order import is_parallel
from youwei.rulebook.packs import Field, FieldType, Kind, Pack, Step, released_packs

pytestmark = pytest.mark.req("I3")


ITEM = {name: f"清单〈{name}〉" for name in ("title", "body", "organ", "due", "done_on", "state", "result", "proof")}
ANSWER = {name: f"名单〈{name}〉" for name in ("number", "name", "unit", "words", "says")}
PROGRESS = {
    name: f"进度〈{name}〉"
    for name in ("name", "people", "visited", "refused", "postponed", "not_done", "late", "left", "present_rate")
}
REPORT = {
    "period": "报告期〈期〉",
    "lines": [{name: f"件数〈{name}〉" for name in ("title", "opened", "ended", "open", "ends")}],
    "cases": [{name: f"事项〈{name}〉" for name in ("title", "who", "unit", "opened_on", "ended_on", "state")}],
}
MEMBER = {name: f"名册〈{name}〉" for name in ("place", "name", "unit", "post")}
LETTER = {name: f"来函〈{name}〉" for name in ("from", "number", "intent", "post")}
LETTER_SAYS = "的有关情况函告如下："
FORM_SAYS = "录入："
NOTICES = {"reuse-disclosure"}
"""Put up for everybody to read: of the sanction they say nothing, and not who typed them. The office that puts one up names itself (`office`)."""
BESIDE = {name: f"另案〈{name}〉" for name in ("title", "state", "ended_on")}


def cases() -> Iterator[Any]:
    for ref, pack in released_packs().items():
        for step in pack.steps.values():
            for kind in kinds(pack, step):
                yield pytest.param(pack, step, kind, id=f"{ref}/{step.id}/{kind.id}")


def unique(field: Field, mark: str) -> tuple[Any, list[str]]:
    """A value no other field has, and the words that must be printed for it."""
    match field.type:
        case FieldType.ROWS:
            rows, words = [], []
            for number in (1, 2):
                row = {}
                for name, column in field.of.items():
                    row[name], found = unique(column, f"{mark}第{number}行{name}")
                    words += found
                rows.append(row)
            return rows, words
        case FieldType.CHOICE:
            chosen = field.choices[-1]
            return ([chosen.id], [chosen.title]) if field.many else (chosen.id, [chosen.title])
        case FieldType.DATE:
            return "2026-09-29", ["2026年9月29日"]
        case FieldType.NUMBER:
            return 40711, ["40711"]
        case FieldType.YESNO:
            return True, ["是"]
        case FieldType.PEOPLE:
            return [f"甲{mark}", f"乙{mark}"], [f"甲{mark}", f"乙{mark}"]
        case _:
            return f"内容{mark}", [f"内容{mark}"]


def voted(step: Step, values: dict[str, Any]) -> list[str]:
    """Numbers of a vote, no two alike, at every item; returns every cell of its table."""
    titles, number = [item.title for item in step.items], 40800
    pairs = [(title, option) for title in titles for option in step.options]
    values["counts"] = [
        {"item": title, "option": option, "number": number + place} for place, (title, option) in enumerate(pairs)
    ]
    values["blanks"] = [
        {"item": title, "abstained": 50100 + place, "spoiled": 50200 + place} for place, title in enumerate(titles)
    ]
    return [cell for line in sheet(step, values) for cell in line]


def text_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(found)


OFFICE = "测试区承办机关"


def before(pack: Pack, name: str) -> SimpleNamespace:
    """Another step of the case, in which nothing stands yet."""
    fields = {field.id: [] if field.type is FieldType.ROWS else "" for field in pack.steps[name].form.values()}
    return SimpleNamespace(on="", **fields)


def office(step: str = "") -> str:
    """Who does a step; the same organ for all of a case that lies in no store."""
    return OFFICE


def titled(title: str) -> str:
    """What a field is called on paper: without the hint for whoever fills it in."""
    return title.partition("（")[0]


@pytest.mark.parametrize(("pack", "step", "kind"), list(cases()))
def test_every_field_is_printed(pack: Pack, step: Step, kind: PaperKind) -> None:
    values, wanted = {}, []
    for field in step.form.values():
        if step.voters is not None and field.id in ("counts", "blanks"):
            continue
        if step.kind is Kind.FREEZE and field.id == "list":  # numbers of places; the people themselves are told
            wanted += MEMBER.values()
            continue
        values[field.id], words = unique(field, f"〈{field.id}〉")
        wanted += [*words, titled(field.title)]
    if step.voters is not None:
        wanted += voted(step, values)
    stand = Stand()
    filled = context(stand.case, step, Standing(2, step.id, "", stand.day, stand.day, "录入甲", values, [2]))
    lists = {"items": ITEM, "beside": BESIDE, "answers": ANSWER, "progress": PROGRESS, "members": MEMBER}
    about: dict[str, Any] = {
        "letter": lambda: LETTER,
        "report": lambda: REPORT,
        "before": partial(before, pack),
        "office": office,
    }
    given = filled | about | {name: partial(list, [row]) for name, row in lists.items()}
    printed = text_of(render(kind, given))
    together = "\n".join(text_of(render(each, given)) for each in kinds(pack, step))
    if is_parallel(pack):
        wanted += [word for row in (ITEM, BESIDE) for word in row.values()]
    if pack.members is not None and any(
        each.kind is Kind.FREEZE and each.id in pack.ancestors[step.id] for each in pack.steps.values()
    ):
        wanted += PROGRESS.values()
    if "letter" in pack.about:
        wanted += [*ANSWER.values(), *LETTER.values()]
    if step.reports:
        wanted += [REPORT["period"], *REPORT["lines"][0].values(), *REPORT["cases"][0].values()]
    if LETTER_SAYS in printed or FORM_SAYS not in printed:
        titles = {
            titled(field.title) for field in step.form.values()
        }  # a letter or a notice says things where they belong, without their names
        wanted = [word for word in wanted if word not in titles]
    missing = [word for word in wanted if word not in together]
    assert not missing, "a decision and the minutes of it share what they print"
    decided = ("测纪〔2026〕1号", "党内警告", "2026年3月1日") if "decision" in pack.about else ()
    if kind.id in NOTICES:
        assert not [word for word in ("录入甲", "测纪〔2026〕1号", "党内警告", "2026年3月1日") if word in printed]
        assert "被回访甲" in printed
        return
    persons = {"person", "decision"} & set(pack.about)
    about_somebody = ("被回访甲", "测试区水利局", "科员") if persons and not pack.sealed_to else ()
    of_unit = pack.roles[step.by].held_by in ("unit", "mentor")
    assert any(name in printed for name in (["测试区水利局"] if of_unit else ["测试区纪委监委", OFFICE]))
    for word in (*about_somebody, "录入甲", *decided):
        assert word in printed, word
    assert not re.search(r"\{[{%]", printed), "no mark of the template is left"


@pytest.mark.parametrize(("pack", "step", "kind"), list(cases()))
def test_what_was_not_filled_leaves_no_empty_line_and_no_mark(pack: Pack, step: Step, kind: PaperKind) -> None:
    stand = Stand()
    filled = context(stand.case, step, Standing(2, step.id, "", stand.day, stand.day, "录入甲", {}, [2]))
    lists = dict.fromkeys(("items", "beside", "answers", "progress", "members"), list)
    printed = text_of(
        render(
            kind, filled | lists | {"letter": dict, "report": dict, "before": partial(before, pack), "office": office}
        )
    )
    assert not re.search(r"\{[{%]|None|Undefined", printed)


@pytest.mark.req("C1", "C2", "C3")
@pytest.mark.parametrize(
    ("step", "signed"),
    [
        ("designate", "教育帮带责任人签字：　　　　党组织负责人签字："),
        ("talk", "本人签字：　　　　教育帮带责任人签字："),
        ("report", "教育帮带责任人签字：　　　　党组织负责人签字："),
        ("study", "党组织负责人签字："),
    ],
)
def test_papers_of_a_unit_bear_its_name_and_are_signed_by_whom_they_bind(step: str, signed: str) -> None:
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == "mentoring")
    stand, found = Stand(), pack.steps[step]
    standing = Standing(2, step, "", stand.day, stand.day, "录入甲", {}, [2])
    lines = text_of(render(kinds(pack, found)[0], context(stand.case, found, standing))).split("\n")
    assert signed in lines
    assert "测试区水利局" in lines
    assert "测试区纪委监委" not in lines, "the office handles the case; it has not written this"


@pytest.mark.req("B7")
@pytest.mark.parametrize("procedure", ["yinzhou-visit", "haishu-visit", "zhenhai-visit"])
def test_what_a_visit_found_is_fed_back_in_a_letter_of_both_offices(procedure: str) -> None:
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == procedure)
    stand, step = Stand(), pack.steps["feedback"]
    said = {"number": "测纪函〔2026〕9号", "to": ["所在单位党组织", "区委组织部"], "content": "改正较好"}
    standing = Standing(2, step.id, "", stand.day, stand.day, "录入甲", said, [2])
    lines = text_of(render(kinds(pack, step)[0], context(stand.case, step, standing))).split("\n")
    assert [line for line in lines if line] == [
        "回访结果反馈函", "测纪函〔2026〕9号", "所在单位党组织、区委组织部：",
        "　　现将被回访甲（测试区水利局 科员，2026年3月1日受党内警告（测纪〔2026〕1号））的有关情况函告如下：",
        "　　反馈的内容：改正较好", "测试区纪委监委", "区委组织部", "2026年9月29日", "（联系人：录入甲）",
    ]  # fmt: skip


def test_markup_typed_by_a_user_is_printed_as_typed() -> None:
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == "jingzhou-visit")
    step = pack.steps["assess"]
    typed = "<b>&amp; {{ case.person }} {% raw %}"
    stand = Stand()
    printed = text_of(
        render(
            kinds(pack, step)[0],
            context(
                stand.case, step, Standing(2, step.id, "", stand.day, stand.day, "录入甲", {"thinking": typed}, [2])
            ),
        )
    )
    assert typed in printed


def test_characters_that_no_word_file_may_hold_break_no_paper() -> None:
    """From a table taken in, or from a log of before forms left them out."""
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == "jingzhou-visit")
    stand, step = Stand(), pack.steps["assess"]
    standing = Standing(2, step.id, "", stand.day, stand.day, "录入\x1b甲", {"thinking": "稳\x00定\x0b向上\ufffe"}, [2])
    printed = text_of(render(kinds(pack, step)[0], context(stand.case, step, standing)))
    assert "稳定\n向上" in printed
    assert "录入甲" in printed
