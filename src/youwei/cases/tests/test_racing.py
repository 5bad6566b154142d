"""Two at once: one wins, the other is told; a double click is one entry; one import is written once."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from tests.support.cast import Cast, assemble
from youwei.cases import batches, commands, guiding, logs, queries
from youwei.cases.commands import StaleForm
from youwei.cases.models import Case, GuidingCase, OpenStep
from youwei.cases.tests.builders import CLERK, GROUP, MENTOR, OTHER, act, case_of, open_steps, record
from youwei.cases.tests.tables import several, upload, write
from youwei.decisions.models import Decision
from youwei.intake.models import Import
from youwei.journal.actors import Actor
from youwei.journal.queries import records, verify
from youwei.organs.models import Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("B1", "J4")]
DAY = date(2026, 3, 18)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads of their own, all let go together; what each returned or raised."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        waiting = [pool.submit(run, act) for act in acts]
    return [each.exception() or each.result() for each in waiting]


def test_of_two_who_record_one_step_one_wins_and_the_other_sees_it(cast: Cast) -> None:
    case = case_of(cast)
    found = at_once(
        lambda: record(case, "group", DAY, GROUP, by=CLERK, seen=1),
        lambda: record(case, "group", DAY, GROUP | {"shelf": "青-2"}, by=OTHER, seen=1),
    )
    assert sorted(map(str, map(type, found))) == sorted(map(str, (int, StaleForm)))
    stale = next(each for each in found if isinstance(each, StaleForm))
    winner = queries.standing(case, 2)
    assert winner is not None
    assert (stale.theirs.by, stale.theirs.values["shelf"]) == (winner.by, winner.values["shelf"])
    assert [entry.kind for entry in records("case", case.pk)] == ["opened", "record"]


def test_two_who_record_two_steps_both_win(cast: Cast) -> None:
    case = case_of(cast)
    found = at_once(
        lambda: record(case, "group", DAY, GROUP, seen=1), lambda: record(case, "mentor", DAY, MENTOR, by=OTHER, seen=1)
    )
    assert sorted(found) == [2, 3]
    assert ("visit", "1") in open_steps(case)
    assert verify() == []


def test_a_form_sent_four_times_is_one_entry(cast: Cast) -> None:
    case = case_of(cast)
    found = at_once(*[lambda: record(case, "group", DAY, GROUP, token="b" * 32, seen=1)] * 4)
    assert found == [2, 2, 2, 2]
    assert [entry.kind for entry in records("case", case.pk)] == ["opened", "record"]


def test_whoever_acts_while_the_index_is_brought_up_to_date_waits_and_is_not_written_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(cast)
    real, read = commands.logs.logs, threading.Event()

    def slowly(cases: Any) -> Any:
        found = real(cases)
        read.set()
        time.sleep(0.5)
        return found

    def acts() -> int:
        assert read.wait(5)
        return record(case, "group", DAY, GROUP)

    monkeypatch.setattr(commands.logs, "logs", slowly)
    assert at_once(lambda: commands.refresh([case], today=DAY), acts) == [1, 2]
    assert ("group", "") not in open_steps(case)


def test_an_import_written_by_two_at_once_is_written_once(cast: Cast) -> None:
    batch = upload(cast.commission, *several(12))
    found = at_once(*[lambda: write(Import.objects.select_related("organ").get(pk=batch.pk))] * 2)
    assert [each for each in found if isinstance(each, Exception)] == []
    assert (Person.objects.count(), Decision.objects.count(), Case.objects.count()) == (12, 12, 36)
    assert Import.objects.get(pk=batch.pk).state == "done"
    assert verify() == []


def test_two_who_sign_at_once_both_stand(cast: Cast, settings: Settings) -> None:
    settings.PACKS = Path(__file__).parent / "packs"
    case = case_of(cast, "joint")
    record(case, "advise", DAY, {"advice": "可以继续使用"}, by=CLERK)
    head, other = Actor("岑伯安", cast.leader.pk), Actor("解文舟", cast.accounts[Role.ORGANIZATION].pk)
    found = at_once(
        lambda: act(case, "sign", DAY, step="advise", part="head", by=head, seen=2),
        lambda: act(case, "sign", DAY, step="advise", part="department", by=other, seen=2),
    )
    assert sorted(found) == [3, 4]
    assert not OpenStep.objects.filter(case=case, step="advise").exists()
    assert verify() == []


@pytest.mark.req("F6")
def test_a_guiding_case_sent_four_times_at_once_is_one(cast: Cast) -> None:
    text = guiding.Text(
        title="项目工序合并", place="某市", happened="2024年", items=("先行先试",), situation="合并工序。", decided="认定免责。",
        source="本机关办理", tags="",
    )  # fmt: skip
    stamp: dict[str, Any] = {"by": CLERK, "on": DAY, "at": datetime(2026, 3, 18, 1, tzinfo=UTC), "token": "g" * 32}
    found = at_once(*[lambda: guiding.write(organ=cast.commission, text=text, **stamp)] * 4)
    assert [each for each in found if isinstance(each, Exception)] == []
    assert GuidingCase.objects.count() == 1
    assert verify() == []


@pytest.mark.req("B9")
def test_a_batch_opened_four_times_at_once_is_one_and_a_number_of_another_form_is_refused(cast: Cast) -> None:
    pack = next(pack for ref, pack in logs.packs().items() if ref.procedure == "campaign")
    stamp: dict[str, Any] = {"by": CLERK, "on": DAY, "at": datetime(2026, 3, 18, 1, tzinfo=UTC), "today": DAY}

    def opening(token: str) -> Case:
        return batches.open_batch(pack=pack, name="春季", organ=cast.commission, token=token, **stamp)

    found = at_once(*[lambda: opening("o" * 32)] * 4)
    assert {each.pk for each in found} == {Case.objects.get().pk}
    record(case_of(cast), "group", DAY, GROUP, token="r" * 32)
    with pytest.raises(commands.Rejected, match="请刷新页面重填"):
        opening("r" * 32)
    assert verify() == []
