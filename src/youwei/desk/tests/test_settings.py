"""How the last day is counted is a logged choice of the office: told before, logged, every period counted anew, open cases follow."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases import distress, recounting
from youwei.cases import queries as cases
from youwei.cases.commands import act
from youwei.decisions.models import Period
from youwei.desk.settings import jobs
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.engine.types import EntryKind
from youwei.journal.queries import records, verify
from youwei.organs.models import Role, Setting
from youwei.organs.queries import end_day_convention, unfinished

pytestmark = [pytest.mark.django_db, pytest.mark.req("A2", "K6")]
SENT = {"value": "civil", "reason": "按市纪委监委统一口径"}
CHANGE = "end_day_convention"


@pytest.fixture
def leader(place: City) -> Client:
    return signed_in(holder(Role.LEADER, place.city_commission, "leader", "岑伯安"))


def change(client: Client, **more: str) -> Any:
    return client.post(reverse("setting", args=[CHANGE]), {**SENT, "confirmed": "yes", **more})


def last_days() -> list[date | None]:
    return list(Period.objects.filter(current=True).order_by("starts_on", "pk").values_list("last_day", flat=True))


def carried_out() -> Setting:
    jobs.recount.call(Setting.objects.latest("pk").pk)
    return Setting.objects.latest("pk")


def test_the_preview_says_how_many_move_and_changes_nothing(leader: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内警告", made_on=date(2019, 3, 12))
    open_case(decide(someone, place.commission, "党内严重警告"))
    decide(person(place.unit, "何予安"), place.commission, "开除公职", number="青政处〔2026〕3号")
    html = leader.post(reverse("setting", args=[CHANGE]), SENT).content.decode()
    assert "2项期间的最后一日各改一天" in html, "a dismissal has no last day"
    assert "其中1项今天还在期内" in html
    assert "1件在办事项随之改动" in html
    assert "按市纪委监委统一口径" in html
    assert end_day_convention() == "inclusive"
    assert not Setting.objects.exists()


def test_every_period_is_counted_anew_and_the_old_one_stays_readable(leader: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内严重警告")
    assert last_days() == [date(2027, 9, 11)]  # 2026-03-12 + 18 months = 2027-09-12, the day before
    assert change(leader).status_code == 302
    row = carried_out()
    assert last_days() == [date(2027, 9, 12)]  # the corresponding day itself
    assert (row.moved, row.done, row.total) == (1, 1, 1)
    assert row.finished_at is not None
    assert [(each.version, each.current) for each in Period.objects.order_by("pk")] == [(1, False), (2, True)]
    html = leader.get(reverse("person", args=[someone.pk])).content.decode()
    assert "终止日算法改为“起始日不计算在内，对应日为最后一日”" in html
    assert "2027年9月12日" in html
    assert "如按“起始日计算在内，对应日的前一日为最后一日”，最后一日为2027年9月11日" in html, "both days are shown"
    assert "因其他处分重新计算" not in html
    past = leader.get(reverse("person", args=[someone.pk]), {"on": "2026-9-28"}).content.decode()
    assert "2026年3月12日—2027年9月11日" in past
    assert verify() == []


def test_the_change_is_logged_with_its_reason_and_the_author_of_what_follows(leader: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内严重警告")
    change(leader)
    carried_out()
    entry = records("organ", place.city_commission.pk)[-1]
    assert (entry.kind, entry.by) == ("setting.changed", "岑伯安")
    assert entry.content == {"name": CHANGE, "value": "civil", "reason": "按市纪委监委统一口径"}
    assert (records("person", someone.pk)[-1].kind, records("person", someone.pk)[-1].by) == ("period.set", "岑伯安")
    html = leader.get(reverse("settings")).content.decode()
    assert "按市纪委监委统一口径" in html
    assert "岑伯安" in html
    assert "1项" in html


def test_an_open_case_is_told_the_new_day_and_nobody_is_late_by_it(leader: Client, place: City) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    late = list(case.open_steps.order_by("step").values_list("step", "late_from"))
    change(leader)
    carried_out()
    facts = cases.view(case, TODAY).plan.facts
    assert facts["period.ends_on"] == date(2027, 9, 12)
    entry = records("case", case.pk)[-1]
    assert entry.kind == "facts"
    assert entry.content["values"] == {"period.ends_on": "2027-09-12"}
    now = dict(case.open_steps.values_list("step", "late_from"))
    assert all(now[step] is None or before is None or now[step] >= before for step, before in late if step in now)


def test_the_count_told_before_is_the_count_that_moved(leader: Client, place: City) -> None:
    """Also where a new sanction falls within a running period, and in the two spans of a probation."""
    one, two = person(place.unit), person(place.unit, "何予安")
    decide(one, place.commission, "党内警告", made_on=date(2025, 3, 12))
    decide(one, place.commission, "党内严重警告", made_on=date(2025, 9, 12), number="青纪发〔2025〕2号")
    decide(two, place.commission, "留党察看一年", "政务撤职", made_on=date(2025, 1, 31), number="青纪发〔2025〕3号")
    told = recounting.effect(TODAY).periods
    before = last_days()
    change(leader)
    assert carried_out().moved == told == len([day for day in before if day])
    assert all(new != old for new, old in zip(last_days(), before, strict=True))


def test_it_goes_on_from_where_it_was_cut_off(leader: Client, place: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        decide(person(place.unit, f"示例{number}"), place.commission, "党内警告", number=f"青纪发〔2026〕{number}号")
    monkeypatch.setattr(recounting, "SHARE", 2)
    row = recounting.begin(value="civil", reason="试", organ=place.commission, by=CLERK, on=TODAY, at=MORNING)
    recounting.go_on(setting=row.pk, today=TODAY, at=MORNING)
    row.refresh_from_db()
    assert (row.done, row.total, row.finished_at) == (2, 5, None)
    fragment = leader.get(reverse("setting-progress", args=[row.pk])).content.decode()
    assert "2/5人" in fragment
    assert "上一次更改还在重新计算" in change(leader, value="inclusive").content.decode()
    assert "正在计算" in leader.get(reverse("settings")).content.decode()
    assert jobs.take_up() == 1, "what the server's start does"
    row.refresh_from_db()
    assert (row.done, row.moved) == (5, 5)
    assert Period.objects.count() == 10, "nothing twice"
    assert jobs.take_up() == 0


def test_a_share_that_breaks_off_leaves_nothing_half_written(
    leader: Client, place: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    row = recounting.begin(value="civil", reason="试", organ=place.commission, by=CLERK, on=TODAY, at=MORNING)
    before = (last_days(), len(records("case", case.pk)), len(records("person", case.person_id or 0)))

    def cut(**_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as breaking:
        breaking.setattr(recounting, "act", cut)
        with pytest.raises(KeyboardInterrupt):
            recounting.go_on(setting=row.pk, today=TODAY, at=MORNING)
    row.refresh_from_db()
    assert (last_days(), len(records("case", case.pk)), len(records("person", case.person_id or 0))) == before
    assert (row.done, row.moved, row.finished_at) == (0, 0, None)
    recounting.go_on(setting=row.pk, today=TODAY, at=MORNING)
    assert last_days() == [date(2027, 9, 12)]
    assert verify() == []


def test_a_held_case_is_told_too_and_an_ended_one_stays_as_it_ended(leader: Client, place: City) -> None:
    held = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    ended = open_case(decide(person(place.unit, "何予安"), place.commission, "党内警告", number="青纪发〔2026〕20号"))
    act(
        case=held,
        kind=EntryKind.HOLD,
        by=CLERK,
        on=TODAY,
        at=MORNING,
        today=TODAY,
        reason="住院三个月",
        values={"ground": "病休"},
    )
    act(case=ended, kind=EntryKind.TERMINATED, by=CLERK, on=TODAY, at=MORNING, today=TODAY, reason="本人去世")
    change(leader)
    assert carried_out().moved == 2
    assert records("case", held.pk)[-1].kind == "facts"
    assert records("case", ended.pk)[-1].kind == "terminated"


def test_back_again_gives_the_first_days_as_a_third_version(leader: Client, place: City) -> None:
    decide(person(place.unit), place.commission, "党内严重警告")
    change(leader)
    carried_out()
    change(leader, value="inclusive", reason="恢复原来的口径")
    carried_out()
    assert last_days() == [date(2027, 9, 11)]
    assert Period.objects.get(current=True).version == 3


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": ""}, "理由"), ({"reason": "长" * 201}, "200"), ({"value": "lunar"}, "不在可选项里"),
        ({"value": "inclusive"}, "不必更改"), ({"value": ""}, "终止日算法"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_told_at_its_field(leader: Client, sent: dict[str, str], words: str) -> None:
    answer = change(leader, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Setting.objects.exists()


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.SYSTEM_ADMIN})
)  # a leader of a district is none of the whole store
def test_others_find_no_such_page(place: City, role: Role) -> None:
    other = signed_in(holder(role, place.commission, "other"))
    for address in (reverse("settings"), reverse("setting", args=[CHANGE]), reverse("setting-progress", args=[1])):
        assert other.get(address).status_code == 404
    assert change(other).status_code == 404
    assert not Setting.objects.exists()


def test_the_system_administrator_learns_numbers_and_no_name(place: City) -> None:
    system = signed_in(holder(Role.SYSTEM_ADMIN, place.city, "system"))
    decide(person(place.unit), place.commission, "党内严重警告")
    assert "许南舟" not in system.post(reverse("setting", args=[CHANGE]), SENT).content.decode()
    assert change(system).status_code == 302
    assert "许南舟" not in system.get(reverse("settings")).content.decode()
    assert system.get(reverse("setting", args=["nothing"])).status_code == 404


def test_a_fixed_number_of_questions_for_a_share(place: City) -> None:
    def asked(people: int) -> int:
        for number in range(people):
            decide(
                person(place.unit, f"示例{number}"), place.commission, "党内警告", number=f"青纪〔{people}〕{number}号"
            )
        value = "civil" if end_day_convention() == "inclusive" else "inclusive"
        row = recounting.begin(value=value, reason="试", organ=place.commission, by=CLERK, on=TODAY, at=MORNING)
        with CaptureQueriesContext(connection) as questions:
            recounting.go_on(setting=row.pk, today=TODAY, at=MORNING)
        return len(questions)

    assert asked(2) == asked(6)


@pytest.mark.req("K3")
def test_how_long_distress_is_kept_is_chosen_on_the_page_and_moves_no_period(leader: Client, place: City) -> None:
    keep = reverse("setting", args=["distress_keep_days"])
    assert "办结后90天" in leader.get(reverse("settings")).content.decode()
    sent = {"value": "30", "reason": "按保密要求"}
    shown = leader.post(keep, sent).content.decode()
    assert "当晚就删除，删了不能找回" in shown
    assert "重新计算" not in shown
    assert distress.keep_days() == 90, "shown beforehand and not yet made"
    assert leader.post(keep, {**sent, "confirmed": "yes"}).status_code == 302
    assert distress.keep_days() == 30
    assert unfinished() is None
    entry = records("organ", place.city_commission.pk)[-1]
    assert entry.content == {"name": "distress_keep_days", "value": "30", "reason": "按保密要求"}
    told = leader.get(reverse("settings")).content.decode()
    assert "按保密要求" in told
    assert "不涉及" in told
    for wrong in ({"value": "7"}, {"reason": ""}, {"value": "30"}):
        assert leader.post(keep, {"value": "60", "reason": "理由", "confirmed": "yes", **wrong}).status_code == 422
    assert distress.keep_days() == 30
    assert verify() == []


@pytest.mark.req("K3", "I5")
def test_who_may_not_change_settings_finds_no_page_of_this_one(place: City) -> None:
    for role in (Role.CASE_OFFICER, Role.UNIT, Role.ORGANIZATION):
        other = signed_in(holder(role, place.commission, f"other-{role}"))
        assert other.get(reverse("setting", args=["distress_keep_days"])).status_code == 404, role
