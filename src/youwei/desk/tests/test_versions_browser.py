"""With a browser: a new version is written, mended, approved by somebody else, and a case is moved to it; on a desk and on a phone (I1)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn
from tests.support.versions import NEW, OLD, PLEDGE, later_text
from youwei.cases import logs
from youwei.cases.models import Case
from youwei.cases.tests.builders import case_of

pytestmark = [pytest.mark.req("I1"), pytest.mark.slow, pytest.mark.usefixtures("first_version")]


@pytest.fixture
def first_version(two_versions: object) -> Iterator[None]:
    """The later version is no file: it is written in the test."""
    (two_versions / NEW.procedure / NEW.version / "pack.yaml").unlink()  # type: ignore[operator]
    logs._loaded.cache_clear()
    yield
    logs._Seen.versions = ()


def fits(page: Page) -> None:
    """Accessible, and nothing beyond the edge of the window."""
    axe_clean(page)
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1366, 390])
def test_a_new_version_is_written_approved_and_a_case_is_moved_to_it(
    page: Page, live_server: object, transactional_db: None, cast: Cast, sign_in: SignIn, width: int
) -> None:
    case = case_of(cast)
    for account in (cast.officer, cast.leader):
        account.grants.update(organ=cast.city)  # whose procedures are for all
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(cast.officer)
    page.goto(f"{live_server}/packs/{OLD.procedure}/{OLD.version}/")
    fits(page)
    page.get_by_role("link", name="编写新版本").click()
    text = page.get_by_role("textbox", name="规程全文")
    expect(text).not_to_be_empty()
    fits(page)
    text.fill(later_text().replace(PLEDGE, PLEDGE.replace("by: group", "by: nobody")))
    page.get_by_role("button", name="存为草稿并核对").press("Enter")
    expect(page.get_by_text("没有“nobody”这个角色")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="修改全文").click()
    page.get_by_role("textbox", name="规程全文").fill(later_text())
    page.get_by_role("button", name="存为草稿并核对").press("Enter")
    expect(page.get_by_text("新增环节“签订帮带责任书”")).to_be_visible()
    fits(page)
    address = page.url

    sign_in(cast.leader)
    page.goto(address)
    page.get_by_role("button", name="批准施行").press("Enter")
    expect(page.get_by_text("内容从此不再改动")).to_be_visible()
    fits(page)

    sign_in(cast.officer)
    page.goto(f"{live_server}/packs/{OLD.procedure}/{OLD.version}/move/")
    expect(page.get_by_text("增加“签订帮带责任书”（待办）")).to_be_visible()
    fits(page)
    page.get_by_role("checkbox", name="选许南舟的事项").check()
    page.get_by_role("textbox", name="转入的理由").fill("新办法施行")
    page.get_by_role("button", name="转入所选的事项").press("Enter")
    expect(page.get_by_role("heading", name="按2026.06版办理的")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="许南舟").click()
    expect(page.get_by_role("region", name="可以办的").get_by_role("link", name="签订帮带责任书")).to_be_visible()
    assert Case.objects.get(pk=case.pk).version == NEW.version
    page.goto(f"{live_server}/packs/{OLD.procedure}/{OLD.version}/compare/{NEW.procedure}/{NEW.version}/")
    expect(page.get_by_role("heading", name="签订帮带责任书")).to_be_visible()
    fits(page)
