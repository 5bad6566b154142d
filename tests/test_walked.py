"""Every released procedure is walked along its main way, to an end, in a browser: each test that does so names it (`walks`)."""

import re
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "youwei"
NAMING = re.compile(r'(?:mark\.walks|\bway)\(\s*((?:"[a-z-]+",?\s*)+)')


def test_each_released_procedure_is_named_by_a_browser_test_and_nothing_else_is() -> None:
    released = {folder.name for folder in (SOURCE / "packs").iterdir() if any(folder.glob("*/pack.yaml"))}
    found = (NAMING.findall(path.read_text("utf-8")) for path in SOURCE.rglob("test_*browser.py"))
    walked = {name for names in found for text in names for name in re.findall(r'"([a-z-]+)"', text)}
    assert sorted(released - walked) == [], "walked by no browser test"
    assert sorted(walked - released) == [], "no such procedure"
