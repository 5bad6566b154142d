"""The earliest day an act of a case may bear, and a date written in its form.

A case is often opened after the acts it is about: the decision is typed in, or comes with a ledger, weeks after its announcement was
held. The opening is then no act that others must follow; the decision is.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from youwei.engine.conditions import Lookup
from youwei.engine.days import resolve
from youwei.engine.types import Entry, Fault, Item, Plan
from youwei.engine.wording import counted
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.days import chinese_date
from youwei.rulebook.packs import Name, Pack, Step

EARLIER_ACT = "前面环节的办理日期"
DECIDED = ("decision.made_on", "decision.effective_on")


def earliest_day(pack: Pack, plan: Plan, opened: Entry, item: Item) -> tuple[date, str] | None:
    """The first day (counted) an act of this item may bear, and what that day is: that of the latest act before it, else the day of the
    decision; where no decision is about, the day of opening. None when nothing is known that bounds it."""
    if item.opened_on is None:
        return None
    if item.opened_on > opened.on:
        return item.opened_on, EARLIER_ACT
    before = [(each.done_on, EARLIER_ACT) for each in _before(pack, plan, item.step) if each.done_on is not None]
    return max([*_beginning(pack, plan, opened), *before], default=None)


def _before(pack: Pack, plan: Plan, step: str) -> Iterable[Item]:
    names, left = set[str](), list(pack.steps[step].after) if step in pack.steps else []
    while left:
        name = left.pop()
        if name in pack.steps and name not in names:
            names.add(name)
            left.extend(pack.steps[name].after)
    return (item for item in plan.items if item.step in names)


def _beginning(pack: Pack, plan: Plan, opened: Entry) -> list[tuple[date, str]]:
    if "decision" not in pack.about:
        return [(opened.on, "开办事项的日期")]
    known = [day for name in DECIDED if isinstance(day := plan.facts.get(name), date)]
    return [(min(opened.on, *known), "作出决定的日期")] if known else []


def too_early(
    step: Step, values: Mapping[str, Any], look: Lookup, calendar: WorkCalendar, titles: Callable[[Name], str]
) -> list[Fault]:
    """Dates of a form that lie before the first day their pack lets them be, with how that day is counted."""
    faults = []
    for field in step.form.values():
        given = values.get(field.id)
        if field.earliest is None or not isinstance(given, date):
            continue
        first = resolve(field.earliest, "earliest", look, None, calendar, titles)
        if first is not None and given < first.on:
            message = f"“{field.title}”最早是{chinese_date(first.on)}：{counted(first.because)}。"
            remedy = f"请改为{chinese_date(first.on)}或者以后的日期。"
            faults.append(Fault(field.id, message, remedy, "too early"))
    return faults
