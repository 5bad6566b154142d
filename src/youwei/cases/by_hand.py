"""A named person or unit opens a case: about a person, an organ or a decision, under the rules that hold for its unit on that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from youwei.cases import admission_proof, facts, logs
from youwei.cases.chain import ALIVE
from youwei.cases.models import Case
from youwei.cases.opening import NewCase, open_many
from youwei.decisions.models import Decision, Period
from youwei.engine.conditions import ABSENT, evaluate
from youwei.engine.local import Asked, Rules, asked, family_of, members_of, rules_for
from youwei.engine.types import Fault
from youwei.engine.values import is_empty, read_facts
from youwei.engine.wording import sentence
from youwei.journal.actors import Actor
from youwei.journal.models import Log
from youwei.journal.queries import of_token
from youwei.organs.models import Organ
from youwei.organs.queries import in_force, names_above
from youwei.people.models import Person
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_facts import DIED_ON, LETTER_NUMBER, PLACE_FACTS
from youwei.rulebook.pack_order import reads
from youwei.rulebook.pack_types import Name, Pack

HANDLING = ("case_officer", "leader")
UNIT = "unit"
OFFICE, LETTER = "office", "letter"
UNROLLED = (OFFICE, LETTER)
"""Kinds of subject that are about nobody on the roll: the matter of an office, a letter that came to it."""
DETERMINING = "determining organ"
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case shall be about: a decision and its person, a person, a unit, or nobody on the roll (`office`: the matter of an office, told in
    the log alone). `organ` is the unit of today.
    """

    kind: str
    organ: Organ
    person: Person | None = None
    decision: Decision | None = None


def subject_of(thing: Person | Organ | Decision, on: date, kind: str = "") -> Subject:
    """Of an organ, as `kind` says, the unit or the office. Raises ValueError for a decision without a person (a stub)."""
    if isinstance(thing, Person):
        return Subject("person", in_force(thing.organ, on), thing)
    if isinstance(thing, Organ):
        return Subject(kind if kind in UNROLLED else "organ", in_force(thing, on))
    if thing.person is None:
        raise ValueError("a stub is nobody's case")
    return Subject("decision", in_force(thing.unit or thing.person.organ, on), thing.person, thing)


@dataclass(frozen=True, slots=True)
class Offer:
    """A regulation under which a case about this subject may be opened by hand.

    `rules` hold for its unit; without them, or with the case `going` on, `refusal` says why not.
    """

    family: str
    title: str
    rules: Rules | None
    refusal: str = ""
    going: Case | None = None

    @property
    def why(self) -> str:
        return sentence(self.rules.reason) if self.rules is not None else ""


def offers(subject: Subject, on: date) -> list[Offer]:
    """Every regulation opened by hand that is about such a subject, those that admit it and those that do not. Three queries."""
    packs, names = logs.packs(), names_above(subject.organ)
    whole = {
        family_of(packs, pack): pack
        for _, pack in sorted(packs.items())
        if pack.opens.by and subject.kind in pack.about and pack.extends is None
    }
    going = {case.procedure: case for case in _going(subject).order_by("-pk")}
    found = []
    for family, top in sorted(whole.items()):
        rules = rules_for(packs, family, names, on)
        open_one = next((going[each] for each in sorted(members_of(packs, family)) if each in going), None)
        refusal = _dead(subject, rules.pack) if rules is not None else _closed(family, on)
        if open_one is not None:
            refusal = f"已有在办的“{open_one.title}”，{chinese_date(open_one.opened_on)}立项；请在那里接着办。"
        found.append(Offer(family, rules.pack.title if rules else top.title, rules, refusal, open_one))
    return found


def _dead(subject: Subject, pack: Pack) -> str:
    """Nothing is opened about the dead, but by regulations that ask for the day of death."""
    person = subject.person
    gone = person is not None and person.service == Person.Service.DIED and not reads(pack, DIED_ON)
    return (
        f"本人已于{chinese_date(person.service_on)}去世，不再开办；登记错了的，请先在档案里撤回。"
        if gone and person
        else ""
    )


def _going(subject: Subject) -> QuerySet[Case]:
    rows = Case.objects.filter(state__in=ALIVE)
    if subject.decision is not None:
        return rows.filter(decision=subject.decision)
    if subject.person is not None:
        return rows.filter(person=subject.person)
    if subject.kind in UNROLLED:
        return rows.none()  # an office has many such matters, and each is known to its own few
    return rows.filter(person=None, subject_organ=subject.organ)


def _closed(family: str, on: date) -> str:
    """Why no pack of a family holds: not in force that day, or for the people of other units only."""
    packs = logs.packs()
    mine = [pack for pack in packs.values() if family_of(packs, pack) == family]
    running = [pack for pack in mine if pack.in_force(on)]
    if running:
        named = "、".join(dict.fromkeys(name for pack in running for name in pack.covers))
        return f"这项规程只用于{named}的人员，所在单位不在其列。"
    later = [pack.in_force_from for pack in mine if pack.in_force_from > on]
    return f"{chinese_date(min(later))}起才施行，当日不能开办。" if later else "已经停止施行，不能再开办。"


def handler(subject: Subject, pack: Pack, role: str, organ: Organ, on: date) -> Organ | None:
    """The organ that handles a case: an officer's own. What a unit or an organization department opens goes to the office that decided, or to
    the commission whose matter it is; None where that is not known, and has to be said.
    """
    if pack.roles[role].held_by in HANDLING:
        return organ
    if subject.decision is not None:
        return in_force(subject.decision.deciding_organ, on)
    return facts.office_for(subject.organ, subject.person.managed_by if subject.person is not None else "")


def facts_of(subject: Subject, pack: Pack, role: str, organ: Organ, on: date) -> dict[str, Any]:
    """What is known of a subject for a case that a role of the pack opens at an organ."""
    office = handler(subject, pack, role, organ, on)
    known: dict[str, Any] = dict(facts.place_facts([office])[office.pk]) if office is not None else {}
    if subject.decision is not None:
        measures = list(subject.decision.measures.all())
        periods = Period.objects.filter(measure__in=measures, current=True)
        known |= facts.decision_facts(subject.decision, measures, periods, on) | facts.told_of(subject.decision)
    elif subject.person is not None:
        known |= facts.person_facts(subject.person, on)
    else:
        known |= facts.organ_facts(subject.organ)
    place = {PLACE_FACTS.get(pack.roles[role].at, "organ.case"): str(organ.pk)}
    handled = {"organ.case": str(office.pk)} if office is not None else {}
    known = {name: value for name, value in known.items() if name != "organ.case"}
    if office is not None and any(each.at == DETERMINING for each in pack.roles.values()):
        known |= facts.determining_facts(office)
    if subject.kind in UNROLLED:
        known["subject.kind"] = subject.kind
    return {**place, **known, "organ.subject": str(subject.organ.pk), **handled}


def to_say(subject: Subject, pack: Pack, role: str, organ: Organ, on: date) -> tuple[Asked, ...]:
    """The facts the opener is asked for."""
    return asked(pack, facts_of(subject, pack, role, organ, on))


class NotAdmitted(Exception):
    """No case is opened; `faults` name the fields and the remedies."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("；".join(str(fault) for fault in faults))
        self.faults = faults


@transaction.atomic
def open_by_hand(
    *, thing: Person | Organ | Decision, family: str, role: str, organ: Organ, said: Mapping[str, Any], by: Actor, on: date,
    at: datetime, today: date, token: str | None = None, kind: str = "",
) -> Case:  # fmt: skip
    """Open a case under the rules of `family` that hold for the subject's unit on the day `on`; the opener stands at `organ` as `role`.

    `said` are the facts asked for (`to_say`), by name. NotAdmitted when no rules hold, one is open already, or something is missing.
    A token used before returns the case it made. Whoever opens a sealed one is let in to it, and nobody else yet.
    """
    subject = subject_of(thing, on, kind)
    log_kind, ref = ("organ", subject.organ.pk) if subject.person is None else ("person", subject.person.pk)
    Log.objects.select_for_update().get(kind=log_kind, ref=ref)  # two who open at once wait for each other
    used = of_token(token) if token else None
    if used is not None and used.kind == "opened":
        return Case.objects.get(pk=used.log.ref)
    if on > today:
        raise NotAdmitted(Fault("on", "立项日期不能晚于今天。", "请核对日期。", "future"))
    offer = next((each for each in offers(subject, on) if each.family == family), None)
    if offer is None or offer.rules is None or offer.refusal:
        raise NotAdmitted(Fault("", offer.refusal if offer else "没有这项由人开办的规程。", "", "not admitted"))
    pack = offer.rules.pack
    if role not in pack.opens.by:
        raise NotAdmitted(Fault("", f"“{pack.title}”不由这个岗位开办。", "", "not admitted"))
    known = facts_of(subject, pack, role, organ, on)
    if not _stands_there(subject, pack, role, organ, known):
        raise NotAdmitted(Fault("", f"按规程由另一机关的{pack.roles[role].title}开办。", "请联系该机关。", "elsewhere"))
    wanted = asked(pack, known)
    lacking = [each for each in wanted if each.required and is_empty(said.get(each.name))]
    if lacking:
        raise NotAdmitted(*(Fault(each.name, f"请写明“{each.title}”。", "", "required") for each in lacking))
    known |= facts.known({each.name: said.get(each.name) for each in wanted})
    _refuse_unfit(pack, known)
    office = handler(subject, pack, role, organ, on) or Organ.objects.filter(pk=known.get("organ.case") or 0).first()
    if office is None:
        raise NotAdmitted(Fault("organ.case", "不知道由哪个机关承办。", "请联系纪检监察机关开办。", "no office"))
    new = NewCase(
        pack=pack, organ=office, subject_organ=subject.organ, person=subject.person, decision=subject.decision, facts=known,
        title=f"{pack.title}：{known[LETTER_NUMBER]}"[:LONGEST_TITLE] if LETTER_NUMBER in known else "",
        reason=offer.why, token=token, admits=_admits(pack, role, organ, by),
    )  # fmt: skip
    try:
        with transaction.atomic():
            case = open_many([new], by=by, on=on, at=at, today=today)[0]
            if new.admits is not None:
                admission_proof.carry_out(case.pk, new.admits)
            return case
    except IntegrityError as clash:
        raise NotAdmitted(Fault("", "刚刚已有人为这份决定开办了同一事项。", "请刷新页面。", "not admitted")) from clash


def _admits(pack: Pack, role: str, organ: Organ, by: Actor) -> dict[str, Any] | None:
    """Whoever opens a sealed case is let in to it."""
    if not pack.sealed_to or by.account_id is None:
        return None
    return admission_proof.told(admission_proof.IN, by.account_id, pack.roles[role].held_by, organ.pk)


def _stands_there(subject: Subject, pack: Pack, role: str, organ: Organ, known: Mapping[str, Any]) -> bool:
    """Whether the role is held at this organ: a unit's for its own people and those of units below it."""
    if pack.roles[role].held_by == UNIT:
        return subject.organ.path.startswith(organ.path)
    return bool(known.get(PLACE_FACTS.get(pack.roles[role].at, "organ.case")) == str(organ.pk))


def _refuse_unfit(pack: Pack, known: Mapping[str, Any]) -> None:
    """The condition a pack sets for being opened; where it belongs to an event it is not asked here."""
    read = read_facts(known)

    def look(name: Name) -> Any:
        value = read.get(str(name))
        return ABSENT if is_empty(value) else value

    if not pack.opens.event and evaluate(pack.opens.when, look) is not True:
        raise NotAdmitted(Fault("", f"不符合“{pack.title}”开办的条件。", "请核对人员、单位的情况。", "not admitted"))
