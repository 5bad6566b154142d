"""Checks of batches: what a list, and what lands on its members, needs in order to do what it says."""

from __future__ import annotations

from collections.abc import Sequence

from youwei.rulebook.pack_checker import Checker
from youwei.rulebook.pack_types import FieldType, Kind, Pack, Step

BATCH = "batch"


def check_batch(checker: Checker) -> None:
    """One pack by itself."""
    pack, members = checker.pack, checker.pack.members
    if BATCH in pack.about and len(pack.about) > 1:
        checker.fault("about", "批次的规程只能针对批次。", "请把其他对象另写规程。")
    if members is not None and BATCH not in pack.about:
        checker.fault("members", "只有批次才有成员。", "请写 about: batch，或删去 members。")
    if members is not None and members.ready and members.join == "open":
        checker.fault(
            "members.ready", "新开的事项没有办过任何环节，ready 不起作用。", "请写 join: existing 或删去 ready。"
        )
    lists = [step for step in pack.steps.values() if step.kind is Kind.FREEZE]
    landing = [step for step in pack.steps.values() if step.lands is not None]
    for step in (*lists, *landing):
        _reaches_members(checker, step)
    _one_list(checker, lists, landing)
    for step in pack.steps.values():
        _teams(checker, step)


def _teams(checker: Checker, step: Step) -> None:
    """Who may be in a team is in a table of an earlier step, and a team lands in two fields that differ from member to member."""
    teams, path = step.teams, f"steps.{step.id}.teams"
    if teams is None:
        return
    if step.lands is None:
        checker.fault(path, f"“{step.title}”分组，要写明落到成员的哪个环节。", "请补上 lands。", step)
        return
    checker.known((teams.leader, teams.people), dict.fromkeys(step.lands.each), "逐人填写的栏目", path, step)
    source = checker.pack.steps.get(teams.step)
    table = source.form.get(teams.rows) if source is not None else None
    if source is None or table is None or table.type is not FieldType.ROWS or source.repeat is not None:
        checker.fault(f"{path}.of", "应当是只办一次的环节里的一张表。", "请写成“环节.栏目”。", step)
        return
    if source.id not in checker.pack.ancestors.get(step.id, frozenset()):
        checker.fault(f"{path}.of", f"“{source.title}”要排在“{step.title}”之前。", "", step)
    checker.known(("name",), table.of, "列", f"{path}.of", step)
    if teams.size < 1:
        checker.fault(f"{path}.size", "每组至少1人。", "", step)


def _reaches_members(checker: Checker, step: Step) -> None:
    """There are members; and nothing that has reached them is taken back by a signature or by sending back."""
    path = f"steps.{step.id}"
    if checker.pack.members is None:
        checker.fault(path, f"“{step.title}”涉及成员，规程没有写 members。", "请补上 members。", step)
    if step.signs:
        checker.fault(
            f"{path}.signs", f"“{step.title}”一记录就落到成员，不能再等会签。", "请改为其后的审批环节。", step
        )
    for other in checker.pack.steps.values():
        if step.id in other.returns:
            checker.fault(
                f"steps.{other.id}.returns",
                f"“{step.title}”已经落到成员，不能退回重办。",
                "请先审批，再办这一环节。",
                other,
            )


def _one_list(checker: Checker, lists: Sequence[Step], landing: Sequence[Step]) -> None:
    """The list is fixed once, and before anything lands on it."""
    for step in lists[1:]:
        checker.fault(f"steps.{step.id}", "一个批次只确定一次名单。", "请只留一个确定名单的环节。", step)
    for step in lists:
        if step.repeat is not None:
            checker.fault(f"steps.{step.id}.repeat", "名单只确定一次，不能重复。", "请删去 repeat。", step)
    fixed, ancestors = {step.id for step in lists}, checker.pack.ancestors
    for step in landing:
        if fixed and ancestors and not fixed & ancestors.get(step.id, frozenset()):
            checker.fault(
                f"steps.{step.id}.after", f"“{step.title}”排在确定名单之前，还没有成员。", "请排到名单之后。", step
            )


def check_members(checker: Checker, members: Sequence[Pack]) -> None:
    """A batch beside the procedure of its members."""
    named = checker.pack.members
    if named is None:
        return
    if not members:
        checker.fault("members.procedure", f"成员的规程“{named.procedure}”没有装入。", "请一并装入。")
    for member in members:
        if named.ready and named.ready not in member.steps:
            checker.fault("members.ready", f"成员规程“{member.title}”没有“{named.ready}”这个环节。", "请核对编号。")
        for step in checker.pack.steps.values():
            _lands(checker, member, step.id)


def _lands(checker: Checker, member: Pack, name: str) -> None:
    """Every required field of the member's step is filled in, by the batch or for each."""
    step = checker.pack.steps[name]
    if step.lands is None:
        return
    target, path = member.steps.get(step.lands.step), f"steps.{step.id}.lands"
    if target is None:
        checker.fault(path, f"成员规程“{member.title}”没有“{step.lands.step}”这个环节。", "", step)
        return
    checker.known(step.lands.each, target.form, "栏目", f"{path}.each", step)
    filled = {*step.form, *step.lands.each}
    lacking = [
        field.title
        for field in target.form.values()
        if field.required and field.id not in filled and field.when is None
    ]
    if lacking:
        checker.fault(path, f"成员环节必填的“{'、'.join(lacking)}”没有着落。", "请写进 each 或本环节的栏目。", step)
