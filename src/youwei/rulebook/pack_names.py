"""Static checks of one pack and between packs: names, types, values, order, sealing, batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from youwei.rulebook.pack_batches import check_batch, check_members
from youwei.rulebook.pack_checker import Checker
from youwei.rulebook.pack_facts import FACTS, RESERVED, Fact
from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_fields import check_fields
from youwei.rulebook.pack_merge import ANY_STEP
from youwei.rulebook.pack_sealing import check_sealing
from youwei.rulebook.pack_types import (
    REPLY_MARKED,
    Condition,
    FieldType,
    Kind,
    Name,
    Op,
    Outcome,
    Pack,
    PackRef,
    RepeatKind,
    Role,
    Step,
)
from youwei.rulebook.pack_typing import name_type

KIND_KEYS: Mapping[str, tuple[Kind, ...]] = {
    "approves": (Kind.APPROVAL,),
    "items": (Kind.SCORE, Kind.APPRAISAL),
    "options": (Kind.APPRAISAL,),
    "voters": (Kind.APPRAISAL,),
    "passes": (Kind.SCORE,),
    "procedure": (Kind.CASE,),
    "waits": (Kind.CASE,),
    "alters": (Kind.ALTERATION,),
}
KIND_NEEDS: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.APPROVAL: (("approves", "approves（审批哪些环节）"),),
    Kind.SCORE: (("items", "items（考核项目）"), ("passes", "pass（合格条件）")),
    Kind.APPRAISAL: (("items", "items（项目）"), ("options", "options（档次）")),
    Kind.CASE: (("procedure", "procedure（启动的规程）"),),
    Kind.ALTERATION: (("alters", "alters（登记哪一种变动）"),),
}
FEWEST_VOTERS = 3
UNIT_PLACES = frozenset({"subject", "subject's organ"})


def check_pack(pack: Pack, faults: FaultList) -> None:
    checker = Checker(pack, faults)
    if not pack.steps or not pack.outcomes:
        checker.fault("规程", "至少要有一个环节和一个结局。")
    for stage in pack.stages.values():
        checker.condition(stage.when, f"stages.{stage.id}.when")
    for role in pack.roles.values():
        _role(checker, role)
    for step in pack.steps.values():
        _step(checker, step)
        _repeat(checker, step)
        check_fields(checker, step)
    for outcome in pack.outcomes.values():
        path = f"outcomes.{outcome.id}"
        checker.condition(outcome.when, f"{path}.when")
        checker.known(outcome.after, pack.steps, "环节", f"{path}.after")
        _passes_on(checker, outcome, path)
    _before_the_case(checker, pack.opens.when, "opens.when")
    check_batch(checker)
    if pack.members is not None:
        _before_the_case(checker, pack.members.scope, "members.scope", listed=True)
        for each in pack.members.criteria.values():
            _before_the_case(checker, each.when, f"members.criteria.{each.id}.when", listed=True)
    if pack.opens.event == REPLY_MARKED and (not pack.opens.procedure or pack.about != ("letter",)):
        checker.fault(
            "opens",
            "由答复存疑引起的规程没有写明是哪个规程的答复，或者不是关于函件的。",
            "请写 procedure，about 写 letter。",
        )
    checker.roles(pack.opens.by, "opens.by")
    if any(pack.roles[name].held_by == "mentor" for name in pack.opens.by if name in pack.roles):
        checker.fault(
            "opens.by", "帮带责任人在事项里指定，不能开办事项。", "请改由经办人、分管领导、所在单位或组织部门开办。"
        )
    checker.grounds(pack.hold, "hold")
    check_sealing(checker)
    checker.known(pack.holds_replies, pack.steps, "环节", "holds_replies")
    _year_of(checker)
    _local(checker)


def _year_of(checker: Checker) -> None:
    """A case is called by the year of a date that whoever sees the case may read, where nothing else names it."""
    pack, name = checker.pack, checker.pack.year_of
    if name is None:
        return
    found = name_type(pack, name, None)
    if isinstance(found, str):
        checker.fault("year_of", f"{found}。")
    elif (
        found.type is not FieldType.DATE or found.sealed or (name.head in pack.steps and pack.steps[name.head].seen_by)
    ):
        checker.fault("year_of", f"“{name}”不是日期，或者是保密的。", "请写一个不保密的日期栏目。")
    elif {"batch", "letter"} & {*pack.about}:
        checker.fault("year_of", "批次、函件的事项另有名称。", "请删去 year_of。")


def _passes_on(checker: Checker, outcome: Outcome, path: str) -> None:
    """What an end hands over to the cases it opens, and tells others."""
    for opened in outcome.opens:
        for key, name in opened.gives.items():
            found = name_type(checker.pack, name, None)
            if isinstance(found, str):
                checker.fault(f"{path}.opens.with.{key}", f"{found}。")
            elif found.sealed:
                checker.fault(f"{path}.opens.with.{key}", f"“{name}”是保密栏目，不能带到别的事项。")
    if len({opened.procedure for opened in outcome.opens}) < len(outcome.opens):
        checker.fault(f"{path}.opens", "同一个规程写了两次。", "请删去一个。")
    for key, value in outcome.tells.items():
        fact = FACTS.get(key)
        if fact is not None and fact.tellable and not _fits(checker.pack, fact, value):
            checker.fault(f"{path}.tells.{key}", f"“{fact.title}”与所写的内容不是同一类。", "请写同类的栏目或值。")


def _fits(pack: Pack, fact: Fact, value: object) -> bool:
    if isinstance(value, Name):
        found = name_type(pack, value, None)
        texts = (FieldType.TEXT, FieldType.CHOICE) if fact.type is FieldType.TEXT else (fact.type,)
        return not isinstance(found, str) and not found.sealed and found.type in (None, *texts)
    if fact.type is FieldType.TEXT:
        return isinstance(value, str) and bool(value.strip())
    if fact.type is FieldType.YESNO:
        return isinstance(value, bool)
    return isinstance(value, date) and fact.type is FieldType.DATE


def _before_the_case(checker: Checker, condition: Condition | None, path: str, *, listed: bool = False) -> None:
    """Conditions tested before there is a case: they know facts only."""
    checker.condition(condition, path, listed=listed)
    for name in condition.names if condition is not None else ():
        if name.head in checker.pack.steps:
            checker.fault(path, f"“{name}”要立项后才有，这里只能用事实。", "请改用 decision、person、period 等事实。")


def _role(checker: Checker, role: Role) -> None:
    path = f"roles.{role.id}"
    if bool(role.at) is bool(role.named_in):
        checker.fault(path, "角色要写明在哪个机关（at），或由哪一栏填写（named_in），二者取一。")
    for name in role.named_in:
        found = name_type(checker.pack, name, None)
        if isinstance(found, str):
            checker.fault(f"{path}.named_in", f"{found}。")
        elif found.type not in (FieldType.PERSON, FieldType.ORGAN, FieldType.PEOPLE, None):
            checker.fault(f"{path}.named_in", f"“{name}”应是人员或单位。")
    if role.held_by == "mentor" and not role.named_in:
        checker.fault(f"{path}.held_by", "帮带责任人的账号只看写明其姓名的事项。", "请用 named_in 写明由哪一栏填写。")
    if role.held_by == "unit" and role.at and role.at not in UNIT_PLACES:
        checker.fault(f"{path}.held_by", "单位的账号只办本单位人员的事项。", "at 请写 subject 或 subject's organ。")


def _step(checker: Checker, step: Step) -> None:
    pack, path = checker.pack, f"steps.{step.id}"
    if step.id in RESERVED:
        checker.fault(path, f"“{step.id}”是保留的名称。", "请换一个编号。", step)
    if step.stage:
        checker.known([step.stage], pack.stages, "阶段", f"{path}.stage", step)
    checker.roles([step.by], f"{path}.by", step)
    checker.roles(step.signs, f"{path}.signs", step)
    checker.roles(step.seen_by, f"{path}.seen_by", step)
    checker.known(step.after, pack.steps, "环节", f"{path}.after", step)
    checker.known(step.approves, pack.steps, "环节", f"{path}.approves", step)
    checker.known(step.returns, pack.steps, "环节", f"{path}.returns", step)
    checker.grounds(step.exempt, f"{path}.exempt", step)
    checker.grounds(step.prolong, f"{path}.prolong", step)
    checker.condition(step.when, f"{path}.when", step)
    for number, never in enumerate(step.never, 1):
        checker.condition(never.when, f"{path}.never[{number}]", step, own=True)
    for key, term in (("from", step.start), ("due", step.due), ("limit", step.limit)):
        checker.term(term, f"{path}.{key}", step)
    ancestors = pack.ancestors.get(step.id, frozenset())
    for name in (*step.returns, *step.approves):
        if name in pack.steps and pack.ancestors and name not in ancestors:
            key = "returns" if name in step.returns else "approves"
            checker.fault(f"{path}.{key}", f"“{name}”不在“{step.id}”之前。", "只能退回或审批前面的环节。", step)
    for key, kinds in KIND_KEYS.items():
        if getattr(step, key) and step.kind not in kinds:
            word = "pass" if key == "passes" else key
            checker.fault(f"{path}.{word}", f"{word} 只用于 kind: {'、'.join(kinds)}。", "", step)
    _on_paper(checker, step, path)
    _vote(checker, step, path)
    _shows(checker, step, path)
    for key, title in KIND_NEEDS.get(step.kind, ()):
        if not getattr(step, key):
            checker.fault(path, f"kind: {step.kind} 缺少 {title}。", "", step)
    if step.kind is Kind.ALTERATION and "decision" not in pack.about:
        checker.fault(f"{path}.kind", "登记处分变动的规程应针对处分决定。", "请在 about 写 decision。", step)


def _vote(checker: Checker, step: Step, path: str) -> None:
    """Among two everybody knows how the other voted; and an item must not be called like a column of the signed opinions."""
    if step.voters is None:
        return
    if step.voters.at_least < FEWEST_VOTERS:
        message = f"不到{FEWEST_VOTERS}人的无记名投票保不住密。"
        checker.fault(f"{path}.voters.at_least", message, f"请写{FEWEST_VOTERS}以上的数。", step)
    if taken := {item.id for item in step.items} & {"member", "view"}:
        checker.fault(f"{path}.items", f"项目不能编号为{'、'.join(sorted(taken))}。", "请换一个编号。", step)


def _on_paper(checker: Checker, step: Step, path: str) -> None:
    if not step.on_paper and not step.signs and step.kind is not Kind.APPROVAL:
        checker.fault(f"{path}.on_paper", "on_paper 只用于写了 signs 的环节和 kind: approval。", "", step)


def _shows(checker: Checker, step: Step, path: str) -> None:
    """What stands beside a form may have been written by then: no later step, unless this one comes again."""
    known = checker.pack.ancestors
    for name in step.shows:
        shown = checker.pack.steps.get(name.head)
        if shown is None:
            checker.known([name.head], checker.pack.steps, "环节", f"{path}.shows", step)
        elif name.tail and name.tail not in shown.form:
            checker.fault(f"{path}.shows", f"“{shown.title}”没有“{name.tail}”这一栏。", "请核对栏目。", step)
        elif step.repeat is None and (name.head == step.id or step.id in known.get(name.head, frozenset())):
            checker.fault(f"{path}.shows", f"“{shown.title}”不会在“{step.title}”之前办。", "只能列出前面的内容。", step)


def _repeat(checker: Checker, step: Step) -> None:
    repeat, path = step.repeat, f"steps.{step.id}.repeat"
    if step.reports and (repeat is None or repeat.span is None):
        remedy = "请写 repeat: {every: …}，或者删去。"
        checker.fault(f"steps.{step.id}.reports", "reports 只用于按期重复的环节。", remedy, step)
    if repeat is None:
        return
    checker.term(repeat.start, f"{path}.from", step)
    checker.term(repeat.until, f"{path}.until", step)
    if repeat.kind is RepeatKind.NEXT:
        field = step.form.get(repeat.field)
        if field is None or field.type is not FieldType.DATE:
            checker.fault(path, f"next 写的“{repeat.field}”应是本环节的一个日期栏目。", "", step)
    if repeat.kind is RepeatKind.EACH and repeat.source is not None:
        source = checker.pack.steps.get(repeat.source.head)
        if source is None:
            checker.known([repeat.source.head], checker.pack.steps, "环节", path, step)
        elif repeat.source.tail:
            rows = source.form.get(repeat.source.tail)
            if rows is None or rows.type not in (FieldType.ROWS, FieldType.PEOPLE):
                checker.fault(path, f"“{repeat.source}”应是一张表或一份名单。", "", step)
        elif source.repeat is None:
            checker.fault(path, f"“{source.title}”只办一次，each 应写明它的哪一张表。", "", step)


def _local(checker: Checker) -> None:
    for path in checker.pack.local:
        parts = path.split(".")
        step = checker.pack.steps.get(parts[1]) if parts[0] == "steps" and len(parts) > 1 else None
        if parts[:2] == ["steps", ANY_STEP]:
            if parts[2:] != ["due"]:
                checker.fault(
                    "local", f"“{path}”放得太宽。", "对全部环节只能放开期限：steps.*.due；其余的请逐个写明环节。"
                )
        elif parts[0] == "steps" and step is None:
            checker.fault("local", f"没有“{path}”。", "请写明环节。")
        elif step is not None and step.limit is not None and (len(parts) == 2 or parts[2] == "limit"):
            checker.fault("local", f"“{path}”包含法定期限（limit），不能放给下级改。", "请只写其中可改的部分。")
        elif parts[0] == "lists" and len(parts) > 1 and parts[1] not in checker.pack.lists:
            checker.fault("local", f"没有“{path}”。", "请写明共用选项。")


def check_between(packs: Mapping[PackRef, Pack], faults: FaultList) -> None:
    by_procedure: dict[str, list[Pack]] = {}
    for pack in packs.values():
        by_procedure.setdefault(pack.ref.procedure, []).append(pack)
    for pack in packs.values():
        checker = Checker(pack, faults)
        named = {each.procedure for outcome in pack.outcomes.values() for each in outcome.opens}
        named |= {step.procedure for step in pack.steps.values()} | set(pack.opens.procedure)
        for procedure in sorted(named):
            if not pack.sealed_to and any(other.sealed_to for other in by_procedure.get(procedure, ())):
                checker.fault("规程", f"不保密的规程不能写到保密的规程“{procedure}”。", "由保密的一方记下联系。")
        _outcomes_read(checker, by_procedure)
        check_members(checker, by_procedure.get(pack.members.procedure, []) if pack.members is not None else [])


def _outcomes_read(checker: Checker, by_procedure: Mapping[str, list[Pack]]) -> None:
    """The ends that conditions ask of a case opened by a step are ends of its procedure."""
    pack = checker.pack
    conditions = [(f"steps.{each.id}.when", each.when) for each in pack.steps.values()]
    conditions += [(f"stages.{each.id}.when", each.when) for each in pack.stages.values()]
    conditions += [(f"outcomes.{each.id}.when", each.when) for each in pack.outcomes.values()]
    for path, condition in conditions:
        for clause in condition.clauses if condition is not None else ():
            step = pack.steps.get(clause.name.head)
            if step is None or step.kind is not Kind.CASE or clause.name.tail != "outcome":
                continue
            ends = {end for other in by_procedure.get(step.procedure, []) for end in other.outcomes}
            asked = [
                value for value in clause.test.values if isinstance(value, str) and clause.test.op in (Op.IS, Op.NOT)
            ]
            for value in asked if ends else ():
                if value not in ends | {"terminated"}:
                    checker.fault(
                        path, f"“{step.procedure}”没有“{value}”这个结局。", f"有：{'、'.join(sorted(ends))}。"
                    )
