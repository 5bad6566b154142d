"""What a form may be preset to, and what must be said where something else was chosen. The officer chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from youwei.engine.conditions import Lookup, deciding, evaluate
from youwei.engine.sieve import Packs
from youwei.engine.types import Entry, Fault, Plan, Reason, Standing
from youwei.engine.values import is_empty
from youwei.engine.view import view_of
from youwei.rulebook.pack_types import Field, Name, Step, Suggestion


def suggested(packs: Packs, log: Sequence[Entry], found: Plan, step: Step) -> dict[str, tuple[Any, Reason]]:
    """For each field that has suggestions what is suggested, and why. A condition not yet known does not hold."""
    if not any(field.suggest for field in step.form.values()):
        return {}
    view = view_of(found.sieved, found)
    look = view.lookup()
    preset = {field.id: _suggested(field, look, view.title) for field in step.form.values()}
    return {name: each for name, each in preset.items() if each is not None}


def preset_with(
    packs: Packs, log: Sequence[Entry], found: Plan, step: Step, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What is suggested once some fields of the step itself are filled in."""
    record = Standing(0, step.id, "", log[-1].on, log[-1].on, "", values, [])
    view = view_of(found.sieved, found)
    look = view.lookup(own=step.id, record=record)
    preset = {field.id: _suggested(field, look, view.title) for field in step.form.values()}
    return {name: each[0] for name, each in preset.items() if each is not None}


def _suggested(field: Field, look: Lookup, title: Callable[[Name], str]) -> tuple[Any, Reason] | None:
    """The first suggestion that holds; of a field with several choices all that hold, in the order of the pack."""
    holding = [each for each in field.suggest if evaluate(each.when, look) is True]
    if not holding:
        return None
    taken = holding if field.many else holding[:1]
    values = list(dict.fromkeys(each.value for each in taken))
    named = tuple({one.name: one for each in taken for one in _why(each, look, title)}.values())
    text = "、".join(field.choice_title(value) for value in values)
    return (values if field.many else values[0]), Reason("suggested", named, text=text)


def _why(suggestion: Suggestion, look: Lookup, title: Callable[[Name], str]) -> Sequence[Any]:
    return deciding(suggestion.when, look, True, title) if suggestion.when is not None else ()


def departures(step: Step, values: Mapping[str, Any], look: Lookup) -> list[Fault]:
    """Where something else was chosen than suggested and the pack wants to know why: what lacks its reason."""
    faults = []
    for field in step.form.values():
        why, chosen = step.form.get(field.differs), values.get(field.id)
        if why is None or is_empty(chosen) or not is_empty(str(values.get(why.id) or "").strip()):
            continue
        found = _suggested(field, look, str)
        if found is not None and _apart(found[0], chosen):
            message = f"“{field.title}”与预选的“{found[1].text}”不同，“{why.title}”没有填写。"
            faults.append(Fault(why.id, message, "请写明为什么改选，或者改回预选。", "differs"))
    return faults


def _apart(suggested: Any, chosen: Any) -> bool:
    if isinstance(suggested, list) and isinstance(chosen, (list, tuple)):
        return {str(each) for each in suggested} != {str(each) for each in chosen}
    return str(suggested) != str(chosen)
