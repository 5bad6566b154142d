"""The list of a batch before it is fixed: by which criteria it is drawn up, who is proposed, left out and why, and who is added by hand."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from youwei.cases import candidates
from youwei.cases.cohort import Fixed
from youwei.cases.logs import pack_of
from youwei.cases.models import Case, Prospect
from youwei.engine.criteria import (
    Choice,
    Tally,
    Verdict,
    applied,
    changeable,
    frame,
    lacking,
    read_choice,
    together,
    verdict,
    why,
)
from youwei.engine.pack_words import condition_words
from youwei.engine.values import read_facts
from youwei.engine.wording import chinese_value
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, visible
from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_parts import Use
from youwei.rulebook.pack_types import Criterion, FieldType, Op, Pack
from youwei.ui.dates import DateFault, parse_date

USES = {Use.ALL: "必须符合", Use.ANY: "符合其一即可", Use.NOT: "符合的不列入", Use.OFF: "不用"}
SIGNS = {Op.GE: "不低于", Op.GT: "高于", Op.LE: "不高于", Op.LT: "低于", Op.IS: "是"}
SIGNS_OF_DAYS = {Op.GE: "不早于", Op.GT: "晚于", Op.LE: "不晚于", Op.LT: "早于"}
MOST_OFFICES = 300


@dataclass(slots=True)
class Hand:
    """What somebody has chosen and changed before the list is fixed; kept as that person's draft.

    `offices` are those whose people are not taken, `handlers` to whom the new cases of an office go instead.
    """

    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    uses: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    unsure: bool = False
    without: set[int] = field(default_factory=set)
    handlers: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: tuple[str, datetime] | None) -> "Hand":
        found = json.loads(kept[0]) if kept else {}
        return cls(
            set(found.get("added", ())), set(found.get("removed", ())), dict(found.get("uses", {})), dict(found.get("values", {})),
            bool(found.get("unsure")), set(found.get("without", ())), {int(key): each for key, each in found.get("handlers", {}).items()},
        )  # fmt: skip

    def put(self, key: str) -> None:
        self.removed.discard(key)
        self.added.add(key)

    def take(self, key: str) -> None:
        self.added.discard(key)
        self.removed.add(key)

    def take_criteria(self, pack: Pack, sent: QueryDict, today: date) -> list[str]:
        """What was ticked and typed in the form of the criteria. Returns what could not be read, in words: there the pack's own value stands."""
        unread: list[str] = []
        for each in criteria_of(pack):
            self.uses[each.id] = sent.get(f"use-{each.id}", each.use)
            given = [
                word
                for text in sent.getlist(f"value-{each.id}")
                for word in text.replace("，", "、").split("、")
                if word.strip()
            ]
            self.values[each.id] = [_plain(each, word[:60], today) for word in given]
            clause = changeable(each)
            if given and clause is not None and not read_choice(each, each.use, self.values[each.id]).values:
                unread.append(f"“{each.title}”填的“{given[0][:20]}”看不懂，仍按规程的")
        self.unsure = bool(sent.get("unsure"))
        shown = {int(each) for each in sent.getlist("office") if each.isdecimal() and len(each) < 16}
        kept = {int(each) for each in sent.getlist("with") if each.isdecimal() and len(each) < 16}
        self.without = (self.without - shown) | (shown - kept)
        for office in shown:
            to = sent.get(f"handler-{office}", "")
            self.handlers.pop(office, None)
            if to.isdecimal() and int(to) in shown and int(to) != office:
                self.handlers[office] = int(to)
        return unread

    def choices(self, pack: Pack) -> dict[str, Choice]:
        return {
            each.id: read_choice(each, self.uses.get(each.id, each.use), self.values.get(each.id, []))
            for each in criteria_of(pack)
        }

    def text(self) -> str:
        return json.dumps(
            {
                "added": sorted(self.added), "removed": sorted(self.removed), "uses": self.uses, "values": self.values, "unsure": self.unsure,
                "without": sorted(self.without), "handlers": self.handlers,
            }
        )  # fmt: skip


def _plain(criterion: Criterion, word: str, today: date) -> str:
    """A day in any common form as the criteria read it; anything else as it was typed."""
    clause = changeable(criterion)
    if clause is None or FACTS[str(clause.name)].type is not FieldType.DATE:
        return word
    try:
        return parse_date(word, today).isoformat()
    except DateFault:
        return word


def criteria_of(pack: Pack) -> tuple[Criterion, ...]:
    return tuple(pack.members.criteria.values()) if pack.members is not None else ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One criterion as the form shows it: how it is used, its value where that may be changed, and how many meet it."""

    id: str
    title: str
    help: str
    words: str
    uses: tuple[tuple[str, str, bool], ...]
    kind: str = ""  # "", choices, words, date, number
    sign: str = ""
    value: str = ""
    choices: tuple[tuple[str, bool], ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Office:
    """An organ whose matters these are: how many are taken, whether it is in, and who handles the new cases."""

    organ: Organ
    count: int
    taken: bool
    handler: int


@dataclass(frozen=True, slots=True)
class Row:
    """One of a list as it is shown."""

    key: str
    name: str
    unit: str
    what: str
    why: str
    hurdle: str = ""


@dataclass(slots=True)
class Drawn:
    """The list as it stands: the keys in their order, and what the criteria make of everybody."""

    keys: list[str]
    unsure: list[str]
    tally: Tally
    criteria: list[Criterion]
    offices: Counter[int]
    hurdles: Counter[str]
    away: int
    hand: Hand
    removed: list[str]
    by: dict[str, str] = field(default_factory=dict)
    """Where a person is judged by another matter than the one that stands in the list: by which."""

    @property
    def mark(self) -> str:
        """What tells this list from another."""
        told = ",".join([*self.keys, *(f"{key}>{each}" for key, each in sorted(self.hand.handlers.items()))])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """How many are left out, by the criterion that decides it."""
        titles = {each.id: each.title for each in self.criteria}
        return [(titles[key], count) for key, count in self.tally.left_out.most_common()]

    @property
    def hindered(self) -> list[tuple[str, int]]:
        """How many cannot be taken now, by why."""
        return self.hurdles.most_common()

    @property
    def hindered_people(self) -> int:
        return self.hurdles.total()

    @property
    def doubts(self) -> list[tuple[str, int]]:
        titles = {each.id: each.title for each in self.criteria}
        return [(titles[key], count) for key, count in self.tally.doubts.most_common()]

    def words(self, pack: Pack) -> str:
        """By what the list was drawn up, in words, with the values and the numbers: what the record keeps."""
        groups = {use: [each for each in self.criteria if each.use is use] for use in (Use.ALL, Use.ANY, Use.NOT)}
        said = "；".join(
            f"{USES[use]}：{'、'.join(f'{each.title}（{condition_words(pack, each.when)}）' for each in used)}"
            for use, used in groups.items()
            if used
        )
        put, taken = len(self.hand.added & set(self.keys)), len(self.hand.removed)
        by_hand = f"；手工加入{put}人、去掉{taken}人" if put or taken else ""
        doubts = (
            f"；情况不明{self.tally.unknown}人，{'一并列入' if self.hand.unsure else '没有列入'}"
            if self.tally.unknown
            else ""
        )
        return f"{said}{doubts}{by_hand}".strip("；")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept of one matter of somebody."""

    key: str
    facts: Mapping[str, Any]
    hurdle: str
    office: int


def drawn(who: Reader, batch: Case, hand: Hand) -> Drawn:
    """The list by the criteria as chosen, with what was changed by hand. Two queries whatever the store holds."""
    pack = pack_of(batch)
    members = pack.members
    scope = frame(members) if members is not None else None
    chosen = applied(criteria_of(pack), hand.choices(pack))
    found = Drawn([], [], Tally(), [*([scope] if scope else []), *chosen], Counter(), Counter(), 0, hand, [])
    rows = visible(who, "decision.record", Prospect.objects.filter(batch=batch)).order_by(
        "unit__path", "person__name", "pk"
    )
    groups: dict[Any, list[_Known]] = {}
    by_person, read = candidates.by_person(batch), dict[str, Mapping[str, Any]]()
    for key, person, raw, hurdle, office in rows.values_list("key", "person", "facts", "hurdle", "office"):
        told = json.dumps(raw, sort_keys=True)
        facts = read.setdefault(told, read.get(told) or read_facts(raw))
        groups.setdefault(person if by_person and person else key, []).append(_Known(key, facts, hurdle, office))
    judged: dict[tuple[int, ...], tuple[Verdict, int]] = {}
    for matters in groups.values():
        if hurdle := next((each.hurdle for each in matters if each.hurdle), ""):
            found.hurdles[hurdle] += 1
            continue
        same = tuple(id(each.facts) for each in matters)
        if same not in judged:
            judged[same] = together(found.criteria, [each.facts for each in matters])
        _place(found, matters, *judged[same])
    return found


def _place(found: Drawn, matters: Sequence[_Known], judged: Verdict, best: int) -> None:
    """One person: an open case stands in the list before any decision, else what was put by hand, else the matter that fits."""
    hand, keys = found.hand, {each.key for each in matters}
    by_hand = next((each for each in matters if each.key in hand.added), None)
    case = next((each for each in matters if each.key.startswith("c")), None)
    row = by_hand or case or matters[best]
    if row is not matters[best]:
        found.by[row.key] = matters[best].key
    found.tally.add(found.criteria, matters[best].facts, judged)
    if judged.stands is None:
        found.unsure.append(row.key)
    wanted = judged.stands or (judged.stands is None and hand.unsure)
    if wanted:
        found.offices[row.office] += 1
    if keys & hand.removed:
        found.removed.append(row.key)
    elif by_hand or (wanted and row.office not in hand.without):
        found.keys.append(row.key)
    elif wanted:
        found.away += 1


def rows_of(batch: Case, keys: Sequence[str], list_: Drawn, *, by_hand: bool = True) -> list[Row]:
    """These, in their order, with why. One query."""
    wanted = {*keys, *(list_.by[key] for key in keys if key in list_.by)}
    found = Prospect.objects.filter(batch=batch, key__in=wanted).select_related("person", "unit")
    by_key = {row.key: row for row in found}
    added = list_.hand.added if by_hand else set()
    return [
        _row(by_key[key], list_.criteria, key in added, by_key.get(list_.by.get(key, "")))
        for key in keys
        if key in by_key
    ]


def _row(row: Prospect, criteria: Sequence[Criterion], by_hand: bool, by: Prospect | None = None) -> Row:
    facts = read_facts((by or row).facts)
    met = [each for each in criteria if each.use in (Use.ALL, Use.ANY)]
    judged = verdict(criteria, facts)
    because = "，".join(dict.fromkeys(text for each in met if each.id in judged.met and (text := why(each, facts))))
    if judged.stands is None:
        unknown = dict.fromkeys(name for each in criteria if each.id in judged.because for name in lacking(each, facts))
        because = f"不清楚：{'、'.join(unknown)}"
    if by is not None and because:
        because = f"按{by.what.removeprefix(candidates.NEW)}：{because}"
    return Row(
        row.key,
        row.person.name if row.person else row.unit.name,
        row.unit.name,
        row.what,
        "手工加入" if by_hand else because,
        row.hurdle,
    )


def hits(who: Reader, batch: Case, list_: Drawn, text: str) -> list[Row]:
    """Those not on the list whose name or unit holds a text; the first few."""
    found = candidates.named(batch, who, text, list_.keys, who.on)
    return [_row(each, list_.criteria, by_hand=False) for each in found]


def asks(pack: Pack, list_: Drawn) -> list[Ask]:
    """The criteria as the form shows them."""
    now = {each.id: each for each in list_.criteria}
    return [_ask(pack, each, now[each.id], tuple(list_.tally.of.get(each.id, (0, 0, 0)))) for each in criteria_of(pack)]  # type: ignore[arg-type]


def _ask(pack: Pack, written: Criterion, now: Criterion, counts: tuple[int, int, int]) -> Ask:
    uses = tuple((each.value, USES[each], each is now.use) for each in Use)
    words, clause = condition_words(pack, now.when), changeable(now)
    if clause is None:
        return Ask(written.id, written.title, written.help, words, uses, counts=counts)
    fact, values = FACTS[str(clause.name)], [str(each) for each in clause.test.values]
    if fact.choices:
        choices = tuple((each, each in values) for each in fact.choices)
        return Ask(
            written.id,
            written.title,
            written.help,
            words,
            uses,
            "choices",
            SIGNS[clause.test.op],
            choices=choices,
            counts=counts,
        )
    kind = {FieldType.DATE: "date", FieldType.NUMBER: "number"}.get(fact.type, "words")
    sign = (SIGNS_OF_DAYS if kind == "date" else SIGNS).get(clause.test.op, "")
    text = (
        "、".join(values)
        if kind == "words"
        else values[0]
        if kind == "number"
        else str(chinese_value(clause.test.values[0]))
    )
    return Ask(written.id, written.title, written.help, words, uses, kind, sign, text, counts=counts)


def offices(list_: Drawn) -> list[Office]:
    """The organs whose matters these are. One query."""
    rows = Organ.objects.filter(pk__in=[*list_.offices, *list_.hand.without]).order_by("path")[:MOST_OFFICES]
    return [
        Office(row, list_.offices[row.pk], row.pk not in list_.hand.without, list_.hand.handlers.get(row.pk, row.pk))
        for row in rows
    ]


def fixed(batch: Case, list_: Drawn) -> list[Fixed]:
    """The list by numbers. One query for every 500."""
    found: dict[str, Prospect] = {}
    for at in range(0, len(list_.keys), candidates.CHUNK):
        rows = Prospect.objects.filter(batch=batch, key__in=list_.keys[at : at + candidates.CHUNK])
        found |= {row.key: row for row in rows}
    return [
        candidates.fixed(found[key], list_.hand.handlers.get(found[key].office_id))
        for key in list_.keys
        if key in found
    ]
