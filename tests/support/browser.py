"""The system's Chromium under Playwright, with what every page must keep: no refused script or style, no script error, no 5xx."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Response, expect

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_VIOLATION = """
document.addEventListener('securitypolicyviolation', event =>
    console.error('CSP refused ' + event.violatedDirective + ': ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber));
"""
UNPAINTED = """
globalThis.unpainted = new CSSStyleSheet();
unpainted.replaceSync('html { opacity: 0 !important }');
document.adoptedStyleSheets.push(unpainted);
"""
"""Nobody looks, so nothing is painted: laid out, focused, pressed and read all the same, at a third less processor time (decision 58)."""
PAINT = "() => { if (globalThis.unpainted) unpainted.disabled = true }"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
DROP_WATERMARK = "() => document.querySelectorAll('.yw-watermark').forEach(element => element.remove())"


PATIENCE = 20_000  # milliseconds: on a busy machine an answer may take its time
START = 120_000  # until the browser is there: without it every test of the worker would fail

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What opens a browser is marked; an argument that happens to be called `page` opens none."""
    for item in items:
        if "context" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the browser tests cannot be left out in CI")
        pytest.skip("no Chromium on this machine; ./youwei test says how to install it")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS, "timeout": START}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 768},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",  # nothing glides from under the pointer between its going down and its coming up
    }


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """Every page of the test is listened to, also those it opens itself."""
    context.set_default_timeout(PATIENCE)
    faults = listen(context)
    yield context
    assert not faults, "\n".join(faults)


def listen(context: BrowserContext) -> list[str]:
    """The list that fills with what no page may do."""
    faults: list[str] = []
    context.add_init_script(REPORT_VIOLATION)
    if "SHOTS" not in os.environ:
        context.add_init_script(UNPAINTED)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    context.on(
        "console", lambda message: faults.append(message.text) if message.text.startswith("CSP refused") else None
    )
    context.on("response", lambda response: note_server_fault(response, faults))
    return faults


def note_server_fault(response: Response, faults: list[str]) -> None:
    if response.status >= 500:
        faults.append(f"{response.status} from {response.request.method} {response.url}")


def there(page: Page) -> None:
    """Wait until the page that a click led to has come whole: before that a script would look at the old one, or at none."""
    page.wait_for_load_state()
    expect(page.locator("main").first).to_be_attached()


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 on a page that fits."""
    there(page)
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def axe_clean(page: Page) -> None:
    """No accessibility fault on the page, once it is there. The watermark is left out: it is faint on purpose and hidden from readers."""
    there(page)
    page.evaluate(DROP_WATERMARK)
    page.evaluate(PAINT)  # colours are compared as they are seen
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
