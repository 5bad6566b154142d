"""``packs check``: everything that can be said about a folder of packs, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from youwei.engine.saved import FROZEN, altered
from youwei.engine.soundness import CAP, Behaviour, explore
from youwei.rulebook.calendar import WorkCalendar, seed_calendar
from youwei.rulebook.pack_faultlist import Fault
from youwei.rulebook.pack_ready import unready
from youwei.rulebook.packs import Pack, PackRef, read_packs


@dataclass(frozen=True, slots=True)
class PackResult:
    """One pack: how many runs, whether they were all there are, and remarks that are no faults."""

    ref: PackRef
    title: str
    digest: str
    runs: int
    proved: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    faults: tuple[Fault, ...]
    results: tuple[PackResult, ...]
    unready: tuple[Fault, ...] = ()  # what the language has and the program does not carry out yet

    @property
    def sound(self) -> bool:
        return not self.faults and all(result.proved for result in self.results)

    @property
    def ready(self) -> bool:
        """Sound, and carried out in every key."""
        return self.sound and not self.unready

    def lines(self) -> list[str]:
        said = [f"✗ {fault}" for fault in (*self.faults, *self.unready)]
        for result in self.results:
            verdict = (
                f"可靠（走遍 {result.runs} 种走法）" if result.proved else f"未能证明（只走了 {result.runs} 种走法）"
            )
            said.append(f"{result.ref} {result.title}：{verdict}")
            said += [f"  · {remark}" for remark in result.remarks]
        said.append(self.verdict)
        return said

    @property
    def verdict(self) -> str:
        if self.faults:
            return f"共 {len(self.faults)} 处问题，请逐一改正。"
        if not self.sound:
            return "没有发现问题，但有的规程走法太多，未能证明可靠。"
        if self.unready:
            return f"{len(self.results)} 个规程写得可靠，但有 {len(self.unready)} 处程序还不能执行，不能装入。"
        return f"{len(self.results)} 个规程全部可靠。"

    def __str__(self) -> str:
        return "\n".join(self.lines())


def check_packs(folder: Path, calendar: WorkCalendar | None = None, cap: int = CAP) -> Report:
    """Structure, names, types, order, sealing and inheritance of every pack; then the behaviour of those without fault."""
    loaded = read_packs(folder)
    packs = loaded.packs.values()
    faults = [*loaded.faults, *(Fault(pack.file, 1, "规程", *FROZEN) for pack in altered(folder, packs))]
    return check_loaded(packs, faults, set(loaded.packs), calendar, cap)


def check_loaded(
    packs: Iterable[Pack], faults: Sequence[Fault], known: Set[PackRef], calendar: WorkCalendar | None = None, cap: int = CAP
) -> Report:  # fmt: skip
    """The same of packs that were read already, with the faults found while reading; ``known``: every pack they may open."""
    days, packs = calendar or seed_calendar(), list(packs)
    said, blamed, results = list(faults), {fault.file for fault in faults}, []
    procedures = {ref.procedure for ref in known}
    for pack in packs:
        if pack.file in blamed:
            continue
        behaviour = explore(pack, days, cap)
        wrong = behaviour_faults(pack, behaviour)
        said += wrong
        remarks = (*_cut_off(pack, behaviour), *_unknown_procedures(pack, procedures))
        results.append(
            PackResult(pack.ref, pack.title, pack.digest, behaviour.runs, not behaviour.capped and not wrong, remarks)
        )
    lacking = [fault for pack in packs for fault in unready(pack)]
    return Report(tuple(said), tuple(results), tuple(lacking))


def behaviour_faults(pack: Pack, behaviour: Behaviour) -> list[Fault]:
    found = []
    if not behaviour.capped:
        for step in pack.steps.values():
            if step.id not in behaviour.opened:
                remedy = "请核对它和所在阶段的 when。"
                found.append(Fault(step.file, step.line, f"steps.{step.id}", "没有一种走法会办到这个环节。", remedy))
        for outcome in pack.outcomes.values():
            if outcome.id not in behaviour.reached:
                remedy = "请核对它的 when 和 after，以及排在前面的结局。"
                found.append(
                    Fault(pack.file, outcome.line, f"outcomes.{outcome.id}", "没有一种走法会到这个结局。", remedy)
                )
    for left, values in behaviour.stuck.items():
        remedy = f"这样填写就会走不下去：{values}。请补一个结局，或改 when。"
        found.append(Fault(pack.file, 1, "outcomes", f"有的走法走不到结局：{left}。", remedy))
    for name in behaviour.empty_end:
        line = pack.outcomes[name].line
        found.append(
            Fault(pack.file, line, f"outcomes.{name}", "什么都没有记录就到了这个结局。", "请让结局等到一个环节。")
        )
    return found


def _cut_off(pack: Pack, behaviour: Behaviour) -> list[str]:
    said = []
    for name, steps in behaviour.cut_off.items():
        if steps:
            titles = "、".join(pack.steps[step].title for step in pack.steps if step in steps)
            said.append(f"到“{pack.outcomes[name].title}”时，可能还没办完、不再办理的环节：{titles}")
    return said


def _unknown_procedures(pack: Pack, known: set[str]) -> list[str]:
    ends = [opened.procedure for outcome in pack.outcomes.values() for opened in outcome.opens]
    steps = {step.title: step.procedure for step in pack.steps.values() if step.procedure}
    return [
        *(f"办结后启动的规程“{name}”还没有装入，装入前等待确认" for name in dict.fromkeys(ends) if name not in known),
        *(
            f"“{title}”启动的规程“{name}”还没有装入，装入前不能办理"
            for title, name in steps.items()
            if name not in known
        ),
        *(
            f"“{step.title}”报告的规程“{name}”还没有装入，装入前没有它的数"
            for step in pack.steps.values()
            for name in step.reports
            if name not in known
        ),
    ]
