"""A ledger taken in with a browser: upload, columns, review, mending, confirming, done, and taken back; accessible on a desk and on a phone."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe_clean, overflow
from tests.support.cast import STAMP, Cast, SignIn
from youwei.decisions.models import Decision
from youwei.intake.models import Import
from youwei.intake.tests import ledgers
from youwei.people.commands import build, register_many

pytestmark = [pytest.mark.req("A1", "A4", "J4"), pytest.mark.slow]


def ledger(tmp_path: Path) -> Path:
    """Thirty rows: the fourth has an impossible date, the sixth is a matter of state secrets, and 姓名 has a name of its own."""
    rows = ledgers.lines(30)
    rows[3]["决定日期"] = "2023-02-30"
    rows[5] |= {"姓名": "密甲某", "是否涉密": "是"}
    for row in rows[6:9]:
        row |= {"职级": "县处级正职", "四种形态": "第四种形态"}
    path = tmp_path / "青溪区处分台账.xlsx"
    path.write_bytes(ledgers.workbook(rows, renamed={"姓名": "老同志称呼"}))
    return path


def fits(page: Page) -> None:
    """Accessible, and nothing beyond the edge of the window."""
    axe_clean(page)
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1366, 390])
def test_a_ledger_is_taken_in_and_taken_back(
    page: Page, live_server: object, transactional_db: None, cast: Cast, sign_in: SignIn, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(cast.officer)
    page.goto(f"{live_server}/imports/")
    expect(page.get_by_text("国家秘密不得录入本系统。")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="读入并核对").click()
    expect(page.locator("[data-faults]")).to_be_focused()
    page.get_by_label("台账文件").set_input_files(ledger(tmp_path))
    page.get_by_role("radio", name="现行").check()
    page.get_by_role("button", name="读入并核对").click()

    expect(page.get_by_role("heading", name="对一对列")).to_be_visible()
    fits(page)
    page.get_by_role("combobox", name="第2列老同志称呼读作").select_option("姓名")
    page.get_by_role("button", name="按这样核对30行").click()

    expect(page.get_by_role("heading", name="核对导入内容")).to_be_visible()
    expect(page.get_by_text("写入时会在机关名录里新建")).to_be_visible()
    fits(page)
    page.locator(".yw-tabs").get_by_role("link", name="拒绝").click()
    expect(page.locator(".yw-raw")).to_have_text("2023-02-30")
    fits(page)
    page.get_by_role("link", name="在这里改第").click()
    page.get_by_label("决定日期", exact=True).fill("2022年3月13日")
    fits(page)
    page.get_by_role("button", name="再核对").click()
    expect(page.get_by_text("现在是“新增”")).to_be_visible()
    page.locator(".yw-tabs").get_by_role("link", name="涉密存根").click()
    expect(page.get_by_text("（未显示）")).to_be_visible()
    expect(page.get_by_text("密甲某")).to_have_count(0)
    assert Decision.objects.count() == 0
    page.get_by_role("button", name="写入30行（新增29、存根1）").click()

    expect(page.get_by_role("heading", name="已写入", exact=True)).to_be_visible()
    fits(page)
    assert Decision.objects.count() == 30
    page.get_by_role("link", name="整批撤回").click()
    expect(page.get_by_text("撤回以后不能恢复")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="撤回这30份决定").click()
    expect(page.get_by_role("heading", name="已整批撤回")).to_be_visible()
    assert Decision.objects.exclude(state=Decision.State.UNDONE).count() == 0


def send(page: Page, address: str, rows: Sequence[Mapping[str, Any]]) -> None:
    page.goto(address)
    file = {"name": "青溪区处分台账.xlsx", "mimeType": "application/octet-stream", "buffer": ledgers.workbook(rows)}
    page.get_by_label("台账文件").set_input_files(file)
    page.get_by_role("radio", name="历史").check()
    page.get_by_role("button", name="读入并核对").click()


@pytest.mark.parametrize("width", [1366, 390])
def test_it_is_asked_who_somebody_is_and_shown_what_changes(
    page: Page, live_server: object, transactional_db: None, cast: Cast, sign_in: SignIn, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    number = ledgers.identity(date(1985, 2, 1), 1)
    asked = build(organ=cast.bureau, name="许南舟", born_on=date(1991, 8, 1), post="科员")
    known = build(organ=cast.bureau, name="何予安", born_on=date(1985, 2, 1), post="科员", identity=number)
    register_many([asked, known], **STAMP)
    sign_in(cast.officer)
    at_bureau = {"单位及职务": "青溪区水利局副局长"}
    rows = [
        ledgers.line(1, 姓名="许南舟", 身份证号="", 出生年月="1991.08", **at_bureau),
        ledgers.line(2, 姓名="何予安", 身份证号=number, 出生年月="1985.02", **at_bureau),
        ledgers.line(3, 决定日期="2023-02-30"),
    ]
    send(page, f"{live_server}/imports/", rows)
    page.get_by_role("link", name="还有1行没有回答是不是同一个人").click()
    expect(page.get_by_text("青溪区水利局，科员，1991年8月生")).to_be_visible()
    fits(page)
    page.get_by_label("新的人").check()
    page.get_by_role("button", name="记下这一页的回答").click()
    page.get_by_role("button", name="写入2行（新增1、经确认1）").click()
    expect(page.get_by_role("heading", name="已写入", exact=True)).to_be_visible()

    send(page, f"{live_server}/imports/", [rows[0], {**rows[1], "职级": "乡科级正职"}, rows[2]])
    page.locator(".yw-tabs").get_by_role("link", name="拒绝").click()
    expect(page.get_by_role("heading", name="更新的行")).to_be_visible()
    expect(page.locator(".yw-new", has_text="乡科级正职")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="删去这份上传").click()
    page.get_by_role("dialog").get_by_role("button", name="删去").click()
    expect(page.get_by_text("什么都没有写入")).to_be_visible()

    Import.objects.update(state="writing", done_rows=2)
    page.get_by_role("link", name="青溪区处分台账.xlsx").click()
    expect(page.get_by_text("2/3行")).to_be_visible()
    fits(page)
    Import.objects.update(state="done")
    expect(page.get_by_role("heading", name="已写入", exact=True)).to_be_visible()
