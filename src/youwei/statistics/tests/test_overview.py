"""Every regulation on one page: each line as its own page tells it, a sealed one only where it may be told, nothing for the wrong role."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.organs.models import Organ, Role
from youwei.statistics.overview import Overview, Work, overview
from youwei.statistics.procedures import table
from youwei.statistics.tests.test_as_the_sources_count import FIRST, LAST, outcome_of, people, row

pytestmark = [pytest.mark.django_db, pytest.mark.req("E5"), pytest.mark.req("I4")]
ADDRESS = "/statistics/procedures/"
YEAR = {"from": FIRST.isoformat(), "to": LAST.isoformat()}


@pytest.fixture
def laid_down(cast: Cast) -> Cast:
    """Of clearing: two of one person and one of another, a village, one who did not want it, one in hand, one of the year before; and sealed ones."""
    one, two, three = people(cast, 3)
    village = Organ.objects.create(name="示例村", kind=Organ.Kind.VILLAGE, parent=cast.bureau, path=f"{cast.bureau.path}0001/")  # fmt: skip
    city = Organ.objects.get(name="云川市纪委监委")
    person, organ = (outcome_of("clearing", each) for each in ("澄清党员干部", "澄清党组织（单位）"))
    rows = [
        row("clearing", cast.commission, one, date(2023, 6, 1), person),
        row("clearing", cast.commission, one, LAST, person),
        row("clearing", cast.commission, two, FIRST, person),
        row("clearing", cast.commission, village, FIRST, organ),
        row("clearing", cast.commission, three, FIRST, "declined"),
        row("clearing", cast.commission, three, None),
        row("clearing", cast.commission, three, date(2022, 12, 31), person),
        *(row("malicious", city, city, FIRST, outcome_of("malicious", "查处诬告陷害"), sealed=True) for _ in range(2)),
        row("malicious", city, city, FIRST, "mistaken", sealed=True),
    ]
    Case.objects.bulk_create(rows)
    return cast


def works(found: Overview) -> dict[str, Work]:
    return {work.family: work for group in found.groups for work in group.works}


def test_the_lines_are_counted_by_hand_and_as_the_regulation_counts_them(
    laid_down: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("youwei.statistics.procedures.MOST_READ", 0)  # these rows have no logs to read columns from
    clearing = works(overview(laid_down.city, FIRST, LAST))["clearing"]
    told = [(line.title, line.cases, line.persons) for line in clearing.lines]
    assert told == [("澄清党员干部", 3, 2), ("澄清党组织（单位）", 1, 1), ("其他结局，不计入", 1, None)]
    assert (clearing.opened, clearing.ended, clearing.open) == (7, 5, 1)
    assert clearing.filled == clearing.lines
    alone = table("clearing", laid_down.city, FIRST, LAST)
    assert [(line.title, line.cases, len(line.persons)) for line in alone.counted] == told[:2]
    assert (sum(line.cases for line in alone.aside), alone.open) == (1, 1)


@pytest.mark.req("E4")
def test_of_a_sealed_regulation_only_what_counts_is_told_and_only_where_the_power_is(laid_down: Cast) -> None:
    city = works(overview(laid_down.city, FIRST, LAST))["malicious"]
    assert [(line.title, line.cases, line.persons) for line in city.lines] == [("查处诬告陷害", 2, None)]
    assert (city.opened, city.open) == (None, None)
    below = overview(laid_down.district, FIRST, LAST)
    assert "malicious" not in works(below)
    assert "诬告" not in "".join(below.silent)


def test_what_has_nothing_to_tell_is_named_and_another_region_has_nothing(laid_down: Cast) -> None:
    assert "回访教育" not in [group.title for group in overview(laid_down.city, FIRST, LAST).groups]
    elsewhere = overview(laid_down.elsewhere, FIRST, LAST)
    assert elsewhere.groups == ()
    assert "失实检举控告澄清正名" in elsewhere.silent


def client_of(cast: Cast, role: Role) -> Client:
    client = Client()
    client.force_login(cast.accounts[role])
    return client


def test_the_page_and_the_file_say_the_same_and_lead_to_the_regulation(laid_down: Cast) -> None:
    client = client_of(laid_down, Role.CASE_OFFICER)
    page = client.get(ADDRESS, YEAR).content.decode()
    assert "/statistics/procedures/clearing/?" in page
    file = client.get(f"{ADDRESS}export/", YEAR)
    lines = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert ["澄清正名", "失实检举控告澄清正名", 7, "澄清党员干部", 3, 2, 1] in lines
    empty = ["容错纠错", "容错纠错", 1, "负面清单终止", 0, 0, 1]
    Case.objects.bulk_create([row("tolerance", laid_down.commission, laid_down.bureau, None)])
    file = client.get(f"{ADDRESS}export/", {"from": "2023-01-01", "to": "2023-12-31"})
    assert empty in CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert client.get("/statistics/").content.decode().count("各项工作") == 1


@pytest.mark.req("I5")
def test_who_reads_no_figures_finds_neither_page_nor_file(laid_down: Cast) -> None:
    client = client_of(laid_down, Role.UNIT)
    assert client.get(ADDRESS).status_code == 404
    assert client.get(f"{ADDRESS}export/").status_code == 404


def test_it_asks_the_same_number_of_questions_whatever_is_there(laid_down: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        overview(laid_down.city, FIRST, LAST)
    assert len(asked) == 2
    client = client_of(laid_down, Role.CASE_OFFICER)
    client.get(ADDRESS, YEAR)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS, YEAR)
    Case.objects.bulk_create(row("clearing", laid_down.commission, each, None) for each in people(laid_down, 20))
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS, YEAR)
    assert len(many) == len(few)
