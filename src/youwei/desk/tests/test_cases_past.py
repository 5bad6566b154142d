"""A case as of a day (截至某日): what was known and due then, nothing to do, and the way back."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.commands import act
from youwei.cases.models import Case
from youwei.desk.tests.factories import CLERK, City, decide, holder, open_case, person, signed_in
from youwei.documents.models import Attachment
from youwei.engine.types import EntryKind
from youwei.journal.sealing import seal
from youwei.organs.models import ReadTrace, Role
from youwei.people.commands import correct_name

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1", "I2")]
GROUP = {"leader": "岑伯安", "people": ["陈思远", "韩叙"], "shelf": "青-2026-019"}
APRIL = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"))


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def formed(case: Case) -> None:
    """The visiting group is formed on 20 April."""
    act(
        case=case,
        kind=EntryKind.RECORD,
        by=CLERK,
        on=date(2026, 4, 20),
        at=APRIL,
        today=date(2026, 4, 20),
        step="group",
        values=GROUP,
    )


def page(client: Client, case: Case, **query: str) -> str:
    answered = client.get(reverse("case", args=[case.pk]), query)
    assert answered.status_code == 200
    return answered.content.decode()


def test_the_case_is_shown_as_it_stood_and_what_came_later_is_not(case: Case, clerk: Client) -> None:
    formed(case)
    before, after = page(clerk, case, on="2026-4-19"), page(clerk, case, on="2026年4月20日")
    assert "这是截至2026年4月19日24时的事项" in before
    assert "青-2026-019" not in before
    assert "1条，新的在前" in before
    assert "青-2026-019" in after
    assert "2条，新的在前" in after


def test_nothing_can_be_done_on_a_past_day_and_links_stay_in_it(case: Case, clerk: Client) -> None:
    formed(case)
    html = page(clerk, case, on="2026-04-20", step="group")
    assert reverse("case-record", args=[case.pk, "group"]) not in html
    assert "data-draft" not in html
    assert "加备注" not in html
    assert reverse("case-act", args=[case.pk, "correct"]) not in html
    assert "step=mentor&amp;on=2026-04-20#step" in html
    assert f"{reverse('person', args=[case.person_id])}?on=2026-04-20" in html
    assert f'href="{reverse("case", args=[case.pk])}">回到今天' in html


def test_an_end_later_than_the_day_is_not_known_on_it_and_nothing_is_saved(case: Case, clerk: Client) -> None:
    act(
        case=case, kind=EntryKind.TERMINATED, by=CLERK, on=date(2026, 5, 6), at=datetime(2026, 5, 6, 2, 0, tzinfo=UTC),
        today=date(2026, 5, 6), reason="本人去世",
    )  # fmt: skip
    assert "本人去世" not in page(clerk, case, on="2026-5-5")
    assert "本人去世" in page(clerk, case, on="2026-5-6")
    case.refresh_from_db()
    assert case.state == Case.State.TERMINATED


def test_the_due_day_is_told_from_that_day(case: Case, clerk: Client) -> None:
    on_time, today = page(clerk, case, on="2026-3-21"), page(clerk, case)
    assert "逾期" not in on_time
    assert "逾期" in today


def test_the_name_and_the_files_of_that_day(case: Case, clerk: Client, place: City) -> None:
    assert case.person is not None
    sealed = seal(b"%PDF-1.4", place="attachment")
    Attachment.objects.create(
        case=case,
        step="group",
        entry_seq=2,
        filename="材料.pdf",
        media_type="application/pdf",
        size=8,
        digest="0" * 64,
        sealed=sealed,
        by="陈思远",
        uploaded_at=APRIL,
    )
    correct_name(
        person=case.person,
        name="许南洲",
        reason="录入笔误",
        by=CLERK,
        on=date(2026, 5, 1),
        at=datetime(2026, 5, 1, 2, 0, tzinfo=UTC),
    )
    then, now = page(clerk, case, on="2026-4-1"), page(clerk, case)
    assert "许南舟" in then
    assert "许南洲" not in then
    assert "材料.pdf" not in then
    assert "许南洲" in now
    assert "材料.pdf" in now
    assert "材料.pdf" in page(clerk, case, on="2026-4-20")


def test_before_it_was_entered_a_day_to_come_and_a_day_that_is_none(case: Case, clerk: Client) -> None:
    assert "系统里还没有这个事项" in page(clerk, case, on="2026-3-19")
    assert "不能晚于今天" in page(clerk, case, on="2030-1-1")
    assert "截至：" in page(clerk, case, on="昨日前")
    assert "这是截至" not in page(clerk, case, on="2026-9-29")


def test_the_dossier_of_a_day_leads_to_the_case_of_that_day_and_the_look_is_traced(case: Case, clerk: Client) -> None:
    html = clerk.get(reverse("person", args=[case.person_id]), {"on": "2026-4-20"}).content.decode()
    assert f"{reverse('case', args=[case.pk])}?on=2026-04-20" in html
    assert f'"{reverse("case", args=[case.pk])}"' not in html
    page(clerk, case, on="2026-4-20")
    assert ReadTrace.objects.filter(act="case.view").latest("pk").detail == "截至2026年4月20日"


def test_the_wrong_office_learns_nothing(case: Case, place: City) -> None:
    stranger = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert stranger.get(reverse("case", args=[case.pk]), {"on": "2026-4-20"}).status_code == 404


def test_the_page_of_a_past_day_asks_a_fixed_number_of_questions(case: Case, clerk: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            page(clerk, case, on="2026-4-20")
        return len(questions)

    few = asked()
    formed(case)
    assert asked() == few
