"""Somebody is in distress: said on the page of the case, seen on the desks of those who must act, followed up and closed by a person."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from youwei.cases import distress
from youwei.cases.commands import Rejected
from youwei.cases.models import Case
from youwei.desk.address import reader_of, whole, words
from youwei.desk.distress.forms import ContactsForm, FollowUpForm, ReportForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, may, permission

LONGEST_STEP = 64
safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


@safe_or_post
@permission("distress.report")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to call, and what was done at once."""
    who = reader_of(request)
    case = get_object_or_404(distress.cases(who), pk=pk)
    if not distress.may_arise(case):
        raise Http404
    listed = distress.contacts([case.organ, case.subject_organ])
    form = ReportForm(request.POST or None, today=who.on, listed=listed, running=case.state == Case.State.OPEN)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            distress.report(
                case=case, did=given["did"], called=given.get("called") or [], pause=bool(given.get("pause")), account=who.account,
                by=Actor(who.account.name, who.account.pk), on=given["on"], at=clock.now(), today=who.on,
            )  # fmt: skip
        except (distress.Refused, Rejected) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已告知应当处理的人，今天请跟进。案卷、名单、统计和文书里都没有这件事。")
            return redirect(_back(request, case))
    context = {
        "case": case,
        "form": form,
        "listed": listed,
        "hotlines": distress.HOTLINES,
        "back": _back(request, case),
    }
    return render(request, "desk/distress/report.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest, case: Case) -> str:
    """The page of the case, at the step from whose form one came: what was typed there waits as a draft."""
    step = words(request.GET, "step", LONGEST_STEP)
    return f"{reverse('case', args=[case.pk])}{f'?step={quote(step)}#step' if step else ''}"


@safe_or_post
@permission("distress.view")
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done so far; those who may close it say how it was followed up."""
    who = reader_of(request)
    row = get_object_or_404(distress.seen(who), pk=pk)
    closes = bool(may(who, "distress.close")) and row.closed_on is None
    held = row.paused and row.case.state == Case.State.HELD
    form = FollowUpForm(request.POST or None, today=who.on, held=held) if closes else None
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            distress.close(
                row=row, after=given["after"], resume=bool(given.get("resume")), by=Actor(who.account.name, who.account.pk),
                on=given["on"], at=clock.now(), today=who.on,
            )  # fmt: skip
        except (distress.Refused, Rejected) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已记下跟进情况；{distress.keep_days()}天后自动删除。")
            return redirect("desk")
    # A read like any other read of the case: the trace does not say why it was opened.
    trace(account=who.account, by=who.account.name, act="case.view", kind="case", ref=row.case_id, at=clock.now())
    context = {
        "row": row, "told": distress.told(row), "form": form, "listed": distress.contacts([row.case.organ, row.case.subject_organ]),
        "hotlines": distress.HOTLINES, "days": distress.keep_days(),
    }  # fmt: skip
    return render(request, "desk/distress/row.html", context, status=422 if form is not None and form.errors else 200)


@safe_or_post
@permission("distress.contacts")
def contacts(request: HttpRequest) -> HttpResponse:
    """Whom to call the same day: each organ keeps its own list."""
    who = reader_of(request)
    mine = list({row.organ_id: row.organ for row in who.grants if row.role in ACTS["distress.contacts"]}.values())
    organ = _chosen(request, mine)
    listed = distress.contacts(mine)
    rows = [{"name": each.name, "post": each.post, "phone": each.phone} for each in listed if each.organ_id == organ.pk]
    form = ContactsForm(request.POST or None, organs=mine, rows=rows, organ=organ)
    if request.method == "POST" and form.is_valid():
        distress.keep_contacts(organ=organ, rows=form.cleaned_data["rows"])
        messages.success(request, f"已存下{organ.name}的紧急联系人。")
        return redirect("care-contacts")
    context = {"form": form, "organ": organ, "listed": listed, "hotlines": distress.HOTLINES}
    return render(request, "desk/distress/contacts.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, mine: list[Organ]) -> Organ:
    asked = whole(request.POST, "organ") or whole(request.GET, "organ")
    return next((each for each in mine if each.pk == asked), mine[0])
