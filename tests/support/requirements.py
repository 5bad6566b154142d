"""`pytest --req-report`: which requirement of the mission is held by which tests. `@pytest.mark.req("A2", "K6")` names them."""

from collections import defaultdict

import pytest

TESTS = pytest.StashKey[dict[str, list[str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--req-report", action="store_true", help="print requirement → tests at the end")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    table: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for mark in item.iter_markers("req"):
            for requirement in mark.args:
                table[str(requirement)].append(item.nodeid)
    config.stash[TESTS] = table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--req-report"):
        return
    table = config.stash.get(TESTS, {})
    terminalreporter.section("requirements")
    for requirement in sorted(table, key=lambda name: (name[0], int(name[1:]) if name[1:].isdigit() else 0)):
        terminalreporter.write_line(f"{requirement}: {len(table[requirement])} tests")
        for nodeid in table[requirement]:
            terminalreporter.write_line(f"    {nodeid}")
