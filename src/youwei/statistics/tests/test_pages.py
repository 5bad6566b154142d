"""The pages of figures, the Excel files, and who may open them."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from youwei.organs.models import ReadTrace, Role
from youwei.statistics.tests.builders import City

pytestmark = pytest.mark.django_db
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


@pytest.fixture(autouse=True)
def _a_day() -> object:
    with time_machine.travel(date(2026, 9, 29), tick=False):
        yield


@pytest.fixture
def filled(city: City) -> City:
    person = city.person(city.east_bureau, shelf="乙-7")
    city.decision(person, date(2026, 2, 1), "党内警告", form=2, weight="轻", number="云纪〔2026〕1号")
    city.decision(person, date(2026, 3, 1), "诫勉", form=1)
    city.decision(city.person(city.west_school), date(2025, 3, 1), "诫勉", form=1)
    city.decision(city.person(city.bureau), date(2026, 3, 2), "诫勉", form=1)
    city.stub(city.east, date(2026, 4, 1), "党内警告", form=2)
    return city


def client_of(city: City, role: Role = Role.CASE_OFFICER) -> Client:
    client = Client()
    client.force_login(city.account(role, city.office))
    return client


@pytest.mark.req("I5")
@pytest.mark.parametrize("place", ["", "list/", "export/"])
@pytest.mark.parametrize(
    "role", [Role.UNIT, Role.MENTOR, Role.ORGANIZATION, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]
)
def test_figures_do_not_exist_for_those_without_the_right(filled: City, role: Role, place: str) -> None:
    answer = client_of(filled, role).get(f"/statistics/{place}", {**YEAR, "m": "decisions"})
    assert answer.status_code == 404


@pytest.mark.req("I5")
def test_an_organ_out_of_reach_does_not_exist(filled: City) -> None:
    client = Client()
    client.force_login(filled.account(Role.CASE_OFFICER, filled.east))
    assert client.get("/statistics/", {"organ": filled.city.pk}).status_code == 404
    assert client.get("/statistics/", {"organ": filled.west.pk}).status_code == 404
    assert client.get("/statistics/", {"organ": filled.east.pk}).status_code == 200
    assert client.get("/statistics/").status_code == 200


@pytest.mark.req("I4")
@pytest.mark.parametrize("board", ["", "forms", "visits", "files", "announced", "nonsense"])
def test_every_table_shows_its_lines_and_definitions(filled: City, board: str) -> None:
    page = client_of(filled).get("/statistics/", {**YEAR, "board": board}).content.decode()
    for word in ("青溪区", "望江区", "合计", "口径", "日期不详"):
        assert word in page


@pytest.mark.req("I4")
def test_a_line_opens_into_the_units_below(filled: City) -> None:
    client = client_of(filled)
    closed = client.get("/statistics/", YEAR).content.decode()
    assert "区直机关" not in closed
    opened = client.get("/statistics/", {**YEAR, "open": filled.east.pk}).content.decode()
    assert "区直机关" in opened
    assert "未记单位（涉密存根）" in opened


@pytest.mark.req("I4", "A4")
def test_a_number_opens_the_list_behind_it_and_a_stub_names_nobody(filled: City) -> None:
    client = client_of(filled)
    page = client.get("/statistics/", {**YEAR, "m": "decisions", "row": filled.east.pk}).content.decode()
    cell = page[page.index('id="cell"') :]
    assert "云川市 › 青溪区 › 处分处理决定" in cell
    assert "3件，与上表格子一致" in cell
    assert cell.count(">涉密存根</th>") == 1
    assert "云纪〔2026〕1号" in cell
    without = client.get(
        "/statistics/", {**YEAR, "m": "decisions", "row": filled.east.pk, "stubs": "without"}
    ).content.decode()
    assert "2件，与上表格子一致" in without
    assert ">涉密存根</th>" not in without


@pytest.mark.req("I4")
def test_a_cell_inside_an_opened_line_opens_its_own_list(filled: City) -> None:
    asked = {**YEAR, "open": filled.east.pk, "in": filled.east.pk, "row": "organs", "m": "people"}
    page = client_of(filled).get("/statistics/", asked).content.decode()
    assert "云川市 › 青溪区 › 区直机关 › 受处分处理人员" in page
    assert "1人，与上表格子一致" in page


@pytest.mark.req("I4")
def test_the_list_has_fifty_rows_a_page(city: City) -> None:
    for day in range(1, 61):
        city.decision(city.person(city.bureau), date(2026, 1 + day // 28, 1 + day % 28), "诫勉", form=1)
    client = client_of(city)
    first = client.get("/statistics/list/", {**YEAR, "m": "decisions"})
    second = client.get("/statistics/list/", {**YEAR, "m": "decisions", "page": "2"})
    assert first.content.decode().count('<th scope="row"') == 50
    assert second.content.decode().count('<th scope="row"') == 10
    assert "共60条" in first.content.decode()


@pytest.mark.req("J9", "I5")
def test_a_list_and_an_export_leave_a_trace(filled: City) -> None:
    client = client_of(filled)
    client.get("/statistics/list/", {**YEAR, "m": "decisions"})
    client.get("/statistics/export/", {**YEAR, "m": "decisions"})
    client.get("/statistics/export/", YEAR)
    acts = list(ReadTrace.objects.order_by("pk").values_list("act", "ref"))
    assert acts == [
        ("figures.list", filled.city.pk),
        ("figures.export", filled.city.pk),
        ("figures.export", filled.city.pk),
    ]


@pytest.mark.req("I4")
def test_the_table_in_excel_is_the_table_on_the_page(filled: City) -> None:
    answer = client_of(filled).get("/statistics/export/", {**YEAR, "open": filled.east.pk})
    assert "attachment" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert book[0][0] == "总体情况统计表"
    assert "2026年1月1日至2026年12月31日" in book[1][0]
    heads = book[3]
    assert heads[:4] == ["机关", "处分处理决定（件）", "受处分处理人员（人）", "轻处分（件）"]
    lines = {row[0]: row[1:3] for row in book[4:11]}
    assert lines["青溪区"] == [3, 1]
    assert lines["　区直机关"] == [2, 1]
    assert lines["　未记单位（涉密存根）"] == [1, 0]
    assert lines["望江区"] == [0, 0]
    assert lines["合计"] == [4, 2]


@pytest.mark.req("I4", "J9")
def test_the_list_in_excel_has_the_rows_of_the_number(filled: City) -> None:
    answer = client_of(filled).get("/statistics/export/", {**YEAR, "m": "decisions.form2"})
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert book[3] == ["序号", "姓名", "单位、职务", "处分、处理", "四种形态", "决定文号", "决定日期", "决定机关"]
    assert [row[0] for row in book[4:]] == [1, 2]
    assert book[4][1] == "涉密存根"
    assert book[4][2] == "青溪区"
    assert book[5][2:4] == ["青溪区财政局", "党内警告"]


@pytest.mark.req("I4")
def test_the_charts_draw_the_figures_of_the_table(filled: City) -> None:
    page = client_of(filled).get("/statistics/", YEAR).content.decode()
    found = re.search(r'<script id="chart-organs" type="application/json">(.*?)</script>', page)
    assert found
    options = json.loads(found.group(1))
    drawn = dict(zip(options["yAxis"]["data"], options["series"][0]["data"], strict=True))
    assert drawn == {"望江区": 0, "市直机关": 1, "青溪区": 3}
    assert options["xAxis"]["min"] == 0
    forms = json.loads(re.search(r'<script id="chart-forms" type="application/json">(.*?)</script>', page).group(1))  # type: ignore[union-attr]
    assert [series["data"][-1]["value"] for series in forms["series"]] == [50.0, 50.0, 0, 0]


@pytest.mark.req("I5", "J3")
@pytest.mark.parametrize("place", ["", "list/", "export/"])
def test_a_cell_with_a_case_out_of_reach_says_so_and_shows_no_row(filled: City, place: str) -> None:
    moved = filled.person(filled.bureau)
    made = filled.decision(moved, date(2026, 2, 1), "诫勉", form=1, unit=filled.west_school)
    filled.done(filled.case(made, "jingzhou-visit"), "visit", "visit", date(2026, 5, 1))
    client = Client()
    client.force_login(filled.account(Role.UPPER_VIEWER, filled.west))
    shown = client.get(f"/statistics/{place}", {**YEAR, "m": "visits.times"}).content.decode()
    assert "您的岗位没有这项权限" in shown
    assert moved.name not in shown


@pytest.mark.parametrize(
    "address",
    [
        {"from": "2026-02-30"}, {"from": "明年"}, {"from": "2026-12-31", "to": "2026-01-01"}, {"organ": "abc"}, {"organ": "9" * 30},
        {"m": "nothing"}, {"m": "decisions", "row": "999"}, {"m": "decisions", "in": "999"}, {"open": "zzz"}, {"part": "x"}, {"page": "-1"},
        {"m": "visits.people", "row": "'; --"}, {"from": "1900-01-01", "to": "2199-12-31"}, {"m": "measure.x/y"}, {"m": "a\x00b"},
        {"m": "measure.\x00"}, {"row": "\x00", "m": "decisions"}, {"m": "decisions", "row": "龘" * 400}, {"board": "龘"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["", "list/", "export/"])
def test_no_address_breaks_a_page(filled: City, address: dict[str, str], place: str) -> None:
    assert client_of(filled).get(f"/statistics/{place}", address).status_code in {200, 404}


def test_a_bad_date_is_said_in_words_and_the_year_shown_instead(filled: City) -> None:
    page = client_of(filled).get("/statistics/", {"from": "2026-02-30"}).content.decode()
    assert "期间起：没有这一天：2026年2月只有28天" in page
    assert "2026年1月1日至2026年9月29日" in page


@pytest.mark.req("I7")
def test_a_page_costs_the_same_statements_whatever_is_stored(city: City) -> None:
    client = client_of(city)
    asked = {**YEAR, "board": "visits", "open": str(city.east.pk), "m": "visits.people", "row": str(city.east.pk)}
    counts = []
    for many in (5, 45):
        for _ in range(many):
            made = city.decision(city.person(city.east_bureau), date(2026, 2, 1), "诫勉", form=1)
            city.done(city.case(made, "jingzhou-visit"), "visit", "visit", date(2026, 5, 1))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/statistics/", asked).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 45
