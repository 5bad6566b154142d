"""Which fields of a case not everybody reads are open to a reader: whoever holds one of the roles they are for, fills them in or signs them.

A field is for the few where it is sealed, or its step says by whom it is seen.

An office that only enters something for such a role, or for whoever has no account, reads none of it afterwards.
"""

from youwei.cases.queries import View
from youwei.cases.telling import Open
from youwei.desk.cases.holding import holds
from youwei.engine.types import Who
from youwei.organs.policy import Reader
from youwei.rulebook.pack_facts import PLACE_FACTS
from youwei.rulebook.pack_types import Field, Step


def open_to(who: Reader, view: View) -> Open:
    """The fields for the few that this reader reads. No query."""
    return frozenset(
        (step.id, field.id)
        for step in view.pack.steps.values()
        for field in step.form.values()
        if _for_few(step, field) and _reads(who, view, step, field)
    )


def hidden(who: Reader, view: View, step: Step) -> frozenset[str]:
    """The fields of a step that this reader may not read."""
    return frozenset(
        field.id for field in step.form.values() if _for_few(step, field) and not _reads(who, view, step, field)
    )


def _for_few(step: Step, field: Field) -> bool:
    return bool(field.sealed or step.seen_by)


def _reads(who: Reader, view: View, step: Step, field: Field) -> bool:
    names = {*(field.sealed or step.seen_by), step.by, *step.signs}
    return any(holds_role(who, view, name) for name in names)


def holds_role(who: Reader, view: View, name: str) -> bool:
    """Whether the reader holds a role of the pack where this case places it."""
    role = view.pack.roles.get(name)
    if role is None:
        return False
    if role.named_in:
        named = (item.who for item in view.plan.items if item.who.role == name)
        return any(holds(who, view.case, role, place) for place in named)
    organ = view.plan.facts.get(PLACE_FACTS[role.at])
    return holds(who, view.case, role, Who(role.id, role.title, str(organ) if organ else None, at=role.at))
