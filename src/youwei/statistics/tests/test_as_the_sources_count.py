"""Figures as the sources print them, over an invented set with everything in it that must not be counted: E5, B9, and with them the year's visits.

Only the rows that are counted are laid down; that a real case leaves such a row is proved where its procedure is gone through.
"""

from datetime import UTC, date, datetime
from itertools import count

import pytest

from tests.support.cast import Cast
from youwei.cases.logs import packs
from youwei.cases.models import Case, Done, Member
from youwei.cases.progress import progress
from youwei.decisions.models import Decision
from youwei.organs.models import Organ
from youwei.people.commands import build
from youwei.people.models import Person
from youwei.rulebook.packs import Pack
from youwei.statistics.procedures import counted_at, regulation, table
from youwei.statistics.queries import figures

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
AT = datetime(2023, 1, 3, 1, 30, tzinfo=UTC)
NUMBERS = count(1)


def pack(procedure: str) -> Pack:
    return next(each for ref, each in packs().items() if ref.procedure == procedure)


def people(cast: Cast, number: int) -> list[Person]:
    rows = [build(organ=cast.bureau, name=f"示例{next(NUMBERS)}", managed_by="区管干部") for _ in range(number)]
    return Person.objects.bulk_create(rows)


def row(
    procedure: str, organ: Organ, subject: Person | Organ, ended: date | None, outcome: str = "", **more: object
) -> Case:
    """A case of a procedure, ended on a day under one of its outcomes or still open."""
    found = pack(procedure)
    end = found.outcomes[outcome] if outcome else None
    someone = subject if isinstance(subject, Person) else None
    return Case(
        procedure=procedure, version=found.ref.version, pack_digest=found.digest, title=found.title, person=someone,
        subject_organ=someone.organ if someone else subject, organ=organ, opened_on=FIRST, ended_on=ended,
        state="ended" if end else "open", outcome=outcome, outcome_title=end.title if end else "",
        counted=end.counts if end else "", **more,
    )  # fmt: skip


def outcome_of(procedure: str, counted: str) -> str:
    return next(each.id for each in pack(procedure).outcomes.values() if each.counts == counted)


@pytest.mark.req("E5")
def test_297_persons_31_organisations_and_7_malicious_accusations_of_a_year(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("youwei.statistics.procedures.MOST_READ", 0)  # the columns read logs, and these rows have none
    of_persons, of_organs = (outcome_of("clearing", each) for each in ("澄清党员干部", "澄清党组织（单位）"))
    cleared = people(cast, 297)
    organs = [
        Organ.objects.create(name=f"示例村{number}", kind=Organ.Kind.VILLAGE, parent=cast.bureau, path=f"{cast.bureau.path}{number:04d}/")
        for number in range(31)
    ]  # fmt: skip
    other = people(cast, 12)
    declined = "declined"
    rows = [
        *(row("clearing", cast.commission, each, date(2023, 6, 1), of_persons) for each in cleared),
        row("clearing", cast.commission, cleared[0], date(2023, 12, 31), of_persons),  # the same person a second time
        *(row("clearing", cast.commission, each, date(2023, 1, 1), of_organs) for each in organs),
        *(row("clearing", cast.commission, each, date(2023, 6, 1), declined) for each in other[:5]),
        row("clearing", cast.commission, other[5], date(2022, 12, 31), of_persons),
        row("clearing", cast.commission, other[6], date(2024, 1, 1), of_persons),
        *(row("clearing", cast.commission, each, None) for each in other[7:]),
    ]
    city = Organ.objects.get(name="云川市纪委监委")
    malicious, mistaken = outcome_of("malicious", "查处诬告陷害"), "mistaken"
    rows += [row("malicious", city, city, date(2023, 6, 1), malicious, sealed=True) for _ in range(7)]
    rows += [row("malicious", city, city, date(2023, 6, 1), mistaken, sealed=True) for _ in range(3)]
    Case.objects.bulk_create(rows, 500)

    found = table("clearing", cast.city, FIRST, LAST)
    told = {line.title: (line.cases, len(line.persons)) for line in found.counted}
    assert told == {"澄清党员干部": (298, 297), "澄清党组织（单位）": (31, 31)}
    assert [(line.cases, len(line.persons)) for line in found.aside] == [(5, 5)], "who did not want it is no clearing"
    assert found.open == 5
    sealed = table("malicious", cast.city, FIRST, LAST)
    assert {line.title: line.cases for line in sealed.counted} == {"查处诬告陷害": 7}
    assert (sealed.aside, sealed.open) == ((), None), "a mistaken report is told nowhere"
    known = regulation("malicious")
    assert known is not None
    assert (counted_at(known, cast.city), counted_at(known, cast.district)) == (True, False)


def visit(case: Case, on: date, seq: int = 9, outcome: str = "已进行") -> Done:
    return Done(case=case, step="visit", kind="visit", title="回访", entry_seq=seq, on=on, at=on, outcome=outcome)


@pytest.mark.req("B9")
def test_962_persons_visited_in_a_campaign_and_1893_in_a_year(cast: Cast) -> None:
    begun = date(2023, 6, 1)
    batch = row("campaign", cast.commission, cast.commission, None)
    batch.opened_on = begun
    batch.save()
    listed, others = people(cast, 1000), people(cast, 931 + 40)
    decisions = Decision.objects.bulk_create(
        (
            Decision(
                deciding_organ=cast.commission, counted_at=cast.district, person=each, unit=cast.bureau, made_on=date(2022, 3, 1),
                effective_on=date(2022, 3, 1), recorded_at=AT,
            )
            for each in (*listed, *others)
        ),
        500,
    )  # fmt: skip
    cases = Case.objects.bulk_create(
        (row("campaign-visit", cast.commission, each.person, None, decision=each) for each in decisions if each.person),
        500,
    )
    Member.objects.bulk_create(
        (
            Member(batch=batch, place=place, person=each.person, organ=cast.bureau, case=each)
            for place, each in enumerate(cases[:1000], 1)
        ),
        500,
    )
    in_campaign, outside = cases[:1000], cases[1000:]
    Done.objects.bulk_create(
        [
            *(visit(each, date(2023, 7, 3)) for each in in_campaign[:962]),
            *(visit(each, date(2023, 9, 4), 12) for each in in_campaign[:100]),  # a second time: one person, two visits
            *(visit(each, date(2023, 7, 3), outcome="本人拒绝") for each in in_campaign[962:980]),
            *(
                visit(each, date(2023, 5, 31)) for each in in_campaign[980:990]
            ),  # before the campaign: counts for the year alone
            *(visit(each, date(2023, 1, 1)) for each in outside[:921]),
            *(visit(each, date(2022, 12, 31)) for each in outside[921:941]),
            *(visit(each, date(2024, 1, 1)) for each in outside[941:961]),
        ],
        500,
    )
    whole = progress(batch, date(2023, 12, 31)).whole
    assert (whole.people, whole.counts["visited"], whole.counts["refused"], whole.counts["pending"]) == (
        1000,
        962,
        18,
        20,
    )
    assert whole.frozen_rate == "96.2%"
    found = figures(cast.city, FIRST, LAST, today=LAST)
    assert found.value("visits.people") == 962 + 10 + 921 == 1893
    assert found.value("visits.times") == 1893 + 100
    assert found.value("visits.refused") == 18, "told apart, and none of those visited"
