"""Saying afterwards what became of the check before a decision held somebody to account."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from youwei.cases.prechecking import admitting
from youwei.decisions import prechecks
from youwei.decisions.models import Decision
from youwei.desk.address import reader_of
from youwei.desk.prechecks.forms import PrecheckForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import permission, visible


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.correct")
def precheck(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; sent, the answer is entered."""
    who = reader_of(request)
    rows = Decision.objects.filter(secret=False).exclude(state=Decision.State.UNDONE)
    row = get_object_or_404(visible(who, "decision.correct", rows).select_related("person"), pk=pk)
    cases = visible(who, "case.view", admitting([row.person_id or 0]))
    form = PrecheckForm(
        request.POST if request.method == "POST" else None, decision=row, cases=cases, token=secrets.token_urlsafe(24)
    )
    if request.method == "POST" and form.is_valid():
        try:
            prechecks.answer(
                decision=row.pk, given=form.answer(), seen=form.cleaned_data["seen"], by=Actor(who.account.name, who.account.pk), on=who.on,
                at=clock.now(), token=form.cleaned_data["token"] or None,
            )  # fmt: skip
        except prechecks.Refused as refused:
            form.take(refused.field, str(refused))
        else:
            messages.success(request, "已写明容错审核")
            return redirect("decision", row.pk)
    return render(
        request, "desk/prechecks/form.html", {"form": form, "decision": row}, status=422 if form.errors else 200
    )
