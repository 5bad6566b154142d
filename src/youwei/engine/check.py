"""check(): the only judge of an entry. Says everything that is wrong with it, in words the officer can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from youwei.engine.adverse import adverse_faults
from youwei.engine.beginning import fact_faults, opening_faults
from youwei.engine.conditions import Lookup, evaluate
from youwei.engine.days import first_given
from youwei.engine.earliest import earliest_day, too_early
from youwei.engine.entries import AFTER_END, NEED_REASON, NOT_CORRECTED, WITH_MEMBERS
from youwei.engine.excuses import not_done_faults
from youwei.engine.forms import LONGEST, form_faults
from youwei.engine.going_back import redo_faults
from youwei.engine.handing import accept_faults, replacing_faults, transfer_faults
from youwei.engine.moving import move_faults, undo_faults
from youwei.engine.on_paper import on_paper_faults
from youwei.engine.opening import next_cases
from youwei.engine.pausing import pauses
from youwei.engine.plan import plan
from youwei.engine.sieve import Packs, corrected, root_of, step_now
from youwei.engine.suggesting import departures
from youwei.engine.tally import counted_faults
from youwei.engine.types import (
    ENTRY_TITLES,
    STATUS_TITLES,
    Act,
    Entry,
    EntryKind,
    Fault,
    Item,
    LogFault,
    Plan,
    Standing,
    Status,
)  # fmt: skip
from youwei.engine.values import is_empty, read_date, read_values
from youwei.engine.view import view_of
from youwei.engine.wording import sentence
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_types import Grounds, Kind, RepeatKind, Step


def check(
    packs: Packs, log: Sequence[Entry], entry: Entry, calendar: WorkCalendar, known: Plan | None = None
) -> list[Fault]:
    """The faults of an entry about to be appended to a log; [] when it may be. The day of entry is ``entry.at``, that of a plan already ``known``."""
    faults = _days(entry)
    if entry.kind in NEED_REASON and not entry.reason.strip():
        faults.append(Fault("reason", f"{ENTRY_TITLES[entry.kind]}没有写明理由。", "请写明理由。", "reason"))
    if not log:
        return faults + opening_faults(packs, entry)
    try:
        now = known or plan(packs, log, calendar, entry.at)
    except LogFault as problem:
        return [*faults, Fault("", str(problem), "", "log")]
    if now.outcome is not None and entry.kind not in AFTER_END:
        return [*faults, Fault("", "事项已经结束。", "需要继续办理的，请先重新办理并写明理由。", "ended")]
    judge = JUDGES.get(entry.kind)
    if judge is not None:
        faults += judge(_Question(packs, log, entry, now, calendar))
    return faults


@dataclass(frozen=True, slots=True)
class _Question:
    packs: Packs
    log: Sequence[Entry]
    entry: Entry
    plan: Plan
    calendar: WorkCalendar

    @property
    def step(self) -> Step | None:
        return self.packs[self.plan.pack].steps.get(self.entry.step)

    def item(self) -> Item | None:
        found = self.plan.item(self.entry.step, self.entry.key)
        if found is None and self.step is not None and _any_time(self.step):
            return self.plan.item(self.entry.step)
        return found

    def entry_at(self, seq: int) -> Entry | None:
        return next((each for each in self.log if each.seq == seq), None)


def _any_time(step: Step) -> bool:
    return step.repeat is not None and step.repeat.kind is RepeatKind.ANY_TIME


def _days(entry: Entry) -> list[Fault]:
    if entry.on > entry.at:
        message = f"日期{chinese_date(entry.on)}在今天（{chinese_date(entry.at)}）之后。"
        return [Fault("on", message, "请填写已经发生的日期；尚未办的，办后再记。", "future")]
    return []


def _there(question: _Question) -> tuple[Item | None, list[Fault]]:
    step = question.step
    if step is None:
        return None, [Fault("step", f"规程里没有“{question.entry.step}”这个环节。", "请刷新页面。", "step")]
    item = question.item()
    if item is None:
        return None, [Fault("key", f"“{step.title}”现在没有待办的一次。", "请看这件事项办到了哪里。", "key")]
    return item, []


def _not_open(item: Item, allowed: frozenset[Status]) -> list[Fault]:
    if item.status in allowed:
        return []
    why = "；".join(sentence(each) for each in item.why)
    remedy = f"原因：{why}" if why else "请先办前面的环节。"
    if item.status is Status.DONE:
        remedy = "要改动的，请用更正并写明理由。"
    return [Fault("step", f"“{item.title}”现在是“{STATUS_TITLES[item.status]}”，不能这样记录。", remedy, "not open")]


def _record(question: _Question) -> list[Fault]:
    item, faults = _there(question)
    step, entry = question.step, question.entry
    if item is None or step is None:
        return faults
    faults += _not_open(item, frozenset({Status.OPEN, Status.EXEMPTED, Status.UNDONE}))
    if item.status is Status.OPEN and Act.RECORD not in item.may:
        faults.append(Fault("step", f"“{item.title}”已经记录，正在等待。", "要改动的，请用更正。", "recorded"))
    faults += on_paper_faults(step, entry) + _act_day(question, item, entry.on)
    return faults + _content(question, step, item, entry.on, read_values(step.form, entry.values))


def _act_day(question: _Question, item: Item, on: date) -> list[Fault]:
    """Not before the acts that opened the step, nor before the decision, nor before its earliest day."""
    earliest = earliest_day(question.packs[question.plan.pack], question.plan, question.log[0], item)
    if earliest is not None and on < earliest[0]:
        message = f"日期{chinese_date(on)}早于{earliest[1]}{chinese_date(earliest[0])}。"
        return [Fault("on", message, "请核对日期；前面环节的日期写错的，请先更正。", "too early")]
    start = item.window.start
    if start is not None and on < start:
        return [Fault("on", f"这个环节最早{chinese_date(start)}才能办。", "请到期后再办。", "before start")]
    return []


def _content(question: _Question, step: Step, item: Item, on: date, values: Mapping[str, Any]) -> list[Fault]:
    record = Standing(0, step.id, item.key, on, on, "", values, [])
    view = view_of(question.plan.sieved, question.plan)
    look = view.lookup(own=step.id, record=record)
    faults = form_faults(step, values, look) + adverse_faults(step, on, values)
    faults += departures(step, values, look) + _next_day(step, on, values, look)
    faults += too_early(step, values, look, question.calendar, view.title)
    wrong = {fault.field.partition(".")[0] for fault in faults}
    for never in step.never:
        own = {name.tail for name in never.when.names if name.head == step.id}
        if not own & wrong and evaluate(never.when, look) is True:
            faults.append(Fault("", never.say, "", "never"))
    return faults


def _next_day(step: Step, on: date, values: Mapping[str, Any], look: Lookup) -> list[Fault]:
    """The next occurrence lies after this one and not beyond the end: there it would never be asked for, and nobody said why."""
    repeat = step.repeat
    if repeat is None or repeat.kind is not RepeatKind.NEXT:
        return []
    following = values.get(repeat.field)
    if not isinstance(following, date):
        return []
    title = step.form[repeat.field].title if repeat.field in step.form else repeat.field
    if following <= on:
        return [Fault(repeat.field, f"“{title}”应在本次（{chinese_date(on)}）之后。", "请改为以后的日期。", "next")]
    until = first_given(repeat.until.names, look) if repeat.until else None
    if until is not None and following > until[1]:
        message = f"“{title}”在{FACTS[str(until[0])].title if str(until[0]) in FACTS else '期满'}（{chinese_date(until[1])}）之后。"
        return [Fault(repeat.field, message, "请改早；期内不再安排的，清空日期，写明理由。", "next")]
    return []


def _sign(question: _Question) -> list[Fault]:
    item, faults = _there(question)
    return faults if item is None else _signing(question, item)


def _signing(question: _Question, item: Item) -> list[Fault]:
    """A signature, or sending the text back instead: by a role still asked to sign, not before the text was written."""
    entry = question.entry
    if entry.part not in item.missing or Act.SIGN not in item.may:
        return [Fault("part", f"“{item.title}”不需要这个角色签署，或已经签署。", "请刷新页面。", "sign")]
    opinion = entry.values.get("opinion", "")
    if not isinstance(opinion, str) or len(opinion) > LONGEST:
        return [Fault("opinion", "签署意见应是文字。", "请改写。", "type")]
    written = [each.on for each in question.log if each.seq in item.entries and each.kind is not EntryKind.SIGN][-1]
    if entry.on < written:
        message = f"日期{chinese_date(entry.on)}早于所签内容的日期{chinese_date(written)}。"
        return [Fault("on", message, "请核对日期。", "too early")]
    return on_paper_faults(question.step, entry) if question.step is not None else []


def _target(question: _Question) -> tuple[Entry | None, list[Fault]]:
    target = question.entry_at(question.entry.target)
    if target is None:
        return None, [Fault("target", "没有要更正或撤回的那条记录。", "请刷新页面。", "target")]
    aside = question.plan.aside.get(target.seq)
    if aside is not None and aside.rule == "withdrawn":
        return None, [Fault("target", "那条记录已经撤回。", "请刷新页面。", "target")]
    return target, []


def _correct(question: _Question) -> list[Fault]:
    target, faults = _target(question)
    if target is None:
        return faults
    if target.kind in NOT_CORRECTED:
        return [Fault("target", f"“{ENTRY_TITLES[target.kind]}”不能更正。", "请撤回后重来。", "target")]
    root = question.entry_at(root_of(question.entry, {each.seq: each for each in question.log}))
    if root is None or root.kind is not EntryKind.RECORD:
        return []
    if fixed := _fixed(question, root) or counted_faults(question.packs[question.plan.pack].steps.get(root.step)):
        return fixed
    name = step_now(question.packs, question.log, root)
    step = question.packs[question.plan.pack].steps.get(name)
    item = question.plan.item(name, root.key or (str(root.seq) if step and _any_time(step) else ""))
    if step is None or item is None:
        return []
    earlier = [each for each in question.log if each.kind is EntryKind.CORRECT and _same_root(question, each, root)]
    whole = corrected(root, [*earlier, question.entry])
    values = read_values(step.form, whole.values)
    return _act_day(question, item, question.entry.on) + _content(question, step, item, question.entry.on, values)


def _same_root(question: _Question, entry: Entry, root: Entry) -> bool:
    aside = question.plan.aside.get(entry.seq)
    return aside is None and root_of(entry, {each.seq: each for each in question.log}) == root.seq


def _withdraw(question: _Question) -> list[Fault]:
    target, faults = _target(question)
    if target is not None and target.kind in (EntryKind.OPENED, EntryKind.ENDED, EntryKind.CHAINED):
        remedy = "立错的事项请终止；已办结的请重新办理。"
        return [Fault("target", f"“{ENTRY_TITLES[target.kind]}”不能撤回。", remedy, "target")]
    if target is not None and target.kind is EntryKind.MOVED:
        faults += undo_faults(question.packs, question.log, target, question.plan)
    return faults or (_fixed(question, target) if target is not None else [])


def _fixed(question: _Question, record: Entry) -> list[Fault]:
    """What has reached the members of a batch is withdrawn only together with them; what is corrected is carried on by an act of its own."""
    step = question.packs[question.plan.pack].steps.get(record.step)
    if record.kind is not EntryKind.RECORD or step is None:
        return []
    if step.kind is Kind.FREEZE:
        return [Fault("target", "名单确定以后不再改动。", "有人不再参加的，请在名单里记他退出，写明理由。", "frozen")]
    apart = question.entry.kind is not EntryKind.CORRECT and not question.entry.values.get(WITH_MEMBERS)
    if step.lands is not None and apart:
        remedy = "请在批次里连同成员一并撤回；只是写错的，请更正，再改到成员。"
        return [Fault("target", "这条记录已经落到各成员，不能单独撤回。", remedy, "landed")]
    return []


def _return(question: _Question) -> list[Fault]:
    item, faults = _there(question)
    step, entry = question.step, question.entry
    if item is None or step is None:
        return faults
    if entry.part and entry.to == step.id:
        return _signing(question, item)
    if entry.part or entry.to not in step.returns:
        pack = question.packs[question.plan.pack]
        titles = "、".join(pack.steps[name].title for name in step.returns if name in pack.steps) or "（无）"
        return [Fault("to", f"“{step.title}”不能退回到这个环节。", f"可以退回：{titles}。", "return")]
    back = question.plan.steps[entry.to]
    if back.status not in (Status.DONE, Status.EXEMPTED, Status.UNDONE):
        return [Fault("to", "要退回的环节还没有办，不用退回。", "", "return")]
    faults = redo_faults(question.packs[question.plan.pack], entry) + on_paper_faults(step, entry)
    return faults + _not_open(item, frozenset({Status.OPEN, Status.DONE}))


def _ground(question: _Question, rule: Grounds | None, what: str) -> list[Fault]:
    if rule is None:
        return [Fault("", f"这里不能{what}。", "规程没有规定这种情形。", "not allowed")]
    if question.entry.values.get("ground") not in rule.grounds:
        return [Fault("ground", f"{what}的事由不在规定之列。", f"可选：{'、'.join(rule.grounds)}。", "ground")]
    return []


def _exempt(question: _Question) -> list[Fault]:
    item, faults = _there(question)
    if item is None or question.step is None:
        return faults
    return _ground(question, question.step.exempt, "免办") + _not_open(item, frozenset({Status.OPEN, Status.SCHEDULED}))


def _not_done(question: _Question) -> list[Fault]:
    item, faults = _there(question)
    if item is None or question.step is None:
        return faults
    if item.optional:
        return [Fault("step", f"“{question.step.title}”本来就可办可不办。", "", "optional")]
    closed = _not_open(item, frozenset({Status.OPEN, Status.SCHEDULED}))
    return closed or not_done_faults(question.entry, item)


def _prolong(question: _Question) -> list[Fault]:
    item, faults = _there(question)
    if item is None or question.step is None:
        return faults
    faults = _ground(question, question.step.prolong, "延长期限")
    new = read_date(question.entry.values.get("due"))
    if not isinstance(new, date) or item.window.due is None or new <= item.window.due:
        return [*faults, Fault("due", "延长后的日期应在原来的日期之后。", "请填写新的日期。", "due")]
    if item.window.limit is not None and new > item.window.limit:
        message = f"延长后的日期不得超过法定最迟日期{chinese_date(item.window.limit)}。"
        return [*faults, Fault("due", message, "请改早。", "limit")]
    return faults


def _hold(question: _Question) -> list[Fault]:
    pack = question.packs[question.plan.pack]
    if question.plan.held:
        return [Fault("", "计时已经中止。", "请先恢复。", "held")]
    return [] if pauses(pack, question.entry) else _ground(question, pack.hold, "中止计时")


def _resume(question: _Question) -> list[Fault]:
    if not question.plan.held:
        return [Fault("", "计时没有中止，不用恢复。", "", "not held")]
    begun = next(each.anchor for each in question.plan.notes if each.rule == "on hold")
    if begun is not None and question.entry.on < begun:
        return [Fault("on", f"恢复日期不得早于中止日期{chinese_date(begun)}。", "请核对日期。", "too early")]
    return []


def _ended(question: _Question) -> list[Fault]:
    if question.plan.derived != question.entry.to:
        return [Fault("to", "还不到这个结局。", "请先办完应办的环节。", "outcome")]
    return []


def _moved(question: _Question) -> list[Fault]:
    return move_faults(question.packs, question.log, question.entry, question.plan, question.calendar)


def _chained(question: _Question) -> list[Fault]:
    """What is said to have been opened, or not to be, is something the log calls for."""
    entry = question.entry
    called = {(each.target, each.procedure) for each in next_cases(question.packs, question.log, question.plan)}
    if (entry.target, entry.to) not in called:
        return [Fault("", "这里没有等待确认的接续事项，或已经有人确认过。", "请刷新页面。", "chained")]
    if "case" not in entry.values and not entry.reason.strip():
        return [Fault("reason", "不启动接续事项，没有写明理由。", "请写明理由。", "reason")]
    return []


def _replaced(question: _Question) -> list[Fault]:
    """Another bears the role that a step names: the whole step is judged with the new answers."""
    item, faults = _there(question)
    step, entry = question.step, question.entry
    if item is None or step is None:
        return faults
    record = question.plan.sieved.records.get(step.id, {}).get(entry.key)
    faults = replacing_faults(question.packs[question.plan.pack], step, record, entry)
    if record is None or faults:
        return faults
    values = {**record.values, **read_values(step.form, entry.values)}
    return _content(question, step, item, entry.on, values)


def _facts(question: _Question) -> list[Fault]:
    if is_empty(question.entry.values):
        return [Fault("", "没有写明变更了什么。", "请填写变更的内容。", "facts")]
    return fact_faults(question.entry.values)


JUDGES: Mapping[EntryKind, Callable[[_Question], list[Fault]]] = {
    EntryKind.RECORD: _record,
    EntryKind.SIGN: _sign,
    EntryKind.CORRECT: _correct,
    EntryKind.WITHDRAW: _withdraw,
    EntryKind.RETURN: _return,
    EntryKind.EXEMPT: _exempt,
    EntryKind.NOT_DONE: _not_done,
    EntryKind.PROLONG: _prolong,
    EntryKind.HOLD: _hold,
    EntryKind.RESUME: _resume,
    EntryKind.ENDED: _ended,
    EntryKind.MOVED: _moved,
    EntryKind.FACTS: _facts,
    EntryKind.CHAINED: _chained,
    EntryKind.TRANSFER: lambda question: transfer_faults(question.entry, question.plan),
    EntryKind.ACCEPT: lambda question: accept_faults(question.plan),
    EntryKind.REPLACED: _replaced,
}
