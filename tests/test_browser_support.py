"""The browser's watch is awake: it notices a refused script, a script error, a server fault and an accessibility fault."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import axe_clean, listen

ADDRESS = "http://localhost:9/page"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:"
GOOD = '<!doctype html><html lang="zh"><head><title>页</title></head><body><main><h1>页</h1></main></body></html>'
INLINE_SCRIPT = GOOD.replace("<h1>", "<script>document.title = 'x'</script><h1>")
FAINT = GOOD.replace("<h1>页", '<h1 style="color: #ccc; background: #fff">太淡的字')
NO_LABEL = GOOD.replace("<h1>", "<input><h1>")  # inside main: a page without main is not there yet


def answer(route: Route, body: str, status: int = 200, policy: str = POLICY) -> None:
    if route.request.url == ADDRESS:
        route.fulfill(
            body=body,
            status=status,
            headers={"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"},
        )
    else:
        route.fulfill(status=404)


def faults_of(browser: Browser, body: str, status: int = 200, policy: str = POLICY) -> list[str]:
    context = browser.new_context()
    faults = listen(context)
    page = context.new_page()
    page.route("**/*", lambda route: answer(route, body, status, policy))
    page.goto(ADDRESS)
    expect(page.locator("h1")).to_be_visible()
    context.close()
    return faults


@pytest.mark.browser
def test_a_refused_script_is_noticed(browser: Browser) -> None:
    assert [fault for fault in faults_of(browser, INLINE_SCRIPT) if fault.startswith("CSP refused script-src")]


@pytest.mark.browser
def test_a_script_error_is_noticed(browser: Browser) -> None:
    broken = INLINE_SCRIPT.replace("document.title = 'x'", "nowhere.to.be.found()")
    assert [fault for fault in faults_of(browser, broken, policy="") if fault.startswith("script error")]


@pytest.mark.browser
def test_a_server_fault_is_noticed(browser: Browser) -> None:
    assert faults_of(browser, GOOD, status=500) == [f"500 from GET {ADDRESS}"]


@pytest.mark.browser
def test_a_sound_page_passes_unnoticed(browser: Browser) -> None:
    assert faults_of(browser, GOOD) == []


def test_a_field_without_a_label_is_an_accessibility_fault(page: Page) -> None:
    page.route("**/*", lambda route: answer(route, NO_LABEL))
    page.goto(ADDRESS)
    with pytest.raises(AssertionError, match="label"):
        axe_clean(page)


def test_words_too_faint_to_read_are_an_accessibility_fault(page: Page) -> None:
    page.route("**/*", lambda route: answer(route, FAINT, policy=""))
    page.goto(ADDRESS)
    with pytest.raises(AssertionError, match="color-contrast"):
        axe_clean(page)


@pytest.mark.parametrize("page", ["list"])
def test_an_argument_called_page_makes_no_browser_test(request: pytest.FixtureRequest, page: str) -> None:
    """It would be left out on PostgreSQL."""
    assert request.node.get_closest_marker("browser") is None
