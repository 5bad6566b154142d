"""Two acts of two people: the security administrator asks for somebody, a leader lets that one in or refuses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from youwei.cases import readmitting
from youwei.cases.commands import Rejected
from youwei.desk.address import reader_of, whole, words
from youwei.desk.cases.acting import new_token
from youwei.desk.letting_in.forms import AskForm, DecideForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import permission


@require_http_methods(["GET", "HEAD", "POST"])
@permission("grant.manage")
def forgotten(request: HttpRequest) -> HttpResponse:
    """The numbers of sealed cases nobody at their office knows of any more, and whom to ask for."""
    who, sent = reader_of(request), _sent(request)
    rows = [
        (each, AskForm(request.POST if each.number == sent else None, each.candidates, f"n{each.number}"))
        for each in readmitting.listed(who.on)
    ]
    form = next((form for each, form in rows if each.number == sent), None)
    if form is not None and form.is_valid():
        try:
            readmitting.ask(
                number=sent, key=form.cleaned_data["who"], reason=form.cleaned_data["reason"], by=_actor(request), on=who.on,
                at=clock.now(), token=words(request.POST, "token", 64) or None,
            )  # fmt: skip
        except (readmitting.Refused, Rejected) as refused:
            form.add_error(getattr(refused, "field", "") or None, str(refused))
        else:
            messages.success(request, "已提请，等分管领导决定")
            return redirect("sealed-forgotten")
    return _page(request, "desk/letting_in/forgotten.html", rows, form)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("admission.decide")
def waiting(request: HttpRequest) -> HttpResponse:
    """What this leader is asked: to let somebody in, or to refuse, with the reason."""
    who, sent = reader_of(request), _sent(request)
    rows = [
        (each, DecideForm(request.POST if each.number == sent else None, f"n{each.number}"))
        for each in readmitting.waiting(who)
    ]
    form = next((form for each, form in rows if each.number == sent), None)
    if form is not None and form.is_valid():
        agree = "agree" in request.POST
        try:
            readmitting.decide(
                who=who, number=sent, agree=agree, reason=form.cleaned_data["reason"], by=_actor(request), at=clock.now(),
                token=words(request.POST, "token", 64) or None,
            )  # fmt: skip
        except (readmitting.Refused, Rejected) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已准入，本人即可在工作台看到这件事项" if agree else "已记录：不准入")
            return redirect("admissions-waiting")
    return _page(request, "desk/letting_in/waiting.html", rows, form)


def _page(request: HttpRequest, template: str, rows: Any, sent: Any) -> HttpResponse:
    context = {"rows": rows, "token": new_token()}
    return render(request, template, context, status=422 if sent is not None and sent.errors else 200)


def _sent(request: HttpRequest) -> int:
    """The number of the case that was answered; 0 where nothing was sent."""
    return (whole(request.POST, "number") or 0) if request.method == "POST" else 0


def _actor(request: HttpRequest) -> Actor:
    who = reader_of(request)
    return Actor(who.account.name, who.account.pk)
