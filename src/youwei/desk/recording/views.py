"""Registering one decision."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from youwei.cases import taking
from youwei.decisions.models import Decision
from youwei.desk.address import reader_of
from youwei.desk.importing.queries import homes
from youwei.desk.recording import acting
from youwei.desk.recording.forms import MOST_UNITS, DecisionForm
from youwei.intake import commands as intake
from youwei.intake import queries as staged
from youwei.intake.faults import Refused
from youwei.intake.models import StagedRow
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.models import Organ
from youwei.organs.policy import permission
from youwei.organs.queries import below, scope

MARKED = "填写的内容里标有密级或写明涉及国家秘密，没有登记。国家秘密不得录入本系统：请删去有关内容后再登记，涉密的走线下渠道。"


UNANSWERED = "按种类和问题类别，这份决定属于问责：请选容错审核是怎样作的；一时查不清的选“待补”，以后在决定页面补写。"


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.record")
def record(request: HttpRequest) -> HttpResponse:
    """The form; sent, it is checked like a line of a ledger and written, or put to the officer where a person may be known."""
    who = reader_of(request)
    home = homes(who)[0]
    units = below([scope(home)]).exclude(kind=Organ.Kind.REGION).filter(ends_on=None).order_by("path")[:MOST_UNITS]
    form = DecisionForm(request.POST or None, today=who.on, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, form, home)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request, "desk/recording/record.html", {"form": form, "home": home}, status=422 if form.errors else 200
    )


def _take(request: HttpRequest, form: DecisionForm, home: Organ) -> HttpResponse:
    who = reader_of(request)
    by, now = Actor(who.account.name, who.account.pk), clock.now()
    with transaction.atomic():
        cells = {"deciding_organ": home.name, **form.cells()}
        batch = acting.stage(organ=home, cells=cells, by=by, at=now, today=who.on)
        row = acting.the_row(batch)
        if row is not None and not form.cleaned_data["precheck"] and acting.owes_precheck(row):
            form.add_error("precheck", UNANSWERED)
            intake.discard(batch=batch)
            return render(request, "desk/recording/record.html", {"form": form, "home": home}, status=422)
        if row is not None and row.outcome == StagedRow.Outcome.ASK:
            why = "、".join(dict.fromkeys(str(each["why"]) for each in row.candidates)) or row.why
            messages.info(request, f"{why}；请先在这里回答，再写入")
            return redirect("import-review", batch.pk)
        if row is None or row.outcome == StagedRow.Outcome.REFUSED:
            faults = staged.opened(row).row.faults if row else ()
            form.take_faults({"field": fault.field, "message": str(fault)} for fault in faults)
            intake.discard(batch=batch)
            return render(request, "desk/recording/record.html", {"form": form, "home": home}, status=422)
        if row.outcome == StagedRow.Outcome.STUB:
            form.add_error(None, MARKED)
            intake.discard(batch=batch)
            return render(request, "desk/recording/record.html", {"form": form, "home": home}, status=422)
        if row.decision_id is not None:
            intake.discard(batch=batch)
            messages.info(request, "这个决定已经在册，没有重复登记")
            return redirect("decision", row.decision_id)
        taking.take_in(batch=batch, by=by, at=now, today=who.on)
    decision = Decision.objects.get(import_id=batch.pk)
    warned = staged.opened(row).row.warnings
    for fault in warned:
        messages.warning(request, f"请核对：{fault.message}")
    if decision.precheck == Decision.Precheck.OWED:
        messages.warning(
            request,
            f"容错审核待补{'：' + decision.precheck_why() if decision.precheck_why() else ''}；请在决定页面补写。",
        )
    opened = list(decision.cases.values_list("title", flat=True))
    messages.success(request, "已登记" + (f"，并按规程开办：{'、'.join(opened)}" if opened else ""))
    return redirect(reverse("person", args=[decision.person_id]) if decision.person_id else reverse("ledger"))
