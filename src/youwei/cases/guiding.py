"""The library of guiding cases: written at an organ, published by a second person, withdrawn with a reason.

Whatever could make somebody known is refused when it is written and again when it is published.
Each act is one transaction with its entry in the log of the organ that keeps it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Length

from youwei.cases import logs
from youwei.cases.models import Case, GuidingCase
from youwei.engine.sieve import sieve
from youwei.intake.identity import read_identity
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append, locked
from youwei.journal.queries import of_token
from youwei.organs.models import Organ, OrganName
from youwei.people.models import FormerName, Person
from youwei.rulebook.pack_types import FieldType, Pack, Step

WRITTEN, PUBLISHED, WITHDRAWN = "guiding.written", "guiding.published", "guiding.withdrawn"
FIELDS = ("title", "place", "happened", "situation", "items", "decided", "source", "tags", "case")
TOLD = ("title", "place", "happened", "situation", "decided", "source", "tags")
_DIGITS = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx]|\d{15}|1\d{10})(?![\dA-Za-z])")
_PAPER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[［](?:19|20)\d\d[〕\]］]\s*\d{1,4}号")
_SHORTEST, _A_NAME = 2, 3
NAMED = ("source",)
"""What may say which organ a case comes from, and in which paper."""
MOST_WORDS = 8


class Refused(ValueError):
    """An act on a guiding case that cannot be done: the field it is about ("" for the whole), the reason and the remedy."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a guiding case says."""

    title: str
    place: str
    happened: str
    situation: str
    decided: str
    source: str
    items: tuple[str, ...] = ()
    tags: str = ""
    case: int | None = None


def choices() -> dict[str, str]:
    """What a matter may be set beside: the lists of the procedures whose records cite guiding cases, id and title."""
    return {
        choice.id: choice.title
        for pack in logs.packs().values()
        if citing(pack)
        for listed in pack.lists.values()
        for choice in listed
    }


def told(row: GuidingCase) -> list[str]:
    """The titles of what it is set beside; of an entry no list has any more, its id."""
    known = choices()
    return [known.get(each, each) for each in row.items]


def found(rows: "QuerySet[GuidingCase]", text: str) -> "QuerySet[GuidingCase]":
    """Those in which every one of the words stands."""
    for word in text.split()[:MOST_WORDS]:
        rows = rows.filter(words__icontains=word)
    return rows


def published() -> "QuerySet[GuidingCase]":
    """What everybody who works with cases may read: it names nobody."""
    return GuidingCase.objects.filter(state=GuidingCase.State.PUBLISHED).order_by("-published_on", "-pk")


@transaction.atomic
def write(
    *, organ: Organ, text: Text, by: Actor, on: date, at: datetime, row: int | None = None, seen: int = 0, token: str | None = None
) -> GuidingCase:  # fmt: skip
    """Write a draft, or write one anew. Refused when it would let somebody be known, or is published, or was changed since `seen`."""
    locked("organ", organ.pk)  # the same form sent twice at once: the second waits, and finds what the first has made
    used = of_token(token) if token else None
    if used is not None and used.kind != WRITTEN:
        raise Refused("", "这张表的编号已经用在别处；请刷新页面重填。")
    if used is not None:
        return GuidingCase.objects.get(pk=int(used.key))
    faults = list(telling(text))
    if faults:
        raise faults[0]
    draft = GuidingCase(organ=organ) if row is None else _locked(row, GuidingCase.State.DRAFT)
    if row is not None and draft.version != seen:
        raise Refused("", f"这份拟稿刚刚由{draft.writer}改过；请返回看过改动再改。")
    for name in FIELDS:
        setattr(draft, name, getattr(text, name))
    draft.items = list(text.items)
    draft.version = draft.version + 1 if row is not None else 1
    draft.words = _words(draft)
    draft.writer, draft.writer_id = by.name, by.account_id
    draft.save()
    _enter(draft, WRITTEN, (*FIELDS, "words", "version", "writer", "writer_id"), by, on, at, token)
    return draft


@transaction.atomic
def publish(*, row: int, seen: int, by: Actor, on: date, at: datetime) -> GuidingCase:
    """A second person lets it be read and cited. Refused for the writer, for what could make somebody known, for a draft changed since `seen`."""
    draft = _locked(row, GuidingCase.State.DRAFT)
    if draft.version != seen:
        raise Refused("", "这份拟稿在您打开之后又改过；请看过改动再发布。")
    if draft.writer_id is not None and draft.writer_id == by.account_id:
        raise Refused("", "拟稿人不能自己发布；请由本机关另一位负责人审看后发布。")
    faults = list(telling(text_of(draft)))
    if faults:
        raise faults[0]
    draft.state, draft.published_on, draft.published_by = GuidingCase.State.PUBLISHED, on, by.name
    draft.save()
    _enter(draft, PUBLISHED, ("published_on", "published_by"), by, on, at)
    return draft


@transaction.atomic
def withdraw(*, row: int, reason: str, by: Actor, on: date, at: datetime) -> GuidingCase:
    """Take it out of the library: it is cited no more; records that cite it keep its name. Refused without a reason."""
    if not reason.strip():
        raise Refused("reason", "没有写明理由；请写明为什么撤下。")
    gone = _locked(row, GuidingCase.State.DRAFT, GuidingCase.State.PUBLISHED)
    gone.state, gone.withdrawn_on, gone.withdrawn_because = GuidingCase.State.WITHDRAWN, on, reason.strip()[:200]
    gone.save()
    _enter(gone, WITHDRAWN, ("withdrawn_on", "withdrawn_because"), by, on, at)
    return gone


def text_of(row: GuidingCase) -> Text:
    return Text(**{name: getattr(row, name) for name in FIELDS} | {"items": tuple(row.items)})


def telling(text: Text) -> Iterator[Refused]:
    """Where a text would let somebody be known: identity and telephone numbers, numbers of papers, and the names that the case it was taken from
    bears; of one taken from no case here, those of units and of people on file. A source may be named as it is.
    """
    names = dict(_names(text.case)) if text.case is not None else {}
    said_in = "\n".join(str(getattr(text, name)) for name in TOLD if name not in NAMED)
    names |= dict(_on_roll(said_in)) if text.case is None else {}
    for name in TOLD:
        words = str(getattr(text, name))
        for number in _DIGITS.findall(words):
            if len(number) < len("110101199001011") or read_identity(number).number:
                yield Refused(name, f"写有像证件号或者电话的号码（{number[:3]}……）；请删去。")
        if name not in NAMED and (paper := _PAPER.search(words)):
            yield Refused(name, f"写有文号“{paper[0]}”；请删去。")
        for said, what in names.items() if text.case is not None or name not in NAMED else ():
            if len(said) >= _SHORTEST and said in words:
                whose = "所依据事项里" if text.case is not None else "在册"
                yield Refused(name, f"写有{whose}的{what}“{said}”；请改写成“某干部”“某单位”这样的说法。")


def _on_roll(words: str) -> Iterator[tuple[str, str]]:
    """The units, and the people with a decision, whose whole names stand in a text. Two queries. A name of two characters is a word as often as a
    name: that is for the second reader to see.
    """
    said = Value(words)
    units = Organ.objects.exclude(kind=Organ.Kind.REGION).annotate(said=said).filter(said__contains=F("name"))
    people = Person.objects.annotate(said=said, long=Length("name")).filter(said__contains=F("name"), long__gte=_A_NAME)
    known = people.exclude(decisions=None).values_list("name", flat=True).distinct()
    yield from ((each, "单位名称") for each in units.values_list("name", flat=True))
    yield from ((each, "姓名") for each in known)


def _names(case: int) -> Iterator[tuple[str, str]]:
    """Everything in a case by which somebody could be known, with what it is. A fixed number of queries."""
    source = Case.objects.select_related("person", "subject_organ", "organ", "decision").filter(pk=case).first()
    if source is None:
        return
    people = [source.person.name, *_former(source.person_id)] if source.person is not None else []
    yield from ((each, "姓名") for each in people)
    yield source.subject_organ.name, "单位名称"
    yield from (
        (each, "单位名称")
        for each in OrganName.objects.filter(organ=source.subject_organ).values_list("name", flat=True)
    )
    if source.decision is not None and source.decision.number:
        yield source.decision.number, "决定文号"
    sieved = sieve(logs.packs(), logs.log(source))
    for step, records in sieved.records.items():
        for record in records.values():
            yield from ((each, "姓名") for each in _people(sieved.pack.steps.get(step), record.values))


def _former(person: int | None) -> list[str]:
    return list(FormerName.objects.filter(person=person).values_list("name", flat=True))


def _people(step: Step | None, values: Mapping[str, Any]) -> Iterator[str]:
    """The people that one record names."""
    for field in step.form.values() if step is not None else ():
        value = values.get(field.id)
        if field.type in (FieldType.PERSON, FieldType.PEOPLE):
            yield from _called(value if isinstance(value, list | tuple) else [value])
        elif field.type is FieldType.ROWS:
            of = [column for column, each in field.of.items() if each.type is FieldType.PERSON]
            yield from _called(row.get(column) for row in value or () for column in of)


def _called(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        name = value.get("name") if isinstance(value, Mapping) else value
        if isinstance(name, str) and name.strip():
            yield name.strip()


def citing(pack: Pack) -> bool:
    """Whether records of a procedure cite guiding cases."""
    return any(each.type is FieldType.GUIDING_CASES for step in pack.steps.values() for each in step.form.values())


def _words(row: GuidingCase) -> str:
    return "\n".join([*(str(getattr(row, name)) for name in TOLD), *told(row)])


def _locked(row: int, *states: str) -> GuidingCase:
    found = GuidingCase.objects.select_for_update().get(pk=row)
    if found.state not in states:
        raise Refused("", f"这份案例{found.get_state_display()}，不能再这样办；请刷新页面。")
    return found


def _enter(
    row: GuidingCase, kind: str, columns: Iterable[str], by: Actor, on: date, at: datetime, token: str | None = None
) -> None:  # fmt: skip
    """The entry keeps what the act has made of the row."""
    said = {name: getattr(row, name) for name in ("state", *columns)}
    append(Act("organ", row.organ_id, kind, {"guiding": row.pk, "row": said}, by, on, at, key=str(row.pk), token=token))
