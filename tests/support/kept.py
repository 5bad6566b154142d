"""What many tests begin with is laid down once for all tests of a file, and each gets a copy of it.

It lies in a transaction that is taken back after the file; each test works in one of its own inside that. A test that commits, with a live
server or several connections, cannot: before it all is taken back, and it builds its own.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from typing import Generic, TypeVar

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

T = TypeVar("T")
COMMITS = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


class Kept(Generic[T]):
    """Something laid down, or still to be built by whoever asks."""

    def __init__(self, build: Callable[[], T]) -> None:
        self.build, self.laid = build, list[T]()

    def copy(self) -> T:
        """For one test, which may do with it what it likes."""
        return deepcopy(self.laid[0]) if self.laid else self.build()


class Stage:
    """The transaction of a file."""

    commits = False  # whether the test at hand does
    now: "Stage | None" = None

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self.blocker, self.transaction = blocker, ExitStack()

    def lay(self, build: Callable[[], T]) -> Kept[T]:
        kept = Kept(build)
        if not Stage.commits:
            with self.blocker.unblock():
                self.transaction.enter_context(transaction.atomic())
                self.transaction.callback(transaction.set_rollback, True)
                kept.laid.append(build())
            self.transaction.callback(kept.laid.clear)
        return kept

    def clear(self) -> None:
        with self.blocker.unblock():
            self.transaction.close()


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    Stage.now = Stage(django_db_blocker)
    yield Stage.now
    Stage.now.clear()
    Stage.now = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    Stage.commits = commits(item)
    if Stage.commits and Stage.now:
        Stage.now.clear()


def commits(item: pytest.Item) -> bool:
    """Whether a test's transactions are real ones."""
    marker = item.get_closest_marker("django_db")
    marked = marker is not None and bool(marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))
    return marked or bool(COMMITS & set(getattr(item, "fixturenames", ())))
