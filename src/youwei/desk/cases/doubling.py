"""Two procedures that name a mentor for one person at the same time: pointed out where one is opened and where a mentor is named, never refused.

A return visit may bring its mentor with it, and mentoring may be a system of its own: whether both are wanted is for the office to say.
"""

from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.organs.models import Role
from youwei.organs.policy import Reader, visible
from youwei.rulebook.packs import Pack

GOING_ON = (Case.State.OPEN, Case.State.HELD)


def naming(pack: Pack) -> frozenset[str]:
    """The steps of a pack in which a mentor is named."""
    mentors = [role for role in pack.roles.values() if role.held_by == Role.MENTOR]
    return frozenset(name.head for role in mentors for name in role.named_in)


def mentored(who: Reader, pack: Pack, person: int | None, besides: int = 0) -> list[Case]:
    """The other cases going on about a person in which a mentor is named too, so far as the reader may see them. One query, and none for a
    pack that names no mentor.
    """
    if person is None or not naming(pack):
        return []
    rows = visible(who, "case.view", Case.objects.filter(person=person, state__in=GOING_ON).exclude(pk=besides))
    return [case for case in rows.select_related("organ").order_by("opened_on", "pk") if naming(pack_of(case))]
