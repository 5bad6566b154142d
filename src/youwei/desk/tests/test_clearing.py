"""Clearing names on the pages: what is pointed out before approval, what a sealed field shows to whom, the figures as they are counted."""

import io
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from youwei.cases import by_hand
from youwei.cases import queries as cases
from youwei.cases.commands import act
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.desk.tests.factories import MORNING, TODAY, City, holder, person, signed_in
from youwei.documents.commands import record
from youwei.documents.models import Paper
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.organs.models import Account, Organ, Role
from youwei.people.models import Person

pytestmark = pytest.mark.django_db
FAMILY = "clearing"
STAMP: dict[str, Any] = {"on": TODAY, "at": MORNING, "today": TODAY}
BEGUN = date(2026, 6, 10)
SECOND = Actor("乔木", 99)
POINT = [{"point": "收受购物卡", "fact": "查无此事"}]
BEGIN = {"source": "承办部门提出", "level": "村（社区）干部", "concluded": "青纪核〔2026〕9号"}
STUDY = {
    "attendance": [{"member": "方知行", "view": "同意"}], "finding": "失实", "why": "多方核实", "harm": ["生活"], "spread": "单位", "urgent": False,
    "advice": "建议澄清",
}  # fmt: skip
WISH = {"heard_by": "当面", "wants": "愿意", "ways": ["会议"], "scope": "单位", "must_correct": False}
PROPOSE = {"points": POINT, "text": "所反映的问题不属实", "ways": ["会议"], "scope": "单位"}
DONE = {"text": "经查不属实", "done": [{"way": "会议", "held_on": "2026-06-10", "audience": "村民代表"}]}
VISIT = {
    "outcome": "已进行",
    "mode": "座谈",
    "place": "村委会",
    "people": ["方知行", "乔木"],
    "heard": ["本人"],
    "account": "情绪稳定",
    "effect": "影响已经消除",
    "state": "安心工作",
}


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission, "clerk", "方知行")


@pytest.fixture
def leader(place: City) -> Account:
    return holder(Role.LEADER, place.commission, "leader", "岑伯安")


def opened(place: City, clerk: Account, thing: Person | Organ) -> Case:
    return by_hand.open_by_hand(
        thing=thing, family=FAMILY, role="petition", organ=place.commission, said={}, by=Actor(clerk.name, clerk.pk), **STAMP | {"on": BEGUN}
    )  # fmt: skip


def enter(case: Case, who: Account, on: date = BEGUN, **steps: dict[str, Any]) -> None:
    for name, values in steps.items():
        step = pack_of(case).steps[name]
        record(
            case=case, step=step, key="", by=Actor(who.name, who.pk), account=who, values=values, **STAMP | {"on": on}
        )
        if step.signs:
            act(
                case=case,
                kind=EntryKind.SIGN,
                step=name,
                part="case_office",
                by=SECOND,
                values={"opinion": "同意"},
                **STAMP,
            )
        case.refresh_from_db()


def up_to_approval(case: Case, clerk: Account, **propose: Any) -> None:
    enter(case, clerk, begin=BEGIN, study=STUDY, wish=WISH, propose={**PROPOSE, **propose})


@pytest.mark.req("E1")
def test_words_that_point_to_the_reporter_are_shown_to_the_officer_and_the_approver(
    place: City, clerk: Account, leader: Account
) -> None:
    case = opened(place, clerk, person(place.unit))
    up_to_approval(case, clerk, text="经你单位一名同事反映，电话13800009900")
    for who, address in ((clerk, f"/cases/{case.pk}/"), (leader, f"/cases/{case.pk}/"), (leader, "/signatures/")):
        page = signed_in(who).get(address).content.decode()
        assert "文字里有须核对的字句" in page
        for words in ("“你单位一名同事”", "可能让人猜出是谁反映的", "“13800009900”", "号码可以指认到人"):
            assert words in page, address
    answer = signed_in(leader).post(
        f"/cases/{case.pk}/record/approve/", {"on": "2026-9-29", "opinion": "同意", "seen": 99}
    )
    assert answer.status_code == 302, "shown, never a bar"
    case.refresh_from_db()
    assert case.open_steps.filter(step="clear").exists()


@pytest.mark.req("E1")
def test_a_text_with_nothing_to_heed_is_left_in_peace(place: City, clerk: Account) -> None:
    case = opened(place, clerk, person(place.unit))
    up_to_approval(case, clerk)
    assert "须核对的字句" not in signed_in(clerk).get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.req("E2")
def test_a_scope_wider_than_the_rumour_is_refused_with_the_remedy_and_keeps_what_was_typed(
    place: City, clerk: Account
) -> None:
    case = opened(place, clerk, person(place.unit))
    enter(case, clerk, begin=BEGIN, study=STUDY, wish=WISH)
    sent = {
        "on": "2026-9-29",
        "points-0-point": "收受购物卡",
        "points-0-fact": "查无此事",
        "text": "不属实",
        "ways": "会议",
        "scope": "社会",
        "seen": 9,
    }
    answer = signed_in(clerk).post(f"/cases/{case.pk}/record/propose/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "澄清的范围不得大于不实说法传到的范围" in page
    assert "收受购物卡" in page
    assert not Paper.objects.filter(case=case).exists()


def cleared(case: Case, clerk: Account, leader: Account) -> None:
    up_to_approval(case, clerk)
    enter(case, leader, approve={"opinion": "同意"})
    enter(case, clerk, inform={"number": "1", "to": "本人", "points": "收受购物卡一事不实"}, clear=DONE)
    enter(case, clerk, on=date(2026, 7, 10), visit_1=VISIT)
    enter(case, clerk, on=date(2026, 8, 20), visit_2=VISIT)
    enter(case, clerk, on=date(2026, 8, 21), close={"result": "认可", "shelf": "9-1"})
    assert case.state == Case.State.ENDED


@pytest.mark.req("E5")
def test_persons_and_organisations_are_counted_apart_and_declined_ones_not_at_all(
    place: City, clerk: Account, leader: Account
) -> None:
    village = place.unit
    for thing in (person(place.unit, "许南舟"), person(place.unit, "秦远山"), village):
        cleared(opened(place, clerk, thing), clerk, leader)
    declined = opened(place, clerk, person(place.unit, "方既明"))
    enter(
        declined, clerk, begin=BEGIN, study=STUDY, wish={"heard_by": "电话", "wants": "不愿意", "must_correct": False}
    )
    assert (declined.state, declined.outcome_title, declined.counted) == ("ended", "本人或单位不愿意澄清", "")
    page = signed_in(clerk).get(f"/statistics/procedures/{FAMILY}/?from=2026-1-1&to=2026-12-31").content.decode()
    cells = dict(re.findall(r'">([^<]+)</a>(?:<small>[^<]*</small>)?</th><td class="yw-num">(\d+)</td>', page))
    assert cells["澄清党员干部"] == "2"
    assert cells["澄清党组织（单位）"] == "1"
    assert cells["合计"] == "3"
    assert cells["本人或单位不愿意澄清"] == "1"
    assert "诬告" not in page.partition("<main")[2]


@pytest.fixture
def with_sealed_text(settings: Any, tmp_path: Path) -> None:
    """The same procedure, its text sealed to the approver."""
    shutil.copytree(configured.PACKS, tmp_path / "packs", ignore=shutil.ignore_patterns("scenarios", "saved.json"))
    file = tmp_path / "packs" / FAMILY / "2023.06" / "pack.yaml"
    text = file.read_text("utf-8")
    old = "text: {title: 对外说明的文字, type: text"
    assert old in text
    file.write_text(text.replace(old, "text: {title: 对外说明的文字, sealed: [head], type: text"), "utf-8")
    settings.PACKS = str(tmp_path / "packs")


@pytest.mark.req("E4")
def test_a_sealed_field_is_nothing_to_whoever_holds_none_of_its_roles(
    with_sealed_text: None, place: City, clerk: Account, leader: Account
) -> None:
    someone = person(place.unit)
    case = opened(place, clerk, someone)
    up_to_approval(case, clerk, text="只给审批的人看的话")
    viewer = holder(Role.UPPER_VIEWER, place.city_commission, "viewer", "查云岫")
    officer = holder(Role.CASE_OFFICER, place.city_commission, "above", "温行简")
    for who in (clerk, leader):
        assert "只给审批的人看的话" in signed_in(who).get(f"/cases/{case.pk}/").content.decode(), who.name
    assert "只给审批的人看的话" in signed_in(leader).get("/signatures/").content.decode()
    for who in (viewer, officer):
        for address in (f"/cases/{case.pk}/", f"/people/{someone.pk}/", f"/cases/{case.pk}/?on=2026-9-29"):
            page = signed_in(who).get(address)
            assert page.status_code == 200
            assert "只给审批的人看的话" not in page.content.decode(), (who.name, address)
        assert "收受购物卡" in signed_in(who).get(f"/cases/{case.pk}/").content.decode()
    assert "只给审批的人看的话" not in signed_in(clerk).get(f"/people/{someone.pk}/").content.decode(), (
        "a dossier goes around"
    )
    printed = Document(io.BytesIO(Paper.objects.get(case=case, kind="clearing-approval").data()))
    said = [cell.text for table in printed.tables for row in table.rows for cell in row.cells]
    assert "收受购物卡" in said
    assert "只给审批的人看的话" not in "".join(said)


@pytest.mark.req("E1")
def test_the_list_of_clearing_begins_one_for_whoever_may_open_it(place: City, clerk: Account, leader: Account) -> None:
    begin = f'href="/opening/of/{FAMILY}/"'
    area = "/cases/?area=澄清正名"
    assert begin in signed_in(clerk).get(area).content.decode()
    assert begin not in signed_in(leader).get(area).content.decode(), "the petition office begins"
    assert begin not in signed_in(clerk).get("/cases/").content.decode()
    unit = holder(Role.UNIT, place.unit, "unit", "单位")
    assert begin not in signed_in(unit).get(area).content.decode()
    assert "/opening/of/malicious/" not in signed_in(clerk).get("/cases/").content.decode()


@pytest.mark.req("E2", "E3")
def test_what_was_wished_and_approved_stands_beside_the_form_and_a_refused_visit_goes_on(
    place: City, clerk: Account, leader: Account
) -> None:
    case = opened(place, clerk, person(place.unit))
    enter(case, clerk, begin=BEGIN, study=STUDY, wish={**WISH, "said": "只在村民代表会上说明"})
    page = signed_in(clerk).get(f"/cases/{case.pk}/?step=propose").content.decode()
    assert "只在村民代表会上说明" in page.partition('id="shown-t"')[2]
    enter(case, clerk, propose=PROPOSE)
    enter(case, leader, approve={"opinion": "同意"})
    page = signed_in(clerk).get(f"/cases/{case.pk}/?step=clear").content.decode()
    assert "所反映的问题不属实" in page.partition('id="shown-t"')[2]
    enter(case, clerk, inform={"number": "1", "to": "本人", "points": "购物卡"}, clear=DONE)
    refused = {
        "outcome": "本人拒绝",
        "people": ["方知行", "乔木"],
        "effect": "本人没有接受回访",
        "state": "据单位介绍正常工作",
    }
    enter(case, clerk, visit_1=refused)
    enter(case, clerk, TODAY, visit_2={**VISIT, "effect": "仍有影响"})
    page = signed_in(clerk).get(f"/cases/{case.pk}/").content.decode()
    assert "再次补充澄清" in page
    assert case.state == Case.State.OPEN
    enter(case, clerk, TODAY, again_after={"done": "又向村民小组长说明"}, close={"result": "认可", "shelf": "甲-1"})
    assert case.counted == "澄清党员干部"


@pytest.mark.req("E1", "J2")
def test_where_an_office_has_one_clerk_alone_the_other_department_signs_on_paper(place: City, clerk: Account) -> None:
    case = opened(place, clerk, person(place.unit))
    enter(case, clerk, begin=BEGIN)
    study = pack_of(case).steps["study"]
    record(case=case, step=study, key="", by=Actor(clerk.name, clerk.pk), account=clerk, values=STUDY, **STAMP)
    client = signed_in(clerk)
    address = f"/cases/{case.pk}/on-paper/study/?key=&amp;role=case_office"
    assert address in client.get(f"/cases/{case.pk}/?step=study").content.decode()
    seen = cases.view(case, TODAY).head
    said = {
        "role": "case_office",
        "key": "",
        "on": "2026-9-29",
        "verdict": "agree",
        "paper": "会商研判表",
        "same": "same",
        "seen": seen,
    }
    for signer, status in ((clerk.name, 422), ("解文舟", 302)):
        scan = SimpleUploadedFile("会商研判表.pdf", b"%PDF-1.4 scan")
        answer = client.post(f"/cases/{case.pk}/on-paper/study/", {**said, "signer": signer, "scans": scan})
        assert answer.status_code == status
    assert cases.view(case, TODAY).standing["study"][""].signs["case_office"].behalf == "解文舟"
