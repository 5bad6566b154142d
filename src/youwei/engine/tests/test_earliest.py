"""The first day a date of a form may be: said by the pack, counted in working days, refused with the arithmetic and the remedy."""

from datetime import date

import pytest

from youwei.engine.check import check
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import read_pack_text

PACK = """procedure: trial
title: 试用
version: '1'
in_force: {from: 2024-01-01}
about: person
opens: {by: office}
local: [steps.publish.form.until.earliest]
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: [办理]
steps:
  publish:
    title: 公开
    stage: 办理
    by: office
    form:
      until: {title: 公开到哪天, type: date, required: true, earliest: 5 working days after publish.on}
  over:
    title: 期满
    stage: 办理
    by: office
    from: 1 day after publish.until
outcomes: {done: {title: 完成}}
"""
LOCAL = """procedure: trial-here
title: 本县试用
version: '1'
in_force: {from: 2024-01-01}
extends: trial@1
covers: [示范县]
steps: {publish: {form: {until: {earliest: 7 working days after publish.on}}}}
"""
CALENDAR = seed_calendar()
DAY, PUBLISHED = date(2026, 9, 28), date(2026, 9, 29)  # Monday, Tuesday


def refused(until: date, *, ref: str = "trial@1") -> list[Fault]:
    files = [("trial/1/pack.yaml", PACK)] + ([("trial-here/1/pack.yaml", LOCAL)] if ref != "trial@1" else [])
    loaded = read_pack_text(files)
    assert loaded.faults == ()
    opened = Entry(seq=1, kind=EntryKind.OPENED, on=DAY, at=DAY, by="甲", to=ref, values={})
    record = Entry(
        seq=2, kind=EntryKind.RECORD, on=PUBLISHED, at=PUBLISHED, by="甲", step="publish", values={"until": until}
    )
    return check(loaded.packs, [opened], record, CALENDAR)


@pytest.mark.req("D4")
def test_a_date_before_the_first_day_is_refused_with_how_it_is_counted_and_what_to_write() -> None:
    """After Tuesday the 29th of September: 30 September (1); holidays 1—7 October; 8, 9 (2, 3), make-up Saturday 10 (4); Monday 12 (5)."""
    assert refused(date(2026, 10, 12)) == []
    (fault,) = refused(date(2026, 10, 11))
    assert (fault.field, fault.code) == ("until", "too early")
    assert "“公开到哪天”最早是2026年10月12日" in fault.message
    assert "5个工作日，当日不计" in fault.message
    assert fault.remedy == "请改为2026年10月12日或者以后的日期。"
    assert refused(PUBLISHED)


@pytest.mark.req("D4")
def test_a_place_may_ask_for_more_where_it_is_left_to_it() -> None:
    assert refused(date(2026, 10, 14), ref="trial-here@1") == []  # two working days more: 13 and 14
    assert "最早是2026年10月14日" in refused(date(2026, 10, 13), ref="trial-here@1")[0].message


@pytest.mark.req("D4")
@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("type: date, required", "type: text, required", "earliest 只用于日期栏"),
        (" after publish.on}", "}", "没有写明从哪天算起"),
        ("after publish.on", "after over.on", "不在“publish”之前"),
        ("after publish.on", "after publish.unto", "没有“unto”这一栏"),
    ],
)
def test_a_first_day_that_cannot_be_counted_is_found(was: str, now: str, said: str) -> None:
    found = read_pack_text([("trial/1/pack.yaml", PACK.replace(was, now, 1))]).faults
    assert any(said in str(each) for each in found)
