"""An early talk and a session that teaches by decisions, whole in a browser: from the opening to the end, each role on its own page."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, decide, holder, person
from youwei.desk.tests.test_by_hand_browser import fill, fits, step
from youwei.desk.tests.test_cases_browser import record
from youwei.desk.tests.test_warning_session import announced
from youwei.organs.models import Account, Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HELD = {
    "place": "区纪委谈话室", "people-typed": "陈思远、韩叙", "account": "谈了工地安全和用章", "stated": "承认用章登记不全",
    "reported-0-matter": "收过施工单位两盒茶叶", "reported-0-plan": "当天退回",
    "matters-0-matter": "用章登记", "matters-0-measure": "补登一年的", "matters-0-due_on": "2026-9-22",
    # the row that was added: the script keeps one of the three blank ones
    "matters-3-matter": "工地巡查", "matters-3-measure": "每周一次，留记录", "matters-3-due_on": "2026-9-24",
}  # fmt: skip


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def office(place: City) -> dict[Role, Account]:
    """The clerk, the leader and the unit."""
    return {
        Role.CASE_OFFICER: holder(Role.CASE_OFFICER, place.commission, "clerk"),
        Role.LEADER: holder(Role.LEADER, place.commission, "leader", "岑伯安"),
        Role.UNIT: holder(Role.UNIT, place.unit, "unit", "区住建局党组"),
    }


def begin(page: Page, address: str, title: str, on: str) -> Case:
    """From the page of the person or the unit to the case."""
    page.goto(address)
    page.get_by_role("link", name="开办事项").click()
    page.get_by_role("link", name=title, exact=True).click()
    page.fill("[name=on]", on)
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text(f"已立项：{title}")
    return Case.objects.latest("pk")  # what was announced before is a case too


def send_back(page: Page, server: LiveServer, case: Case, name: str, values: dict[str, str]) -> None:
    """From the menu of the step that approves."""
    page.goto(f"{server.url}/cases/{case.pk}/?step={name}")
    page.get_by_text("更多", exact=True).click()
    page.get_by_role("link", name="退回", exact=True).click()
    fill(page, values)  # there is one step to send it back to: it need not be chosen
    page.get_by_role("button", name="退回", exact=True).press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已记录：退回")


@pytest.mark.walks("early-talk")
@pytest.mark.req("H1")
def test_a_talk_is_sent_back_held_mended_sent_back_for_one_matter_and_ends(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, office: dict[Role, Account]
) -> None:
    sign_in(office[Role.CASE_OFFICER])
    case = begin(page, f"{live_server.url}/people/{person(place.unit).pk}/", "抓早抓小约谈", "2026-9-1")
    go = (page, live_server, case)
    asked = {"way": "工作约谈", "head": "yes", "topics": "谈谈工作"}
    step(*go, "propose", "2026-9-2", asked)
    sign_in(office[Role.LEADER])
    send_back(*go, "approve", {"reason": "内容太笼统，写明哪些方面", "on": "2026-9-3"})
    sign_in(office[Role.CASE_OFFICER])
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    expect(page.get_by_text("内容太笼统，写明哪些方面").first).to_be_visible()
    step(*go, "propose", "2026-9-3", asked | {"topics": "工地安全和用章"})
    sign_in(office[Role.LEADER])
    step(*go, "approve", "2026-9-4", {"opinion": "同意"})

    sign_in(office[Role.CASE_OFFICER])
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=talk")
    page.get_by_role("group", name="要整改的事项").get_by_role("button", name="加一行").press("Enter")
    fill(page, {"on": "2026-9-8"} | HELD | {"people-typed": "陈思远"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("现在是1人").first).to_be_visible()
    fits(page)
    fill(page, {"people-typed": "陈思远、韩叙"})
    record(page)
    expect(page.get_by_role("link", name="约谈记录.docx")).to_be_visible()

    step(*go, "handle", "2026-9-15", {"result": "由本人自行改正", "note": "茶叶已退回，主动报告，不再追究"})
    sign_in(office[Role.UNIT])
    for key, matter, on in (("1", "用章登记", "2026-9-21"), ("2", "工地巡查", "2026-9-24")):
        page.goto(f"{live_server.url}/cases/{case.pk}/?step=mend&key={key}")
        expect(page.get_by_role("region", name="以前写的")).to_contain_text(matter)
        expect(page.locator("main")).not_to_contain_text(
            "收过施工单位两盒茶叶"
        )  # what was said in the talk is not the unit's
        fill(page, {"on": on, "done": "已按要求补齐", "proof": "登记簿复印件"})
        record(page)
    expect(page.get_by_role("link", name="约谈整改情况.docx")).to_have_count(2)
    sign_in(office[Role.LEADER])
    send_back(*go, "confirm", {"keys": "2", "reason": "没有附巡查记录", "on": "2026-9-25"})
    sign_in(office[Role.UNIT])
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    expect(page.get_by_text("没有附巡查记录").first).to_be_visible()
    open_now = page.get_by_role("region", name="可以办的")
    expect(open_now).to_contain_text("整改情况（工地巡查）")
    expect(open_now).not_to_contain_text("用章登记")  # what was enough is not done again
    fill(page, {"on": "2026-9-28", "done": "每周巡查一次，已四次", "proof": "巡查记录四份"})
    record(page)
    sign_in(office[Role.LEADER])
    step(*go, "confirm", "2026-9-29", {"opinion": "同意"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：约谈，事项已整改")
    page.goto(f"{live_server.url}/statistics/procedures/{case.procedure}/")
    expect(page.get_by_role("row", name=re.compile("^约谈 1 1 0 "))).to_be_visible()
    fits(page)


@pytest.mark.walks("warning-session")
@pytest.mark.req("H3")
def test_a_session_is_prepared_from_an_announced_decision_held_by_the_unit_and_ends(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, office: dict[Role, Account]
) -> None:
    decision = decide(person(place.unit), place.commission, "党内严重警告", number="青纪〔2026〕18号")
    announced(decision)
    sign_in(office[Role.CASE_OFFICER])
    case = begin(page, f"{live_server.url}/organs/{place.unit.pk}/", "以案说纪警示教育", "2026-9-1")
    go = (page, live_server, case)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=prepare")
    cell = page.locator("[name=cases-0-decision]")
    expect(cell).to_have_attribute("placeholder", "点开选，或写文号")
    values = {
        "on": "2026-9-2", "topic": "守住报销关", "cases-0-decision": "青纪〔2026〕99号", "cases-0-told": "虚列会议费",
        "cases-0-teaches": "公款每一笔都有来处", "within": "no",
    }  # fmt: skip
    fill(page, values)
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("没有公开宣布过的决定").first).to_be_visible()
    fits(page)
    listed = page.locator(f"datalist#{cell.get_attribute('list')} option")
    expect(listed).to_have_attribute("value", "青纪〔2026〕18号 许南舟")
    cell.fill(listed.get_attribute("value") or "")  # as the browser does when it is chosen in the cell
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("不得超出已经公开宣布的内容").first).to_be_visible()
    fill(page, {"within": "yes"})
    record(page)
    sign_in(office[Role.LEADER])
    send_back(*go, "approve", {"reason": "教训写得不具体", "on": "2026-9-3"})
    sign_in(office[Role.CASE_OFFICER])
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    expect(cell).to_have_value("青纪〔2026〕18号")  # what was prepared stands there still
    fill(page, {"on": "2026-9-4", "cases-0-teaches": "报销须有会议通知和签到"})
    record(page)
    sign_in(office[Role.LEADER])
    step(*go, "approve", "2026-9-7", {"opinion": "同意"})
    sign_in(office[Role.UNIT])
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    for told in ("守住报销关", "青纪〔2026〕18号", "报销须有会议通知和签到"):
        expect(page.get_by_role("region", name="以前写的")).to_contain_text(told)
    fits(page)
    held = {
        "on": "2026-9-18", "place": "局会议室", "attendance-0-member": "顾怀谦", "spoke": "顾怀谦", "leading-0-member": "顾怀谦",
        "leading-0-said": "结合建设资金说纪", "head_spoke": "yes",
    }  # fmt: skip
    fill(page, held)
    record(page)
    step(*go, "reflect", "2026-9-28", {"found": "会议费三笔没有签到表", "mended": "补齐签到，修订报销办法"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：警示教育已开展")
    sign_in(office[Role.CASE_OFFICER])
    page.goto(f"{live_server.url}/ledger/{decision.pk}/")
    used = page.get_by_role("region", name="用到这份决定的事项")
    expect(used).to_contain_text("警示教育已开展")
    used.get_by_role("link", name="以案说纪警示教育").click()
    expect(page.get_by_role("link", name="以案说纪警示教育会记录.docx")).to_be_visible()
    page.goto(f"{live_server.url}/statistics/procedures/{case.procedure}/")
    expect(page.get_by_role("row", name=re.compile("^以案说纪 1 1 1 100"))).to_be_visible()
