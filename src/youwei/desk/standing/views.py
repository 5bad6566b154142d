"""Standing in for somebody for some days, and handing everything over: by oneself, by the leader of the organ, or by the security administrator."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import handing
from youwei.cases.commands import Rejected
from youwei.desk.address import reader_of
from youwei.desk.standing import acting, queries
from youwei.desk.standing.forms import CoverForm, HandOverForm
from youwei.journal.actors import Actor
from youwei.organs import clock, commands, standing_in
from youwei.organs.models import Account
from youwei.organs.policy import permission

FIELDS = {
    "代理人": ("deputy",), "接替的人": ("deputy", "to"), "开始日期": ("starts_on",), "截止日期": ("ends_on",), "理由": ("reason",)
}  # fmt: skip


@require_safe
@permission("cover.arrange")
def standing(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom, and for whom one may arrange it."""
    who = reader_of(request)
    context = {"covers": queries.mine(who), "staff": queries.staff(who), "me": who.account}
    return render(request, "desk/standing/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cover.arrange")
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """For oneself, or for somebody of an organ one leads."""
    who = reader_of(request)
    if pk == who.account.pk:
        return _arrange(request, who.account, None, reverse("standing-in"))
    account = next((each for each in queries.staff(who) if each.pk == pk), None)
    if account is None:
        raise Http404
    return _arrange(request, account, queries.led(who), reverse("standing-in"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission("grant.manage")
def arrange_any(request: HttpRequest, pk: int) -> HttpResponse:
    """For any account: the security administrator, above all for one that is gone."""
    return _arrange(request, get_object_or_404(Account, pk=pk), None, reverse("grants"))


@require_POST
@permission("cover.arrange")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A cover ends today: by whoever is replaced or stands in."""
    who = reader_of(request)
    row = next((each.row for each in queries.mine(who) if each.row.pk == pk), None)
    if row is None:
        raise Http404
    commands.end_grant(grant=row, by=Actor(who.account.name, who.account.pk), on=who.on, at=clock.now())
    messages.success(request, "代理已结束，自今天起不再有效。")
    return redirect("standing-in")


def _arrange(request: HttpRequest, account: Account, organs: Collection[int] | None, back: str) -> HttpResponse:
    who = reader_of(request)
    held = standing_in.lendable(account, who.on, None, organs)
    colleagues = list(standing_in.colleagues({row.organ_id for row in held}, account, who.on))
    places = handing.named(account)
    asked, whose = acting.questions(places, who.on)
    sent = request.POST if request.method == "POST" else None
    act = request.POST.get("act", "")
    cover = CoverForm(sent if act == "cover" else None, colleagues=colleagues, today=who.on)
    over = HandOverForm(sent if act == "over" else None, colleagues=colleagues, questions=asked)
    form: Form = cover if act == "cover" else over
    if sent is not None and form.is_valid():
        stamp: dict[str, Any] = {"by": Actor(who.account.name, who.account.pk), "at": clock.now(), "organs": organs}
        given = form.cleaned_data
        other = next(each for each in colleagues if str(each.pk) == given["deputy" if act == "cover" else "to"])
        try:
            if act == "cover":
                days = {"starts_on": given["starts_on"], "ends_on": given["ends_on"]}
                standing_in.cover(account=account, deputy=other, reason=given["reason"], today=who.on, **days, **stamp)
                told = f"{other.name}代理{account.name}，已设定"
            else:
                said = acting.answers(given, whose)
                roles, cases = acting.hand_over(
                    account=account, to=other, said=said, reason=given["reason"], on=who.on, **stamp
                )
                told = (
                    f"{account.name}的{roles}项岗位"
                    + (f"、{cases}件指名的事项" if cases else "")
                    + f"已移交给{other.name}"
                )
        except (commands.Refused, Rejected) as refused:
            _blame(form, refused)
        else:
            if account.pk == who.account.pk and act == "over":  # nothing is left that any page could be opened with
                return render(request, "desk/standing/done.html", {"told": told})
            messages.success(request, f"{told}。")
            return redirect(back)
    context = {
        "account": account, "held": held, "colleagues": colleagues, "cover": cover, "over": over, "places": places, "back": back,
        "own": account.pk == who.account.pk,
    }  # fmt: skip
    return render(request, "desk/standing/arrange.html", context, status=422 if form.errors else 200)


def _blame(form: Form, refused: commands.Refused | Rejected) -> None:
    """Put a refusal at the field it names."""
    names = FIELDS.get(str(refused).partition("：")[0], ())
    form.add_error(next((name for name in names if name in form.fields), None), f"{refused}。")
