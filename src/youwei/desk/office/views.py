"""The office's own matters: the years' holiday notices."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases.models import Redating
from youwei.cases.redating import discard as forget
from youwei.desk.address import reader_of, whole
from youwei.desk.office import jobs, queries
from youwei.desk.office.forms import NoticeForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import Refused
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, permission
from youwei.ui.frame import MenuItem
from youwei.ui.htmx import go_to
from youwei.ui.parts import Job

State = Redating.State
RECENT = 5
STILL_AFTER = 15
"""Polls, two seconds apart, without progress, after which the way on is offered."""


@require_http_methods(["GET", "HEAD", "POST"])
@permission("holiday.enter")
def holidays(request: HttpRequest) -> HttpResponse:
    """The known years, and a form for another; what will move is listed before anything is saved."""
    who = reader_of(request)
    if request.method != "POST":
        return _page(request, NoticeForm(initial={"year": queries.next_unknown(who.on)}))
    form = NoticeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            pk = jobs.begin(
                year=given["year"], source=given["source"], days=given["all"], organ=_organ(who), by=_actor(who), at=clock.now()
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            return go_to(request, reverse("redating", args=[pk]))
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: NoticeForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "years": queries.years(),
        "redatings": queries.redatings(reader_of(request)).defer("moved", "days")[:RECENT],
    }
    return render(request, "desk/office/holidays.html", context, status=status)


def find(request: HttpRequest, pk: int) -> Redating:
    """The door of a redating: whoever may not enter a notice finds nothing."""
    return get_object_or_404(queries.redatings(reader_of(request)), pk=pk)


@require_safe
@permission("holiday.enter")
def redating(request: HttpRequest, pk: int) -> HttpResponse:
    """What a notice moves: while it is looked for, before it is confirmed, while it is moved, and in the end."""
    row = find(request, pk)
    running = row.state in jobs.RUNNING
    context = {
        "row": row,
        "days": queries.days(row),
        "replaced": queries.year(row.year) if row.state == State.LOOKED else None,
        "running": running,
        "stalled": request.GET.get("stalled") == "1",
        "job": _job(row) if running else None,
        "moves": None if running else queries.moves(reader_of(request), row, request.GET.get("page")),
    }
    return render(request, "desk/office/redating.html", context)


@require_safe
@permission("holiday.enter")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of that page."""
    row = find(request, pk)
    if row.state not in jobs.RUNNING:
        return go_to(request, reverse("redating", args=[pk]))
    still = (whole(request.GET, "still") or 0) + 1 if whole(request.GET, "at") == row.done else 0
    return render(request, "desk/office/job.html", {"job": _job(row, min(still, 10_000))})


def _job(row: Redating, still: int = 0) -> Job:
    address = reverse("redating", args=[row.pk])
    return Job(
        title="正在核对会改动哪些期限" if row.state == State.LOOKING else "已保存，正在按新安排改动期限",
        done=row.done,
        total=row.total,
        unit="件事项",
        url=f"{reverse('redating-progress', args=[row.pk])}?at={row.done}&still={still}",
        note="可以离开本页，回来还在",
        link=MenuItem("进度停住了，看怎么办", f"{address}?stalled=1") if still >= STILL_AFTER else None,
    )


@require_POST
@permission("holiday.enter")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the notice and move the dates, in the background; or go on with what was interrupted."""
    row, who = find(request, pk), reader_of(request)
    if not jobs.confirm(pk=row.pk, by=_actor(who), on=who.on, at=clock.now()):
        messages.info(request, "这份放假安排已经保存过，没有重复保存。")
    return redirect("redating", pk)


@require_POST
@permission("holiday.enter")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a notice that was not saved."""
    row = find(request, pk)
    if not forget(pk=row.pk):
        messages.warning(request, "这份放假安排已经保存，不能删去；有错的，请重新录入这一年。")
        return redirect("redating", pk)
    messages.success(request, f"已删去没有保存的{row.year}年放假安排。")
    return redirect("holidays")


def _actor(who: Reader) -> Actor:
    return Actor(who.account.name, who.account.pk)


def _organ(who: Reader) -> Organ:
    """The organ in whose log the act stands: that of the role which lets one enter it."""
    return next(grant.organ for grant in who.grants if grant.role in ACTS["holiday.enter"])
