"""Moving open cases from a version to another: looked at first, done in the background, taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases.logs import packs
from youwei.cases.models import Moving
from youwei.cases.moving import Refused
from youwei.desk.address import reader_of, whole, words
from youwei.desk.moving import jobs, queries
from youwei.desk.moving.forms import MovingForm, WaivingForm
from youwei.organs import clock
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, permission
from youwei.rulebook.packs import Pack, PackRef
from youwei.ui.frame import MenuItem
from youwei.ui.htmx import go_to
from youwei.ui.parts import Job

State = Moving.State
STILL_AFTER = 15
"""Polls, two seconds apart, without progress, after which the way on is offered."""


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.steer")
def start(request: HttpRequest, procedure: str, version: str) -> HttpResponse:
    """The open cases under a version, and what each would have to do under another; the chosen ones are moved."""
    who, old = reader_of(request), _pack(PackRef(procedure, version))
    others = queries.others(old)
    asked = request.POST if request.method == "POST" else request.GET
    new = next((each for each in others if each.ref.version == words(asked, "to")), others[0] if others else None)
    if new is None:
        return render(request, "desk/moving/start.html", {"pack": old, "new": None})
    waivable = queries.waivable(old, new)
    waived = [name for name in asked.getlist("waived") if name in dict(waivable)]
    form = MovingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pk = jobs.begin(
                ref=old.ref, to=new.ref, cases=_chosen(request, who, old), waived=waived, reason=form.cleaned_data["reason"],
                organ=_organ(who), account=who.account, at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, reverse("moving", args=[pk]))
    only = whole(asked, "case")
    page = queries.looked(who, old, new, waived, request.GET.get("page"), only)
    context = {
        "only": only,
        "pack": old,
        "new": new,
        "others": others,
        "form": form,
        "page": page,
        "waived": waived,
        "waiving": WaivingForm(waivable, waived) if waivable else None,
    }
    return render(request, "desk/moving/start.html", context, status=422 if form.errors else 200)


def _pack(ref: PackRef) -> Pack:
    found = packs().get(ref)
    if found is None:
        raise Http404
    return found


def _chosen(request: HttpRequest, who: Reader, old: Pack) -> list[int]:
    """The cases that were ticked, or all; never one the reader may not steer."""
    rows = queries.alive(who, old.ref, whole(request.POST, "case"))
    if request.POST.get("all") != "yes":
        ticked = {
            int(text)
            for text in request.POST.getlist("chosen")
            if text.isascii() and text.isdigit() and len(text) <= 15
        }
        rows = rows.filter(pk__in=ticked)
    return list(rows.values_list("pk", flat=True))


def find(request: HttpRequest, pk: int) -> Moving:
    """The door of a moving: whoever may not steer the organ's cases finds nothing."""
    return get_object_or_404(queries.movings(reader_of(request)), pk=pk)


@require_safe
@permission("case.steer")
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """What becomes of a moving: while it runs and in the end."""
    row, who = find(request, pk), reader_of(request)
    running = row.state in jobs.RUNNING
    moved, refused = ([], []) if running else queries.outcomes(who, row)
    context = {
        "row": row, "pack": packs().get(PackRef(row.procedure, row.version)), "running": running, "moved": moved,
        "refused": refused, "stalled": request.GET.get("stalled") == "1", "job": _job(row) if running else None,
    }  # fmt: skip
    return render(request, "desk/moving/moving.html", context)


@require_safe
@permission("case.steer")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of that page."""
    row = find(request, pk)
    if row.state not in jobs.RUNNING:
        return go_to(request, reverse("moving", args=[pk]))
    still = (whole(request.GET, "still") or 0) + 1 if whole(request.GET, "at") == row.reached else 0
    return render(request, "desk/moving/job.html", {"job": _job(row, min(still, 10_000))})


def _job(row: Moving, still: int = 0) -> Job:
    address = reverse("moving", args=[row.pk])
    return Job(
        title=f"正在转入{row.to}版" if row.state == State.MOVING else "正在撤回转入",
        done=row.reached,
        total=len(row.cases),
        unit="件事项",
        url=f"{reverse('moving-progress', args=[row.pk])}?at={row.reached}&still={still}",
        note="可以离开本页，回来还在",
        link=MenuItem("进度停住了，看怎么办", f"{address}?stalled=1") if still >= STILL_AFTER else None,
    )


@require_POST
@permission("case.steer")
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was moved, in the background; or go on with what was interrupted."""
    row = find(request, pk)
    if not jobs.back(row):
        messages.info(request, "没有可以撤回的转入。")
    return redirect("moving", pk)


def _organ(who: Reader) -> Organ:
    """The organ at which the reader may do this: the moving is read by whoever works there."""
    return next(grant.organ for grant in who.grants if grant.role in ACTS["case.steer"])
