"""A store of an earlier version is brought to the new form by the first command that opens it, and keeps every row."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import Store

pytestmark = [pytest.mark.store, pytest.mark.slow, pytest.mark.req("J5")]
SCRIPT = Path(__file__).parent / "scripts" / "old_store.py"
#: Columns that an upgrade sets on purpose: the index of cases is written anew from the logs.
WRITTEN_ANEW = {("cases_case", "next_change")}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.new(tmp_path / "data")
    yield made
    made.drop()


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(store.seeded(SCRIPT, "dump"))
    return found


def test_an_upgrade_keeps_every_row_and_the_digest_of_all_records(store: Store) -> None:
    assert store.run("init", bare=True).returncode == 0
    store.seeded(SCRIPT, "fill")
    digest = store.done("verify")
    store.seeded(SCRIPT, "back")
    old = rows(store)
    assert {
        "organs_organ",
        "people_person",
        "decisions_decision",
        "cases_case",
        "cases_openstep",
        "intake_stagedrow",
    } <= set(old)
    for table in (
        "documents_paper",
        "documents_attachment",
        "journal_entry",
        "organs_holidaynotice",
        "decisions_period",
    ):
        assert old[table], f"{table} is empty: nothing would be proved of it"
    assert store.done("verify") == digest, "the first command that opens an old store upgrades it"
    new = rows(store)
    for table, were in old.items():
        assert len(new[table]) == len(were), table
        for before, after in zip(were, new[table], strict=True):
            kept = {name: value for name, value in before.items() if (table, name) not in WRITTEN_ANEW}
            assert {name: after.get(name) for name in kept} == kept, table
    store.done("verify")
