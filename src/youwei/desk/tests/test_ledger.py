"""The ledger: filters in the address, the Excel of exactly what is filtered, and one decision."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from youwei.decisions.models import Decision
from youwei.desk.tests.factories import City, decide, holder, open_case, organ, person, signed_in
from youwei.organs.models import ReadTrace, Role

SECRET = "青纪密〔2026〕1号"


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def filled(place: City) -> None:
    """Five decisions and a stub of 青溪区, one of 临湖县."""
    rows = (
        ("何予安", "党内警告", date(2026, 8, 1), 2, "青纪发〔2026〕1号"),
        ("邵文彬", "政务记过", date(2025, 10, 10), 2, "青监处〔2025〕2号"),
        ("梁秋实", "撤销党内职务", date(2026, 1, 5), 3, "青纪发〔2026〕3号"),
        ("苏映雪", "诫勉", date(2020, 5, 1), 1, "青纪发〔2020〕4号"),
        ("程雨桐", "党内严重警告", None, 2, "青纪发〔2026〕5号"),
    )
    for name, label, made_on, form, number in rows:
        decide(person(place.unit, name), place.commission, label, made_on=made_on, form=form, number=number)
    decide(None, place.commission, "党内警告", number=SECRET)
    decide(person(place.other_unit, "沈知微"), place.other_commission, "党内警告", number="临纪发〔2026〕9号")


def names(html: str) -> set[str]:
    known = ("何予安", "邵文彬", "梁秋实", "苏映雪", "程雨桐", "沈知微", SECRET)
    return {name for name in known if name in html.rsplit("<tbody>", maxsplit=1)[-1]} if "<tbody>" in html else set()


def listed(client: Client, **query: str) -> set[str]:
    answer = client.get(reverse("ledger"), query)
    assert answer.status_code == 200
    return names(answer.content.decode())


@pytest.mark.req("A1")
@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"何予安", "邵文彬", "梁秋实", "苏映雪", "程雨桐", SECRET}),
        ({"kind": "party.warning"}, {"何予安", SECRET}),
        ({"kind": "family:party"}, {"何予安", "梁秋实", "程雨桐", SECRET}),
        ({"kind": "family:administrative"}, {"邵文彬"}),
        ({"from": "2026年1月1日"}, {"何予安", "梁秋实", SECRET}),
        ({"from": "2025-10-10", "to": "20260105"}, {"邵文彬", "梁秋实"}),
        ({"form": "1"}, {"苏映雪"}),
        ({"form": "4"}, set()),
        ({"state": "running"}, {"何予安", "邵文彬", "梁秋实"}),
        ({"state": "ending"}, {"邵文彬"}),  # 2025-10-10 + 12 months: last day 2026-10-09, ten days on
        ({"state": "unsettled"}, {"程雨桐"}),
        ({"state": "stub"}, {SECRET}),
        ({"q": "何予"}, {"何予安"}),
        ({"q": "heya"}, set()),
        ({"q": "heyuan"}, {"何予安"}),
        ({"q": "青监处[2025]2"}, {"邵文彬"}),
        ({"q": "临纪发"}, set()),
        ({"kind": "family:party", "form": "2", "state": "running"}, {"何予安"}),
    ],
)
def test_each_filter_of_the_address_narrows_the_ledger(officer: Client, query: dict[str, str], found: set[str]) -> None:
    assert listed(officer, **query) == found


@pytest.mark.usefixtures("filled")
def test_a_region_narrows_to_what_is_counted_there(place: City) -> None:
    above = signed_in(holder(Role.LEADER, place.city_commission))
    assert "沈知微" in listed(above)
    assert listed(above, organ=str(place.other_district.pk)) == {"沈知微"}
    below = organ("白石镇", "region", place.other_district)
    assert listed(above, organ=str(below.pk)) == set()
    assert listed(above, organ="999999") == set()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("-made", "何予安"),
        ("made", "苏映雪"),
        ("-ends", "梁秋实"),
        ("number", "青监处"),
        ("evil", "何予安"),
        ("name", ""),
    ],
)
def test_the_ledger_is_ordered_as_asked_and_unknown_dates_stand_last(officer: Client, sort: str, first: str) -> None:
    rows = (
        officer.get(reverse("ledger"), {"sort": sort, "form": "", "kind": ""})
        .content.decode()
        .split("<tbody>")[1]
        .split("</tr>")
    )
    assert first in rows[0]
    if sort in ("-made", "made"):
        assert "程雨桐" in rows[5]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("sort", "asked"), [("made", 0), ("name", 0), ("ends", 1), ("-ends", 1)])
def test_only_a_list_sorted_by_the_end_of_the_period_asks_every_row_for_it(
    officer: Client, sort: str, asked: int
) -> None:
    with CaptureQueriesContext(connection) as queries:
        officer.get(reverse("ledger"), {"sort": sort})
    about = [query["sql"] for query in queries if 'FROM "decisions_decision"' in query["sql"]]
    once = 1  # whether a matter still counts is asked of rows the reader does not work on
    assert sum(sql.count("last_day") > once for sql in about) == asked
    counts = [sql for sql in about if "COUNT(" in sql]
    assert counts
    assert not any("ORDER BY" in sql for sql in counts), "what is only counted need not be sorted"


@pytest.mark.usefixtures("filled")
def test_the_names_and_numbers_of_the_list_lead_to_their_pages(officer: Client) -> None:
    html = officer.get(reverse("ledger")).content.decode()
    decision = Decision.objects.select_related("person").get(number="青纪发〔2026〕1号")
    assert f'href="{reverse("decision", args=[decision.pk])}">青纪发〔2026〕1号</a>' in html
    assert f'href="{reverse("person", args=[decision.person_id])}">何予安</a>' in html


@pytest.mark.req("A4")
@pytest.mark.usefixtures("filled")
def test_a_stub_shows_neither_person_nor_unit_anywhere(officer: Client, place: City) -> None:
    html = officer.get(reverse("ledger"), {"state": "stub"}).content.decode().split("<tbody>")[1]
    assert "（存根）" in html
    assert place.unit.name not in html
    link = html.split(f'href="{reverse("ledger")}')[1].split('"')[0]
    page = officer.get(reverse("ledger") + link).content.decode()
    assert "这是存根" in page
    for words in ("<dt>人员</dt>", "<dt>当时</dt>", "<dt>事实</dt>", "<dt>问题</dt>"):
        assert words not in page


def sheet(answer_content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer_content)).get_sheet_by_index(0).to_python()


@pytest.mark.req("J9")
@pytest.mark.usefixtures("filled")
def test_the_excel_holds_exactly_the_filtered_rows_and_is_traced(officer: Client) -> None:
    answer = officer.get(reverse("ledger-export"), {"kind": "family:party", "from": "2026-1-1"})
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    rows = sheet(answer.content)
    assert rows[2][0] == "姓名"
    assert [row[0] for row in rows[3:]] == ["何予安", "（存根）", "梁秋实"]
    assert "全部党纪处分，2026年1月1日起；共3条" in str(rows[1][0])
    secret = rows[4]
    assert secret[1:5] == ["", "", "", ""]
    assert (rows[3][5], rows[3][8], rows[3][12]) == ("党内警告", date(2026, 8, 1), date(2027, 7, 31))
    trace = ReadTrace.objects.get(act="decision.export")
    assert trace.detail == "导出台账3条：全部党纪处分，2026年1月1日起"


def test_a_name_that_looks_like_a_formula_stays_text(officer: Client, place: City) -> None:
    decide(person(place.unit, "=1+1"), place.commission, "党内警告", number="@SUM(A1)")
    rows = sheet(officer.get(reverse("ledger-export")).content)
    assert (rows[3][0], rows[3][6]) == ("=1+1", "@SUM(A1)")


@pytest.mark.req("A1", "A2")
def test_a_decision_page_tells_person_facts_periods_with_reasons_and_cases(officer: Client, place: City) -> None:
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内严重警告", facts="履行监管职责不力", problem="工作纪律")
    case = open_case(decision)
    html = officer.get(reverse("decision", args=[decision.pk])).content.decode()
    for words in (
        "许南舟",
        "建设管理科科长",
        "履行监管职责不力",
        "工作纪律",
        "第二种形态",
        "2026年3月12日—2027年9月11日",
        "对应日",
        case.title,
    ):
        assert words in html
    assert ReadTrace.objects.filter(act="decision.view", kind="decision", ref=decision.pk).count() == 1


@pytest.mark.req("I5")
def test_a_decision_of_another_district_is_not_found(officer: Client, place: City) -> None:
    decision = decide(person(place.other_unit), place.other_commission, "党内警告")
    assert officer.get(reverse("decision", args=[decision.pk])).status_code == 404
    assert officer.get(f"/ledger/{10**20}/").status_code == 404


@pytest.mark.req("I5", "J3")
def test_a_name_leads_to_the_dossier_only_where_it_may_be_opened(officer: Client, place: City) -> None:
    gone = person(place.other_unit, "何予安")
    decide(gone, place.commission, "党内警告")
    assert "何予安" in listed(officer)
    html = officer.get(reverse("ledger")).content.decode()
    assert reverse("person", args=[gone.pk]) not in html


def test_the_ledger_asks_the_same_number_of_questions_for_5_and_for_50_rows(officer: Client, place: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            listed(officer)
        return len(caught)

    for number in range(5):
        decide(person(place.unit, f"甲{number}"), place.commission, "党内警告", "政务记过")
    few = asked()
    for number in range(45):
        decide(person(place.unit, f"乙{number}"), place.commission, "党内严重警告", "政务警告")
    assert asked() == few


EVIL = (
    "q=%00", "q=" + "x" * 4000, "kind=evil", "kind=family:evil", "kind=%00", "from=abc", "to=2026-2-30", "from=2026-5-1&to=2026-1-1", "form=9",
    "form=abc", "organ=abc", "organ=-1", "organ=99999999999999999999", "state=evil", "sort=evil", "sort=-", "page=abc", "page=0", "page=-3",
    "page=9999999", "from=%00", "q=%ED%A0%80",
)  # fmt: skip


@pytest.mark.parametrize("query", EVIL)
@pytest.mark.parametrize("page", ["ledger", "ledger-export"])
def test_nothing_typed_into_the_address_breaks_the_ledger(officer: Client, place: City, page: str, query: str) -> None:
    decide(person(place.unit), place.commission, "党内警告")
    assert officer.get(f"{reverse(page)}?{query}").status_code == 200


def test_dates_that_cannot_be_read_are_said_in_words(officer: Client) -> None:
    html = officer.get(reverse("ledger"), {"from": "abc", "to": "2026-2-30"}).content.decode()
    assert "决定日期起：“abc”认不出是哪一天" in html
    assert "决定日期止：没有这一天：2026年2月只有28天" in html
    assert "起晚于止" in officer.get(reverse("ledger"), {"from": "2026-5-1", "to": "2026-1-1"}).content.decode()
