"""The main way of procedures that are a plain line of steps, in a browser: each done on its page by whom it belongs to, to the end that is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases import following
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.decisions.altering import Doing, Review
from youwei.desk.tests.factories import (
    CLERK,
    EARLIER,
    MORNING,
    TODAY,
    City,
    city,
    decide,
    holder,
    open_case,
    organ,
    person,
)
from youwei.desk.tests.test_by_hand_browser import TALK, VOTES, come_to, fill, fits
from youwei.desk.tests.test_cases_browser import record
from youwei.organs.models import Account, Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Values = Mapping[str, str | tuple[str, ...]]
Steps = tuple[tuple[str, str, str, Values], ...]
NOTICE = {"number": "青纪函〔2026〕31号", "to": "许南舟"}


@dataclass(frozen=True)
class Way:
    """Who does which step on which day (none: on the decision's page) with what, how it ends, and the papers that are there then."""

    steps: Steps
    ends: str
    papers: tuple[str, ...] = ()
    measure: str = "党内警告"
    made_on: date = date(2026, 3, 12)
    known: datetime = EARLIER  # when the decision was registered and its case opened
    unit: str = ""  # where the rules of one unit are walked, that unit


def way(pack: str, *steps: tuple[str, str, str, Values], ends: str, req: pytest.MarkDecorator, **more: Any) -> Any:
    return pytest.param(pack, Way(steps, ends, **more), id=pack, marks=[pytest.mark.walks(pack), req])


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def staff(place: City) -> dict[str, Account]:
    department = organ("青溪区委组织部", "organization", place.district)
    return {
        "clerk": holder(Role.CASE_OFFICER, place.commission, "clerk"),
        "leader": holder(Role.LEADER, place.commission, "leader", "岑伯安"),
        "unit": holder(Role.UNIT, place.unit, "unit", "区住建局党组"),
        "department": holder(Role.ORGANIZATION, department, "department", "解文舟"),
    }


def give(page: Page, values: Values) -> None:
    """Fills in; of a field of many choices all that are named, and of a table as many rows as are wanted."""
    for asked, value in values.items():
        name = asked
        if cell := re.fullmatch(r"(.+)-([1-9])-(\w+)", name):
            table = page.locator("[x-data=rows]").filter(has=page.locator(f'[name^="{cell[1]}-"]'))
            rows = table.locator("tbody tr:visible")
            if rows.count() <= int(cell[2]):
                table.get_by_role("button", name="加一行").press("Enter")
            name = str(rows.nth(int(cell[2])).locator(f'[name$="-{cell[3]}"]').first.get_attribute("name"))
        for each in (value,) if isinstance(value, str) else value:
            fill(page, {name: each})


def alter(page: Page, values: Values) -> None:
    """A step that is done on the page of the decision, where what moves is seen first."""
    page.locator("#step a.btn-primary").press("Enter")
    give(page, values)
    page.get_by_role("radio", name="青溪区纪委监委").check()
    page.get_by_role("button", name="看看会变什么").press("Enter")
    page.get_by_role("button", name="确认，写入").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已登记")


def go_through(
    page: Page, server: LiveServer, sign_in: SignIn, staff: Mapping[str, Account], case: Case, steps: Steps
) -> None:
    """Every step on its page, by its holder."""
    at = ""
    for role, step, on, values in steps:
        if role != at:
            sign_in(staff[role])
            at = role
        come_to(page, server, case, step)
        if on:
            give(page, {"on": on, **values})
            record(page)
        else:
            alter(page, values)


def walk(page: Page, server: LiveServer, sign_in: SignIn, staff: dict[str, Account], case: Case, found: Way) -> None:
    """To the last step, which tells the end; the papers can be taken, the page fits and is read by everybody."""
    go_through(page, server, sign_in, staff, case, found.steps)
    expect(page.locator(".yw-messages")).to_contain_text(f"本事项办结：{found.ends}")
    sign_in(staff["clerk"])
    page.goto(f"{server.url}/cases/{case.pk}/")
    for paper in found.papers:
        with page.expect_download() as saved:
            page.get_by_role("link", name=f"{paper}.docx").first.click()
        assert saved.value.suggested_filename == f"{paper}.docx"
    fits(page)


def attendance(*names: str) -> dict[str, str]:
    return {f"attendance-{number}-member": name for number, name in enumerate(names)}


TALKED_TO = {"contacted": "yes", "place": "会议室", "people-typed": "陈思远、韩叙", "account": "认识清楚，工作主动"}
VISITED = TALKED_TO | {"execution": "已执行到位", "management": "已落实"}
OF_DECISIONS = [
    way(
        "jingzhou-visit",
        ("clerk", "group", "2025-6-5", {"leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-2025-019"}),
        ("unit", "mentor", "2025-6-6", {"person": "顾怀谦", "post": "副局长", "clean": "yes", "apart": "yes"}),
        ("clerk", "visit", "2025-8-20", VISITED | {"next_on": "2026-2-10"}),
        ("clerk", "visit", "2026-2-10", VISITED | {"why_none": "期满前不再安排"}),
        (
            "clerk", "assess", "2026-6-5",
            {
                "thinking": "认识深刻", "work": "管着两个工地", "discipline": "没有新的问题", "unit_view": "表现好", "result": "好",
                "evaluation": "可以正常使用",
            },
        ),
        ("leader", "approve_assess", "2026-6-8", {"opinion": "同意"}),
        ("clerk", "feedback", "2026-6-9", {"number": "青纪函〔2026〕9号", "to": "区住建局", "copies": ("所在单位党组织", "组织部门")}),
        ("clerk", "file", "2026-6-10", {"materials": "回访记录二份、考核表一份"}),
        ends="期满考核完成，表现好", req=pytest.mark.req("B1", "B8"), papers=("回访谈话记录", "期满全面考核表"), made_on=date(2025, 6, 2),
        known=datetime(2025, 6, 3, 1, 30, tzinfo=UTC),
    ),
    way(
        "announcement",
        ("clerk", "exemption", "2026-9-29", {"ground": "无"}),
        ("clerk", "read_alone", "2026-9-29", TALK),
        (
            "clerk", "announce", "2026-9-29",
            attendance("钟明远", "温如许") | {
                "place": "二楼会议室", "host": "钟明远", "report": "通报了查处情况", "read_out": "陈思远", "head": "钟明远",
                "head_statement": "全力支持", "criticism-0-member": "温如许", "criticism-0-duty": "分管工程", "criticism-0-statement": "监督不严",
            },
        ),
        ("leader", "approve_minutes", "2026-9-29", {"opinion": "同意"}),
        ("clerk", "file", "2026-9-29", {"shelf": "青-2026-019", "materials": ("处分决定", "宣布会议记录")}),
        ends="已公开宣布执行", req=pytest.mark.req("A3"), papers=("处分决定宣布会议记录",),
    ),
    way(
        "statutory-announcement",
        (
            "clerk", "announce", "2026-9-29",
            attendance("钟明远") | {"place": "支部会议室", "leading": "no", "scope": ("本人", "党的基层组织全体党员"), "read_out": "陈思远"},
        ),
        ("clerk", "file", "2026-9-29", {"keeper": "区委组织部干部档案室"}),
        ends="已依规宣布", req=pytest.mark.req("A3"), papers=("处分决定宣布会议记录",),
    ),
    way(
        "supervision-review",
        ("clerk", "apply", "2026-9-1", {"served_on": "2026-8-20", "requests": "请求减轻"}),
        ("clerk", "accept", "2026-9-2", {"in_time": "yes", "accepted": "受理"}),
        ("clerk", "decide", "2026-9-14", VOTES | {"result": "维持", "reasons": "事实清楚"}),
        ("leader", "approve", "2026-9-15", {"opinion": "同意"}),
        ("clerk", "notify", "2026-9-16", NOTICE | {"result": "维持", "reasons": "事实清楚", "received_on": "2026-9-17"}),
        ("clerk", "again", "2026-9-28", {"asks": "没有申请"}),
        ("clerk", "file", "2026-9-28", {"shelf": "青-复-7"}),
        ends="维持原决定", req=pytest.mark.req("A6"), papers=("政务处分复审决定书",), measure="政务记过",
    ),
    way(
        "party-appeal",
        ("clerk", "apply", "2026-9-1", {"requests": "请求重新认定"}),
        ("clerk", "accept", "2026-9-2", {"accepted": "复查"}),
        ("clerk", "decide", "2026-9-14", VOTES | {"result": "维持", "reasons": "事实清楚"}),
        ("leader", "approve", "2026-9-15", {"opinion": "同意"}),
        ("clerk", "notify", "2026-9-16", NOTICE | {"conclusion": "维持原决定", "received_on": "2026-9-17"}),
        ("clerk", "again", "2026-9-28", {"asks": "接受结论"}),
        ("clerk", "file", "2026-9-28", {"shelf": "青-申-7"}),
        ends="维持原决定", req=pytest.mark.req("A6"), papers=("复查（复核）结论告知书",),
    ),
    way(
        "civil-servant-appeal",
        ("clerk", "apply", "2026-9-1", {"knew_on": "2026-8-20", "way": "复核", "requests": "请求重新认定"}),
        ("clerk", "accept", "2026-9-2", {"in_time": "yes", "accepted": "受理"}),
        ("clerk", "review", "2026-9-14", VOTES | {"result": "维持", "reasons": "事实清楚"}),
        ("leader", "approve", "2026-9-15", {"opinion": "同意"}),
        ("clerk", "notify", "2026-9-16", NOTICE | {"conclusion": "维持原处理", "received_on": "2026-9-17"}),
        ("clerk", "again", "2026-9-28", {"asks": "没有申诉"}),
        ("clerk", "file", "2026-9-28", {"shelf": "青-核-7"}),
        ends="维持原处理", req=pytest.mark.req("A6"), papers=("复查（复核）结论告知书",), measure="政务记过",
    ),
    way(
        "execution",
        ("clerk", "serve", "2025-6-9", {"receivers": ("本人", "所在单位"), "result": "已送达本人", "number": "送达回证3号"}),
        ("clerk", "inform", "2025-6-10", {"bodies": ("组织部门",), "result": "已书面告知", "number": "青纪函〔2025〕8号"}),
        ("department", "file_managed", "2025-6-20", {"result": "已归档", "number": "档案回执12号"}),
        ("clerk", "recover", "2025-7-1", {"result": "已上缴", "number": "票据0091"}),
        ("clerk", "advice", "2025-7-2", {"result": "已整改", "number": "青监建〔2025〕2号"}),
        ("unit", "grade", "2026-1-15", {"result": "已确定", "number": "考核表7号", "grade": "称职（合格）"}),
        ("unit", "report", "2026-1-16", {"number": "青建党〔2026〕2号", "to": "青溪区纪委监委", "summary": "各项已经执行"}),
        ("clerk", "close", "2026-1-20", {"checked": "逐项核对无误"}),
        ends="执行清单已办结", req=pytest.mark.req("A5"), papers=("处分决定执行情况报告",), made_on=date(2025, 6, 2),
        known=datetime(2025, 6, 3, 1, 30, tzinfo=UTC),
    ),
    way(
        "rights-restoration",
        ("unit", "notify", "2026-9-1", {"number": "青建党〔2026〕9号", "to": "许南舟"}),
        ("unit", "apply", "2026-9-2", {"applied": "提出申请", "text": "按时参加组织生活"}),
        ("unit", "post", "2026-9-3", {"number": "青建党〔2026〕10号", "to": "全体党员", "place": "单位公示栏"}),
        ("unit", "heard", "2026-9-11", {"objections": "没有收到意见"}),
        ("unit", "discuss", "2026-9-14", VOTES | {"advice": "恢复", "conduct": "认识深刻"}),
        ("unit", "report", "2026-9-15", {"number": "青建党〔2026〕11号", "to": "区直机关工委", "advice": "恢复", "conduct": "认识深刻"}),
        ("clerk", "approve", "2026-9-21", {"organ": "区直机关工委", "result": "恢复", "starts_on": "2026-9-1"}),
        ("clerk", "restore", "", {"starts_on": "2026-9-1", "reason": "察看期满，表现好"}),
        ("clerk", "tell", "2026-9-29", {"number": "青纪函〔2026〕31号", "to": "许南舟", "result": "恢复", "starts_on": "2026-9-1"}),
        ("clerk", "file", "2026-9-29", {"shelf": "青-恢-1"}),
        ends="已恢复党员权利", req=pytest.mark.req("A6"), papers=("留党察看期满支部大会意见的报告", "留党察看期满处理结果通知书"),
        measure="留党察看一年", made_on=date(2025, 9, 1), known=datetime(2025, 9, 2, 1, 30, tzinfo=UTC),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "found"), OF_DECISIONS)
def test_about_a_decision(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, staff: dict[str, Account], pack: str, found: Way
) -> None:
    someone = person(place.unit, at=found.known)
    decision = decide(someone, place.commission, found.measure, made_on=found.made_on, at=found.known)
    walk(page, live_server, sign_in, staff, open_case(decision, pack, found.known, found.known.date()), found)


REDRESSED = way(
    "redress",
    ("clerk", "inform", "2026-9-29", {"number": "青纪函〔2026〕31号", "to": "许南舟", "outcome": "政务记过处分撤销"}),
    ("department", "post", "2026-9-29", {"done": "职级不受影响"}),
    ("department", "pay", "2026-9-29", {"done": "补发奖金", "amount": "3200"}),
    ("clerk", "property", "2026-9-29", {"done": "没有收缴过财物"}),
    ("clerk", "name_unannounced", "2026-9-29", {"told": "向局党组说明"}),
    (
        "clerk", "letters", "2026-9-29",
        {
            "number": "青纪函〔2026〕32号", "to": "区人社局", "letters-0-paper": "青纪函〔2026〕8号", "letters-0-receiver": "区人社局",
            "letters-0-done": "已发更正函",
        },
    ),
    ("clerk", "file", "2026-9-29", {"shelf": "青-恢-2"}),
    ends="撤销后已恢复、更正", req=pytest.mark.req("A6"), papers=("处分决定变更、撤销通知书", "更正函"), measure="政务记过",
)  # fmt: skip


@pytest.mark.parametrize(("pack", "found"), [REDRESSED])
def test_after_a_decision_was_withdrawn(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, staff: dict[str, Account], pack: str, found: Way
) -> None:
    decision = decide(person(place.unit), place.commission, found.measure)
    review = Review(ground="复审决定", organ=place.commission, number="青监复〔2026〕1号", starts_on=TODAY)
    doing = Doing(reason="认定不清", by=CLERK, on=TODAY, at=MORNING, convention="inclusive", seen=decision.version)
    following.withdraw(decision=decision.pk, review=review, doing=doing)
    walk(page, live_server, sign_in, staff, Case.objects.get(procedure=pack), found)


UNIT = {"behalf": "单位党组"}
RECALLED: Steps = (
    ("clerk", "hear", "2026-7-2", TALK | UNIT),
    ("leader", "decide", "2026-7-3", VOTES | {"decision": "召回", "reasons": "情形属实"}),
    ("clerk", "inform", "2026-7-6", TALK | UNIT | {"decision_on": "2026-7-3", "class_on": "2026-7-13"}),
    ("clerk", "answer", "2026-7-7", {"behalf": "本人书面说明", "objects": "no"}),
    ("clerk", "attendance", "2026-7-13", {"day": "2026-7-13", "course": "党纪政纪法规", "watcher": "督查局王某", "present": "到"}),
    ("clerk", "reflection", "2026-7-17", {"text": "认识到了拖拉的害处", "behalf": "本人书面材料"}),
    ("clerk", "score", "2026-7-20", {"exam": "80", "essay": "70", "conduct": "90"}),
    ("clerk", "place_own", "2026-7-21", UNIT | {"work": "老旧小区改造", "tracker": "青溪区住房和城乡建设局"}),
    ("clerk", "appraise", "2026-8-24", UNIT | {"task": "包保三个小区", "conduct": "主动", "result": "合格", "take_back": "愿意"}),
    ("leader", "confirm", "2026-8-25", {"opinion": "同意"}),
    ("clerk", "talk", "2026-8-28", TALK),
)  # fmt: skip
NOMINATED = {"source": "单位上报", "facts": "多次不按时完成任务", "head": "no"}
BY_HAND = [
    way(
        "personnel-handling",
        (
            "clerk", "propose", "2026-7-1",
            {
                "because": "年度考核不称职", "kind": "公务员", "measure": "降职", "law": "公务员法第五十条第二款（年度考核不称职的降职）",
                "clause": "2025年度考核不称职",
            },
        ),
        ("clerk", "verify", "2026-7-2", {"facts": "考核表和民主测评一致", "met": "yes"}),
        ("clerk", "hear", "2026-7-3", TALK),
        ("unit", "unit_view", "2026-7-6", {"view": "同意"}),
        ("leader", "decide", "2026-7-8", VOTES | {"decision": "处理", "reasons": "情形属实"}),
        (
            "clerk", "notify", "2026-7-9",
            {
                "number": "青组发〔2026〕6号", "to": "许南舟", "measure": "降职", "law": "公务员法第五十条第二款",
                "remedy": "三十日内向本机关申请复核", "effective_on": "2026-7-10",
            },
        ),
        ("unit", "carry_out", "2026-7-13", {"done": "已办任免手续"}),
        ends="降职", req=pytest.mark.req("G5"), papers=("处理决定通知书",),
    ),
    way(
        "recall-police", ("clerk", "nominate", "2026-7-1", NOMINATED | {"situation": "违规办业务"}), *RECALLED,
        ends="考察合格，回原单位", req=pytest.mark.req("G1", "G7"), papers=("干部召回通知书",), unit="凤冈县公安局",
    ),
    way(
        "recall-yongan", ("clerk", "nominate", "2026-7-1", NOMINATED | {"situation": "玩手机"}),
        ("clerk", "party_meeting", "2026-7-1", VOTES | UNIT), *RECALLED,
        ends="考察合格，回原单位", req=pytest.mark.req("G1", "G7"), papers=("干部召回通知书",), unit="永安镇",
    ),
    way(
        "recommendation",
        ("clerk", "draft", "2026-9-1", {"problem": "验收不到现场", "cause": "没有复核", "advice": "对三年来的验收逐项复查"}),
        ("leader", "approve", "2026-9-2", {"opinion": "同意发出"}),
        (
            "clerk", "send", "2026-9-3",
            {"number": "青监建〔2026〕2号", "to": "区住建局", "advice": "对三年来的验收逐项复查", "received_on": "2026-9-4"},
        ),
        ("unit", "object", "2026-9-7", {"objects": "no"}),
        ("unit", "answer", "2026-9-21", {"number": "青建函〔2026〕30号", "to": "青溪区纪委监委", "adopted": "采纳", "measures": "复查四十项"}),
        ("clerk", "judge", "2026-9-24", {"result": "落实到位", "account": "抽查八项属实"}),
        ("clerk", "file", "2026-9-28", {"shelf": "青-建-2"}),
        ends="建议落实到位", req=pytest.mark.req("F4"), papers=("纪检监察建议书", "纪检监察建议落实情况答复"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "found"), BY_HAND)
def test_opened_by_hand(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, staff: dict[str, Account], pack: str, found: Way
) -> None:
    """Opened on the page of the person; of a unit with rules of its own these are taken."""
    unit = organ(found.unit, "department", place.district) if found.unit else place.unit
    someone, shown = person(unit), next(each for ref, each in packs().items() if ref.procedure == pack)
    family = shown.extends.procedure if shown.extends else pack
    sign_in(staff["clerk"])
    page.goto(f"{live_server.url}/opening/person/{someone.pk}/{family}/")
    page.fill("[name=on]", found.steps[0][2])
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text(f"已立项：{shown.title}")
    case = Case.objects.get(person=someone)
    walk(page, live_server, sign_in, staff, case, found)
