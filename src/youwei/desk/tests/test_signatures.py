"""A leader signs many at once: every text in full, nothing chosen beforehand, one act, a result for each, nothing signed unseen."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from youwei.cases import queries as cases
from youwei.cases.codes import code_of
from youwei.cases.models import Case, OpenStep
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.journal.models import Entry
from youwei.organs.models import ReadTrace, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("J6")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"
LIST = "/signatures/"
ADVICE = "可以继续使用，由所在单位党组织继续教育，半年后再看。" * 7  # long, and shown whole


@pytest.fixture
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def head(place: City) -> Client:
    return signed_in(holder(Role.LEADER, place.commission, "head", "岑伯安"))


def joint(place: City, clerk: Client, name: str, advice: str = ADVICE) -> Case:
    """A text that waits for two signatures."""
    if not place.district.children.filter(kind="organization").exists():
        organ("青溪区委组织部", "organization", place.district)
    case = open_case(decide(person(place.unit, name), place.commission, "党内严重警告"), "joint")
    sent = {"on": "2026-9-28", "advice": advice, "seen": "1", "token": f"text-{case.pk}"}
    assert clerk.post(reverse("case-record", args=[case.pk, "advise"]), sent).status_code == 302
    return case


def prefix(case: Case, part: str = "head", step: str = "advise") -> str:
    return "-".join(filter(None, (code_of(case.pk, step), part)))


def answer(
    case: Case, verdict: str, opinion: str = "", part: str = "head", step: str = "advise", **more: str
) -> dict[str, str]:
    name = prefix(case, part, step)
    return {
        f"{name}-verdict": verdict,
        f"{name}-opinion": opinion,
        **{f"{name}-{key}": value for key, value in more.items()},
    }


def send(client: Client, *answers: dict[str, str], page: Any = None, **more: Any) -> Any:
    """Sends the page as it was shown, with these answers."""
    page = page or client.get(LIST)
    shown = [each.shown for each in page.context["waiting"]]
    given = {"shown": shown, "token": page.context["token"], "all-on": "2026-9-29", "all-opinion": ""}
    for each in answers:
        given |= each
    return client.post(LIST, given | more)


def kinds(case: Case) -> list[str]:
    return [record.kind for record in cases.view(case, TODAY).records]


def opinions(case: Case) -> dict[str, str]:
    signs = cases.view(case, TODAY).standing["advise"][""].signs
    return {role: str(entry.values["opinion"]) for role, entry in signs.items()}


def test_every_text_is_there_in_full_and_nothing_is_chosen_beforehand(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    first, second = joint(place, clerk, "许南舟"), joint(place, clerk, "邵文彬", "暂缓使用")
    page = head.get(LIST)
    text = page.content.decode()
    assert ADVICE in text
    assert "暂缓使用" in text
    assert ("许南舟" in text, "邵文彬" in text) == (True, True)
    main = text.split("<main")[1]
    assert " checked" not in main
    assert "<details" not in main, "nothing is folded away"
    assert (
        ReadTrace.objects.filter(act="case.view", kind="case", ref__in=[first.pk, second.pk], by="岑伯安").count() == 2
    )
    assert "逐件看过、一并签署（2件）" in head.get(reverse("desk")).content.decode()
    assert "逐件看过" not in clerk.get(reverse("desk")).content.decode()


def test_one_opinion_for_several_another_for_one_and_the_rest_is_left(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    a, b, c, d = (joint(place, clerk, name) for name in ("许南舟", "邵文彬", "甘棠", "韩叙"))
    answers = [
        answer(a, "agree"),
        answer(b, "agree", "同意，注意方式"),
        answer(c, "back", "依据没有写清楚"),
        answer(d, "later"),
    ]
    done = send(head, *answers, **{"all-opinion": "同意，抓紧办"})
    assert done.status_code == 200
    page = done.content.decode()
    assert "办成3件" in page
    assert "没有办成" not in page
    assert (opinions(a), opinions(b)) == ({"head": "同意，抓紧办"}, {"head": "同意，注意方式"})
    assert kinds(c) == ["opened", "record", "return"]
    assert kinds(d) == ["opened", "record"]
    assert head.get(LIST).context["total"] == 1


def test_agreeing_without_a_word_is_agreement(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    case = joint(place, clerk, "许南舟")
    send(head, answer(case, "agree"))
    assert opinions(case) == {"head": "同意"}


def test_a_text_changed_meanwhile_is_not_signed_unseen_and_the_others_are(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    a, b = joint(place, clerk, "许南舟"), joint(place, clerk, "邵文彬")
    page = head.get(LIST)
    given = {"on": "2026-9-29", "advice": "暂缓使用", "reason": "写错了", "target": "2"}
    assert clerk.post(reverse("case-act", args=[a.pk, "correct"]), given).status_code == 302
    done = send(head, answer(a, "agree"), answer(b, "agree"), page=page)
    assert "sign" not in kinds(a)
    assert kinds(b)[-1] == "sign"
    (refused,) = done.context["refused"]
    assert (refused.who, refused.title) == ("许南舟", "研究提出意见")
    assert "改动过" in refused.refusal
    again = head.get(LIST)
    assert "暂缓使用" in again.content.decode()
    assert send(head, answer(a, "agree"), page=again).context["refused"] == []


def test_what_another_has_answered_is_listed_and_not_done_twice(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    case, other = joint(place, clerk, "许南舟"), joint(place, clerk, "邵文彬")
    page = head.get(LIST)
    deputy = signed_in(holder(Role.LEADER, place.commission, "deputy", "方知行"))
    send(deputy, answer(case, "agree"))
    done = send(head, answer(case, "agree"), answer(other, "agree"), page=page)
    assert [each.who for each in done.context["refused"]] == ["许南舟"]
    assert [each.who for each in done.context["done"]] == ["邵文彬"]
    assert kinds(case).count("sign") == 1


def test_the_same_page_sent_twice_is_one_act(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    case = joint(place, clerk, "许南舟")
    page = head.get(LIST)
    for _ in range(2):
        send(head, answer(case, "agree"), page=page)
    assert kinds(case) == ["opened", "record", "sign"]


@pytest.mark.parametrize(
    ("verdict", "opinion", "more", "said"),
    [
        ("", "同意", {}, "还没有选"),
        ("later", "", {}, "还没有选"),
        ("back", "", {}, "退回要写明理由"),
        ("perhaps", "", {}, "不在可选项里"),
        ("agree", "长" * 1001, {}, "1000"),
        ("agree", "", {"all-on": "2026-9-30"}, "签署日期"),
        ("agree", "", {"all-on": ""}, "签署日期"),
    ],
)
def test_bad_input_is_explained_at_its_place_and_nothing_at_all_is_done(
    place: City,
    clerk: Client,
    head: Client,
    packs_of_the_tests: None,
    verdict: str,
    opinion: str,
    more: dict[str, str],
    said: str,
) -> None:
    case, other = joint(place, clerk, "许南舟"), joint(place, clerk, "邵文彬")
    answers = [answer(case, verdict, opinion), *([answer(other, "agree")] if verdict not in ("", "later") else [])]
    refused = send(head, *answers, **more)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not Entry.objects.filter(kind__in=("sign", "return")).exists()
    assert opinion in refused.content.decode(), "nothing typed is lost"


@pytest.mark.parametrize(
    "shown",
    [
        "", "{}", "[1]", '["1", "a", "", "", 2]', "[1, 2, 3, 4, 5]", "[" * 300, '[99999999999999999999, "advise", "", "head", 2]',
        '[999, "advise", "", "head", 2]', '[-1, "advise", "", "head", 2]', "\0",
    ],
)  # fmt: skip
def test_nonsense_in_the_form_is_no_failure(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None, shown: str
) -> None:
    case = joint(place, clerk, "许南舟")
    sent = {"shown": [shown], "token": "t" * 20, "all-on": "2026-9-29", **answer(case, "agree")}
    assert head.post(LIST, sent).status_code in (200, 422)
    assert kinds(case) == ["opened", "record"]


def test_one_signs_only_for_roles_one_holds_whatever_the_form_says(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None
) -> None:
    case = joint(place, clerk, "许南舟")
    page = head.get(LIST)
    stranger = signed_in(holder(Role.LEADER, place.other_commission, "stranger", "外人"))
    for client in (clerk, stranger):
        assert client.get(LIST).context["waiting"] == []
        sent = {
            "shown": [each.shown for each in page.context["waiting"]],
            "token": "x" * 20,
            "all-on": "2026-9-29",
            **answer(case, "agree"),
        }
        done = client.post(LIST, sent)
        assert done.status_code == 200
        assert [each.refusal for each in done.context["refused"]] == ["已经有人办过，或者不再等您签署。"]
    assert "许南舟" not in done.content.decode(), "what one may not see is not named"
    assert kinds(case) == ["opened", "record"]


@pytest.mark.parametrize("role", [Role.UPPER_VIEWER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_the_page_is_not_there_for_those_who_sign_nothing(place: City, role: Role) -> None:
    client = signed_in(holder(role, place.commission))
    assert client.get(LIST).status_code == 404
    assert client.post(LIST, {}).status_code == 404


def approvals(place: City, clerk: Client, name: str) -> Case:
    """A text that waits for the leader's approval."""
    case = open_case(decide(person(place.unit, name), place.commission, "党内严重警告"), "announcement")
    sent = {
        "on": "2026-9-28",
        "ground": "个人隐私",
        "explanation": f"涉及{name}病情",
        "seen": "1",
        "token": f"text-{case.pk}",
    }
    assert clerk.post(reverse("case-record", args=[case.pk, "exemption"]), sent).status_code == 302
    return case


def test_approvals_stand_beside_signatures_with_the_text_they_are_about(
    place: City, clerk: Client, head: Client
) -> None:
    a, b = approvals(place, clerk, "许南舟"), approvals(place, clerk, "邵文彬")
    page = head.get(LIST)
    assert "涉及许南舟病情" in page.content.decode()
    step = {"part": "", "step": "approve_exemption"}
    done = send(head, answer(a, "agree", **step), answer(b, "back", "理由不充分", **step), page=page)
    assert [each.refusal for each in (*done.context["done"], *done.context["refused"])] == ["", ""]
    view = cases.view(a, TODAY)
    assert view.standing["approve_exemption"][""].values["opinion"] == "同意"
    assert kinds(b)[-1] == "return"
    assert OpenStep.objects.filter(case=b, step="exemption").exists()


def test_a_text_corrected_meanwhile_is_not_approved_unseen_here_nor_on_its_own_page(
    place: City, clerk: Client, head: Client
) -> None:
    case = approvals(place, clerk, "许南舟")
    page, own = head.get(LIST), head.get(reverse("case", args=[case.pk]), {"step": "approve_exemption"})
    given = {"on": "2026-9-28", "ground": "个人隐私", "explanation": "另有原因", "reason": "写错了", "target": "2"}
    assert clerk.post(reverse("case-act", args=[case.pk, "correct"]), given).status_code == 302
    done = send(head, answer(case, "agree", part="", step="approve_exemption"), page=page)
    assert "改动过" in done.context["refused"][0].refusal
    sent = {"on": "2026-9-29", "opinion": "同意", "seen": str(own.context["seen"]), "token": "own", "key": ""}
    refused = head.post(reverse("case-record", args=[case.pk, "approve_exemption"]), sent)
    assert refused.status_code == 422
    assert "改动过" in refused.content.decode()
    sent["seen"] = str(refused.context["seen"])
    assert head.post(reverse("case-record", args=[case.pk, "approve_exemption"]), sent).status_code == 302


def test_the_page_makes_as_many_queries_for_many_as_for_one(
    place: City, clerk: Client, head: Client, packs_of_the_tests: None, django_assert_max_num_queries: Any
) -> None:
    joint(place, clerk, "许南舟")
    head.get(LIST)
    with django_assert_max_num_queries(40) as few:
        head.get(LIST)
    for name in ("邵文彬", "甘棠", "韩叙"):
        joint(place, clerk, name)
    with django_assert_max_num_queries(40) as many:
        head.get(LIST)
    assert len(many) == len(few)
