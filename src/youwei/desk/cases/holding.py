"""Whether a reader holds a role of a pack where the plan of a case places it."""

from youwei.cases.models import Case
from youwei.engine.types import Who
from youwei.organs.models import Grant, Role
from youwei.organs.policy import Reader
from youwei.rulebook.packs import Role as PackRole


def holds(who: Reader, case: Case, role: PackRole | None, place: Who) -> bool:
    """Whether the reader holds a role of the pack where the plan says that it is held."""
    return role is not None and any(
        grant.role == role.held_by and stands_there(who, grant, case, place) for grant in who.grants
    )


def stands_there(who: Reader, grant: Grant, case: Case, place: Who) -> bool:
    if grant.role == Role.UNIT:
        if place.organ and not place.at:  # the unit a step names, whoever's people the case is about
            return place.organ == str(grant.organ_id)
        return case.subject_organ.path.startswith(grant.organ.path)
    if grant.role == Role.MENTOR:
        return place.person == (grant.covers.account if grant.covers is not None else who.account).name
    return place.organ == str(grant.organ_id)
