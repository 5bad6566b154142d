"""Figures of the regulations in a browser: from the reports to all work of a year, to one regulation, to the people behind a line."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn, account, assemble, organ
from youwei.cases.models import Case
from youwei.organs.models import Account, Organ, Role
from youwei.statistics.tests.test_as_the_sources_count import FIRST, LAST, outcome_of, people, row

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Two persons cleared (one twice), a village cleared, one who did not want it; of malicious accusation one determined and one mistaken."""
    monkeypatch.setattr("youwei.statistics.procedures.MOST_READ", 0)  # these rows have no logs to read columns from
    cast = assemble()
    one, two, three = people(cast, 3)
    village = organ("示例村", "village", cast.bureau, "village")
    above = Organ.objects.get(name="云川市纪委监委")
    account("shenzhi", "沈知行", Role.CASE_OFFICER, above)
    person, unit = (outcome_of("clearing", each) for each in ("澄清党员干部", "澄清党组织（单位）"))
    rows = [
        *(row("clearing", cast.commission, each, FIRST, person) for each in (one, one, two)),
        row("clearing", cast.commission, village, LAST, unit),
        row("clearing", cast.commission, three, FIRST, "declined"),
        row("malicious", above, above, FIRST, outcome_of("malicious", "查处诬告陷害"), sealed=True),
        row("malicious", above, above, FIRST, "mistaken", sealed=True),
    ]
    Case.objects.bulk_create(rows)
    return cast


def told(page: Page, title: str) -> list[str]:
    """The numbers beside a line of the table."""
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=title, exact=True))
    return line.get_by_role("cell").all_inner_texts()


@pytest.mark.req("E5", "I4")
def test_the_work_of_a_year_is_read_by_line_and_leads_to_the_people_behind_it(
    page: Page, live_server: LiveServer, year: Cast, sign_in: SignIn
) -> None:
    sign_in(Account.objects.get(username="shenzhi"))
    page.goto(f"{live_server.url}/statistics/")
    page.get_by_role("link", name="各项工作").click()
    page.get_by_label("期间起").fill("2023年1月1日")
    page.get_by_label("期间止").fill("2023.12.31")
    page.get_by_role("button", name="查看").click()
    assert told(page, "澄清党员干部") == ["3", "2"]
    assert told(page, "澄清党组织（单位）") == ["1", "1"]
    assert told(page, "查处诬告陷害") == ["1", ""]
    expect(page.locator("main")).not_to_contain_text("误告")
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) <= 0
    axe_clean(page)
    page.get_by_role("link", name="失实检举控告澄清正名").click()
    page.get_by_role("link", name="澄清党员干部").click()
    lines = page.get_by_role("region", name="澄清党员干部").get_by_role("listitem")
    expect(lines).to_have_count(3)
    page.locator(".yw-crumbs").get_by_role("link", name="各项工作").click()
    assert told(page, "澄清党员干部") == ["3", "2"], "the period is kept on the way back"


@pytest.mark.req("E4")
def test_below_the_power_to_determine_nothing_of_a_sealed_regulation_is_told(
    page: Page, live_server: LiveServer, year: Cast, sign_in: SignIn
) -> None:
    sign_in(year.officer)
    page.goto(f"{live_server.url}/statistics/procedures/?from=2023-01-01&to=2023-12-31")
    assert told(page, "澄清党员干部") == ["3", "2"]
    expect(page.locator("main")).not_to_contain_text("诬告")
