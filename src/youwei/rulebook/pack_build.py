"""Makes the frozen objects from nodes. Tolerant: what is misshapen was reported already and is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from youwei.rulebook.pack_kinds import ADVERSE, adverse_columns, standard_fields
from youwei.rulebook.pack_parts import Choice, Keeps, Lands, Restriction, ScoreItem, Teams, Use, Voters
from youwei.rulebook.pack_terms import read_condition, read_name, read_span, read_term, read_test
from youwei.rulebook.pack_types import (
    Clause,
    Condition,
    Criterion,
    Field,
    FieldType,
    Grounds,
    Kind,
    Members,
    Name,
    Never,
    Opens,
    Outcome,
    OutcomeOpens,
    Pack,
    PackRef,
    Repeat,
    RepeatKind,
    Role,
    Span,
    Stage,
    Step,
    Suggestion,
    Term,
)
from youwei.rulebook.pack_yaml import Node

OPENED = "opened"


def text(node: Node | None) -> str:
    return node.raw.strip() if node is not None else ""


def texts(node: Node | None) -> tuple[str, ...]:
    return tuple(each.raw.strip() for each in node.elements() if each.raw) if node is not None else ()


def flag(node: Node | None, default: bool = False) -> bool:
    return node.value if node is not None and isinstance(node.value, bool) else default


def span(node: Node | None) -> Span | None:
    return read_span(node.value) if node is not None else None


def term(node: Node | None) -> Term | None:
    return read_term(node) if node is not None else None


def condition(node: Node | None) -> Condition | None:
    return read_condition(node) if node is not None else None


def number(node: Node | None) -> Decimal | None:
    if node is None or isinstance(node.value, bool) or not isinstance(node.value, (int, Decimal)):
        return None
    return Decimal(node.value)


def value(node: Node | None) -> Any:
    return node.plain() if node is not None else None


def pairs(node: Node | None) -> list[tuple[str, Node]]:
    return list(node.items()) if node is not None else []


def choices(node: Node | None) -> tuple[Choice, ...]:
    if node is None:
        return ()
    if node.is_map():
        return tuple(Choice(key, text(each) or key) for key, each in node.items())
    return tuple(Choice(each, each) for each in texts(node))


def grounds(node: Node | None) -> Grounds | None:
    if node is None:
        return None
    return Grounds(texts(node.get("by")), texts(node.get("grounds")), span(node.get("at_most")))


def make_field(name: str, node: Node, lists: Mapping[str, tuple[Choice, ...]]) -> Field:
    kind = text(node.get("type"))
    shared, of_node = text(node.get("list")), node.get("of")
    columns: dict[str, Field] = {}
    if of_node is not None and of_node.is_map():
        columns = {key: _column(key, each, lists) for key, each in of_node.items()}
    subject = text(of_node) if of_node is not None and of_node.is_text() else ""
    intent = text(node.get("intent"))
    if kind == FieldType.ROWS and subject == ADVERSE:
        columns = adverse_columns()
    return Field(
        name,
        text(node.get("title")) or name,
        FieldType(kind) if kind in set(FieldType) else FieldType.TEXT,
        required=flag(node.get("required")),
        when=condition(node.get("when")),
        min=number(node.get("min")),
        max=number(node.get("max")),
        earliest=term(node.get("earliest")),
        choices=lists.get(shared, ()) if shared else choices(node.get("choices")),
        shared=shared,
        many=flag(node.get("many")),
        of=MappingProxyType(columns),
        subject=subject,
        whose=tuple(found for each in texts(of_node) if (found := read_name(each)) is not None) if not columns else (),
        intent=read_name(intent) or intent,
        default=value(node.get("default")),
        suggest=tuple(_suggestions(node.get("suggest"))),
        differs=text(node.get("differs")),
        sealed=texts(node.get("sealed")),
        heed=text(node.get("heed")),
        help=text(node.get("help")),
        long=flag(node.get("long")),
        counts=text(node.get("counts")),
        barred=texts(node.get("not")),
    )


def _column(name: str, node: Node, lists: Mapping[str, tuple[Choice, ...]]) -> Field:
    if node.is_map():
        return make_field(name, node, lists)
    kind = text(node)
    return Field(name, name, FieldType(kind) if kind in set(FieldType) else FieldType.TEXT)


def _suggestions(node: Node | None) -> list[Suggestion]:
    found = node.elements() if node is not None else []
    return [Suggestion(value(each.get("value")), condition(each.get("when"))) for each in found if each.is_map()]


def make_repeat(node: Node | None) -> Repeat | None:
    if node is None:
        return None
    if node.value == RepeatKind.ANY_TIME:
        return Repeat(RepeatKind.ANY_TIME)
    until = term(node.get("until"))
    if length := span(node.get("every")):
        keep = text(node.get("last")) == "keep"
        return Repeat(RepeatKind.EVERY, length, start=term(node.get("from")), until=until, keep_last=keep)
    if named := text(node.get("next")):
        return Repeat(RepeatKind.NEXT, field=named, until=until)
    source = text(node.get("each"))
    step, _, rows = source.partition(".")
    return Repeat(RepeatKind.EACH, source=Name(step, rows)) if step else None


def _items(node: Node | None) -> tuple[ScoreItem, ...]:
    made = []
    for key, each in pairs(node):
        title = text(each.get("title")) if each.is_map() else text(each)
        out_of = number(each.get("out_of")) or Decimal(100)
        made.append(ScoreItem(key, title or key, out_of, number(each.get("weight")) or Decimal(0)))
    return tuple(made)


def _passes(node: Node | None, step: str) -> Condition | None:
    tests = [(key, read_test(each)) for key, each in pairs(node)]
    clauses = tuple(Clause(Name(step, key), test) for key, test in tests if test is not None)
    return Condition((clauses,)) if clauses else None


def make_step(name: str, node: Node, above: str, lists: Mapping[str, tuple[Choice, ...]]) -> Step:
    kind_word = text(node.get("kind")) or Kind.RECORD
    kind = Kind(kind_word) if kind_word in set(Kind) else Kind.RECORD
    team_node = node.get("team")
    team = team_node.value if team_node is not None and isinstance(team_node.value, int) else 1
    repeat, items = make_repeat(node.get("repeat")), _items(node.get("items"))
    own = {key: make_field(key, each, lists) for key, each in pairs(node.get("form")) if each.is_map()}
    voters, options = _voters(node.get("voters")), texts(node.get("options"))
    form = {
        **standard_fields(kind, name, team=team, repeat=repeat, items=items, own=bool(own), options=options, voters=voters), **own
    }  # fmt: skip
    lands = node.get("lands")
    return Step(
        name,
        text(node.get("title")) or name,
        text(node.get("stage")),
        kind,
        by=text(node.get("by")),
        after=_after(node.get("after"), above),
        when=condition(node.get("when")),
        never=_nevers(node.get("never")),
        start=term(node.get("from")),
        due=term(node.get("due")),
        limit=term(node.get("limit")),
        warn=span(node.get("warn")),
        repeat=repeat,
        signs=texts(node.get("signs")),
        seen_by=texts(node.get("seen_by")),
        on_paper=flag(node.get("on_paper"), True),
        approves=texts(node.get("approves")),
        returns=texts(node.get("returns")),
        exempt=grounds(node.get("exempt")),
        must=flag(node.get("must")),
        hold=flag(node.get("hold"), True),
        distress=flag(node.get("distress"), True),
        prolong=grounds(node.get("prolong")),
        form=MappingProxyType(form),
        papers=texts(node.get("papers")),
        shows=tuple(Name(head, tail) for head, _, tail in (each.partition(".") for each in texts(node.get("shows")))),
        reports=texts(node.get("reports")),
        help=text(node.get("help")),
        basis=texts(node.get("basis")),
        was=text(node.get("was")),
        team=team,
        lands=Lands(text(lands.get("step")), texts(lands.get("each"))) if lands else None,
        teams=_teams(node.get("teams")),
        procedure=text(node.get("procedure")),
        waits=flag(node.get("waits")),
        counts_as=text(node.get("counts_as")),
        alters=text(node.get("alters")),
        items=items,
        options=options,
        voters=voters,
        passes=_passes(node.get("pass"), name),
        file=node.file,
        line=node.line,
    )


def _voters(node: Node | None) -> Voters | None:
    if node is None:
        return None
    void = {key: text(node.get(key)) or "item" for key in ("blank", "double")}
    least = number(node.get("at_least"))
    return Voters(text(node.get("title")), int(least or 0), **void, remarks=flag(node.get("remarks"), True))


def _after(node: Node | None, above: str) -> tuple[str, ...]:
    if node is None:
        return (above,) if above else ()
    return tuple(each for each in texts(node) if each != OPENED)


def _nevers(node: Node | None) -> tuple[Never, ...]:
    made = []
    for each in node.elements() if node is not None else []:
        when = condition(each.get("when"))
        if when is not None:
            made.append(Never(when, text(each.get("say"))))
    return tuple(made)


def _names(node: Node | None) -> tuple[Name, ...]:
    found = [read_name(each.value) for each in node.elements()] if node is not None else []
    return tuple(name for name in found if name is not None)


def _outcome(name: str, node: Node) -> Outcome:
    keeps = node.get("keeps")
    years = number(keeps.get("years")) if keeps else None
    opens = []
    opens_node = node.get("opens")
    for each in opens_node.elements() if opens_node is not None else []:
        gives = {key: read_name(given.value) for key, given in pairs(each.get("with"))}
        named = MappingProxyType({key: given for key, given in gives.items() if given is not None})
        opens.append(OutcomeOpens(text(each.get("procedure")), flag(each.get("offer")), named))
    return Outcome(
        name,
        text(node.get("title")) or name,
        after=texts(node.get("after")),
        when=condition(node.get("when")),
        opens=tuple(opens),
        tells=MappingProxyType({key: read_name(each.value) or value(each) for key, each in pairs(node.get("tells"))}),
        counts=text(node.get("counts")),
        admits=flag(node.get("admits")),
        keeps=Keeps(int(years) if years is not None else None) if keeps else None,
        line=node.line,
    )


def _stages(node: Node | None) -> dict[str, Stage]:
    if node is None:
        return {}
    if not node.is_map():
        return {each: Stage(each, each) for each in texts(node)}
    return {key: Stage(key, text(each.get("title")) or key, condition(each.get("when"))) for key, each in node.items()}


def _steps(node: Node | None, lists: Mapping[str, tuple[Choice, ...]]) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    above = ""
    for name, each in pairs(node):
        steps[name] = make_step(name, each, above, lists)
        above = name
    for name, each in pairs(node):
        for later in texts(each.get("before")):
            if later in steps and name not in steps[later].after:
                steps[later] = replace(steps[later], after=(*steps[later].after, name))
    return steps


def _opens(node: Node | None) -> Opens:
    if node is None:
        return Opens()
    get = node.get
    return Opens(
        text(get("event")), condition(get("when")), texts(get("by")), text(get("batch")), texts(get("procedure"))
    )


def _members(node: Node | None) -> Members | None:
    if node is None:
        return None
    join = text(node.get("join")) or "open"
    found = [_criterion(key, each) for key, each in pairs(node.get("criteria"))]
    criteria = MappingProxyType({each.id: each for each in found if each is not None})
    return Members(text(node.get("procedure")), condition(node.get("scope")), join, text(node.get("ready")), criteria)


def _criterion(key: str, node: Node) -> Criterion | None:
    when, use = condition(node.get("when")), text(node.get("use"))
    known = Use(use) if use in set(Use) else Use.ALL
    return Criterion(key, text(node.get("title")), when, known, text(node.get("help"))) if when is not None else None


def _teams(node: Node | None) -> Teams | None:
    name = read_name(node.get("of").value) if node is not None and node.get("of") is not None else None  # type: ignore[union-attr]
    if node is None or name is None:
        return None
    size, get = number(node.get("size")), node.get
    return Teams(
        name.head, name.tail, text(get("leader")), text(get("people")), int(size) if size is not None else 2, texts(get("ranks")),
        flag(get("own_unit")),
    )  # fmt: skip


def _role(key: str, node: Node) -> Role:
    get = node.get
    return Role(key, text(get("title")), text(get("at")), _names(get("named_in")), text(get("held_by")))


def _day(node: Node | None) -> date | None:
    return node.value if node is not None and isinstance(node.value, date) else None


def make_pack(node: Node) -> Pack:
    """The pack of a whole (merged) document, before names are resolved."""
    get = node.get
    lists = {key: choices(each) for key, each in pairs(get("lists"))}
    in_force, sealed = get("in_force"), get("sealed")
    parent = text(get("extends"))
    listed = restrictions.elements() if (restrictions := get("restrictions")) is not None else []
    return Pack(
        PackRef(text(get("procedure")), text(get("version"))),
        text(get("title")),
        texts(get("about")),
        (_day(in_force.get("from")) if in_force else None) or date.min,
        _day(in_force.get("to")) if in_force else None,
        text(get("issued_by")),
        texts(get("basis")),
        _opens(get("opens")),
        MappingProxyType({key: _role(key, each) for key, each in pairs(get("roles"))}),
        MappingProxyType(_stages(get("stages"))),
        MappingProxyType(_steps(get("steps"), lists)),
        MappingProxyType({key: _outcome(key, each) for key, each in pairs(get("outcomes"))}),
        lists=MappingProxyType(lists),
        papers=MappingProxyType({key: text(each) for key, each in pairs(get("papers"))}),
        hold=grounds(get("hold")),
        members=_members(get("members")),
        sealed_to=texts(sealed.get("to")) if sealed else (),
        holds_replies=texts(get("holds_replies")),
        restrictions=tuple(
            Restriction(
                texts(each.get("problems")), texts(each.get("intents")), text(each.get("answer")), text(each.get("say"))
            )
            for each in listed
            if each.is_map()
        ),
        year_of=read_name(text(get("year_of"))),
        matter=text(get("matter")),
        covers=texts(get("covers")),
        local=texts(get("local")),
        extends=PackRef.parse(parent) if parent else None,
        help=text(get("help")),
        area=text(get("area")),
        file=node.file,
    )
