"""The list of people and the search."""

from datetime import date
from urllib.parse import quote, urlencode

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.desk.tests.factories import EARLIER, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.documents.models import Paper
from youwei.journal.actors import SHELL
from youwei.journal.sealing import seal
from youwei.organs.models import ReadTrace, Role
from youwei.people.commands import build, correct_name, register_many

IDENTITY = "990101199108010015"


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def shown(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("J7")
@pytest.mark.parametrize(
    "text", ["南舟", "许", "xunan", "xnz", "XNZ", "许 南舟", "徐南舟", "2026〕19", "青纪发[2026]19号"]
)
def test_a_person_is_found_by_fragment_pinyin_initials_former_name_and_document_number(
    officer: Client, place: City, text: str
) -> None:
    someone = person(place.unit, "徐南舟")
    correct_name(person=someone, name="许南舟", reason="录入笔误", by=SHELL, on=TODAY, at=EARLIER)
    person(place.unit, "何予安")
    decide(someone, place.commission, "党内严重警告")
    for page in ("people", "search"):
        html = shown(officer, reverse(page), q=text)
        assert "许南舟" in html
        assert "何予安" not in html


@pytest.mark.req("J7")
def test_an_identity_number_leads_to_the_dossier_leaves_a_trace_and_is_not_repeated(
    officer: Client, place: City
) -> None:
    someone = register_many(
        [build(organ=place.unit, name="许南舟", identity=IDENTITY)], by=SHELL, on=TODAY, at=EARLIER
    )[0]
    for typed in (IDENTITY, "990101 19910801 0015", "９９０１０１１９９１０８０１００１５"):
        answer = officer.post(reverse("find"), {"q": typed, "list": "people"})
        assert answer.status_code == 302
        assert answer["Location"] == reverse("person", args=[someone.pk])
    hits = officer.post(reverse("search"), {"q": IDENTITY}, headers={"HX-Request": "true"}).content.decode()
    assert "许南舟" in hits
    assert IDENTITY not in hits
    nobody = officer.post(reverse("find"), {"q": "990101199108010099"}).content.decode()
    assert "990101199108010099" not in nobody
    traces = list(ReadTrace.objects.filter(act="search.identity").order_by("pk"))
    assert [trace.ref for trace in traces] == [someone.pk] * 4 + [None]


@pytest.mark.req("I4", "J7")
@pytest.mark.parametrize("typed", [IDENTITY, IDENTITY[:17], IDENTITY[:12], "990101 19910801 0015"])
@pytest.mark.parametrize("known", [True, False])
def test_no_search_writes_an_identity_number_anywhere_in_clear(
    officer: Client, place: City, typed: str, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    identity = IDENTITY if known else "990101197001010011"
    register_many([build(organ=place.unit, name="许南舟", identity=identity)], by=SHELL, on=TODAY, at=EARLIER)
    answers = [officer.post(reverse("search"), {"q": typed}, headers={"HX-Request": "true"})]
    for name in ("search", "people", "ledger", "visits"):
        answers.append(officer.post(reverse("find"), {"q": typed, "list": name}))
        answers.append(officer.get(reverse(name), {"q": typed}))
    told = typed.replace(" ", "")[:12]
    for answer in answers:
        assert told not in answer.content.decode().replace(" ", "")
        assert told not in str(answer.headers).replace("%20", "")
    assert told not in stored().replace(" ", "")
    written = [each.getMessage() for each in caplog.records if not each.name.startswith("django.db")]
    assert told not in "".join(written)


def stored() -> str:
    """Every row of every table, and what the sessions hold."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join([*rows, *(str(session.get_decoded()) for session in Session.objects.all())])


@pytest.mark.req("J7")
def test_a_case_is_found_by_its_person_title_organ_and_numbers_and_a_paper_by_the_number_of_its_decision(
    officer: Client, place: City
) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    other = person(place.other_unit, "沈知微")
    decided = decide(other, place.other_commission, "党内警告", number="临纪发〔2026〕19号")
    hidden = open_case(decided)
    for each, title in ((case, "回访谈话记录"), (hidden, "别处的记录")):
        Paper.objects.create(
            case=each,
            entry_seq=2,
            kind="minutes",
            title=title,
            sealed=seal(b"x", place="paper"),
            digest="",
            issued_at=EARLIER,
            by="陈思远",
        )
    link, paper = reverse("case", args=[case.pk]), reverse("paper", args=[Paper.objects.get(case=case).pk])
    for text in ("许南舟", "xnz", "回访教育", "住房和城乡", "青纪发〔2026〕19号", "2026 19", str(case.pk)):
        for html in (
            shown(officer, reverse("search"), q=text),
            officer.post(reverse("search"), {"q": text}).content.decode(),
        ):
            assert f'"{link}"' in html, text
            assert f'"{reverse("case", args=[hidden.pk])}"' not in html, text
    html = shown(officer, reverse("search"), q="2026 19")
    assert f'"{paper}"' in html
    assert "别处的记录" not in html
    assert f'"{link}"' not in shown(officer, reverse("search"), q="水务")


def test_a_search_asks_the_same_number_of_questions_for_5_and_for_50_people(officer: Client, place: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(officer, reverse("search"), q="2026 19")
        return len(caught)

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            open_case(decide(person(place.unit, f"许南舟{number}"), place.commission, "党内严重警告"))

    add(0, 5)
    few = asked()
    add(5, 50)
    assert asked() == few


def test_a_list_is_searched_through_its_form_and_keeps_its_other_filters(officer: Client) -> None:
    answer = officer.post(reverse("find"), {"q": "许 南舟", "list": "ledger", "kind": "party.warning", "form": ""})
    assert answer["Location"] == f"{reverse('ledger')}?{urlencode({'q': '许 南舟', 'kind': 'party.warning'})}"
    assert officer.post(reverse("find"), {"q": "许", "list": "//evil"})["Location"].startswith(reverse("search"))
    assert officer.get(reverse("find")).status_code == 405


def test_who_serves_a_case_searches_the_list_of_cases_and_nobody_by_number(place: City) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit))
    register_many([build(organ=place.unit, name="许南舟", identity=IDENTITY)], by=SHELL, on=TODAY, at=EARLIER)
    assert unit.post(reverse("find"), {"q": "许", "list": "visits"})["Location"].startswith(reverse("visits"))
    answer = unit.post(reverse("find"), {"q": IDENTITY, "list": "visits"})
    assert answer["Location"] == f"{reverse('visits')}?"
    assert unit.post(reverse("search"), {"q": "许南舟"}).status_code == 404
    assert (
        signed_in(holder(Role.SYSTEM_ADMIN, place.city, "system")).post(reverse("find"), {"q": "许"}).status_code == 404
    )


@pytest.mark.req("I5")
def test_people_of_another_district_are_neither_listed_nor_found(officer: Client, place: City) -> None:
    stranger = person(place.other_unit, "沈知微")
    decide(stranger, place.other_commission, "党内警告", number="临纪发〔2026〕3号")
    for page in ("people", "search"):
        for text in ("沈知微", "szw", "临纪发〔2026〕3号"):
            assert reverse("person", args=[stranger.pk]) not in shown(officer, reverse(page), q=text)
    assert officer.get(reverse("person", args=[stranger.pk])).status_code == 404
    above = signed_in(holder(Role.LEADER, place.city_commission))
    assert "沈知微" in shown(above, reverse("people"), q="沈知微")


@pytest.mark.req("A4")
def test_a_stub_is_found_by_its_number_without_a_person(officer: Client, place: City) -> None:
    decide(None, place.commission, "党内警告", number="青纪密〔2026〕1号")
    html = shown(officer, reverse("search"), q="青纪密〔2026〕1号")
    assert "青纪密〔2026〕1号" in html
    assert "存根" in html


@pytest.mark.req("K1")
def test_the_list_begins_with_those_within_a_period_and_leaves_ended_matters_out(officer: Client, place: City) -> None:
    within, after = person(place.unit, "许南舟"), person(place.unit, "何予安")
    decide(within, place.commission, "党内严重警告")
    decide(after, place.commission, "党内警告", made_on=date(2019, 3, 12), acts_until=date(2018, 11, 1))
    first = shown(officer, reverse("people"))
    assert "许南舟" in first
    assert "何予安" not in first
    everyone = shown(officer, reverse("people"), state="all")
    assert "何予安" in everyone
    assert "党内警告" not in everyone


def test_the_list_asks_the_same_number_of_questions_for_5_and_for_50_people(officer: Client, place: City) -> None:
    def listed() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            shown(officer, reverse("people"))
        return len(caught)

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            someone = person(place.unit, f"许南舟{number}")
            open_case(decide(someone, place.commission, "党内严重警告", "政务记过"))

    add(0, 5)
    few = listed()
    add(5, 50)
    assert listed() == few


def test_the_search_asks_the_same_number_of_questions_whatever_it_finds(officer: Client, place: City) -> None:
    def asked(text: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(officer, reverse("search"), q=text)
        return len(caught)

    none = asked("许南")
    for number in range(12):
        decide(person(place.unit, f"许南舟{number}"), place.commission, "党内警告", number=f"青许南〔2026〕{number}号")
    assert asked("许南") == none


EVIL = (
    "q=%00", "q=" + "a" * 5000, "q=%ED%A0%80", "q=%25%27%22%3C", "q=〔〕", "q=" + quote("许" * 200), "page=abc", "page=-1", "page=0",
    "page=99999999999999999999", "page=%00", "sort=evil", "sort=--name", "sort=name;drop", "state=nope", "state=%00", "q=1", "q=①②③",
    "q=%F0%9F%98%80", "state=unsettled", "state=ending", "sort=ends", "sort=-unit", "q=" + "1" * 17 + "X",
)  # fmt: skip


@pytest.mark.parametrize("query", EVIL)
@pytest.mark.parametrize("page", ["people", "search"])
def test_nothing_typed_into_the_address_breaks_list_or_search(
    officer: Client, place: City, page: str, query: str
) -> None:
    person(place.unit)
    assert officer.get(f"{reverse(page)}?{query}", follow=True).status_code == 200


@pytest.mark.req("I5")
@pytest.mark.parametrize(
    "role", [Role.UNIT, Role.MENTOR, Role.ORGANIZATION, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]
)
def test_roles_that_read_no_dossiers_get_404_everywhere(place: City, role: Role) -> None:
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内警告")
    client = signed_in(holder(role, place.unit if role in (Role.UNIT, Role.MENTOR) else place.commission))
    urls = [
        reverse("people"),
        reverse("search"),
        reverse("person", args=[someone.pk]),
        reverse("person-name", args=[someone.pk]),
    ]
    of_decisions = [reverse("ledger"), reverse("ledger-export"), reverse("decision", args=[decision.pk])]
    for url in urls:
        assert client.get(url).status_code == 404
    for url in of_decisions:  # an organization department is asked whether somebody may be promoted
        assert client.get(url).status_code == (200 if role == Role.ORGANIZATION else 404)
    for name in ("person-identity", "person-shelf", "person-name"):
        assert client.post(reverse(name, args=[someone.pk])).status_code == 404


def test_whoever_has_not_signed_in_is_asked_to(place: City) -> None:
    for name in ("people", "search", "ledger", "holidays"):
        answer = Client().get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("login"))
