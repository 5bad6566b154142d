"""The library of guiding cases: nobody can be known by it, a second person publishes, what is published stays (F6)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases import guiding
from youwei.cases.guiding import Text
from youwei.cases.models import Case, GuidingCase
from youwei.cases.tests.builders import CLERK, OPENED, begun, case_of, moment
from youwei.cases.tests.tables import identity
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append
from youwei.journal.queries import verify

pytestmark = [pytest.mark.django_db, pytest.mark.req("F6")]
WRITER, HEAD = Actor("方知行", 101), Actor("甘棠", 102)
STAMP: dict[str, Any] = {"on": OPENED, "at": moment(OPENED)}
TEXT = Text(
    title="项目工序合并先行先试出现返工", place="某市", happened="2024年", items=("先行先试", "程序"),
    situation="某单位为赶工期合并两道工序，造成部分返工。",
    decided="经集体研究，损失已挽回，认定免责，责成完善制度。", source="本机关办理", tags="工程建设、先行先试",
)  # fmt: skip


@pytest.fixture
def case(cast: Cast) -> Case:
    found = case_of(cast)
    begun(found)
    return found


def write(cast: Cast, text: Text = TEXT, **more: Any) -> GuidingCase:
    return guiding.write(organ=cast.commission, text=text, **({"by": WRITER} | STAMP | more))


def publish(row: GuidingCase, by: Actor = HEAD) -> GuidingCase:
    return guiding.publish(row=row.pk, seen=row.version, by=by, **STAMP)


def refusal(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(guiding.Refused) as refused:
        act(*given, **more)
    return f"{refused.value.field}：{refused.value}"


def test_what_a_case_was_set_beside_comes_from_the_lists_of_the_procedures_that_cite() -> None:
    found = guiding.choices()
    assert {"先行先试", "弄虚作假", "为企服务", "初衷", "纪律", "尚无限制"} <= set(found)
    assert "荆州2017年3月" in found["先行先试"], "place and date stand with the entry"


def test_it_is_found_by_any_words_of_it_together(cast: Cast) -> None:
    row = publish(write(cast))
    publish(
        write(
            cast,
            replace(TEXT, title="另一件", situation="另一种情形", decided="不予容错", tags="", items=("弄虚作假",)),
        )
    )
    for words in ("工序 返工", "先行先试", "工程建设 免责", "本机关 2024年 另一件"):
        found = [each.title for each in guiding.found(guiding.published(), words)]
        assert (row.title in found) is ("另一件" not in words), words
        assert len(found) == 1, words
    assert not guiding.found(guiding.published(), "工序 没有的词").exists()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("situation", f"当事人{identity(3)}"),
        ("decided", "联系电话13800000000"),
        ("title", "许南舟合并工序"),
        ("situation", "青溪区水利局合并工序"),
        ("decided", "由方知行经办"),  # somebody the records of the case name
        ("source", "乐山川提供"),
    ],
)
def test_whoever_could_be_known_by_it_is_refused_with_the_field_and_the_words(
    cast: Cast, case: Case, field: str, words: str
) -> None:
    said = refusal(write, cast, replace(TEXT, case=case.pk, **{field: words}))
    assert said.startswith(f"{field}：写有")
    assert "请" in said
    assert not GuidingCase.objects.exists()


def test_a_number_that_is_none_and_words_of_another_case_are_no_hindrance(cast: Cast, case: Case) -> None:
    assert write(cast, replace(TEXT, case=case.pk, situation="涉及资金12345678901234567890元，编号20240101")).pk
    assert write(cast, replace(TEXT, case=case.pk, situation="参照望江区教育局的做法")).pk


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("situation", "青溪区水利局合并工序"),
        ("title", "许南舟合并工序"),
        ("decided", "按青纪〔2026〕18号决定执行"),
        ("tags", "青溪区水利局"),
    ],
)
def test_without_a_case_of_its_own_no_unit_and_nobody_on_file_is_named_and_no_paper(
    cast: Cast, case: Case, field: str, words: str
) -> None:
    said = refusal(write, cast, replace(TEXT, **{field: words}))
    assert said.startswith(f"{field}：写有")
    assert "请" in said
    assert not GuidingCase.objects.exists()


def test_where_it_comes_from_may_be_named(cast: Cast, case: Case) -> None:
    assert write(cast, replace(TEXT, source=f"{cast.commission.name}印发（云纪发〔2026〕3号）")).pk


def test_names_that_came_to_the_case_after_the_writing_are_found_at_publishing(cast: Cast) -> None:
    found = case_of(cast)
    row = write(cast, replace(TEXT, case=found.pk, decided="请乐山川跟进"))
    begun(found)
    assert refusal(publish, row).startswith("decided：写有")
    row.refresh_from_db()
    assert row.state == GuidingCase.State.DRAFT


def test_the_writer_does_not_publish_and_a_draft_changed_meanwhile_is_read_again(cast: Cast) -> None:
    row = write(cast)
    assert "拟稿人不能自己发布" in refusal(publish, row, WRITER)
    again = write(cast, replace(TEXT, title="改过的标题"), row=row.pk, seen=1)
    assert "又改过" in refusal(publish, row)
    assert "刚刚由方知行改过" in refusal(write, cast, TEXT, row=row.pk, seen=1)
    assert publish(again).published_by == "甘棠"
    assert verify() == []


def test_what_is_published_stays_until_it_is_withdrawn_with_a_reason(cast: Cast) -> None:
    row = publish(write(cast, token="one"))
    assert write(cast, token="one").pk == row.pk
    assert "已发布" in refusal(write, cast, replace(TEXT, title="改"), row=row.pk, seen=1)
    assert "已发布" in refusal(publish, row)
    assert refusal(guiding.withdraw, row=row.pk, reason=" ", by=HEAD, **STAMP).startswith("reason")
    gone = guiding.withdraw(row=row.pk, reason="政策已经改变", by=HEAD, **STAMP)
    assert (gone.state, gone.withdrawn_because) == ("withdrawn", "政策已经改变")
    assert not guiding.published().exists()
    assert "已撤下" in refusal(guiding.withdraw, row=row.pk, reason="再撤", by=HEAD, **STAMP)
    assert verify() == []


def test_an_act_of_the_day_is_of_that_day(cast: Cast) -> None:
    later = date(2026, 4, 1)
    row = write(cast, by=CLERK)
    assert guiding.publish(row=row.pk, seen=1, by=HEAD, on=later, at=moment(later)).published_on == later


def test_the_number_of_another_form_writes_nothing(cast: Cast) -> None:
    row = write(cast, token="t1")
    append(Act("organ", cast.commission.pk, "series.made", {}, WRITER, token="t2", **STAMP))
    assert write(cast, token="t1").pk == row.pk
    assert "请刷新页面重填" in refusal(write, cast, token="t2")
    assert GuidingCase.objects.count() == 1
