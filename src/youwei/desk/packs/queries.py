"""Procedures as people read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from youwei.cases.facts import WITH_POWER
from youwei.cases.logs import packs, title_of
from youwei.desk.opening.queries import openable
from youwei.engine.local import family_of
from youwei.engine.wording import term_text
from youwei.organs.policy import READERS, Reader, may
from youwei.rulebook.pack_facts import fact_title
from youwei.rulebook.pack_keys import HOLDERS
from youwei.rulebook.packs import KIND_TITLES, Outcome, Pack, PackRef, RepeatKind, Step
from youwei.ui.drawings.procedure_map import Box, Edge, ProcedureMap, Stage

REPEATS = {
    RepeatKind.ANY_TIME: "随时可记",
    RepeatKind.EVERY: "按周期",
    RepeatKind.NEXT: "每次定下次",
    RepeatKind.EACH: "逐项",
}


@dataclass(frozen=True, slots=True)
class StepText:
    """A step in words."""

    title: str
    kind: str
    by: str
    due: str
    limit: str
    repeat: str
    fields: str
    help: str
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where a version stands: in force, to come, ended; with the tone of its chip."""

    title: str
    tone: str


def state(pack: Pack, on: date) -> State:
    if pack.in_force(on):
        return State("施行中", "done")
    return State("未到施行日期", "wait") if on < pack.in_force_from else State("已停止施行", "block")


def released(on: date) -> list[tuple[Pack, State]]:
    """All packs, newest version of each procedure first, with where they stand on a day."""
    found = sorted(packs().values(), key=lambda pack: (pack.ref.procedure, pack.in_force_from), reverse=True)
    return [(pack, state(pack, on)) for pack in found]


def counted(who: Reader, pack: Pack) -> bool:
    """Whether there are figures for this reader: those of a sealed regulation are told where there is the power to determine."""
    return not pack.sealed_to or any(row.organ.level in WITH_POWER for row in who.grants if row.role in READERS)


def family(pack: Pack) -> str:
    """The procedure of the topmost regulation a pack is laid over; its own when it stands alone."""
    return family_of(packs(), pack)


def opens_by_hand(who: Reader, pack: Pack) -> bool:
    return bool(may(who, "case.begin")) and bool(openable(who, pack))


def beside(pack: Pack) -> list[Pack]:
    """What a pack may be compared with: the other versions of its procedure, what it is laid over, and what is laid over it."""
    known = packs()
    versions = [each for each in known.values() if each.ref.procedure == pack.ref.procedure and each.ref != pack.ref]
    local = [each for each in known.values() if each.ref == pack.extends or each.extends == pack.ref]
    return [*versions, *(each for each in local if each not in versions)]


def may_move(who: Reader, pack: Pack) -> bool:
    """Whether the reader may move open cases of a pack to another version."""
    others = any(ref.procedure == pack.ref.procedure and ref != pack.ref for ref in packs())
    return others and bool(may(who, "case.steer"))


def find(procedure: str, version: str) -> Pack | None:
    return packs().get(PackRef(procedure, version))


def texts(pack: Pack) -> list[tuple[str, list[StepText]]]:
    """Stages with their steps in words."""
    return [
        (stage.title, [_text(pack, step) for step in pack.steps.values() if step.stage == stage.id])
        for stage in pack.stages.values()
    ]


def _text(pack: Pack, step: Step) -> StepText:
    return StepText(
        title=step.title, kind=KIND_TITLES[step.kind], by=_by(pack, step), due=term_text(step.due, step),
        limit=term_text(step.limit, step), repeat=REPEATS[step.repeat.kind] if step.repeat else "",
        fields="、".join(field.title for field in step.form.values()), help=step.help, basis=step.basis,
    )  # fmt: skip


def _by(pack: Pack, step: Step) -> str:
    """Who does a step, with which account, who signs, and what it opens."""
    role = pack.roles.get(step.by)
    parts = [f"{role.title}（{HOLDERS.get(role.held_by, '')}账号）"] if role else []
    if step.signs:
        parts.append(f"会签：{'、'.join(pack.roles[name].title for name in step.signs)}")
    if step.procedure:
        parts.append(f"启动“{title_of(step.procedure)}”{'并等其办结' if step.waits else ''}")
    return " · ".join(parts)


def lists(pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
    """The shared lists of a procedure, each by the name of the fields that choose from it, with all that stands in it."""
    fields = [each for step in pack.steps.values() for each in step.form.values()]
    return [
        ("、".join(dict.fromkeys(each.title for each in fields if each.choices == listed)) or name, tuple(each.title for each in listed))
        for name, listed in pack.lists.items()
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndText:
    """An end in words: what it opens, tells others and counts under."""

    title: str
    words: str


def ends(pack: Pack) -> list[EndText]:
    return [EndText(outcome.title, "；".join(_end(outcome))) for outcome in pack.outcomes.values()]


def _end(outcome: Outcome) -> Iterator[str]:
    for each in outcome.opens:
        yield f"{'由人确认后' if each.offer else '随即'}启动“{title_of(each.procedure)}”"
    if outcome.tells:
        yield f"告知同一决定的其他事项：{'、'.join(fact_title(name) for name in outcome.tells)}"
    if outcome.counts:
        yield f"统计计入：{outcome.counts}"


def drawn(pack: Pack) -> ProcedureMap:
    """The map of a procedure without a case."""
    stages = [Stage(stage.id, stage.title) for stage in pack.stages.values()]
    boxes = [Box(step.id, step.stage, step.title, note=term_text(step.due, step)) for step in pack.steps.values()]
    edges = [Edge(before, step.id) for step in pack.steps.values() for before in step.after if before in pack.steps]
    edges += [Edge(step.id, target, "退回", back=True) for step in pack.steps.values() for target in step.returns]
    return ProcedureMap(stages, boxes, edges, f"{pack.title}程序图")
