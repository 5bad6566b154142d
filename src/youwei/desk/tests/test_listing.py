"""A case whose steps stand side by side is shown as a checklist: body, day, proof, result, or why it does not apply (A5)."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from youwei.cases.models import Case
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.documents.models import Paper
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A5")]


@pytest.fixture
def case(place: City) -> Case:
    organ("青溪区委组织部", "organization", place.district)
    return open_case(decide(person(place.unit), place.commission, "撤销党内职务", "政务撤职"), "execution")


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission, name="陈思远"))


def page_of(client: Client, case: Case, **asked: str) -> str:
    answer = client.get(reverse("case", args=[case.pk]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, case: Case, step: str, **fields: Any) -> Any:
    seen = client.get(reverse("case", args=[case.pk])).context["seen"]
    fields = {"on": TODAY.isoformat(), "seen": seen, "token": f"{step}-{seen}", "key": "", **fields}
    return client.post(reverse("case-record", args=[case.pk, step]), fields)


def rows(client: Client, case: Case) -> dict[str, Any]:
    shown = client.get(reverse("case", args=[case.pk])).context["listed"]
    return {row.line.step: row for row in shown.rows}


def test_every_item_stands_with_its_body_and_its_day(case: Case, clerk: Client) -> None:
    page = page_of(clerk, case)
    assert "青溪区委组织部" in page
    assert "法定最迟2026年9月14日" in page  # six months after 12 March end on a Saturday
    found = rows(clerk, case)
    assert (found["serve"].tone, found["serve"].line.state) == ("late", "逾期未办")
    assert found["report"].line.state == "逾期未办"
    assert found["grade"].line.state == "未到时间"
    assert "因为“人员类别（法定类别）”" not in found["serve"].line.why
    assert "按规程不适用的" in page


def test_a_visit_is_still_shown_as_a_way(place: City, clerk: Client) -> None:
    visiting = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    assert clerk.get(reverse("case", args=[visiting.pk])).context["listed"] is None
    assert 'id="map-t"' in page_of(clerk, visiting)


def test_an_item_is_done_with_its_proof_and_without_one_is_refused(case: Case, clerk: Client) -> None:
    bare = send(clerk, case, "serve", result="已送达", receivers=["本人"])
    assert bare.status_code == 422
    assert "凭据文号" in bare.content.decode()
    assert (
        send(clerk, case, "serve", result="已送达", receivers=["本人"], number="青纪送〔2026〕7号").status_code == 302
    )
    row = rows(clerk, case)["serve"]
    assert (row.line.state, row.line.proof) == ("逾期办结", "青纪送〔2026〕7号")
    assert "凭据：青纪送〔2026〕7号" in page_of(clerk, case)


def test_what_does_not_apply_is_said_with_its_ground(case: Case, clerk: Client) -> None:
    fields = {"step": "outside", "ground": "没有党外职务", "reason": "经核实没有", "on": TODAY.isoformat()}
    seen = clerk.get(reverse("case", args=[case.pk])).context["seen"]
    answer = clerk.post(reverse("case-act", args=[case.pk, "exempt"]), {**fields, "seen": seen, "token": "t1"})
    assert answer.status_code == 302
    assert rows(clerk, case)["outside"].line.why == "免办：没有党外职务，经核实没有。"


def test_the_report_lists_every_item_as_it_stands(case: Case, clerk: Client) -> None:
    send(clerk, case, "serve", result="已当面送达", receivers=["本人"], number="青纪送〔2026〕7号")
    other = open_case(case.decision, "statutory-announcement") if case.decision else case
    answer = send(
        clerk,
        case,
        "interim",
        number="青纪执〔2026〕3号",
        summary="正在逐项执行",
        behalf="住建局党组",
        to="青溪区纪委监委",
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    document = Document(io.BytesIO(Paper.objects.get(case=case).data()))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    served = next(row for row in cells if row[0] == "送达处分（处理）决定")
    assert served[2:5] == ["2026年4月13日", "2026年9月29日", "逾期办结"]
    assert "青纪送〔2026〕7号" in served[5]
    assert next(row for row in cells if row[0] == "办理工资等待遇变更")[4] == "逾期未办"
    assert [other.title, "在办", ""] in cells
    titles = [row[0] for row in cells]
    assert titles.count("确定年度考核等次（2026年度）") == titles.count("确定年度考核等次（2027年度）") == 1


def test_a_unit_reads_its_own_items_only(case: Case, place: City) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit, name="住建局党组"))
    assert set(rows(unit, case)) == {"pay", "pay_rise", "grade", "report"}
    assert "post_managed" not in page_of(unit, case)


def test_the_wrong_office_finds_nothing(case: Case, place: City) -> None:
    stranger = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert stranger.get(reverse("case", args=[case.pk])).status_code == 404


def test_the_checklist_of_a_past_day_stays_in_that_day(case: Case, clerk: Client) -> None:
    send(clerk, case, "serve", result="已送达", receivers=["本人"], number="青纪送〔2026〕7号")
    answer = clerk.get(reverse("case", args=[case.pk]), {"on": "2026-04-01"})
    row = next(row for row in answer.context["listed"].rows if row.line.step == "serve")
    assert (row.line.state, row.line.late) == ("待办", False)
    assert "on=2026-04-01" in row.url


def test_a_checklist_costs_the_same_however_much_was_done(
    case: Case, clerk: Client, django_assert_max_num_queries: Any
) -> None:
    assert send(clerk, case, "recover", result="办结", number="1号").status_code == 302
    page_of(clerk, case)
    with django_assert_max_num_queries(60) as few:
        page_of(clerk, case, step="pay")
    for step, more in (("serve", {"receivers": ["本人"]}), ("inform", {"bodies": ["组织部门"]})):
        assert send(clerk, case, step, result="办结", number="1号", **more).status_code == 302
    page_of(clerk, case, step="pay")
    with django_assert_max_num_queries(60) as many:
        page_of(clerk, case, step="pay")
    assert len(many) == len(few)
