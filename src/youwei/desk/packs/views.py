"""Pages of procedures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from youwei.desk.address import past_day, reader_of, whole
from youwei.desk.drafting.queries import drafts, may_release
from youwei.desk.packs import coverage, queries
from youwei.engine.comparing import compare
from youwei.organs.policy import may, permission
from youwei.ui.drawings.procedure_map import draw


@require_safe
@permission("pack.view")
def packs(request: HttpRequest) -> HttpResponse:
    """The procedures in use."""
    who = reader_of(request)
    context = {"packs": queries.released(who.on), "drafts": drafts(who), "may_draft": may(who, "pack.draft")}
    return render(request, "desk/packs/list.html", context)


@require_safe
@permission("pack.view")
def pack(request: HttpRequest, procedure: str, version: str) -> HttpResponse:
    """One procedure as a map and as readable text."""
    found = queries.find(procedure, version)
    if found is None:
        raise Http404
    drawing, who = queries.drawn(found), reader_of(request)
    context = {
        "pack": found,
        "drawing": draw(drawing),
        "map": drawing,
        "stages": queries.texts(found),
        "ends": queries.ends(found),
        "lists": queries.lists(found),
        "family": queries.family(found),
        "beside": queries.beside(found),
        "figures": bool(may(who, coverage.VIEW)) and queries.counted(who, found),
        "local": coverage.has_local(found) and bool(may(who, coverage.VIEW)),
        "state": queries.state(found, who.on),
        "moves": queries.may_move(who, found),
        "may_draft": may(who, "pack.draft"),
        "may_end": may_release(who, found),
        "opens_by_hand": queries.opens_by_hand(who, found),
    }
    return render(request, "desk/packs/pack.html", context)


@require_safe
@permission(coverage.VIEW)
def units(request: HttpRequest, procedure: str, version: str) -> HttpResponse:
    """Which units of a region have their own rules under a regulation on a day, and which have none."""
    who, pack = reader_of(request), queries.find(procedure, version)
    regions = coverage.regions(who)
    if pack is None or not regions:
        raise Http404
    asked, fault = past_day(request.GET, who.on)
    wanted, on = whole(request.GET, "region"), asked or who.on
    region = next((each for each in regions if each.pk == wanted), regions[0])
    found = coverage.coverage(region, queries.family(pack), on)
    context = {"pack": pack, "regions": regions, "found": found, "on": on, "fault": fault}
    return render(request, "desk/packs/units.html", context)


@require_safe
@permission("pack.view")
def compared(request: HttpRequest, procedure: str, version: str, other: str, at: str) -> HttpResponse:
    """From one version, or one regulation, to another: what is added, gone and otherwise, step by step."""
    old, new = queries.find(procedure, version), queries.find(other, at)
    if old is None or new is None:
        raise Http404
    context = {"old": old, "new": new, "found": compare(old, new)}
    return render(request, "desk/packs/compared.html", context)
