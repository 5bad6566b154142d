"""Fixtures and hooks of every test, in the rooms and in `tests`."""

pytest_plugins = [
    "tests.support.garbage",
    "tests.support.network",
    "tests.support.store",
    "tests.support.kept",
    "tests.support.requirements",
    "tests.support.browser",
    "tests.support.cast",
    "tests.support.versions",
]
