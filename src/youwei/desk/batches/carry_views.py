"""A corrected record of a batch, carried on to its members: who has it, what would become of each, one confirmed act."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from youwei.cases import queries as cases
from youwei.cases.commands import Rejected
from youwei.cases.models import BulkLine, Case
from youwei.cases.telling import told
from youwei.desk.address import reader_of
from youwei.desk.batches import views
from youwei.desk.cases import acting
from youwei.desk.together import jobs as together
from youwei.documents import carrying
from youwei.documents.carrying import Carry
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import Reader, permission, visible
from youwei.ui import fields as ui
from youwei.ui.paging import Page, page_of
from youwei.ui.words import cn_date


class CarryForm(forms.Form):
    """Why the members' records are corrected."""

    reason = ui.TextField(label="为什么更正", long=True, max_length=200, help_text="写进每个成员的更正里")


@dataclass(frozen=True, slots=True)
class Row:
    """One member's case: whose it is, and why it stays as it is."""

    case: Case
    name: str
    refusal: str


@require_http_methods(views.GET_OR_POST)
@permission("case.record")
def carry(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """What is otherwise now, the members it landed in with what would become of each; confirmed, each is corrected by itself."""
    row, who = views.find(request, pk, "case.record"), reader_of(request)
    found = carrying.carried(row, seq) if seq < 2**31 else None
    if found is None or not found.changes or not _may(who, found):
        messages.warning(request, "没有可以改到成员的：批次的这条记录没有更正过、没有落到成员，或者不由您办理。")
        return redirect("batch", pk)
    form = CarryForm(
        request.POST if request.method == "POST" else None, initial={"reason": carrying.last_reason(found)}
    )
    if form.is_valid():
        try:
            job = carrying.carry(found=found, account=who.account, reason=form.cleaned_data["reason"], at=clock.now())
        except Rejected as rejected:
            form.add_error(None, "；".join(str(fault) for fault in rejected.faults))
        else:
            together.set_off(job)
            return redirect("together-job", job.pk)
    return render(request, "desk/batches/carry.html", _page(request, found, form), status=422 if form.errors else 200)


def _may(who: Reader, found: Carry) -> bool:
    """Whoever might correct the batch's own record."""
    view = cases.view(found.batch, who.on)
    item = acting.item_of(view, found.record.step, found.record.key)
    return item is not None and acting.may_record(who, found.batch, view.pack, item)


def _page(request: HttpRequest, found: Carry, form: CarryForm) -> dict[str, Any]:
    """A fixed number of queries: a page of the members, judged as they stand."""
    who = reader_of(request)
    lines = found.landing.lines.filter(state=BulkLine.State.DONE)
    seen = visible(who, "case.record", Case.objects.filter(pk__in=lines.values("case")))
    page: Page = page_of(
        seen.select_related("person", "subject_organ", "organ", "decision").order_by("pk"), request.GET.get("page")
    )
    shown = list(page.rows)
    refusals = carrying.shown(found, shown, Actor(who.account.name, who.account.pk), clock.now())
    rows = [
        Row(each, each.person.name if each.person else each.subject_organ.name, refusals.get(each.pk, ""))
        for each in shown
    ]
    changes = [
        (each.field.title, told(each.field, each.before), told(each.field, each.after))
        if each.field is not None
        else ("日期", cn_date(each.before), cn_date(each.after))
        for each in found.changes
    ]
    total = lines.count()
    return {
        "case": found.batch, "carry": found, "form": form, "page": page, "rows": rows, "changes": changes, "total": total,
        "hidden": total - page.total,
    }  # fmt: skip
