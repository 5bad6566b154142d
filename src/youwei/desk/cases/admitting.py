"""Who may know of a sealed case: let in, let out, and who has looked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from youwei.cases import admitting
from youwei.cases import queries as cases
from youwei.cases.commands import Rejected
from youwei.cases.models import Case
from youwei.desk.address import reader_of, whole, words
from youwei.desk.cases import acting
from youwei.desk.cases.views import actor, find
from youwei.organs import clock
from youwei.organs.policy import permission
from youwei.organs.queries import traces
from youwei.ui import fields as ui

MOST_LOOKED = 50


class AdmitForm(forms.Form):
    """Whom, and why."""

    def __init__(self, data: Any, candidates: list[admitting.Candidate]) -> None:
        super().__init__(data)
        self.candidates = {each.key: each for each in candidates}
        choices = [(each.key, each.title) for each in candidates]
        self.fields["who"] = ui.ChoiceField(label="准入谁", choices=choices)
        self.fields["reason"] = ui.TextField(label="参与的理由", long=True, max_length=300)


class OutForm(forms.Form):
    def __init__(self, data: Any, rows: list[Any]) -> None:
        super().__init__(data, prefix="out")
        choices = [(str(row.pk), f"{row.account.name}（{row.organ.name}{row.role_title}）") for row in rows]
        self.fields["row"] = ui.ChoiceField(label="谁不再参与", choices=choices)
        self.fields["reason"] = ui.TextField(label="理由", long=True, max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.steer")
def admissions(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in, whom to let in, who is to be let out. Of an open case there is no such page."""
    row, who = find(request, pk, "case.steer"), reader_of(request)
    if not row.sealed or not acting.may_steer(who, row):
        raise Http404
    view, rows = cases.view(row, who.on), admitting.admitted(row)
    candidates = admitting.candidates(row, view.plan.facts, who.on)
    sent, out = request.POST if request.method == "POST" else None, "let-out" in request.POST
    into = AdmitForm(sent if not out else None, candidates)
    gone = OutForm(sent if out else None, rows)
    form = gone if out else into
    if form.is_valid():
        try:
            _carry_out(request, row, form)
        except Rejected as rejected:
            for fault in rejected.faults:
                form.add_error(None, str(fault))
        else:
            messages.success(request, "已记录：知情范围有变动")
            still = row.admissions.filter(account=who.account).exists()
            return redirect("case-admissions", pk) if still else redirect("desk")
    holding = set(admitting.holding(who.on).filter(case=row).values_list("pk", flat=True))
    context = {
        "case": row, "rows": rows, "into": into, "gone": gone, "token": acting.new_token(), "looked": traces("sealed", pk, MOST_LOOKED),
        "may_let_in": bool(candidates), "inside": holding,
        "alone": sum(each.organ_id == row.organ_id for each in rows if each.pk in holding) == 1,
    }  # fmt: skip
    return render(request, "desk/cases/admissions.html", context, status=422 if form.errors else 200)


def _carry_out(request: HttpRequest, row: Case, form: AdmitForm | OutForm) -> None:
    who = reader_of(request)
    common: dict[str, Any] = {
        "case": row, "by": actor(request), "on": who.on, "at": clock.now(), "today": who.on, "reason": form.cleaned_data["reason"],
    }  # fmt: skip
    if isinstance(form, AdmitForm):
        candidate = form.candidates[form.cleaned_data["who"]]
        admitting.let_in(candidate=candidate, token=words(request.POST, "token", 64) or None, **common)
    else:
        wanted = whole(form.cleaned_data, "row") or 0
        admitting.let_out(admission=row.admissions.select_related("account", "organ").get(pk=wanted), **common)
