"""Pages of guiding cases: the library, one of them, writing, publishing by a second person, withdrawing."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import guiding
from youwei.cases.models import GuidingCase
from youwei.desk.address import one_of, reader_of, whole, words
from youwei.desk.guiding import queries
from youwei.desk.guiding.forms import GuidingForm, WithdrawForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import Reader, may, permission


@require_safe
@permission("guiding.view")
def library(request: HttpRequest) -> HttpResponse:
    """The library; whoever keeps one sees the drafts and the withdrawn of the own organ too."""
    who, asked = reader_of(request), request.GET
    keeps = bool(may(who, queries.KEEP))
    state = one_of(
        asked, "state", queries.State.values if keeps else [queries.State.PUBLISHED], queries.State.PUBLISHED
    )
    text, listed = words(asked, "q"), guiding.choices()
    item = one_of(asked, "item", listed)
    context = {
        "page": queries.listed(who, state, text, item, asked.get("page")), "q": text, "item": item, "items": listed, "state": state,
        "states": queries.State.choices if keeps else (), "keeps": keeps,
    }  # fmt: skip
    return render(request, "desk/guiding/list.html", context)


@require_safe
@permission("guiding.view")
def find(request: HttpRequest) -> HttpResponse:
    """What a record may cite, by words."""
    return render(request, "ui/parts/token_hits.html", {"tokens": queries.hits(words(request.GET, "q"))})


@require_safe
@permission("guiding.view")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One guiding case."""
    who = reader_of(request)
    row = get_object_or_404(queries.readable(who), pk=pk)
    return render(request, "desk/guiding/one.html", _shown(who, row))


@require_http_methods(["GET", "HEAD", "POST"])
@permission("guiding.keep")
def new(request: HttpRequest) -> HttpResponse:
    """A new draft, of a case where the address names one."""
    return _written(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("guiding.keep")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft written anew."""
    return _written(request, get_object_or_404(queries.kept(reader_of(request)), pk=pk, state=queries.State.DRAFT))


@require_POST
@permission("guiding.publish")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person lets it be read and cited."""
    who = reader_of(request)
    row = get_object_or_404(queries.kept(who, queries.PUBLISH), pk=pk)
    try:
        guiding.publish(row=row.pk, seen=whole(request.POST, "seen") or 0, **_stamp(who))
    except guiding.Refused as refused:
        row.refresh_from_db()
        return render(request, "desk/guiding/one.html", {**_shown(who, row), "refused": str(refused)}, status=422)
    messages.success(request, f"已发布：{row.title}")
    return redirect("guiding-one", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("guiding.publish")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one out of the library, with the reason."""
    who = reader_of(request)
    rows = queries.kept(who, queries.PUBLISH).exclude(state=queries.State.WITHDRAWN)
    row = get_object_or_404(rows, pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            guiding.withdraw(row=row.pk, reason=form.cleaned_data["reason"], **_stamp(who))
        except guiding.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"已撤下：{row.title}")
            return redirect("guiding-one", row.pk)
    return render(request, "desk/guiding/withdraw.html", {"form": form, "row": row}, status=422 if form.errors else 200)


def _written(request: HttpRequest, row: GuidingCase | None) -> HttpResponse:
    who = reader_of(request)
    organs = queries.offices(who)
    form = GuidingForm(
        request.POST if request.method == "POST" else None, organs=organs, row=row, token=secrets.token_urlsafe(24),
        case=whole(request.GET, "case"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        organ = next((each for each in organs if str(each.pk) == given.get("organ")), organs[0])
        if (
            given["case"] is not None
            and (row is None or row.case != given["case"])
            and not queries.source_of(who, given["case"])
        ):
            form.take("case", "没有这个编号的事项，或者不在您的工作范围内；请核对，没有依据事项的不填。")
        else:
            try:
                made = guiding.write(
                    organ=organ, text=form.text(), row=row.pk if row else None, seen=given["seen"] or 0, token=given["token"] or None,
                    **_stamp(who),
                )  # fmt: skip
            except guiding.Refused as refused:
                form.take(refused.field, str(refused))
            else:
                messages.success(request, "已保存拟稿；由本机关另一位负责人审看后发布。")
                return redirect("guiding-one", made.pk)
    up = reverse("guiding-one", args=[row.pk]) if row else reverse("guiding")
    return render(
        request, "desk/guiding/write.html", {"form": form, "row": row, "up": up}, status=422 if form.errors else 200
    )


def _shown(who: Reader, row: GuidingCase) -> dict[str, Any]:
    kept, draft = bool(may(who, queries.KEEP, row)), row.state == queries.State.DRAFT
    signs = bool(may(who, queries.PUBLISH, row))
    return {
        "row": row, "items": guiding.told(row), "tags": [each for each in row.tags.split("、") if each.strip()], "kept": kept,
        "may_edit": kept and draft, "may_publish": signs and draft, "own": row.writer_id == who.account.pk,
        "may_withdraw": signs and row.state != queries.State.WITHDRAWN,
    }  # fmt: skip


def _stamp(who: Reader) -> dict[str, Any]:
    return {"by": Actor(who.account.name, who.account.pk), "on": who.on, "at": clock.now()}
