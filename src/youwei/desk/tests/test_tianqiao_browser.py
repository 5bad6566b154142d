"""In a browser, each to its end: a year of Tianqiao from the report to the summary with one conclusion answered; and one person's visit."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.cases.tests.builders import act
from youwei.cases.tests.tianqiao import VOTED, planned, summarised
from youwei.desk.tests.factories import City, city, decide, holder, open_case, organ, person
from youwei.desk.tests.test_batches_browser import press
from youwei.desk.tests.test_by_hand_browser import fill, step
from youwei.desk.tests.test_cases_browser import record
from youwei.desk.tests.test_class_browser import todo
from youwei.desk.tests.test_visits_browser import looked_at, opened
from youwei.organs.models import Account, Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MADE, AT = date(2025, 6, 2), datetime(2025, 6, 3, 1, 30, tzinfo=UTC)  # 党内警告 to 1 June 2026
DAY = date(2026, 6, 8)
LONG = "能够正视验收时没有到现场的错误，今年管着两个工地，每次都去，群众来电比去年少了一半"
REPORT = {
    "content": "区里受处分处理人员的情况和回访的打算", "heard": "区委书记",
    "demands-0-matter": "列入区委重要工作", "demands-0-by": "区纪委", "demands-0-due": "2026-4-30",
}  # fmt: skip
SCHEME = {
    "objects": "2025年以来受处分处理人员", "content": "思想、工作、改正错误的情况", "demands": "不走过场", "assessed": "yes",
    "teams-0-leader": "岑伯安", "teams-0-members": "陈思远、韩叙", "teams-0-units": "区住建局",
}  # fmt: skip


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def people(place: City) -> dict[str, Account]:
    department = organ("青溪区委组织部", "organization", place.district)
    return {
        "clerk": holder(Role.CASE_OFFICER, place.commission, "clerk"),
        "leader": holder(Role.LEADER, place.commission, "leader", "岑伯安"),
        "unit": holder(Role.UNIT, place.unit, "unit", "区住建局党组"),
        "department": holder(Role.ORGANIZATION, department, "department", "解文舟"),
    }


def replied(page: Page, server: LiveServer, sign_in: SignIn, case: Case, who: dict[str, Account], end: str) -> None:
    """The letter to unit and organization department, and the reply of each."""
    go = (page, server, case)
    sign_in(who["clerk"])
    opened(*go, "feedback")
    fill(page, {"on": "2026-7-1", "number": "天纪函〔2026〕3号", "content": "可以放手使用"})
    for whom in ("所在单位党组织", "区委组织部"):
        page.check(f'[name=to][value="{whom}"]')
    record(page)
    expect(page.get_by_role("link", name="回访考察结果反馈函.docx")).to_be_visible()
    sign_in(who["unit"])
    opened(*go, "reply_unit")
    expect(page.get_by_text("可以放手使用").first).to_be_visible()
    expect(page.get_by_text("常委会研究", exact=False)).to_have_count(0)
    fill(page, {"on": "2026-7-8", "reply": "已列入年度考核"})
    record(page)
    sign_in(who["department"])
    step(*go, "reply_organization", "2026-7-10", {"reply": "已作为使用依据"})
    expect(page.locator(".yw-messages")).to_contain_text(f"本事项办结：{end}")


def written(page: Page, server: LiveServer, batch: Case, leader: Account, clerk: Account, sign_in: SignIn) -> None:
    """The report, the secretary's demands, the scheme and its approval."""
    sign_in(clerk)
    todo(page, server, batch, "向区委专题汇报")
    fill(page, {"on": "2026-3-3", **REPORT})
    page.get_by_role("button", name="加一行").press("Enter")
    fill(page, {"demands-3-matter": "不能走过场", "demands-3-by": "区委组织部", "demands-3-due": "2026-5-29"})
    looked_at(page, "year-report")
    record(page)
    for matter, on in (("列入区委重要工作", "2026-3-20"), ("不能走过场", "2026-5-20")):
        todo(page, server, batch, f"落实区委书记的要求（{matter}）")
        expect(page.get_by_role("heading", name=f"落实区委书记的要求（{matter}）")).to_be_visible()
        fill(page, {"on": on, "done": "已写入区委年度工作要点", "settled": "已落实"})
        record(page)
    todo(page, server, batch, "制定实施方案")
    fill(page, {"on": "2026-3-9", **SCHEME})
    record(page)
    sign_in(leader)
    todo(page, server, batch, "区委审定实施方案")
    expect(page.get_by_role("region", name="以前写的")).to_contain_text("不走过场")
    fill(page, {"on": "2026-3-11", "opinion": "同意"})
    record(page)


@pytest.mark.walks("tianqiao-year")
@pytest.mark.req("B2", "B3", "B7", "B9")
def test_a_year_from_the_report_to_the_summary_with_a_conclusion_that_is_answered(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    who = people(place)
    for number, name in enumerate(("许南舟", "白鹭洲"), 19):
        number_of = {"number": f"青纪发〔2025〕{number}号"}
        decide(person(place.unit, name, at=AT), place.commission, "党内警告", made_on=MADE, at=AT, **number_of)
    sign_in(who["clerk"])
    page.goto(f"{live_server.url}/batches/")
    page.get_by_role("link", name="关爱回访考察教育年度工作").first.click()
    fill(page, {"name": "2026年", "on": "2026-3-2"})
    press(page, "立项")
    batch = Case.objects.get(procedure="tianqiao-year")
    written(page, live_server, batch, who["leader"], who["clerk"], sign_in)
    sign_in(who["clerk"])
    todo(page, live_server, batch, "与年度考核同部署、同安排、同考核")
    fill(page, {"on": "2026-3-13", "result": "列入2026年度综合考核", "number": "天考〔2026〕1号"})
    record(page)
    todo(page, live_server, batch, "宣传发动、政策宣讲")
    talk = {"place": "区礼堂", "attendance-0-member": "岑伯安", "content": "政策", "reach": "各单位负责人120人"}
    fill(page, {"on": "2026-3-16", **talk})
    record(page)
    todo(page, live_server, batch, "确定回访考察对象")
    fill(page, {"on": "2026-3-20"})
    press(page, "确定名单，共2人")
    expect(page.locator(".yw-messages")).to_contain_text("名单已经确定，共2人")

    one = Case.objects.get(procedure="tianqiao-visit", person__name="许南舟")
    assert one.opened_on == date(2026, 3, 20)  # the day of the list, whenever that was entered
    summarised(one, DAY)
    sign_in(who["leader"])
    todo(page, live_server, batch, "区委常委会听取汇报、逐人作出结论")
    expect(page.get_by_label("新行 到会").or_(page.locator("[name=attendance-0-present]"))).to_have_value("yes")
    looked_at(page, "year-conclude")
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.get_by_label("许南舟 作出结论的理由").bounding_box()
    assert box is not None
    assert 0 < box["x"] < box["x"] + box["width"] <= 390  # on a telephone too nothing lies beside the screen
    page.set_viewport_size({"width": 1366, "height": 768})
    fill(page, {"on": "2026-6-12", "attendance-0-member": "岑伯安", "attendance-0-view": "同意考察组的评价"})
    for column in ("处分期间积极悔改", "担当作为", "成绩突出"):
        page.get_by_label(f"许南舟 {column}").select_option("是")
    page.get_by_label("许南舟 结论", exact=True).select_option("选拔使用、评先树优不受影响")
    page.get_by_label("许南舟 作出结论的理由").fill("常委会研究，三项都具备")
    press(page, "下一步：核对")
    press(page, "确认记录")
    expect(page.get_by_role("heading", name="已记录1件")).to_be_visible()
    replied(page, live_server, sign_in, one, who, "选拔使用、评先树优不受影响")

    sign_in(who["leader"])
    todo(page, live_server, batch, "年度总结")
    fill(page, {"on": "2026-9-21", "done": "走访两人", "effect": "一人放手使用", "next": "继续"})
    record(page)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：年度工作完成")
    page.goto(f"{live_server.url}/batches/{batch.pk}/")
    looked_at(page, "year-end")


@pytest.mark.walks("tianqiao-visit")
@pytest.mark.req("B2", "B3", "B5", "B7", "K2")
def test_one_person_from_the_own_review_to_help_that_goes_on(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    who = people(place)
    someone = person(place.unit, at=AT)
    decision = decide(someone, place.commission, "党内警告", made_on=MADE, at=AT)
    case = open_case(decision, "tianqiao-visit", datetime(2026, 6, 1, 1, 30, tzinfo=UTC), date(2026, 6, 1))
    go = (page, live_server, case)
    sign_in(who["unit"])
    step(*go, "review", "2026-6-3", {"thinking": LONG, "work": "在岗", "correction": "已退缴"})
    expect(page.get_by_role("link", name="回访考察情况登记表.docx")).to_be_visible()
    planned(case, date(2026, 6, 4), reviewed=True)
    step(*go, "opinion", "2026-6-8", {**dict.fromkeys(("thinking", "mending", "conduct", "view"), LONG)})
    act(case, "record", DAY, step="appraisal", values=VOTED, beside={"vote": 0})
    sign_in(who["clerk"])
    opened(*go, "interviews")
    both = {"place": "会议室", "people-typed": "陈思远、韩叙", "account": LONG}
    fill(page, {"on": "2026-6-9", **both, "views-0-who": "副局长甲", "views-0-thinking": "认识到了"})
    record(page)
    sign_in(who["unit"])
    opened(*go, "talk_unit")
    expect(page.get_by_text("副局长甲")).to_have_count(0)  # what was said back to back is not for the unit
    fill(page, {"on": "2026-6-10", **both, "difficulties-0-matter": "孩子跨学区入学"})
    record(page)
    opened(*go, "help_unit")
    expect(page.get_by_role("heading", name="困难诉求办理（孩子跨学区入学）")).to_be_visible()
    fill(page, {"on": "2026-6-11", "done": "已协调就近入学", "settled": "已解决"})
    record(page)
    sign_in(who["clerk"])
    opened(*go, "known")
    looked_at(page, "one-known")
    step(*go, "known", "2026-6-12", {"looked": "监督检查"})
    told = dict.fromkeys(("dynamics", "performance", "mending", "evaluation"), LONG)
    step(*go, "summary", "2026-6-15", told | {"shelf": "天-2026-019"})
    expect(page.get_by_role("link", name="关爱回访考察教育纪实档案.docx")).to_be_visible()
    sign_in(who["leader"])
    opened(*go, "conclude")
    expect(page.locator("[name=attendance-0-present]")).to_have_value("yes")
    fill(page, {"on": "2026-6-18", "attendance-0-member": "岑伯安", "attendance-0-view": "还要再帮一程"})
    fill(page, {"repents": "no", "responsible": "yes", "outstanding": "no", "result": "继续帮扶", "grounds": LONG})
    expect(page.get_by_label("下一轮帮扶考察自哪天起")).to_be_visible()
    fill(page, {"next_on": "2026-10-12"})
    record(page)
    replied(page, live_server, sign_in, case, who, "继续跟进帮扶教育")
    sign_in(who["clerk"])
    (onward,) = Case.objects.filter(procedure="tianqiao-visit").exclude(pk=case.pk)
    opened(page, live_server, onward, "review")
    expect(page.get_by_text("2026年10月12日起").first).to_be_visible()
    handed = "最早：上一事项的“区委常委会听取汇报、作出结论·下一轮帮扶考察自哪天起”：2026年10月12日。"
    expect(page.get_by_text(handed)).to_be_visible()
    looked_at(page, "one-next")
