"""A sealed case is there for those let in to it and for nobody else: no page, count, search, export or refusal differs by it (E4)."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.addresses import ARGUMENT, addresses
from tests.support.kept import Kept, Stage
from youwei.cases import admitting, by_hand, redating
from youwei.cases import queries as cases
from youwei.cases.models import Case, OpenStep
from youwei.desk.tests.factories import MORNING, TODAY, City, city, holder, person, signed_in
from youwei.documents.models import Attachment
from youwei.journal.actors import Actor
from youwei.journal.models import EntryContent
from youwei.organs.models import Account, Grant, Organ, ReadTrace, Role
from youwei.organs.policy import may, reader, visible
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("E4")]
SUSPECT, ACCUSED, WORDS = "钟无咎", "许南舟", "捏造收受购物卡"
FAMILY, OPEN_FAMILY = "malicious", "clearing"
NEVER_THERE = 999999
SHIFTING = re.compile(
    r'content="\w{64}"|name="csrfmiddlewaretoken" value="[^"]*"|name="token" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|nonce="[^"]*"'
)
STAMP: dict[str, Any] = {"on": TODAY, "at": MORNING, "today": TODAY}


@dataclass(frozen=True)
class Stand:
    """A county's two clerks and leader, the city's clerk and leader, somebody in every other role; and a clearing case on the open side."""

    place: City
    clerk: Account
    second: Account
    leader: Account
    city_clerk: Account
    city_leader: Account
    others: tuple[Account, ...]
    someone: Person
    open_case: Case


def build() -> Stand:
    with time_machine.travel(MORNING, tick=False):
        place = city()
        clerk = holder(Role.CASE_OFFICER, place.commission, "clerk", "方知行")
        rest = [
            holder(role, where, f"other-{role}-{where.pk}", f"旁人{role}")
            for role in Role
            if role not in (Role.CASE_OFFICER, Role.LEADER)
            for where in ((place.unit,) if role in (Role.UNIT, Role.MENTOR) else (place.city_commission,))
        ]
        rest += [
            holder(Role.UNIT, place.commission, "own-unit", "机关党委"),
            holder(Role.UPPER_VIEWER, place.commission, "view", "旁观"),
        ]
        rest += [holder(Role.CASE_OFFICER, place.other_commission, "outsider", "单望舒")]
        someone = person(place.unit, ACCUSED)
        opened = by_hand.open_by_hand(
            thing=someone, family=OPEN_FAMILY, role="petition", organ=place.commission, said={}, by=Actor(clerk.name, clerk.pk), **STAMP
        )  # fmt: skip
        return Stand(
            place, clerk, holder(Role.CASE_OFFICER, place.commission, "second", "乔木"),
            holder(Role.LEADER, place.commission, "leader", "岑伯安"), holder(Role.CASE_OFFICER, place.city_commission, "city-clerk", "温行简"),
            holder(Role.LEADER, place.city_commission, "city-leader", "荀子墨"), tuple(rest), someone, opened,
        )  # fmt: skip


@pytest.fixture(scope="module")
def kept_stand(stage: Stage) -> Kept[Stand]:
    return stage.lay(build)


@pytest.fixture
def stand(kept_stand: Kept[Stand], db: None) -> Stand:
    return kept_stand.copy()


def opened(stand: Stand) -> Case:
    """As the clerk does it on the pages: the case, what is known of the matter, a letter attached."""
    client = signed_in(stand.clerk)
    found = client.get(f"/opening/of/{FAMILY}/")
    start = re.search(rf'href="(/[^"]*office/{stand.place.commission.pk}/{FAMILY}/)"', found.content.decode())
    assert start is not None
    assert client.post(start.group(1), {"on": "2026-9-29", "token": "sealed-1"}).status_code == 302
    case = Case.objects.get(procedure=FAMILY)
    values = {
        "on": "2026-9-29", "signs": "捏造", "suspect": SUSPECT, "suspect_kind": "其他人员", "accused": ACCUSED, "matter": WORDS,
        "clearing": f"第{stand.open_case.pk}号", "attachments": SimpleUploadedFile("钟无咎来信.pdf", b"%PDF-1.4 letter"), "seen": 1,
    }  # fmt: skip
    assert client.post(f"/cases/{case.pk}/record/register/", values).status_code == 302
    case.refresh_from_db()
    return case


def let_in(case: Case, who: Account, by: Account) -> None:
    found = admitting.candidates(case, cases.view(case, TODAY).plan.facts, TODAY)
    candidate = next(each for each in found if each.account == who)
    admitting.let_in(case=case, candidate=candidate, reason="参与办理", by=Actor(by.name, by.pk), **STAMP)


def pages(stand: Stand) -> list[str]:
    """Every page without a number, the open side's own pages, searches for whatever the sealed case says, exports and figures."""
    found = [each.path for each in addresses() if not each.has_arguments and each.path not in ("/logout/",)]
    unit, office, someone, case = stand.place.unit.pk, stand.place.commission.pk, stand.someone.pk, stand.open_case.pk
    found += [
        f"/people/{someone}/",
        f"/cases/{case}/",
        f"/organs/{unit}/",
        f"/organs/{office}/",
        f"/statistics/procedures/{OPEN_FAMILY}/",
    ]
    found += [
        f"/opening/person/{someone}/",
        f"/opening/organ/{unit}/",
        f"/opening/organ/{office}/",
        f"/opening/office/{office}/",
    ]
    for text in (SUSPECT, ACCUSED, WORDS, "诬告"):
        found += [f"/search/?q={text}", f"/cases/?q={text}&state=all", f"/people/?q={text}"]
    return [
        *found,
        "/cases/?state=all",
        f"/cases/?procedure={FAMILY}&state=all",
        "/?whose=all",
        "/?whose=organ",
    ]


def seen(stand: Stand, who: Account) -> dict[str, tuple[int, bytes]]:
    """What an account is shown everywhere; nobody has looked before."""
    ReadTrace.objects.exclude(kind="sealed").delete()
    client = signed_in(who)
    answers = {path: client.get(path) for path in pages(stand)}
    return {
        path: (each.status_code, SHIFTING.sub("", each.content.decode("utf-8", "replace")).encode())
        for path, each in answers.items()
    }


def outsiders(stand: Stand) -> list[Account]:
    return [stand.second, stand.leader, stand.city_clerk, stand.city_leader, *stand.others]


def test_nobody_who_is_not_let_in_is_shown_anything_else_with_the_case_than_without(stand: Stand) -> None:
    whose = [stand.second, stand.leader, stand.city_leader, *(each for each in stand.others if each.username != "view")]
    before, own = {who: seen(stand, who) for who in whose}, seen(stand, stand.clerk)
    answered = sum(status == 200 for each in before.values() for status, _ in each.values())
    assert answered > 10 * len(before)
    case = opened(stand)
    mine = seen(stand, stand.clerk)
    assert [path for path in own if own[path] != mine[path]], "whoever is let in does see a difference"
    for who, shown in before.items():
        after = seen(stand, who)
        assert [path for path in shown if shown[path] != after[path]] == [], who.name
        assert [
            path for path, (_, body) in after.items() if any(word.encode() in body for word in (SUSPECT, WORDS))
        ] == [path for path, (_, body) in shown.items() if any(word.encode() in body for word in (SUSPECT, WORDS))]
    assert case.sealed


def test_the_addresses_of_a_sealed_case_answer_like_those_of_none(stand: Stand) -> None:
    case = opened(stand)
    file = Attachment.objects.get(case=case)
    numbers = {"cases/<int:pk>": case.pk, "cases/attachments": file.pk, "cases/papers": file.pk}
    routes = [
        each for each in addresses() if each.route.startswith("cases/<int:pk>") or "attachments/<int" in each.route
    ]
    assert len(routes) > 6
    for who in outsiders(stand):
        client = signed_in(who)
        for each in routes:
            pk = numbers["cases/attachments"] if "attachments" in each.route else case.pk
            there, nowhere = (_path(each.route, number) for number in (pk, NEVER_THERE))
            for ask in (client.get, client.post):
                one, other = ask(there), ask(nowhere)
                assert one.status_code == other.status_code, (who.name, there)
                assert one.status_code in (404, 405), (who.name, there)
                assert _plain(one.content, pk) == _plain(other.content, NEVER_THERE), (who.name, there)


def _path(route: str, pk: int) -> str:
    words = {
        "step": "register",
        "kind": "note",
        "target": "2",
        "procedure": FAMILY,
        "pk": str(pk),
        "seq": "2",
        "part": "head",
    }
    return "/" + ARGUMENT.sub(
        lambda found: words.get(found.group(0).rstrip(">").rpartition(":")[2].lstrip("<"), "1"), route
    )


def _plain(body: bytes, pk: int) -> str:
    return SHIFTING.sub("", body.decode()).replace(f"/{pk}/", "/#/")


def test_whoever_is_let_in_works_on_it_and_is_gone_with_the_role(stand: Stand) -> None:
    case = opened(stand)
    inside, outside = reader(stand.clerk, TODAY), reader(stand.leader, TODAY)
    for model, act in ((Case, "case.view"), (OpenStep, "case.record"), (Attachment, "paper.view")):
        rows = model._default_manager.filter(**({"pk": case.pk} if model is Case else {"case": case}))
        assert visible(inside, act, rows).count() == rows.count() > 0
        assert visible(outside, act, rows).count() == 0
        assert may(inside, act, rows[0])
        assert not may(outside, act, rows[0])
    page = signed_in(stand.clerk).get(f"/cases/{case.pk}/").content.decode()
    assert SUSPECT in page
    assert "保密事项" in page
    let_in(case, stand.leader, stand.clerk)
    assert may(reader(stand.leader, TODAY), "case.record", case)
    Grant.objects.filter(account=stand.leader).update(ends_on=TODAY.replace(day=28))
    assert not may(reader(stand.leader, TODAY), "case.view", case)
    assert signed_in(stand.leader).get(f"/cases/{case.pk}/").status_code == 404


def test_nobody_covers_for_whoever_is_let_in(stand: Stand) -> None:
    case, own = opened(stand), Grant.objects.get(account=stand.clerk)
    Grant.objects.create(account=stand.second, role=own.role, organ=own.organ, covers=own, starts_on=TODAY)
    assert not may(reader(stand.second, TODAY), "case.view", case)
    Grant.objects.filter(account=stand.second, covers=None).delete()
    assert signed_in(stand.second).get("/cases/").status_code == 200
    assert signed_in(stand.second).get(f"/cases/{case.pk}/").status_code == 404


def test_the_page_of_those_let_in_lets_in_and_out_and_tells_who_looked(stand: Stand) -> None:
    case = opened(stand)
    client, address = signed_in(stand.clerk), f"/cases/{case.pk}/admissions/"
    assert signed_in(stand.second).get(address).status_code == 404
    assert client.get(f"/cases/{stand.open_case.pk}/admissions/").status_code == 404
    client.get(f"/cases/{case.pk}/")
    page = client.get(address).content.decode()
    assert "荀子墨（云川市纪委监委分管领导）" in page
    assert "温行简（云川市纪委监委经办人）" in page
    assert "单望舒" not in page
    key = f"{stand.second.pk}-{Role.CASE_OFFICER}-{stand.place.commission.pk}"
    assert client.post(address, {"let-in": "1", "who": key}).status_code == 422
    assert (
        client.post(address, {"let-in": "1", "who": f"{stand.others[0].pk}-unit-1", "reason": "甲"}).status_code == 422
    )
    assert client.post(address, {"let-in": "1", "who": key, "reason": "一起核查"}).status_code == 302
    assert signed_in(stand.second).get(f"/cases/{case.pk}/").status_code == 200
    assert "准入乔木（青溪区纪委监委经办人）：一起核查" in client.get(f"/cases/{case.pk}/").content.decode()
    assert "乔木" in client.get(address).content.decode().partition("谁看过")[2]
    rows = {row.account: row.pk for row in case.admissions.all()}
    out = {"let-out": "1", "out-row": str(rows[stand.second]), "out-reason": "调走"}
    assert client.post(address, out).status_code == 302
    assert signed_in(stand.second).get(f"/cases/{case.pk}/").status_code == 404
    last = client.post(address, {**out, "out-row": str(rows[stand.clerk])})
    assert "至少一人知情" in last.content.decode()
    auditor = next(each for each in stand.others if each.grants.filter(role=Role.AUDITOR).exists())
    assert ReadTrace.objects.filter(kind="sealed", ref=case.pk).count() == 3
    assert "方知行" not in signed_in(auditor).get("/traces/?q=方知行").content.decode().replace('value="方知行"', "")


def test_what_it_says_lies_sealed_in_the_store(stand: Stand) -> None:
    case = opened(stand)
    kept = b"".join(bytes(row.sealed) for row in EntryContent.objects.all())
    for word in (SUSPECT, WORDS):
        assert word.encode() not in kept
        assert word.encode() not in bytes(Attachment.objects.get(case=case).sealed)
    assert case.person is None
    assert case.decision is None
    assert not Person.objects.filter(name=SUSPECT).exists()


def test_a_county_that_tries_to_determine_is_stopped_with_reason_article_and_way_upward(stand: Stand) -> None:
    case = opened(stand)
    let_in(case, stand.leader, stand.clerk)
    let_in(case, stand.second, stand.clerk)
    through(case, stand, "study", finding="认定诬告陷害")
    refused = (
        signed_in(stand.clerk).post(f"/cases/{case.pk}/record/study/", studied("认定诬告陷害", case)).content.decode()
    )
    for words in ("没有认定权", "第三十九条", "设区的市级以上", "提请认定诬告陷害"):
        assert words in refused
    assert record(stand.clerk, case, "study", studied("提请认定诬告陷害", case)) == 302
    assert (
        signed_in(stand.second)
        .post(
            f"/cases/{case.pk}/sign/study/",
            {"part": "petition", "on": "2026-9-29", "verdict": "agree", "seen": head(case)},
        )
        .status_code
        == 302
    )
    assert record(stand.leader, case, "settle", {"opinion": "同意提请"}) == 302
    said = {"attendance-0-member": "岑伯安", "attendance-0-view": "同意", "decision": "诬告陷害", "reasons": "证据充分"}
    told = (
        signed_in(stand.leader)
        .post(f"/cases/{case.pk}/record/determine/", {**said, "on": "2026-9-29"}, follow=True)
        .content.decode()
    )
    for words in ("“认定”由云川市纪委监委的有认定权的机关分管领导办理", "第三十九条", "提请上级认定"):
        assert words in told
    assert not cases.view(case, TODAY).standing.get("determine")
    asked = {"number": "青纪请〔2026〕3号", "to": "云川市纪委监委", "facts": WORDS, "proposed": "提请认定"}
    assert record(stand.clerk, case, "refer", asked) == 302
    let_in(case, stand.city_clerk, stand.clerk)
    let_in(case, stand.city_leader, stand.clerk)
    assert record(stand.city_clerk, case, "examine", {"view": "事实清楚"}) == 302
    assert record(stand.city_leader, case, "determine", said) == 302
    assert (
        record(stand.clerk, case, "consequence", {"handled": "移送公安机关", "told": "已移送", "public": "no"}) == 302
    )
    assert record(stand.clerk, case, "gains", {"gained": "无", "corrected": "无"}) == 302
    assert (
        record(stand.clerk, case, "shared", {"number": "1", "to": "公安局", "partners": "公安", "result": "已处理"})
        == 302
    )
    case.refresh_from_db()
    assert (case.state, case.counted) == ("ended", "查处诬告陷害")
    figures(stand, case)


def figures(stand: Stand, case: Case) -> None:
    """E5: counted at the city, in one number, with a list for nobody who may not see every case behind it; at the county there is none."""
    address = f"/statistics/procedures/{FAMILY}/?from=2026-1-1&to=2026-12-31"
    viewer = next(
        each
        for each in stand.others
        if each.grants.filter(role=Role.UPPER_VIEWER, organ=stand.place.city_commission).exists()
    )
    page = signed_in(viewer).get(address).content.decode()
    assert re.search(r'查处诬告陷害</a></th><td class="yw-num">1</td>', page)
    assert f"/cases/{case.pk}/" not in page
    assert "现在在办" not in page
    assert f"/cases/{case.pk}/" in signed_in(stand.city_leader).get(address).content.decode()
    assert signed_in(stand.clerk).get(address).status_code == 404
    assert signed_in(viewer).get(f"{address}&organ={stand.place.district.pk}").status_code == 404


def head(case: Case) -> int:
    return cases.view(case, TODAY).head


def record(who: Account, case: Case, step: str, values: dict[str, Any]) -> int:
    answer = signed_in(who).post(f"/cases/{case.pk}/record/{step}/", {"on": "2026-9-29", "seen": head(case), **values})
    case.refresh_from_db()
    return answer.status_code


def studied(finding: str, case: Case) -> dict[str, Any]:
    return {
        "on": "2026-9-29",
        "attendance-0-member": "方知行",
        "attendance-0-view": "同意",
        "finding": finding,
        "reasons": "捏造事实",
        "seen": head(case),
    }


def through(case: Case, stand: Stand, until: str, **_: Any) -> None:
    """Up to the study, on the pages."""
    assert until == "study"
    assert record(stand.leader, case, "start", {"opinion": "同意核查"}) == 302
    assert record(stand.clerk, case, "inquire", {"fabricated": "yes", "intent": "yes", "found": "材料系伪造"}) == 302


def test_administrators_count_no_sealed_duties(stand: Stand) -> None:
    admin = next(each for each in stand.others if each.grants.filter(role=Role.SYSTEM_ADMIN).exists())
    client, office = signed_in(admin), Organ.objects.get(pk=stand.place.commission.pk)
    paths = [f"/organs/{office.pk}/", f"/accounts/{stand.clerk.pk}/close/", "/organs/"]
    before = [_plain(client.get(path).content, 0) for path in paths]
    opened(stand)
    assert [_plain(client.get(path).content, 0) for path in paths] == before


def test_a_sealed_case_is_neither_handed_over_nor_moved_nor_done_together(stand: Stand) -> None:
    case, client = opened(stand), signed_in(stand.clerk)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "移交给别的机关" not in page
    assert "转入其他版本" not in page
    assert client.get(f"/cases/{case.pk}/act/transfer/").status_code == 302
    again = by_hand.open_by_hand(
        thing=stand.place.commission, family=FAMILY, role="petition", organ=stand.place.commission, said={},
        by=Actor(stand.clerk.name, stand.clerk.pk), token="second", kind=by_hand.OFFICE, **STAMP,
    )  # fmt: skip
    assert again.pk != case.pk, "an office has as many such matters as there are"
    assert "登记可疑情形" not in client.get("/together/").content.decode()


def test_a_holiday_notice_moves_its_dates_and_tells_nobody(stand: Stand) -> None:
    case, by = opened(stand), Actor(stand.clerk.name, stand.clerk.pk)
    before = case.open_steps.get(step="start").due_on
    days = [{"on": "2026-10-08", "kind": "holiday", "name": "国庆节"}]
    row = redating.begin(year=2026, source="通知", days=days, organ=stand.place.commission, by=by, at=MORNING)
    redating.look(redating=row, today=TODAY, at=MORNING)
    assert redating.confirm(pk=row.pk, by=by, on=TODAY, at=MORNING)
    row.refresh_from_db()
    redating.move(redating=row, today=TODAY, at=MORNING)
    row.refresh_from_db()
    assert row.total == Case.objects.filter(state="open", sealed=False).count() == 1
    assert case.pk not in {each["case"] for each in row.moved}
    assert case.open_steps.get(step="start").due_on != before


def test_pages_cost_as_many_queries_as_without_sealed_cases(stand: Stand, django_assert_max_num_queries: Any) -> None:
    opened(stand)
    client: Client = signed_in(stand.clerk)
    client.get("/cases/")
    with django_assert_max_num_queries(12):
        client.get("/cases/")
