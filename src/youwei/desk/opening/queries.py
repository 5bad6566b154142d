"""Who may open what about whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from youwei.cases import by_hand
from youwei.cases.by_hand import Offer, Subject
from youwei.cases.logs import packs
from youwei.decisions.models import Decision
from youwei.engine.local import family_of
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, OFFICE, Reader, visible
from youwei.organs.queries import reach
from youwei.people import queries as people
from youwei.people.models import Person
from youwei.rulebook.packs import Pack

OPEN = "case.begin"
MOST_FOUND = 20
Thing = Person | Organ | Decision
KINDS = ("person", "organ", "decision", *by_hand.UNROLLED)


@dataclass(frozen=True, slots=True)
class Stand:
    """A role of a pack, and an organ at which the reader holds it."""

    role: str
    title: str
    organ: Organ


@dataclass(frozen=True, slots=True)
class Choice:
    """One regulation on the page: admitted for this reader, or why not. `seen`: the case in the way may be opened by the reader."""

    offer: Offer
    stands: tuple[Stand, ...]
    refusal: str
    seen: bool = False


def in_office(who: Reader) -> bool:
    return bool(who.roles() & OFFICE)


def persons(who: Reader) -> QuerySet[Person]:
    """The persons about whom a reader may open a case."""
    return visible(who, OPEN, people.active().select_related("organ__merged_into"))


def organs(who: Reader) -> QuerySet[Organ]:
    return reach(who.paths(ACTS[OPEN])).exclude(kind=Organ.Kind.REGION).select_related("merged_into")


def decisions(who: Reader) -> QuerySet[Decision]:
    rows = Decision.objects.filter(secret=False).exclude(person=None).exclude(state=Decision.State.UNDONE)
    return visible(who, OPEN, rows.select_related("person__organ", "unit__merged_into", "deciding_organ"))


def thing(who: Reader, kind: str, pk: int) -> Thing | None:
    """The person, organ or decision of that number; None when the reader may open nothing about it."""
    if kind == "person":
        return persons(who).filter(pk=pk).first()
    if kind == "organ":
        return organs(who).filter(pk=pk).first()
    if kind in by_hand.UNROLLED:
        return next((organ for organ in offices(who) if organ.pk == pk), None)
    return decisions(who).filter(pk=pk).first() if kind == "decision" else None


def offices(who: Reader) -> list[Organ]:
    """The offices of which the reader is, itself and not for somebody else."""
    return list({row.organ_id: row.organ for row in who.grants if row.role in OFFICE and row.covers is None}.values())


def stands(who: Reader, pack: Pack) -> tuple[Stand, ...]:
    """Where a reader may stand to open a case of a pack: each organ once, in the first role that opens there."""
    found: dict[int, Stand] = {}
    for name in pack.opens.by:
        role = pack.roles[name]
        for grant in who.grants:
            if grant.role == role.held_by and grant.role in ACTS[OPEN] and not (pack.sealed_to and grant.covers):
                found.setdefault(grant.organ_id, Stand(name, role.title, grant.organ))
    return tuple(found.values())


def choices(who: Reader, subject: Subject, on: date) -> list[Choice]:
    """Every regulation for such a subject. A fixed number of queries."""
    offers = by_hand.offers(subject, on)
    going = [offer.going for offer in offers if offer.going is not None]
    seen: set[int] = set()
    if going:
        rows = visible(who, "case.view", type(going[0]).objects.filter(pk__in=[case.pk for case in going]))
        seen = set(rows.values_list("pk", flat=True))
    office = subject.organ if subject.kind in by_hand.UNROLLED else None
    found = [_choice(who, offer, seen, office) for offer in offers]
    if in_office(who):
        return found
    return [each for each in found if each.stands]  # what others open is not a unit's to know


def _choice(who: Reader, offer: Offer, seen: set[int], office: Organ | None) -> Choice:
    if offer.rules is None or offer.refusal:
        return Choice(offer, (), offer.refusal, offer.going is not None and offer.going.pk in seen)
    found = stands(who, offer.rules.pack)
    if office is not None:
        found = tuple(each for each in found if each.organ.pk == office.pk)
    if found:
        return Choice(offer, found, "")
    roles = "、".join(offer.rules.pack.roles[name].title for name in offer.rules.pack.opens.by)
    return Choice(offer, (), f"按规程由{roles}开办，您没有这一岗位。")


def openable(who: Reader, pack: Pack) -> tuple[str, ...]:
    """The kinds of subject about which a reader may open a case of a pack by hand; empty when none."""
    return tuple(kind for kind in pack.about if kind in KINDS) if stands(who, pack) else ()


def openable_in(who: Reader, area: str) -> list[tuple[str, str]]:
    """The regulations under a line of the navigation of which a reader may open a case by hand: id and name. No query."""
    wholes = {
        ref.procedure: pack
        for ref, pack in sorted(packs().items())
        if area and pack.area == area and pack.extends is None and pack.opens.by and pack.in_force(who.on)
    }
    return [(family_of(packs(), pack), pack.title) for _, pack in sorted(wholes.items()) if openable(who, pack)]


def top_of(family: str) -> Pack | None:
    """The newest version of a regulation that is opened by hand."""
    found = [pack for _, pack in sorted(packs().items()) if family_of(packs(), pack) == family and pack.extends is None]
    return found[-1] if found and found[-1].opens.by else None


def found_by(who: Reader, kind: str, text: str) -> Sequence[Thing]:
    """The first few persons, organs or decisions found by a text."""
    if kind == by_hand.OFFICE:
        return offices(who)
    if kind == by_hand.LETTER:
        return offices(who)
    if not text:
        return []
    if kind == "person":
        return list(persons(who).filter(pk__in=people.find(text).values("pk")).order_by("name", "pk")[:MOST_FOUND])
    if kind == "organ":
        return list(organs(who).filter(name__contains=text, ends_on=None).order_by("path")[:MOST_FOUND])
    found = Q(number__contains=text) | Q(person__in=people.find(text).values("pk"))
    return list(decisions(who).filter(found).order_by("-made_on", "-pk")[:MOST_FOUND])
