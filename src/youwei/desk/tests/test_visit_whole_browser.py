"""One of Ningbo's three visits from its opening to its end in a browser: clerk, organization department, unit and leader, each on their own page."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, decide, holder, open_case, organ, person
from youwei.desk.tests.test_by_hand_browser import fill, fits, step
from youwei.desk.tests.test_cases_browser import record
from youwei.journal.queries import records
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# 党内警告 of 2 June 2025 ends with 1 June 2026: the day of the browser is later, so everything is entered as it was done.
MADE, OPENED = date(2025, 6, 2), datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
LONG = "能够正视验收时没有到现场的错误，今年管着两个工地，每次都去，群众来电比去年少了一半"
PROFILE = {
    "contacted": "yes",
    "nature": LONG,
    "sanction": "党内警告",
    "conduct": LONG,
    "thinking": LONG,
    "obstacles": "好面子",
}
TEAM = {"people-typed": "陈思远、韩叙", "contacted": "yes"}
VISIT = TEAM | {"mode": "谈话", "place": "会议室", "account": LONG, "execution": "已执行到位", "management": "已落实"}
HARD = {"difficulties-0-matter": "岗位调整后业务不熟", "difficulties-0-wish": "参加培训"}
ADVERSE = {
    "adverse-0-fact": "工地围挡破损被通报", "adverse-0-source": "监督检查结论", "adverse-0-number": "青纪函〔2026〕3号",
    "adverse-0-concluded_on": "2026-5-9", "adverse-0-put_on": "2026-5-20",
}  # fmt: skip
APPRAISED = dict.fromkeys(("understanding", "change", "results", "masses", "unit_view"), LONG) | {
    "result": "好", "advise": "正常管理使用",
}  # fmt: skip


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def signed(page: Page, server: LiveServer, case: Case, name: str, on: str) -> None:
    page.goto(f"{server.url}/cases/{case.pk}/?step={name}")
    fill(page, {"verdict": "agree", "opinion": "同意", "on": on})
    page.get_by_role("button", name="签署：").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已签署")


@pytest.mark.walks("zhenhai-visit")
@pytest.mark.req("B4", "B6", "B7", "B8", "K2")
def test_from_the_group_to_the_answers_of_unit_and_organization_department(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    department = holder(
        Role.ORGANIZATION, organ("青溪区委组织部", "organization", place.district), "department", "解文舟"
    )
    someone = person(place.unit, at=OPENED)
    case = open_case(
        decide(someone, place.commission, "党内警告", made_on=MADE, at=OPENED), "zhenhai-visit", OPENED, OPENED.date()
    )
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    unit = holder(Role.UNIT, place.unit, "unit", "区住建局党组")
    go = (page, live_server, case)
    sign_in(clerk)
    step(*go, "group", "2025-6-5", {"leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-2025-019"})
    step(*go, "profile", "2025-6-9", PROFILE)
    step(*go, "plan", "2025-6-11", {"steps": "由分管领导先谈一次"})
    sign_in(department)
    signed(*go, "plan", "2025-6-12")

    sign_in(clerk)
    missed = TEAM | {"outcome": "本人推迟", "missed": "外出培训", "again_on": "2025-6-27"}
    step(*go, "timely", "2025-6-20", missed)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=timely&key=2")
    fill(page, {"on": "2025-6-27", **VISIT, **HARD, "mode": "家访", "consent": "no"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("家访须经本人同意").first).to_be_visible()
    fill(page, {"mode": "谈话"})
    expect(page.get_by_role("group", name="本人同意家访")).to_be_hidden()
    record(page)  # what was answered where it no longer shows is not sent, and stands in nobody's way
    (kept,) = [each for each in records("case", case.pk) if (each.step, each.key) == ("timely", "2")]
    assert (kept.content["values"]["mode"], "consent" in kept.content["values"]) == ("谈话", False)
    sign_in(unit)
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    fits(page)
    fill(page, {"on": "2025-7-8", "done": "已参加培训班", "settled": "已解决"})
    record(page)
    sign_in(clerk)
    step(*go, "full", "2025-9-17", VISIT)
    step(*go, "extended", "2026-5-12", VISIT)

    page.goto(f"{live_server.url}/cases/{case.pk}/?step=appraise")
    for told in ("及时访 2025年6月20日", "及时访 2025年6月27日", "全面访 2025年9月17日", "延伸访 2026年5月12日"):
        expect(page.get_by_role("region", name="文书")).to_contain_text(told)  # four papers of one name
    fill(page, {"on": "2026-6-8", **APPRAISED, **ADVERSE})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("没有本人的说明").first).to_be_visible()
    fits(page)
    fill(page, {"adverse-0-answer": "已于当日修复"})
    record(page)
    expect(page.get_by_role("link", name="回访教育鉴定.docx")).to_be_visible()
    sign_in(leader)
    step(*go, "approve_appraisal", "2026-6-10", {"opinion": "同意"})
    sign_in(clerk)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=feedback")
    fill(page, {"on": "2026-6-11", "number": "青纪函〔2026〕9号", "content": "改正较好"})
    for whom in ("所在单位党组织", "区委组织部"):
        page.check(f'[name=to][value="{whom}"]')
    record(page)
    expect(page.get_by_role("link", name="回访结果反馈函.docx")).to_be_visible()
    sign_in(department)
    signed(*go, "feedback", "2026-6-12")
    step(*go, "reply_organization", "2026-6-22", {"reply": "已作为使用依据"})
    sign_in(unit)
    step(*go, "reply_unit", "2026-6-23", {"reply": "已列入年度考核"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：回访完成")
    fits(page)
