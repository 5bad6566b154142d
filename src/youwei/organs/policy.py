"""Who may do what, and who may see whom: one table and one rule about rows, asked by every page, count, search, export and notice.

A model takes part by naming the foreign keys to organs through which a reader may reach a row (`POLICY_ORGANS`), and those to accounts that serve
it (`POLICY_ACCOUNTS`). Where it also says who manages the cadre (`POLICY_MANAGED`), what concerns one managed at a level above the reader's organ is
reached only through the organ whose own matter it is (`POLICY_OFFICE`): a district does not read what the city decided on the city's cadres.
A row that hangs on a sealed case (`POLICY_SEALED` says how it leads there) is reached by none of these ways, only by those let in to that case, each
as the holder of a role at an organ while it is held; nobody covers for them. `visible` turns all this into a filter; `may` asks the same of one row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, OuterRef, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from youwei.organs import clock
from youwei.organs.models import Account, Grant, Organ, Role
from youwei.organs.queries import grants, reach, scope, there_is

OFFICE = frozenset({Role.CASE_OFFICER, Role.LEADER})
READERS = OFFICE | {Role.UPPER_VIEWER}
WORKERS = OFFICE | {Role.UNIT, Role.MENTOR, Role.ORGANIZATION}
SERVING = frozenset({Role.UNIT, Role.MENTOR})
FOR_THE_WHOLE_STORE = frozenset({"holiday.enter", "setting.change", "pack.release"})
"""Acts that concern every organ: for roles held at the top organ, or at its commission."""
ABOVE = {Organ.Level.PROVINCE: ("中",), Organ.Level.CITY: ("中", "省")}
"""How 干部管理权限 begins for cadres managed above a level; below the city that is also 市管."""
ABOVE_DISTRICT = ("中", "省", "市")
MANY = 1_000
"""More organs than these are not named one by one."""

ACTS: dict[str, frozenset[Role]] = {
    "home": frozenset(Role),
    "desk.view": WORKERS | {Role.UPPER_VIEWER},
    "search": READERS,
    "person.view": READERS,
    "person.identity": OFFICE,
    "person.correct": frozenset({Role.CASE_OFFICER}),
    "eligibility.ask": OFFICE | {Role.ORGANIZATION},
    "decision.view": READERS | {Role.ORGANIZATION},
    "decision.record": frozenset({Role.CASE_OFFICER}),
    "decision.correct": frozenset({Role.CASE_OFFICER}),
    "decision.change": frozenset({Role.CASE_OFFICER}),
    "import.run": frozenset({Role.CASE_OFFICER}),
    "case.view": READERS | {Role.UNIT, Role.MENTOR, Role.ORGANIZATION},
    "case.read": READERS,
    "case.open": OFFICE,
    "case.begin": OFFICE | {Role.UNIT, Role.ORGANIZATION},
    "case.record": WORKERS,
    "case.steer": OFFICE,
    "distress.report": OFFICE | {Role.UNIT, Role.MENTOR},
    "distress.view": OFFICE | {Role.UNIT, Role.MENTOR},
    "distress.close": OFFICE | {Role.UNIT},
    "distress.contacts": OFFICE | {Role.UNIT},
    "paper.view": READERS | {Role.UNIT, Role.MENTOR, Role.ORGANIZATION},
    "guiding.view": WORKERS | {Role.UPPER_VIEWER},
    "guiding.keep": OFFICE,
    "guiding.publish": frozenset({Role.LEADER}),
    "figures.view": READERS,
    "pack.view": WORKERS | {Role.UPPER_VIEWER},
    "pack.draft": OFFICE,
    "pack.release": frozenset({Role.LEADER}),
    "pack.release_own": frozenset({Role.LEADER}),
    "cover.arrange": WORKERS | {Role.UPPER_VIEWER},
    "holiday.enter": frozenset({Role.CASE_OFFICER, Role.LEADER, Role.SYSTEM_ADMIN}),
    "setting.change": frozenset({Role.LEADER, Role.SYSTEM_ADMIN}),
    "organ.view": READERS | {Role.SYSTEM_ADMIN},
    "organ.change": frozenset({Role.SYSTEM_ADMIN}),
    "account.manage": frozenset({Role.SYSTEM_ADMIN}),
    "grant.manage": frozenset({Role.SECURITY_ADMIN}),
    "admission.decide": frozenset({Role.LEADER}),
    "trace.audit": frozenset({Role.AUDITOR}),
    "store.backup": frozenset({Role.SYSTEM_ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, by which rule, and what to do. False in a condition."""

    reason: str
    basis: str = ""
    remedy: str = ""

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Reader:
    """An account with the roles it holds on a day, read once a request."""

    account: Account
    grants: tuple[Grant, ...]
    on: date

    def serves_as(self) -> frozenset[int]:
        """The accounts whose served cases are reached: one's own, and of mentors one covers."""
        lent = {row.covers.account_id for row in self.grants if row.covers is not None and row.role == Role.MENTOR}
        return frozenset({self.account.pk, *lent})

    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def paths(self, roles: Iterable[str]) -> list[str]:
        """The subtrees covered through any of the roles, wider ones swallowing narrower ones."""
        wanted = set(roles)
        return _widest(covered(grant) for grant in self.grants if grant.role in wanted)

    def paths_by_level(self, roles: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
        """The same subtrees, by which cadres are managed above the organ that covers them."""
        wanted, found = set(roles), dict[tuple[str, ...], list[str]]()
        for grant in self.grants:
            if grant.role in wanted:
                found.setdefault(ABOVE.get(Organ.Level(grant.organ.level), ABOVE_DISTRICT), []).append(covered(grant))
        return {above: _widest(paths) for above, paths in found.items()}


def _at_top(path: str) -> bool:
    return path.count("/") == len("//")


def _widest(paths: Iterable[str]) -> list[str]:
    found = sorted(set(paths) - {""})
    return [path for path in found if not any(path != other and path.startswith(other) for other in found)]


def covered(grant: Grant) -> str:
    """The subtree of a grant: whoever serves people answers for the own organ only, be that a commission with a whole region."""
    return grant.organ.path if grant.role in SERVING else scope(grant.organ)


def reader(account: Account, on: date) -> Reader:
    return Reader(account, tuple(grants(account, on)), on)


M = TypeVar("M", bound=Model)
OrganKeys: TypeAlias = "Sequence[int] | QuerySet[Any, Any]"
"""Organs as a condition names them: one by one, or by the question that finds them."""


def may(who: Reader, act: str, thing: Model | None = None) -> bool | Refusal:
    """May `who` do `act` (to `thing`)? A refusal says why."""
    roles = ACTS[act]
    if not who.roles() & roles or (act in FOR_THE_WHOLE_STORE and not any(map(_at_top, who.paths(roles)))):
        return Refusal("您的岗位没有这项权限", "岗位权限表", "需要时请联系安全管理员")
    if thing is not None and not visible(who, act, type(thing)._default_manager.filter(pk=thing.pk)).exists():
        return Refusal("这份档案不在您的工作范围内", "工作范围", "需要时请联系有管辖权的机关")
    return True


def visible(who: Reader, act: str, rows: "QuerySet[M]") -> "QuerySet[M]":
    """Of `rows`, those to which `who` may do `act`."""
    return rows.filter(_seen(who, act, rows.model, _asked))


def listed(who: Reader, act: str, rows: "QuerySet[M]") -> "QuerySet[M]":
    """The same as `visible`, for long lists: the organs are read first, a question more, and named one by one.

    So told, a store goes by the indexes of the places; told only how to find them it guesses how many rows lie there, and reads all.
    """
    return rows.filter(_seen(who, act, rows.model, _named))


def _asked(paths: list[str]) -> OrganKeys:
    return reach(paths).values("pk")


def _named(paths: list[str]) -> OrganKeys:
    if any(map(_at_top, paths)):
        return _asked(paths)  # everything: no index helps
    keys = list(reach(paths).values_list("pk", flat=True)[: MANY + 1])
    return keys if len(keys) <= MANY else _asked(paths)


def _seen(who: Reader, act: str, model: type[Model], organs: Callable[[list[str]], OrganKeys]) -> Q:
    roles = ACTS[act]
    condition = _served(who, roles, model)
    for above, paths in who.paths_by_level(roles - SERVING).items():
        condition |= _reached(model, organs(paths), above)
    return _unsealed(model, condition) | _let_in(who, roles, model)


def in_region(who: Reader, act: str, rows: "QuerySet[M]") -> "QuerySet[M]":
    """Of `rows`, those that lie where the reader counts, whoever manages the cadre: for numbers, never for names."""
    organs = reach(who.paths(ACTS[act] - SERVING)).values("pk")
    places = getattr(rows.model, "POLICY_ORGANS", ())
    return rows.filter(_unsealed(rows.model, _in(places, organs) | _served(who, ACTS[act], rows.model)))


def _unsealed(model: type[Model], condition: Q) -> Q:
    """The condition, for rows that hang on no sealed case."""
    way = getattr(model, "POLICY_SEALED", None)
    return condition if way is None else condition & Q(**{f"{way}sealed": False})


def _let_in(who: Reader, roles: frozenset[Role], model: type[Model]) -> Q:
    """Rows of sealed cases to which the account was let in, in a role that it holds itself today."""
    way, places = getattr(model, "POLICY_SEALED", None), Q(pk__in=[])
    for grant in who.grants if way is not None else ():
        if grant.covers is None and grant.role in roles:
            here = Q(**{f"{way}admissions__organ": grant.organ_id})
            here |= Q(**{f"{way}admissions__organ__merged_into": grant.organ_id})
            places |= here & Q(**{f"{way}admissions__role": grant.role})
    if way is None or not places:
        return Q(pk__in=[])
    mine = model._default_manager.filter(places, **{f"{way}admissions__account": who.account.pk, f"{way}sealed": True})
    return Q(pk__in=mine.values("pk"))


def _in(names: Iterable[str], organs: OrganKeys) -> Q:
    """Rows of which one of these keys leads to one of the organs."""
    condition = Q(pk__in=[])
    for name in names:
        condition |= Q(**{f"{name}__in": organs})
    return condition


def _reached(model: type[Model], organs: OrganKeys, above: Iterable[str]) -> Q:
    """Rows reached through these organs, but for those about a cadre managed above them that are not the organs' own matter.

    Where it is an organ of the row itself whose matter it is, this is asked of that organ once.
    """
    places, office = getattr(model, "POLICY_ORGANS", ()), getattr(model, "POLICY_OFFICE", ())
    if not getattr(model, "POLICY_MANAGED", ()):
        return _in(places, organs)
    if set(office) <= set(places):
        others = [name for name in places if name not in office]
        return _in(office, organs) | (_in(others, organs) & ~_managed(model, above))
    return _in(places, organs) & (~_managed(model, above) | _own(model, organs))


def _own(model: type[Model], organs: OrganKeys) -> Q:
    """Rows that are the organs' own matter; by their keys, since a person may be the matter of several."""
    office = getattr(model, "POLICY_OFFICE", ())
    return Q(pk__in=model._default_manager.filter(_in(office, organs)).values("pk"))


def _managed(model: type[Model], above: Iterable[str]) -> Q:
    """Rows about a cadre whom a level above manages. Asked of another table only for the row at hand: joined, all of it would be read."""
    condition = Q(pk__in=[])
    for name in getattr(model, "POLICY_MANAGED", ()):
        *way, field = name.split(LOOKUP_SEP)
        marked = Q(pk__in=[])
        for mark in above:
            marked |= Q(**{f"{field}__startswith": mark})
        if way:
            condition |= there_is(
                _led_to(model, way)._default_manager.filter(marked, pk=OuterRef(LOOKUP_SEP.join(way)))
            )
        else:
            condition |= marked
    return condition


def _led_to(model: type[Model], way: Iterable[str]) -> type[Model]:
    for name in way:
        model = cast(type[Model], model._meta.get_field(name).related_model)
    return model


def _served(who: Reader, roles: frozenset[Role], model: type[Model]) -> Q:
    """Rows reached by serving them: a unit its own people's cases, a mentor the cases that name the account."""
    condition = Q(pk__in=[])
    held = who.roles() & roles
    if Role.UNIT in held:
        organs = reach(who.paths({Role.UNIT})).values("pk")
        for name in getattr(model, "POLICY_SERVED_ORGANS", ()):
            condition |= Q(**{f"{name}__in": organs})
    if held & SERVING:
        for name in getattr(model, "POLICY_ACCOUNTS", ()):
            condition |= Q(pk__in=model._default_manager.filter(**{f"{name}__in": who.serves_as()}).values("pk"))
    return condition


View = Callable[..., HttpResponseBase]


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: the page asked for, and for a form that was sent, the page it was sent from."""
    sent_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure())
    if request.method in ("GET", "HEAD") or not ours:
        return request.get_full_path()
    place = urlsplit(sent_from)
    return f"{place.path}?{place.query}" if place.query else place.path


def permission(act: str) -> Callable[[View], View]:
    """Declare what a view is. The wrong role gets 404, not even existence; a stranger is asked to sign in. Sets `request.reader`.

    No browser and no machine between keeps what was shown, unless the view says otherwise.
    """
    if act not in ACTS:
        raise KeyError(f"岗位权限表中没有 {act}")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Account):
                return redirect_to_login(_way_back(request), str(settings.LOGIN_URL))
            who = reader(request.user, clock.today())
            request.reader = who  # type: ignore[attr-defined]
            if not may(who, act):
                raise Http404
            response = view(request, *args, **kwargs)
            if "Cache-Control" not in response:
                add_never_cache_headers(response)
            return response

        guarded.permission = act  # type: ignore[attr-defined]
        return guarded

    return declare


def public(view: View) -> View:
    """Declare a view that anybody may open: signing in, and what errors show."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view
