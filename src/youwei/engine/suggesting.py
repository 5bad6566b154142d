"""What a form may be preset to: the first suggestion whose condition holds. The officer chooses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from youwei.engine.conditions import deciding, evaluate
from youwei.engine.sieve import Packs, sieve
from youwei.engine.types import Entry, Plan, Reason
from youwei.engine.view import view_of
from youwei.rulebook.pack_types import Step


def suggested(packs: Packs, log: Sequence[Entry], found: Plan, step: Step) -> dict[str, tuple[Any, Reason]]:
    """For each field that has suggestions the value of the first that holds, and why. A condition not yet known does not hold."""
    if not any(field.suggest for field in step.form.values()):
        return {}
    view = view_of(sieve(packs, log), found)
    look = view.lookup()
    preset: dict[str, tuple[Any, Reason]] = {}
    for field in step.form.values():
        for each in field.suggest:
            if evaluate(each.when, look) is True:
                named = deciding(each.when, look, True, view.title) if each.when is not None else ()
                preset[field.id] = (each.value, Reason("suggested", named, text=field.choice_title(each.value)))
                break
    return preset
