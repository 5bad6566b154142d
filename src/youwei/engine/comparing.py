"""compare(): what differs between two packs, step by step, in words. Two versions of a procedure, or local rules and what they lie over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from youwei.engine import pack_words as words
from youwei.engine.wording import chinese_value
from youwei.rulebook.pack_keys import ALTERATIONS, COUNTED_AS
from youwei.rulebook.pack_types import Field, Name, Outcome, Pack, PackRef, Stage, Step, Term


class Turn(StrEnum):
    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


TURN_TITLES: Mapping[Turn, str] = {Turn.ADDED: "新增", Turn.GONE: "删去", Turn.CHANGED: "变化"}


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that is otherwise, in words; empty where it was not or is not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A step or an outcome that is new, gone or otherwise. ``was``: its id in the old pack, "" when new; ``id``: in the new, "" when gone."""

    turn: Turn
    was: str
    id: str
    title: str
    stage: str = ""
    aspects: tuple[Aspect, ...] = ()

    @property
    def turned(self) -> str:
        """Added, gone or changed, in Chinese."""
        return TURN_TITLES[self.turn]


@dataclass(frozen=True, slots=True)
class Comparison:
    """From ``old`` to ``new``: what concerns the whole, the stages, the steps in the order of the new pack with those gone last, the outcomes."""

    old: PackRef
    new: PackRef
    whole: tuple[Aspect, ...]
    stages: tuple[Difference, ...]
    steps: tuple[Difference, ...]
    outcomes: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.whole or self.stages or self.steps or self.outcomes)


#: A new key of a pack gets its line in one of the tables below, with its words; a test holds that none is forgotten.
Words = Callable[[Pack, Any], str]


def _of(name: str) -> Words:
    return lambda _, thing: words.plain_words(getattr(thing, name))


WHOLE: Mapping[str, tuple[str, Words]] = {
    "title": ("名称", _of("title")),
    "about": ("针对", lambda pack, _: "、".join(words.ABOUT.get(each, each) for each in pack.about)),
    "in_force_from": ("施行日期", lambda pack, _: chinese_value(pack.in_force_from)),
    "in_force_to": ("最后施行的一天", lambda pack, _: chinese_value(pack.in_force_to) if pack.in_force_to else ""),
    "issued_by": ("制定机关", _of("issued_by")),
    "basis": ("依据", _of("basis")),
    "help": ("说明", _of("help")),
    "area": ("归在哪一类", _of("area")),
    "opens": ("怎样开办", lambda pack, _: words.opens_words(pack, pack.opens)),
    "papers": ("文书", lambda pack, _: "、".join(pack.papers.values())),
    "hold": ("中止计时", lambda pack, _: words.grounds_words(pack, pack.hold)),
    "members": ("批次的成员", lambda pack, _: words.members_words(pack, pack.members)),
    "sealed_to": ("整个规程仅这些角色可见", lambda pack, _: words.roles_words(pack, pack.sealed_to)),
    "holds_replies": ("办结以前不作答复的环节", lambda pack, _: words.steps_words(pack, pack.holds_replies)),
    "restrictions": ("分类管理", lambda _, pack: words.restrictions_words(pack)),
    "year_of": ("名称里写哪个日期的年份", lambda pack, _: words.name_words(pack, pack.year_of) if pack.year_of else ""),
    "matter": ("办的是哪一件事", _of("matter")),
    "covers": ("只用于这些单位", _of("covers")),
    "local": ("下级可以改动的位置", _of("local")),
    "extends": ("沿用的上级规程", lambda pack, _: str(pack.extends or "")),
}
STAGE: Mapping[str, tuple[str, Words]] = {
    "title": ("名称", _of("title")),
    "when": ("什么情形下有这一阶段", lambda pack, stage: words.condition_words(pack, stage.when)),
}
STEP: Mapping[str, tuple[str, Words]] = {
    "title": ("名称", _of("title")),
    "stage": ("阶段", lambda pack, step: pack.stages[step.stage].title if step.stage in pack.stages else step.stage),
    "kind": ("种类", lambda _, step: words.kind_words(step)),
    "by": ("由谁办理", lambda pack, step: words.role_words(pack, step.by)),
    "after": ("在哪些环节之后", lambda pack, step: words.steps_words(pack, step.after) or "开办即可办理"),
    "when": ("什么情形下办理", lambda pack, step: words.condition_words(pack, step.when, step)),
    "never": ("不得有的情形", words.never_words),
    "seen_by": ("写的内容仅这些角色可见", lambda pack, step: words.roles_words(pack, step.seen_by)),
    "on_paper": ("可以凭纸质办理", _of("on_paper")),
    "start": ("最早", lambda pack, step: words.term_words(pack, step.start, step)),
    "due": ("办理期限", lambda pack, step: words.term_words(pack, step.due, step)),
    "limit": ("法定最迟", lambda pack, step: words.term_words(pack, step.limit, step)),
    "warn": ("提前提醒", lambda _, step: step.warn.title if step.warn else ""),
    "repeat": ("办几次", words.repeat_words),
    "signs": ("会签", lambda pack, step: words.roles_words(pack, step.signs)),
    "approves": ("审批的内容", lambda pack, step: words.steps_words(pack, step.approves)),
    "returns": ("可以退回到", lambda pack, step: words.steps_words(pack, step.returns)),
    "exempt": ("免办", lambda pack, step: words.grounds_words(pack, step.exempt)),
    "must": ("不得留空不办", _of("must")),
    "hold": ("中止时期限顺延", _of("hold")),
    "prolong": ("延长期限", lambda pack, step: words.grounds_words(pack, step.prolong)),
    "papers": ("文书", _of("papers")),
    "shows": ("填写时列出以前写的", words.shows_words),
    "reports": ("报告哪些规程的事项", lambda _, step: "、".join(step.reports)),
    "help": ("说明", _of("help")),
    "basis": ("依据", _of("basis")),
    "team": ("至少几人", _of("team")),
    "lands": (
        "落到成员的环节",
        lambda _, step: f"{step.lands.step}（{'、'.join(step.lands.each)}）" if step.lands else "",
    ),
    "teams": ("分组", lambda _, step: words.teams_words(step)),
    "procedure": ("启动的规程", _of("procedure")),
    "distress": ("身心异常可以暂缓", lambda _, step: "是" if step.distress else "否"),
    "waits": ("等所启动的事项办结", _of("waits")),
    "counts_as": ("统计时算作", lambda _, step: COUNTED_AS.get(step.counts_as, step.counts_as)),
    "alters": ("登记决定的变动", lambda _, step: ALTERATIONS.get(step.alters, step.alters)),
    "items": ("项目", lambda _, step: words.items_words(step)),
    "options": ("档次", _of("options")),
    "voters": ("参加测评的人", lambda _, step: words.voters_words(step)),
    "passes": ("合格条件", lambda pack, step: words.condition_words(pack, step.passes, step)),
}
OUTCOME: Mapping[str, tuple[str, Words]] = {
    "title": ("名称", _of("title")),
    "after": ("在哪些环节之后", lambda pack, end: words.steps_words(pack, end.after) or "全部环节办完"),
    "when": ("什么情形下成立", lambda pack, end: words.condition_words(pack, end.when)),
    "opens": ("随之启动", words.next_words),
    "tells": ("告知同一决定的其他事项", words.tells_words),
    "counts": ("统计计入", _of("counts")),
    "admits": ("可以作出问责决定", _of("admits")),
    "keeps": ("保管期限", lambda _, end: words.keeps_words(end)),
}
#: Read as words alone: roles and stages may bear other ids and be the same.
BY_WORDS = frozenset({"by", "signs", "seen_by", "exempt", "prolong", "stage", "hold", "sealed_to"})


def compare(old: Pack, new: Pack) -> Comparison:
    """Everything a case could notice, and what officers read. A step that bears ``was`` is the old step of that id, renamed.

    The same rule written otherwise (a role or a list under another id) is no difference; the order of steps in the file is none.
    """
    known = _Names(old, new, renamed(old, new))
    return Comparison(
        old.ref,
        new.ref,
        (*_aspects(WHOLE, known, old, new), *_order(old, new)),
        tuple(_stages(known)),
        tuple(_steps(known)),
        tuple(_outcomes(known)),
    )


def renamed(old: Pack, new: Pack) -> dict[str, str]:
    """The steps that are called otherwise in the new pack, by their old ids; the older of two versions may be either of them."""
    forward = {step.was: step.id for step in new.steps.values() if step.was in old.steps and step.was not in new.steps}
    back = {step.id: step.was for step in old.steps.values() if step.was in new.steps and step.id not in new.steps}
    return {**back, **forward}


@dataclass(frozen=True, slots=True)
class _Names:
    """Both packs, and the steps of the old one that are called otherwise in the new."""

    old: Pack
    new: Pack
    renamed: Mapping[str, str]

    def step(self, name: str) -> str:
        return self.renamed.get(name, name)

    def read(self, value: Any) -> Any:
        """A value of the old pack under the names of the new; where it was written and in which list its choices stood is left out."""
        if isinstance(value, Name):
            return Name(self.step(value.head), value.tail)
        if isinstance(value, Term):
            return replace(value, text="", names=tuple(map(self.read, value.names)))
        if isinstance(value, Field):
            value = replace(value, shared="", sealed=())
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{each.name: self.read(getattr(value, each.name)) for each in fields(value)})
        if isinstance(value, Mapping):
            return {key: self.read(each) for key, each in value.items()}
        if isinstance(value, tuple):
            return tuple(map(self.read, value))
        return value


def _order(old: Pack, new: Pack) -> Iterator[Aspect]:
    """The first outcome that holds is the end: their order is a rule."""
    before = [name for name in old.outcomes if name in new.outcomes]
    after = [name for name in new.outcomes if name in old.outcomes]
    if before != after:
        titles = ["、".join(new.outcomes[name].title for name in names) for names in (before, after)]
        yield Aspect("结局的先后", *titles)


def _aspects(table: Mapping[str, tuple[str, Words]], known: _Names, old: Any, new: Any) -> Iterator[Aspect]:
    plain = _Names(known.new, known.new, {})
    for name, (what, say) in table.items():
        before, after = say(known.old, old), say(known.new, new)
        same = before == after if name in BY_WORDS else _read(known, name, old) == _read(plain, name, new)
        if not same:
            yield Aspect(what, before, after)


def _read(known: _Names, name: str, thing: Any) -> Any:
    value = getattr(thing, name)
    if name in ("after", "approves", "returns"):
        return tuple(sorted(map(known.step, value)))
    if name == "opens" and isinstance(thing, Pack):
        return known.read(value.when), value.event, value.batch, value.procedure, words.roles_words(thing, value.by)
    return known.read(value)


def _stages(known: _Names) -> Iterator[Difference]:
    old, new = known.old.stages, known.new.stages
    for name, stage in new.items():
        if name not in old:
            yield Difference(Turn.ADDED, "", name, stage.title)
        elif aspects := tuple(_aspects(STAGE, known, old[name], stage)):
            yield Difference(Turn.CHANGED, name, name, stage.title, aspects=aspects)
    yield from (Difference(Turn.GONE, name, "", stage.title) for name, stage in old.items() if name not in new)


def _steps(known: _Names) -> Iterator[Difference]:
    old = {known.step(name): step for name, step in known.old.steps.items()}
    for name, step in known.new.steps.items():
        stage = known.new.stages.get(step.stage)
        title = stage.title if isinstance(stage, Stage) else step.stage
        if name not in old:
            yield Difference(Turn.ADDED, "", name, step.title, title, tuple(_whole(STEP, known.new, step, new=True)))
            continue
        aspects = (*_aspects(STEP, known, old[name], step), *_fields(known, old[name], step))
        if aspects:
            yield Difference(Turn.CHANGED, old[name].id, name, step.title, title, aspects)
    for name, step in old.items():
        if name not in known.new.steps:
            stage = known.old.stages.get(step.stage)
            title = stage.title if isinstance(stage, Stage) else step.stage
            yield Difference(Turn.GONE, step.id, "", step.title, title, tuple(_whole(STEP, known.old, step, new=False)))


#: Of a step that is new or gone: what a clerk asks first.
TOLD = ("kind", "by", "after", "when", "due", "limit", "signs")


def _whole(table: Mapping[str, tuple[str, Words]], pack: Pack, step: Step, *, new: bool) -> Iterator[Aspect]:
    for name in TOLD:
        what, say = table[name]
        if said := say(pack, step):
            yield Aspect(what, "" if new else said, said if new else "")
    if step.form:
        titles = "、".join(field.title for field in step.form.values())
        yield Aspect("栏目", "" if new else titles, titles if new else "")


def _fields(known: _Names, old: Step, new: Step) -> Iterator[Aspect]:
    plain = _Names(known.new, known.new, {})
    for name, field in new.form.items():
        after = words.field_words(known.new, field, new)
        if name not in old.form:
            yield Aspect(f"栏目“{field.title}”", "", after)
            continue
        before = words.field_words(known.old, old.form[name], old)
        if known.read(old.form[name]) == plain.read(field) and _sealing(known.old, old.form[name]) == _sealing(
            known.new, field
        ):
            continue
        if before == after or old.form[name].title != field.title:
            before, after = (f"{each.title}，{said}" for each, said in ((old.form[name], before), (field, after)))
        yield Aspect(f"栏目“{field.title}”", before, after)
    for name, field in old.form.items():
        if name not in new.form:
            yield Aspect(f"栏目“{field.title}”", words.field_words(known.old, field, old), "")


def _sealing(pack: Pack, field: Field) -> str:
    return words.roles_words(pack, field.sealed)


def _outcomes(known: _Names) -> Iterator[Difference]:
    old, new = known.old.outcomes, known.new.outcomes
    for name, outcome in new.items():
        if name not in old:
            yield Difference(Turn.ADDED, "", name, outcome.title, aspects=tuple(_end(known.new, outcome, new=True)))
        elif aspects := tuple(_aspects(OUTCOME, known, old[name], outcome)):
            yield Difference(Turn.CHANGED, name, name, outcome.title, aspects=aspects)
    for name, outcome in old.items():
        if name not in new:
            yield Difference(Turn.GONE, name, "", outcome.title, aspects=tuple(_end(known.old, outcome, new=False)))


def _end(pack: Pack, outcome: Outcome, *, new: bool) -> Iterator[Aspect]:
    what, say = OUTCOME["when"]
    if said := say(pack, outcome):
        yield Aspect(what, "" if new else said, said if new else "")
