"""Pages of linked series: the list, a new one, one with its people and cases, and which decisions belong to it."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from youwei.decisions import series as acts
from youwei.decisions.altering import Refused
from youwei.desk.address import reader_of, whole
from youwei.desk.series import queries
from youwei.desk.series.forms import MembersForm, NewForm, SeriesForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import Reader, may, permission


@require_safe
@permission("decision.view")
def series_list(request: HttpRequest) -> HttpResponse:
    """The series the reader may see."""
    who = reader_of(request)
    context = {"page": queries.series_page(who, request.GET.get("page")), "may_make": bool(may(who, queries.EDIT))}
    return render(request, "desk/series/list.html", context)


@require_safe
@permission("decision.view")
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """One series: its people, their cases, and what may be recorded in several of them at once."""
    who = reader_of(request)
    row = get_object_or_404(queries.all_series(who), pk=pk)
    page, members, hidden = queries.members(who, row, request.GET.get("page"))
    trace(
        account=who.account,
        by=who.account.name,
        act="decision.view",
        kind="decision",
        ref=None,
        at=clock.now(),
        detail=f"系列案：{row.title}",
    )
    context = {
        "series": row, "page": page, "members": members, "hidden": hidden, "together": queries.together(who, row),
        "history": queries.history(row), "may_arrange": bool(may(who, queries.EDIT, row)),
    }  # fmt: skip
    return render(request, "desk/series/series.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.record")
def new(request: HttpRequest) -> HttpResponse:
    """A new series: of decisions named by number, of an import, or beginning with one decision."""
    who = reader_of(request)
    chosen = queries.ready(who, whole(request.GET, "import"), whole(request.GET, "decision"))
    form = NewForm(
        _data(request), organs=queries.offices(who), ready=len(chosen), find=lambda numbers: queries.by_numbers(who, numbers), token=_token()
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = acts.make(
                title=given["title"], organ=form.organs[given["organ"]], decisions={*chosen, *form.found}, **_stamp(who, form)
            )  # fmt: skip
        except Refused as refused:
            form.take(refused.field, str(refused))
        else:
            messages.success(request, f"已建立：{made.title}")
            return redirect("series", made.pk)
    return _shown(request, "desk/series/new.html", {"form": form, "ready": len(chosen)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.record")
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Which decisions belong to a series: more of them, or fewer with a reason."""
    who = reader_of(request)
    row = get_object_or_404(queries.all_series(who, queries.EDIT), pk=pk)
    rows = list(queries.seen(who, row).select_related("person").order_by("made_on", "pk"))
    form = MembersForm(_data(request), find=lambda numbers: queries.by_numbers(who, numbers), token=_token())
    leaving = {
        int(each) for each in request.POST.getlist("leave") if each.isascii() and each.isdigit() and len(each) < 16
    }
    if request.method == "POST" and form.is_valid():
        try:
            acts.arrange(
                series=row.pk, joined=form.found, left=leaving & {each.pk for each in rows}, reason=form.cleaned_data["reason"],
                **_stamp(who, form),
            )  # fmt: skip
        except Refused as refused:
            form.take(refused.field, str(refused))
        else:
            messages.success(request, "已更新列入的决定")
            return redirect("series", row.pk)
    return _shown(request, "desk/series/members.html", {"form": form, "series": row, "rows": rows, "leaving": leaving})


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _token() -> str:
    return secrets.token_urlsafe(24)


def _stamp(who: Reader, form: SeriesForm) -> dict[str, Any]:
    return {
        "by": Actor(who.account.name, who.account.pk), "on": who.on, "at": clock.now(), "token": form.cleaned_data.get("token") or None
    }  # fmt: skip


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)
