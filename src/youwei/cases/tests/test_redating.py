"""What a holiday notice moves is told before it is entered, and moved once it is; either goes on where it was stopped (J11)."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases import redating
from youwei.cases.models import Case, OpenStep, Redating
from youwei.cases.tests.builders import CLERK, OPENED, cases_of, moment
from youwei.journal.queries import records, verify
from youwei.organs.commands import Refused
from youwei.organs.models import HolidayNotice
from youwei.organs.queries import calendar

pytestmark = [pytest.mark.django_db, pytest.mark.req("J11")]
# Were Friday 20 March a holiday, ten working days from the 16th would end on Tuesday 31 March and not on Monday the 30th.
NOTICE: dict[str, Any] = {
    "year": 2026, "source": "试验", "days": [{"on": "2026-03-20", "kind": "holiday", "name": "试验假"}]
}  # fmt: skip
BEFORE, AFTER = date(2026, 3, 30), date(2026, 3, 31)
WHEN = {"today": OPENED, "at": moment(OPENED)}


@pytest.fixture
def cases(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    monkeypatch.setattr(redating, "CHUNK", 2)
    return cases_of(cast, 5)


def begun(cast: Cast) -> Redating:
    return redating.begin(**NOTICE, organ=cast.commission, by=CLERK, at=moment(OPENED))


def looked(cast: Cast) -> Redating:
    row = begun(cast)
    redating.look(redating=row, **WHEN)
    return row


def confirmed(cast: Cast) -> Redating:
    row = looked(cast)
    assert redating.confirm(pk=row.pk, by=CLERK, on=OPENED, at=moment(OPENED))
    row.refresh_from_db()
    return row


def told(row: Redating) -> list[tuple[int, str, str, str]]:
    return [(each["case"], each["title"], each["old"], each["new"]) for each in row.moved]


def expected(cases: list[Case]) -> list[tuple[int, str, str, str]]:
    titles = ("成立回访教育小组、建立档案", "指定教育帮带人")
    return [(case.pk, title, "2026-03-30", "2026-03-31") for case in cases for title in titles]


def due_days() -> set[date | None]:
    return set(OpenStep.objects.filter(step__in=("group", "mentor")).values_list("due_on", flat=True))


def test_what_would_move_is_told_and_nothing_is_entered(cast: Cast, cases: list[Case]) -> None:
    row = looked(cast)
    assert (row.state, row.done, row.total) == ("looked", 5, 5)
    assert told(row) == expected(cases)
    assert due_days() == {BEFORE}
    assert not HolidayNotice.objects.exists()


def test_confirmed_the_notice_holds_and_the_dates_follow(cast: Cast, cases: list[Case]) -> None:
    row = confirmed(cast)
    assert not calendar().is_working_day(date(2026, 3, 20))
    redating.move(redating=row, **WHEN)
    assert (row.state, row.done, row.total) == ("done", 5, 5)
    assert told(row) == expected(cases)
    assert due_days() == {AFTER}
    assert [entry.kind for entry in records("organ", cast.commission.pk)].count("notice.entered") == 1
    assert verify() == []


@pytest.mark.parametrize("phase", ["look", "move"])
def test_a_run_that_fell_goes_on_behind_the_last_case_done(
    cast: Cast, cases: list[Case], monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    row = begun(cast) if phase == "look" else confirmed(cast)
    go_on, planned = getattr(redating, phase), []
    real = redating._next

    def falls(found: Redating) -> list[Case]:
        some = real(found)
        if len(planned) == 4:
            raise OSError
        planned.extend(each.pk for each in some)
        return some

    with monkeypatch.context() as patch:
        patch.setattr(redating, "_next", falls)
        with pytest.raises(OSError):
            go_on(redating=row, **WHEN)
    again = Redating.objects.get(pk=row.pk)
    assert (again.done, again.last_case) == (4, cases[3].pk)
    go_on(redating=again, **WHEN)
    assert told(again) == expected(cases)
    assert again.state == ("looked" if phase == "look" else "done")


def test_two_runs_at_once_do_every_case_once(cast: Cast, cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    row = begun(cast)
    other = Redating.objects.get(pk=row.pk)
    real = redating._would_move

    def overtaken(*given: Any) -> Any:
        found = real(*given)
        with monkeypatch.context() as patch:
            patch.setattr(redating, "_would_move", real)
            redating.look(redating=other, **WHEN)
        return found

    monkeypatch.setattr(redating, "_would_move", overtaken)
    redating.look(redating=row, **WHEN)
    assert (row.state, row.done) == ("looked", 5)
    assert told(row) == expected(cases)


def test_a_double_click_enters_the_notice_once_and_what_is_entered_is_not_forgotten(
    cast: Cast, cases: list[Case]
) -> None:
    row = confirmed(cast)
    assert not redating.confirm(pk=row.pk, by=CLERK, on=OPENED, at=moment(OPENED))
    assert HolidayNotice.objects.count() == 1
    assert not redating.discard(pk=row.pk)
    other = looked(cast)
    assert redating.discard(pk=other.pk)
    assert not Redating.objects.filter(pk=other.pk).exists()


def test_a_bad_notice_is_refused_and_not_looked_at(cast: Cast) -> None:
    with pytest.raises(Refused, match="不在2026年"):
        redating.begin(
            **NOTICE | {"days": [{"on": "2027-03-20", "kind": "holiday", "name": ""}]},
            organ=cast.commission, by=CLERK, at=moment(OPENED),
        )  # fmt: skip
    assert not Redating.objects.exists()
