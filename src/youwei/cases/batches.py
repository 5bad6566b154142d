"""批次: a class or a campaign is a case of its own, about many. Its freeze fixes the people, who then join one after another.

A freeze is one act; joining goes by hundreds, each written whole or not at all, from where it stands: stopped half-way and begun again it
loses nobody and opens nothing twice. Nobody is added later; whoever no longer takes part leaves with a reason.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from youwei.cases import chain, cohort, facts, logs
from youwei.cases.cohort import Fixed
from youwei.cases.commands import Rejected, act
from youwei.cases.models import Case, Member
from youwei.cases.opening import NewCase, open_many
from youwei.decisions.models import Decision
from youwei.engine.local import members_of, rules_for
from youwei.engine.types import EntryKind, Fault
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.models import Log
from youwei.journal.queries import Record, of_token, records
from youwei.journal.stores import lay_down, rewrite
from youwei.organs.models import Organ
from youwei.organs.queries import in_force, names_above
from youwei.rulebook.pack_facts import PLACE_FACTS
from youwei.rulebook.pack_types import Kind, Pack

CHUNK = 500
LONGEST_NAME = 60
NOBODY = Fault("list", "名单上没有人。", "请先加入人员。", "nobody")
WITHDRAWN_SINCE = "名单确定以后，处分决定撤销了"
TWICE = Fault("list", "名单上同一人出现了两次。", "请去掉重复的。", "twice")


@transaction.atomic
def open_batch(
    *, pack: Pack, name: str, organ: Organ, by: Actor, on: date, at: datetime, today: date, role: str = "", token: str | None = None
) -> Case:  # fmt: skip
    """Open a batch of a pack at the organ that handles it. `name` tells it from others of the pack; it may hold 60 characters.

    `role` is the role of the pack that opens it: its place is this organ. A token used before returns the batch it made.
    """
    journal.locked(
        "organ", organ.pk
    )  # the same form sent twice at once: the second waits, and finds what the first has made
    used = of_token(token) if token else None
    if used is not None and used.kind != EntryKind.OPENED:
        raise Rejected([Fault("", "这张表的编号已经用在别处。", "请刷新页面重填。", "token")])
    if used is not None:
        return Case.objects.get(pk=used.log.ref)
    place = PLACE_FACTS.get(pack.roles[role].at, "organ.case") if role in pack.roles else "organ.case"
    known = {place: str(organ.pk), **facts.organ_facts(organ), "subject.kind": "batch", "organ.deciding": str(organ.pk)}
    title = f"{pack.title}（{name.strip()}）" if name.strip() else pack.title
    new = NewCase(pack=pack, organ=organ, subject_organ=organ, facts=known, title=title[:120], token=token)
    return open_many([new], by=by, on=on, at=at, today=today)[0]


@transaction.atomic
def freeze(
    *, batch: Case, step: str, fixed: Sequence[Fixed], by: Actor, on: date, at: datetime, today: date, scope: str = "",
    key: str = "", values: Mapping[str, Any] | None = None, seen: int | None = None, token: str | None = None, behalf: str = "",
    paper: str = "",
) -> int:  # fmt: skip
    """Fix the people of a batch: the list stands from here on, in this order. Returns the number of the entry.

    `values` are those of the pack's own fields of the step.

    Rejected with the engine's refusals, and where nobody or somebody twice is on the list. `join_next` then opens or takes in their cases.
    """
    if not fixed:
        raise Rejected([NOBODY])
    if len({each.key for each in fixed}) < len(fixed):
        raise Rejected([TWICE])
    if gone := _withdrawn([each.decision for each in fixed]):
        place = next(place for place, each in enumerate(fixed, 1) if each.decision in gone)
        raise Rejected(
            [Fault("list", f"名单第{place}号的处分决定已经撤销。", "请去掉这一人，或重新生成名单。", "withdrawn")]
        )
    before = Member.objects.filter(batch=batch).exists()
    seq = act(
        case=batch, kind=EntryKind.RECORD, by=by, on=on, at=at, today=today, step=step, key=key, behalf=behalf, paper=paper, seen=seen, token=token,
        values={**(values or {}), **_values(fixed, scope)}, beside=cohort.beside(fixed),
    )  # fmt: skip
    if not before:
        lay_down(cohort.members_of(batch.pk, records("case", batch.pk)))
    return seq


def _values(fixed: Sequence[Fixed], scope: str) -> dict[str, Any]:
    """The fields of the freeze: whom, by number, and how many of each unit. Names stand with the people, not in the batch."""
    counted = Counter(each.organ for each in fixed)
    names = dict(Organ.objects.filter(pk__in=counted).values_list("pk", "name"))
    organs = [{"id": str(pk), "organ": names[pk], "count": count} for pk, count in sorted(counted.items())]
    listed = [str(place) for place in range(1, len(fixed) + 1)]
    return {"list": listed, "organs": organs, **({"scope": scope} if scope else {})}


def joining(batch: Case) -> int:
    """How many of the frozen list have not joined yet."""
    return _waiting(batch).count()


def _waiting(batch: Case) -> QuerySet[Member]:
    return Member.objects.filter(batch=batch, case=None, left_on=None)


def _withdrawn(decisions: Collection[int | None]) -> set[int]:
    """Which of these decisions are withdrawn; nobody withdraws one of them until this transaction ends."""
    known = (
        Decision.objects.select_for_update(of=("self",))
        .filter(pk__in=[each for each in decisions if each])
        .order_by("pk")
    )
    return {pk for pk, state in known.values_list("pk", "state") if state == Decision.State.WITHDRAWN}


@transaction.atomic
def join_next(*, batch: Case, by: Actor, at: datetime, today: date) -> int:
    """The next of the frozen list who have not joined get their case: one taken in, or one opened. Returns how many; 0 when all have.

    Whose decision was withdrawn since the list was fixed leaves it instead.
    """
    Log.objects.select_for_update().get(kind="case", ref=batch.pk)
    rows = list(_waiting(batch).select_related("organ").order_by("place")[:CHUNK])
    gone = _withdrawn([row.decision_id for row in rows])
    for row in rows:
        if row.decision_id in gone:
            leave(member=row, reason=WITHDRAWN_SINCE, by=by, on=today, at=at)
    seen, rows = len(rows), [row for row in rows if row.decision_id not in gone]
    if not rows:
        return seen
    frozen = next(each for each in records("case", batch.pk) if cohort.COHORT in each.content)
    listed = frozen.content[cohort.COHORT]
    cases = {row.place: listed[row.place - 1][3] for row in rows}
    cases |= _open_already(batch, [row for row in rows if cases[row.place] is None], today)
    cases |= _opened(batch, [row for row in rows if cases[row.place] is None], frozen, by, at, today)
    day = max(frozen.on, today)
    joined = [
        Act(
            "case",
            cases[row.place],
            str(EntryKind.JOINED),
            {"values": {cohort.BATCH: batch.pk}, "reason": ""},
            by,
            day,
            at,
        )
        for row in rows
    ]
    content = {"values": {}, "reason": "", cohort.JOINED: [[row.place, cases[row.place]] for row in rows]}
    journal.append_many([*joined, Act("case", batch.pk, str(EntryKind.JOINED), content, by, day, at)])
    for row in rows:
        row.case_id = cases[row.place]
    rewrite(rows, ["case"])
    return seen


def _open_already(batch: Case, rows: Sequence[Member], today: date) -> dict[int, int]:
    """Where the procedure of the members has a case open for the same decision or person, that one is taken."""
    if not rows:
        return {}
    open_ones = Case.objects.filter(
        procedure__in=procedures(batch), state__in=chain.ALIVE, person__in=[row.person_id for row in rows]
    )
    by_decision, by_person = {}, {}
    for pk, person, decision in open_ones.order_by("pk").values_list("pk", "person", "decision"):
        by_decision[decision], by_person[person] = pk, pk
    about_decision = "decision" in _member_pack(batch, today).about
    found: dict[int, int] = {}
    for row in rows:
        if about_decision and row.decision_id in by_decision:
            found[row.place] = by_decision[row.decision_id]
        elif not about_decision and row.person_id in by_person:
            found[row.place] = by_person[row.person_id]
    return found


def _opened(
    batch: Case, rows: Sequence[Member], frozen: Record, by: Actor, at: datetime, today: date
) -> dict[int, int]:
    if not rows:
        return {}
    handlers = _handlers(frozen, rows)
    rules = _rules(batch, [row.organ for row in rows], today)
    decisions = (
        Decision.objects.filter(pk__in=[row.decision_id for row in rows])
        .select_related("person__organ", "unit", "deciding_organ")
        .prefetch_related("measures__periods")
    )
    known, places = {each.pk: each for each in decisions}, _places(batch)
    news = [
        _new(
            rules[row.organ_id],
            row,
            known[row.decision_id],
            places,
            (batch.pk, frozen.seq),
            today,
            handlers.get(row.place),
        )
        for row in rows
        if row.decision_id is not None
    ]
    day = max([frozen.on, *(each.made_on for each in known.values() if each.made_on)])  # a list entered afterwards
    made = open_many(news, by=by, on=day, at=at, today=today)
    return {row.place: case.pk for row, case in zip(rows, made, strict=True)}


def _new(
    pack: Pack,
    row: Member,
    decision: Decision,
    places: Mapping[str, Any],
    parent: tuple[int, int],
    today: date,
    handler: Organ | None = None,
) -> NewCase:
    measures = list(decision.measures.all())
    periods = [period for measure in measures for period in measure.periods.all() if period.current]
    office = in_force(handler or decision.deciding_organ, today)
    known = dict(places) | facts.decision_facts(decision, measures, periods, today) | {"organ.case": str(office.pk)}
    return NewCase(
        pack=pack, organ=office, subject_organ=in_force(row.organ, today), person=decision.person, decision=decision, facts=known,
        parent=parent,
    )  # fmt: skip


def _handlers(frozen: Record, rows: Sequence[Member]) -> dict[int, Organ]:
    """To whom the list gives the new case of each place, where not to whoever decided. One query where anybody is given so."""
    listed = frozen.content[cohort.COHORT]
    given = {row.place: listed[row.place - 1][4] for row in rows if len(listed[row.place - 1]) > 4}
    found = Organ.objects.in_bulk(set(given.values())) if given else {}
    return {place: found[pk] for place, pk in given.items()}


def _places(batch: Case) -> dict[str, Any]:
    """The organs that hold roles in the batch hold them in the cases it opens, where the decision does not say otherwise."""
    first = records("case", batch.pk)[0].content["values"]
    return {name: value for name, value in first.items() if name.startswith("organ.") and name != "organ.subject"}


def _rules(batch: Case, units: Sequence[Organ], on: date) -> dict[int, Pack]:
    """The pack that holds for each unit: its own rules where it has some in force."""
    whole, packs = _member_pack(batch, on), logs.packs()
    if len(members_of(packs, _procedure(batch))) == 1:
        return {unit.pk: whole for unit in units}
    found: dict[int, Pack] = {}
    for unit in units:
        if unit.pk not in found:
            rules = rules_for(packs, _procedure(batch), names_above(unit), on)
            found[unit.pk] = rules.pack if rules is not None else whole
    return found


def _procedure(batch: Case) -> str:
    members = logs.pack_of(batch).members
    return members.procedure if members is not None else ""


def procedures(batch: Case) -> frozenset[str]:
    """The procedures a member's case may be of: the one the pack names, the local rules laid over it, and every other of the same matter."""
    packs, named = logs.packs(), _procedure(batch)
    matters = {pack.matter for pack in packs.values() if pack.ref.procedure == named} - {""}
    return members_of(packs, named) | {pack.ref.procedure for pack in packs.values() if pack.matter in matters}


def _member_pack(batch: Case, on: date) -> Pack:
    """The version of the members' procedure in force on a day. Rejected when there is none."""
    pack = chain.pack_for(_procedure(batch), on)
    if pack is None:
        message = f"成员的规程“{_procedure(batch)}”没有装入，或当日不在施行期内。"
        raise Rejected([Fault("", message, "请联系系统管理员装入规程。", "no pack")])
    return pack


@transaction.atomic
def leave(*, member: Member, reason: str, by: Actor, on: date, at: datetime) -> bool:
    """One of the list no longer takes part, because. False when that was entered before. Rejected without a reason."""
    Log.objects.select_for_update().get(kind="case", ref=member.batch_id)
    member.refresh_from_db()
    if member.left_on is not None:
        return False
    if not reason.strip():
        raise Rejected([Fault("reason", "没有写明为什么退出。", "请写明理由。", "reason")])
    acts = [
        Act(
            "case",
            member.batch_id,
            str(EntryKind.LEFT),
            {"values": {}, "reason": reason, cohort.LEFT: member.place},
            by,
            on,
            at,
        )
    ]
    if member.case_id is not None:
        content = {"values": {cohort.BATCH: member.batch_id}, "reason": reason}
        acts.append(Act("case", member.case_id, str(EntryKind.LEFT), content, by, on, at))
    journal.append_many(acts)
    member.left_on = on
    member.save(update_fields=["left_on"])
    return True


def pack_of(batch: Case) -> Pack:
    """The pack of a batch, in the version it began under."""
    return logs.pack_of(batch)


def freeze_step(pack: Pack) -> str:
    """The step of a pack that fixes the people; empty where it has none."""
    return next((step.id for step in pack.steps.values() if step.kind is Kind.FREEZE), "")
