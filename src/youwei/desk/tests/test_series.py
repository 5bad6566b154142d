"""Pages of linked series: only what one may see of each, and how many there are beside; what many have open is recorded together."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.decisions.models import Decision, Series
from youwei.desk.tests.factories import City, decide, holder, open_case, person, signed_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A7")]


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def numbered(row: Decision, number: str) -> Decision:
    Decision.objects.filter(pk=row.pk).update(number=number)
    row.refresh_from_db()
    return row


@pytest.fixture
def two(place: City) -> list[Decision]:
    """Two people sanctioned under one number, each with a statutory announcement open."""
    rows = [decide(person(place.unit, name), place.commission, "党内警告") for name in ("许南舟", "卓闻溪")]
    for row in rows:
        numbered(row, "青纪〔2026〕5号")
        open_case(row, "statutory-announcement")
    return rows


def made(client: Client, place: City, numbers: str = "青纪〔2026〕5号") -> Series:
    data = {"title": "河道整治系列案", "organ": str(place.commission.pk), "numbers": numbers, "token": "t"}
    answer = client.post(reverse("series-new"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Series.objects.get()


def test_a_series_is_made_by_numbers_and_shows_people_cases_and_what_can_be_done_together(
    clerk: Client, place: City, two: list[Decision]
) -> None:
    row = made(clerk, place)
    page = clerk.get(reverse("series", args=[row.pk]))
    assert [each.decision.person.name for each in page.context["members"]] == ["许南舟", "卓闻溪"]
    (together,) = page.context["together"]
    assert (together.pile.step.id, together.pile.count) == ("announce", 2)
    first, second = sorted(together.cases)
    assert f"/announce/?case={first}&amp;case={second}" in page.content.decode()
    assert clerk.get(reverse("series-list")).context["page"].rows[0].people == 2
    assert "河道整治系列案" in clerk.get(reverse("decision", args=[two[0].pk])).content.decode()


def test_a_number_nobody_knows_and_a_stub_are_named(clerk: Client, place: City) -> None:
    numbered(decide(None, place.commission, "党内警告"), "青纪〔2026〕9号")
    data = {"title": "系列", "organ": str(place.commission.pk), "numbers": "青纪〔2026〕7号\n青纪〔2026〕9号"}
    answer = clerk.post(reverse("series-new"), data)
    assert (answer.status_code, "没有找到这些文号" in str(answer.context["form"].errors["numbers"])) == (422, True)
    assert "青纪〔2026〕9号" not in str(answer.context["form"].errors["numbers"])
    answer = clerk.post(reverse("series-new"), {**data, "numbers": "青纪〔2026〕9号"})
    assert "涉密存根不能列入系列案" in str(answer.context["form"].errors["numbers"])
    assert not Series.objects.exists()


def test_members_are_taken_in_and_out_with_a_reason(clerk: Client, place: City, two: list[Decision]) -> None:
    row, third = (
        made(clerk, place),
        numbered(decide(person(place.unit, "祝青梧"), place.commission, "党内警告"), "青纪〔2026〕6号"),
    )
    address = reverse("series-members", args=[row.pk])
    data = {"numbers": "青纪〔2026〕6号", "leave": [str(two[1].pk)], "reason": "", "token": "u"}
    answer = clerk.post(address, data)
    assert (answer.status_code, "移出的理由" in str(answer.context["form"].errors["reason"])) == (422, True)
    assert clerk.post(address, {**data, "reason": "与本案无关"}).status_code == 302
    page = clerk.get(reverse("series", args=[row.pk]))
    assert {each.decision.pk for each in page.context["members"]} == {two[0].pk, third.pk}
    assert "列入1份，移出1份" in page.content.decode()


def test_what_one_may_not_see_is_only_counted(clerk: Client, place: City, two: list[Decision]) -> None:
    """The city takes its own decision on a cadre it manages into the series of the district."""
    row = made(clerk, place)
    cadre = person(place.unit, "祝青梧", managed_by="市管干部")
    own = numbered(decide(cadre, place.city_commission, "党内警告"), "云纪〔2026〕1号")
    upper = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "upper", "高云山"))
    data = {"numbers": "云纪〔2026〕1号", "reason": "", "token": "v"}
    assert clerk.post(reverse("series-members", args=[row.pk]), data).status_code == 422, "unknown to the district"
    assert upper.post(reverse("series-members", args=[row.pk]), data).status_code == 302
    assert own.pk in {each.decision.pk for each in upper.get(reverse("series", args=[row.pk])).context["members"]}
    page = clerk.get(reverse("series", args=[row.pk]))
    assert {each.decision.pk for each in page.context["members"]} == {each.pk for each in two}
    assert page.context["hidden"] == 1
    assert "另有1份不在您的工作范围内" in page.content.decode()
    assert "祝青梧" not in page.content.decode()


def test_only_case_officers_make_series_and_others_elsewhere_find_none(
    place: City, two: list[Decision], clerk: Client
) -> None:
    row = made(clerk, place)
    leader = signed_in(holder(Role.LEADER, place.commission, "leader", "冯立新"))
    assert leader.get(reverse("series", args=[row.pk])).status_code == 200
    assert leader.get(reverse("series-new")).status_code == 404
    assert leader.get(reverse("series-members", args=[row.pk])).status_code == 404
    elsewhere = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "else", "单望舒"))
    assert elsewhere.get(reverse("series", args=[row.pk])).status_code == 404


def test_a_series_begins_with_a_decision_or_an_import(clerk: Client, place: City, two: list[Decision]) -> None:
    Decision.objects.update(import_id=77)
    assert clerk.get(reverse("series-new"), {"import": "77"}).context["ready"] == 2
    address = f"{reverse('series-new')}?decision={two[0].pk}"
    assert clerk.get(address).context["ready"] == 1
    answer = clerk.post(address, {"title": "系列", "organ": str(place.commission.pk), "numbers": ""})
    assert answer.status_code == 302
    assert [each.decision_id for each in Series.objects.get().members.all()] == [two[0].pk]


def test_a_page_takes_no_more_queries_for_many(clerk: Client, place: City, two: list[Decision]) -> None:
    row = made(clerk, place)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            clerk.get(reverse("series", args=[row.pk]))
        return len(seen)

    before = queries()
    for number in range(6):
        more = numbered(
            decide(person(place.unit, f"祝青{number}"), place.commission, "党内警告", made_on=date(2026, 3, 1)),
            "青纪〔2026〕8号",
        )
        open_case(more, "statutory-announcement")
    clerk.post(reverse("series-members", args=[row.pk]), {"numbers": "青纪〔2026〕8号", "reason": "", "token": "w"})
    assert len(clerk.get(reverse("series", args=[row.pk])).context["members"]) == 8
    assert queries() == before
