"""What the page of the question shows. Always the same few questions of the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from youwei.cases import asking
from youwei.cases.logs import packs
from youwei.cases.models import Case, ChainLink, Reply
from youwei.desk.cases.chaining import offers
from youwei.desk.opening import queries as opening
from youwei.engine.answering import answers
from youwei.engine.opening import newest_in_force
from youwei.organs.policy import Reader, visible
from youwei.people import queries as people
from youwei.people.models import Person
from youwei.rulebook.asking import INTENTS, Counted, Verdict, counts_on
from youwei.rulebook.days import NEVER
from youwei.rulebook.measures import BAR_TITLES
from youwei.rulebook.packs import Pack

ASK = "eligibility.ask"
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One period that still counts on the day: what it bars, until when."""

    counted: Counted
    stands: bool
    until: tuple[tuple[str, date | None], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A reply, and of a marked one what puts it right: a case the reader may see, or the question whether to begin one."""

    reply: Reply
    offer: ChainLink | None = None
    begun: Case | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer asked for, the same day's answers for the other acts, every period that counts, and what was replied before."""

    verdict: Verdict
    others: tuple[Verdict, ...]
    bars: tuple[Bar, ...]
    replies: Sequence[Told]


def letters(who: Reader) -> list[Pack]:
    """The procedures by which this reader answers a letter that asks about a list of people."""
    found = newest_in_force(packs(), who.on)
    return [pack for pack in found if answers(pack) and "letter" in opening.openable(who, pack)]


def persons(who: Reader) -> QuerySet[Person]:
    return visible(who, ASK, people.active()).select_related("organ")


def found_by(who: Reader, text: str) -> list[Person]:
    """The first few of a name, or those of a whole identity number."""
    rows = people.find(text)
    return list(persons(who).filter(pk__in=rows.values("pk")).order_by("name", "pk")[:MOST_FOUND])


def answered(who: Reader, person: Person, intent: str, on: date) -> Answered:
    """The question put to what is stored, of a person the reader may ask about."""
    file = asking.files([person.pk])[person.pk]
    seen = set(visible(who, "case.view", Case.objects.filter(person=person)).values_list("pk", flat=True))
    verdicts = {each: asking.verdict(file, each, on, seen=seen) for each in INTENTS}
    return Answered(
        verdicts[intent],
        tuple(verdicts.values()),
        tuple(_bar(each, intent, on) for each in file.counted if _counts(each, on)),
        replies(who, person),
    )


def replies(who: Reader, person: Person) -> list[Told]:
    """What was answered about a person, the newest first, of what the reader may see; one query more where some is marked."""
    rows = visible(who, "case.view", Reply.objects.filter(person=person)).select_related("case")
    found = list(rows.order_by("-on", "-pk"))
    marked = [row for row in found if row.doubted]
    if not marked:
        return [Told(row) for row in found]
    asked = set(offers(who).filter(parent__in=[row.case_id for row in marked]).values_list("pk", flat=True))
    links = {
        (link.parent_id, link.target): link
        for link in ChainLink.objects.filter(parent__in=[row.case_id for row in marked]).select_related("child")
    }
    return [_told(row, links.get((row.case_id, row.entry_seq)) if row.doubted else None, asked) for row in found]


def _told(row: Reply, link: ChainLink | None, asked: Collection[int]) -> Told:
    """Whoever may see the letter may see what puts it right: both lie with the same office."""
    return Told(row) if link is None else Told(row, link if link.pk in asked else None, link.child)


def _counts(each: Counted, on: date) -> bool:
    return each.in_doubt(on) or counts_on(
        on, starts_on=each.starts_on, last_day=each.last_day, permanent=each.permanent, until=each.until.values()
    )


def _bar(each: Counted, intent: str, on: date) -> Bar:
    until = tuple((BAR_TITLES[kind], None if day == NEVER else day) for kind, day in each.until.items())
    return Bar(each, each.bars(INTENTS[intent], on), until)
