"""Letters to the commission of the demonstration city that ask about lists of people, one answered and one come yesterday; and whom to call.

Nothing here names a procedure: every one that answers letters is played by what its pack asks for.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from youwei.cases import asking
from youwei.cases.by_hand import LETTER, open_by_hand
from youwei.cases.commands import act
from youwei.cases.distress import keep_contacts
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.queries import View, view
from youwei.cases.rows import record_rows
from youwei.config.demo.ledger import moment, officer
from youwei.config.demo.places import CITY, MENTORED, Places
from youwei.config.demo.reviews import asked_about
from youwei.documents.commands import record
from youwei.engine import suggesting
from youwei.engine.answering import answers, rows_of
from youwei.engine.sieve import sieve
from youwei.engine.types import Act, EntryKind, Item, Status
from youwei.people.models import Person
from youwei.rulebook.packs import Field, FieldType, Pack, Step

AREA, LEADER, CLERK = "青溪区", "cenboan", "chensiyuan"
SIGNERS = ("luyuanzhou", "shenzhixing")
FROM, NUMBERS = f"{AREA}委组织部", ("青组函〔2026〕17号", "青组函〔2026〕21号")
STRANGER = "顾长川"
LISTED, MOST_STEPS = 9, 12
CALLED = {
    f"{AREA}纪委监委": (("陈思源", "案件审理室", "0990-2100101"), ("岑泊安", "区纪委副书记", "0990-2100102")),
    f"{CITY}纪委监委": (("沈知行", "案件审理室", "0990-2000101"),),
    MENTORED: (("贺星澜", "局党组办公室", "0990-2100301"), ("温若水", "局办公室主任", "0990-2100302")),
}


def list_contacts(places: Places) -> None:
    """Whom to call when somebody is in distress."""
    for name, people in CALLED.items():
        rows = [{"name": who, "post": post, "phone": phone} for who, post, phone in people]
        keep_contacts(organ=places.organs[name], rows=rows)


def answer_letters(people: Sequence[Person], places: Places, *, today: date) -> None:
    """A letter of a month ago, answered in a day, one of whose replies a later review will put in doubt; and one that came in yesterday and
    waits for its names to be recognised."""
    asked = asked_about(today=today)
    listed = [*asked, *(each for each in people if each not in asked)][:LISTED]
    for _, pack in sorted(packs().items()):
        if LETTER in pack.about and pack.opens.by and answers(pack):
            for number, ago in zip(NUMBERS, (28, 1), strict=True):
                on = today - timedelta(days=ago)
                case = _open(pack, number, on, places)
                _go_on(case, listed, on, places, steps=MOST_STEPS if ago > 1 else 1)


def _open(pack: Pack, number: str, on: date, places: Places) -> Case:
    office = places.office(AREA)
    return open_by_hand(
        thing=office, family=pack.ref.procedure, role=pack.opens.by[0], organ=office, by=officer(places, AREA), on=on, at=moment(on), today=on,
        said={"letter.from": FROM, "letter.number": number}, kind=LETTER,
    )  # fmt: skip


def _go_on(case: Case, people: Sequence[Person], on: date, places: Places, *, steps: int) -> None:
    """As many steps as asked, each with what the pack suggests."""
    for _ in range(steps):
        shown = view(case, on)
        item = next((each for each in shown.plan.items if each.status is Status.OPEN and not each.optional), None)
        if item is None:
            return
        _do(case, shown, item, people, on, places, known=steps > 1)
        case.refresh_from_db()


def _do(
    case: Case, shown: View, item: Item, people: Sequence[Person], on: date, places: Places, *, known: bool
) -> None:
    step = shown.pack.steps[item.step]
    held_by = shown.pack.roles[step.by].held_by
    by = places.actor(LEADER) if held_by == "leader" else officer(places, AREA)
    when: dict[str, Any] = {"on": on, "at": moment(on, 15), "today": on}
    if Act.SIGN in item.may:
        for name, place in zip(SIGNERS, item.signers, strict=False):
            signer = places.actor(name)
            act(case=case, kind=EntryKind.SIGN, by=signer, step=step.id, key=item.key, part=place.role, **when)
    elif item.key and rows_of(step, sieve(packs(), shown.entries)):
        record_rows(case=case, step=step.id, rows=_rows(shown, step, on), by=by, **when)
    else:
        values = {name: _value(field, people, on, known=known) for name, field in step.form.items() if _wanted(field)}
        record(case=case, step=step, key=item.key, by=by, account=places.accounts[CLERK], values=values, **when)


def _wanted(field: Field) -> bool:
    return field.required and field.when is None and field.type is not FieldType.ELIGIBILITY


def _value(field: Field, people: Sequence[Person], on: date, *, known: bool) -> Any:
    if field.type is FieldType.ROWS:
        listed = [_line(field, str(number), each, known) for number, each in enumerate(people, 1)]
        return [*listed, {"id": str(len(people) + 1), "name": STRANGER, "unit": f"{AREA}民政局"}]
    if field.choices:
        return field.choices[0].id
    if field.id == "number":  # of a letter that is sent
        return f"青纪函〔{on.year}〕{on.month}号"
    return on.isoformat() if field.type is FieldType.DATE else f"{FROM}来函" if field.long else FROM


def _line(field: Field, key: str, person: Person, known: bool) -> dict[str, Any]:
    """Somebody on the list; recognised by identity number, or by name alone."""
    line: dict[str, Any] = {"id": key, "name": person.name, "unit": person.organ.name}
    found = [column for column in field.of.values() if column.type in (FieldType.CHOICE, FieldType.PERSON)]
    for column in found if known else ():
        line[column.id] = _ref(person) if column.type is FieldType.PERSON else column.choices[0].id
    return line


def _ref(person: Person) -> dict[str, str]:
    return {"id": str(person.pk), "name": person.name}


def _rows(shown: View, step: Step, on: date) -> dict[str, Mapping[str, Any]]:
    """For every open row what the rulebook's answer suggests; a row of nobody on the roll says so."""
    sieved = sieve(packs(), shown.entries)
    keys = [each.key for each in shown.plan.items if each.step == step.id and each.status is Status.OPEN]
    asked = asking.questions(shown.case, step, sieved, shown.plan, {key: {} for key in keys}, on)
    files = asking.files(one.person for each in asked.values() for one in each.values() if one.person)
    found: dict[str, Mapping[str, Any]] = {}
    for key in keys:
        answer = {
            name: str(asking.verdict(files.get(each.person or 0, asking.File()), each.intent, on).answer)
            for name, each in asked[key].items()
        }
        nobody = {each.id: dict(asking.NOBODY) for each in step.form.values() if each.type is FieldType.PERSON}
        found[key] = nobody | suggesting.preset_with(packs(), shown.entries, shown.plan, step, answer)
    return found
