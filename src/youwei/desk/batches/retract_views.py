"""A record of a batch withdrawn together with what it became in its members' cases: who keeps it and why, one confirmed act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from youwei.cases import queries as cases
from youwei.cases.commands import Rejected
from youwei.cases.models import BulkLine, Case
from youwei.desk.address import reader_of
from youwei.desk.batches import views
from youwei.desk.batches.carry_views import Row
from youwei.desk.cases import acting
from youwei.desk.together import jobs as together
from youwei.documents import retracting
from youwei.documents.retracting import Retract
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import Reader, permission, visible
from youwei.ui import fields as ui
from youwei.ui.paging import Page, page_of


class RetractForm(forms.Form):
    """Why the record is withdrawn."""

    reason = ui.TextField(label="为什么撤回", long=True, max_length=200, help_text="写进批次和每个成员的撤回里")


@require_http_methods(views.GET_OR_POST)
@permission("case.record")
def retract(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """The members it landed in with what would become of each; confirmed, the batch's record is withdrawn, and each of theirs by itself."""
    row, who = views.find(request, pk, "case.record"), reader_of(request)
    found = retracting.retractable(row, seq) if seq < 2**31 else None
    if found is None or not _may(who, found):
        messages.warning(request, "没有可以撤回的：批次的这条记录没有落到成员、已经撤回，或者不由您办理。")
        return redirect("batch", pk)
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            job = retracting.retract(
                found=found, account=who.account, reason=form.cleaned_data["reason"], on=who.on, at=clock.now(), today=who.on
            )  # fmt: skip
        except Rejected as rejected:
            for fault in rejected.faults:
                form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            together.set_off(job)
            return redirect("together-job", job.pk)
    return render(request, "desk/batches/retract.html", _page(request, found, form), status=422 if form.errors else 200)


def _may(who: Reader, found: Retract) -> bool:
    """Whoever might withdraw the batch's own record."""
    view = cases.view(found.batch, who.on)
    item = acting.item_of(view, found.record.step, found.record.key)
    return (
        item is not None and acting.may_steer(who, found.batch) and acting.may_record(who, found.batch, view.pack, item)
    )


def _page(request: HttpRequest, found: Retract, form: RetractForm) -> dict[str, Any]:
    """A fixed number of queries: a page of the members, judged as they stand."""
    who = reader_of(request)
    lines = found.landing.lines.filter(state=BulkLine.State.DONE)
    seen = visible(who, "case.record", Case.objects.filter(pk__in=lines.values("case")))
    page: Page = page_of(
        seen.select_related("person", "subject_organ", "organ", "decision").order_by("pk"), request.GET.get("page")
    )
    shown = list(page.rows)
    refusals = retracting.shown(found, shown, Actor(who.account.name, who.account.pk), who.on, clock.now())
    rows = [
        Row(each, each.person.name if each.person else each.subject_organ.name, refusals.get(each.pk, ""))
        for each in shown
    ]
    total = lines.count()
    return {
        "case": found.batch, "landing": found.landing, "record": found.record, "form": form, "page": page, "rows": rows, "total": total,
        "hidden": total - page.total,
    }  # fmt: skip
