"""Joint signatures in the browser's eyes: who is asked, who may, what falls when the text changes; and one's own text is not one's own to sign."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from youwei.cases import queries as cases
from youwei.cases.models import Case, Draft, OpenStep
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.journal.models import Entry
from youwei.organs.models import Organ, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1", "J6")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def department(place: City) -> Organ:
    return organ("青溪区委组织部", "organization", place.district)


@pytest.fixture
def case(place: City, department: Organ) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"), "joint")


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def head(place: City) -> Client:
    return signed_in(holder(Role.LEADER, place.commission, "head", "岑伯安"))


@pytest.fixture
def officer(department: Organ) -> Client:
    return signed_in(holder(Role.ORGANIZATION, department, "officer", "解文舟"))


def send(client: Client, case: Case, step: str, **data: Any) -> Any:
    given = {"on": "2026-9-29", "seen": "99", **data}
    return client.post(reverse("case-record", args=[case.pk, step]), given)


def sign(client: Client, case: Case, part: str, step: str = "advise", **data: Any) -> Any:
    given = {"on": "2026-9-29", "seen": "99", "verdict": "agree", "part": part, **data}
    return client.post(reverse("case-sign", args=[case.pk, step]), given)


def kinds(case: Case) -> list[str]:
    return [record.kind for record in cases.view(case, TODAY).records]


def mine(client: Client) -> list[tuple[str, str]]:
    groups = client.get(reverse("desk"), {"whose": "mine"}).context["groups"]
    return [(line.what, line.verb) for group in groups for line in group.lines if group.id != "waiting"]


def test_each_role_finds_on_its_desk_what_waits_for_its_signature(
    case: Case, clerk: Client, head: Client, officer: Client
) -> None:
    assert mine(head) == mine(officer) == []
    assert send(clerk, case, "advise", advice="可以继续使用").status_code == 302
    assert mine(head) == mine(officer) == [("会签：研究提出意见", "签署")]
    assert ("会签：研究提出意见", "签署") not in mine(clerk)
    waiting = [group for group in clerk.get(reverse("desk")).context["groups"] if group.id == "waiting"]
    assert {line.waiting_for for line in waiting[0].lines} == {"青溪区纪委监委 分管领导", "青溪区委组织部 组织部门"}
    assert sign(head, case, "head").status_code == 302
    assert (mine(head), mine(officer)) == ([], [("会签：研究提出意见", "签署")])


def test_the_signer_reads_the_text_signs_with_an_opinion_and_the_step_is_done_when_all_have(
    case: Case, clerk: Client, head: Client, officer: Client
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    page = head.get(reverse("case", args=[case.pk])).content.decode()
    assert "可以继续使用" in page
    assert "签署：研究提出意见" in page
    assert sign(head, case, "head", opinion="同意，请注意方式").status_code == 302
    assert sign(officer, case, "department").status_code == 302
    view = cases.view(case, TODAY)
    assert {role: entry.values["opinion"] for role, entry in view.standing["advise"][""].signs.items()} == {
        "head": "同意，请注意方式", "department": "同意",
    }  # fmt: skip
    assert [entry.by for entry in view.entries[2:]] == ["岑伯安", "解文舟"]
    assert not OpenStep.objects.filter(step="advise").exists()
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "advise"}).content.decode()
    assert "同意，请注意方式" in page
    assert "研究提出意见（分管领导）" in page


def test_sending_back_wants_a_reason_and_brings_the_text_back_to_its_author(
    case: Case, clerk: Client, head: Client, officer: Client
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    sign(officer, case, "department")
    refused = sign(head, case, "head", verdict="back")
    assert refused.status_code == 422
    assert "退回要写明理由" in refused.content.decode()
    assert kinds(case) == ["opened", "record", "sign"]
    assert sign(head, case, "head", verdict="back", opinion="依据没有写清楚").status_code == 302
    assert ("退回重办：研究提出意见", "办理") in mine(clerk)
    assert (mine(head), mine(officer)) == ([], []), "the signature of the other fell with the text"
    assert "依据没有写清楚" in clerk.get(reverse("case", args=[case.pk]), {"step": "advise"}).content.decode()
    send(clerk, case, "advise", advice="可以继续使用，依据第三条")
    assert mine(head) == mine(officer) == [("会签：研究提出意见", "签署")]


def test_a_corrected_text_loses_its_signatures_and_is_asked_for_again(
    case: Case, clerk: Client, head: Client, officer: Client
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    sign(head, case, "head")
    sign(officer, case, "department")
    given = {"on": "2026-9-29", "advice": "暂缓使用", "reason": "写错了", "target": "2"}
    assert clerk.post(reverse("case-act", args=[case.pk, "correct"]), given).status_code == 302
    assert mine(head) == mine(officer) == [("会签：研究提出意见", "签署")]


def test_one_does_not_sign_a_text_one_has_not_seen(case: Case, clerk: Client, head: Client) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    seen = head.get(reverse("case", args=[case.pk])).context["seen"]
    given = {"on": "2026-9-29", "advice": "暂缓使用", "reason": "写错了", "target": "2"}
    clerk.post(reverse("case-act", args=[case.pk, "correct"]), given)
    refused = sign(head, case, "head", seen=str(seen), opinion="同意，尽快落实")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "改动过" in page
    assert "暂缓使用" in page, "the text as it is now"
    assert "同意，尽快落实" in page, "nothing typed is lost"
    assert "sign" not in kinds(case)
    assert sign(head, case, "head", seen=str(refused.context["seen"])).status_code == 302


def test_another_signature_in_between_does_not_disturb(
    case: Case, clerk: Client, head: Client, officer: Client
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    sign(head, case, "head", seen="2")
    assert sign(officer, case, "department", seen="2").status_code == 302
    assert kinds(case) == ["opened", "record", "sign", "sign"]


def test_nobody_signs_for_a_role_they_do_not_hold(
    case: Case, place: City, clerk: Client, head: Client, officer: Client
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    unit = signed_in(holder(Role.UNIT, place.unit))
    before = Entry.objects.count()
    for client in (clerk, officer, unit):
        assert sign(client, case, "head").status_code == 302
    assert sign(head, case, "department").status_code == 302
    assert sign(head, case, "").status_code == 302
    assert sign(head, case, "nobody").status_code == 302
    assert Entry.objects.count() == before
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "advise"}).content.decode()
    assert "不能代别人签署" in page
    assert "签署：研究提出意见" not in page


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR, Role.LEADER, Role.CASE_OFFICER, Role.UPPER_VIEWER])
def test_outsiders_get_nothing_not_even_existence(case: Case, place: City, clerk: Client, role: Role) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    stranger = signed_in(holder(role, place.other_commission))
    assert sign(stranger, case, "head").status_code == 404


def test_ones_own_text_is_for_another_to_sign(case: Case, place: City, clerk: Client) -> None:
    send(clerk, case, "known", matters="没有")
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "known"})
    assert page.context["sign_form"] is None, "what would be refused is not offered"
    assert "会签请由另一人办理" in page.content.decode()
    refused = sign(clerk, case, "petition", "known")
    assert refused.status_code == 422
    assert "会签请由另一人办理" in refused.content.decode()
    colleague = signed_in(holder(Role.CASE_OFFICER, place.commission, "colleague", "韩叙"))
    assert colleague.get(reverse("case", args=[case.pk]), {"step": "known"}).context["sign_form"] is not None
    assert sign(colleague, case, "petition", "known").status_code == 302


def test_ones_own_text_stands_among_what_waits_and_says_why_it_is_not_answered_there(
    case: Case, place: City, clerk: Client
) -> None:
    send(clerk, case, "known", matters="没有")
    page = clerk.get(reverse("signatures"))
    (waiting,) = page.context["waiting"]
    assert waiting.form is None
    assert "会签请由另一人办理" in page.content.decode()
    told = {"shown": waiting.shown, f"{waiting.prefix}-verdict": "agree", "all-on": "2026-9-29"}
    refused = clerk.post(reverse("signatures"), told)
    assert refused.status_code == 422
    assert kinds(case) == ["opened", "record"]


def test_one_person_does_not_sign_for_two_roles(case: Case, place: City, clerk: Client, department: Organ) -> None:
    account = holder(Role.LEADER, place.commission, "both", "岑伯安")
    account.grants.create(role=Role.ORGANIZATION, organ=department, starts_on="2020-01-01")
    both = signed_in(account)
    send(clerk, case, "advise", advice="可以继续使用")
    assert sign(both, case, "head").status_code == 302
    page = both.get(reverse("case", args=[case.pk]), {"step": "advise"})
    assert page.context["sign_form"] is None
    assert "已经代表另一个角色签署过" in page.content.decode()
    refused = sign(both, case, "department")
    assert refused.status_code == 422
    assert "不同的人" in refused.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"on": ""}, "签署日期"),
        ({"on": "2026-9-30"}, "签署日期"),
        ({"on": "2026-9-28"}, "早于所签内容"),
        ({"verdict": "perhaps"}, "不在可选项里"),
        ({"opinion": "长" * 1001}, "1000"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_written(
    case: Case, clerk: Client, head: Client, sent: dict[str, str], said: str
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    refused = sign(head, case, "head", **sent)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert kinds(case) == ["opened", "record"]


def test_what_a_signer_has_typed_is_kept_until_it_is_signed(case: Case, clerk: Client, head: Client) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    address = reverse("case-draft", args=[case.pk, "advise"])
    assert head.post(f"{address}?part=head", {"opinion": "先写一半", "key": ""}).status_code == 204
    assert "先写一半" in head.get(reverse("case", args=[case.pk])).content.decode()
    assert "先写一半" not in clerk.get(reverse("case", args=[case.pk]), {"step": "advise"}).content.decode()
    sign(head, case, "head", opinion="写完了")
    assert not Draft.objects.exists()


def test_a_double_click_is_one_signature(case: Case, clerk: Client, head: Client) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    for _ in range(2):
        assert sign(head, case, "head", token="t" * 32).status_code == 302
    assert kinds(case) == ["opened", "record", "sign"]


def test_the_page_makes_as_many_queries_with_signatures_as_without(
    case: Case, clerk: Client, head: Client, officer: Client, django_assert_max_num_queries: Any
) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    with django_assert_max_num_queries(60) as few:
        clerk.get(reverse("case", args=[case.pk]), {"step": "advise"})
    sign(head, case, "head")
    sign(officer, case, "department")
    with django_assert_max_num_queries(60) as many:
        clerk.get(reverse("case", args=[case.pk]), {"step": "advise"})
    assert len(many) == len(few)


@pytest.mark.parametrize("step", ["nowhere", "%00", "advise%00", "意见"])
def test_nonsense_in_the_address_is_no_failure(case: Case, clerk: Client, head: Client, step: str) -> None:
    send(clerk, case, "advise", advice="可以继续使用")
    for page in ("sign", "draft", "record"):
        answer = head.post(
            f"/cases/{case.pk}/{page}/{step}/?part=%00",
            {"part": "head\0", "key": "\0", "verdict": "agree", "seen": "x"},
        )
        assert answer.status_code in (204, 302, 404), page
    assert head.post(reverse("case-draft", args=[case.pk, "advise"]) + "?part=%00", {"key": "\0"}).status_code == 204
    assert head.get(reverse("case", args=[case.pk]), {"step": "advise", "part": "\0", "key": "\0"}).status_code == 200
    assert kinds(case) == ["opened", "record"]
