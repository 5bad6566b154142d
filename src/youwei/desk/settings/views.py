"""The office's logged choices: what holds, who chose it when and why; what a change would move is told before it is made."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from youwei.cases import recounting
from youwei.desk.address import reader_of
from youwei.desk.settings import jobs, queries
from youwei.desk.settings.forms import SettingForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import Refused, change_setting
from youwei.organs.models import Setting
from youwei.organs.policy import ACTS, Reader, permission
from youwei.organs.queries import CHOICES, Choice, chosen, unfinished
from youwei.ui.htmx import go_to
from youwei.ui.parts import Job


@require_safe
@permission("setting.change")
def settings(request: HttpRequest) -> HttpResponse:
    """Every setting with its value and its history; the progress of what is being carried out."""
    row = unfinished()
    context = {"lines": queries.lines(), "job": _job(row) if row else None}
    return render(request, "desk/settings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("setting.change")
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Choose another value: what it would move is shown first, and it is made only when that was confirmed."""
    choice = CHOICES.get(name)
    if choice is None:
        raise Http404
    who, form = reader_of(request), SettingForm(request.POST or None, choice=choice)
    if not form.is_valid():
        return _page(request, choice, form)
    value = form.cleaned_data["value"]
    if value == chosen(choice):
        form.add_error("value", f"现在就是“{choice.values[value]}”，不必更改；请选另一种，或者不改。")
        return _page(request, choice, form)
    if request.POST.get("confirmed") != "yes":
        effect = recounting.effect(who.on) if choice.recounts else None
        context = {"choice": choice, "form": form, "words": choice.values[value], "effect": effect}
        return render(request, "desk/settings/preview.html", context)
    try:
        _begin(who, choice, form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, choice, form)
    then = "，全部期间正在后台重新计算" if choice.recounts else ""
    messages.success(request, f"已改为“{choice.values[value]}”{then}。")
    return redirect("settings")


def _page(request: HttpRequest, choice: Choice, form: SettingForm) -> HttpResponse:
    context = {"choice": choice, "form": form, "words": choice.values.get(chosen(choice), "")}
    return render(request, "desk/settings/change.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _begin(who: Reader, choice: Choice, form: SettingForm) -> None:
    """The change and, where it moves periods, the order to carry it out: both or neither."""
    organ = next(grant.organ for grant in who.grants if grant.role in ACTS["setting.change"])
    by = Actor(who.account.name, who.account.pk)
    if not choice.recounts:
        change_setting(name=choice.name, **form.cleaned_data, organ=organ, by=by, on=who.on, at=clock.now())
        return
    row = recounting.begin(**form.cleaned_data, organ=organ, by=by, on=who.on, at=clock.now())
    jobs.recount.enqueue(row.pk)


@require_safe
@permission("setting.change")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page."""
    row = get_object_or_404(Setting, pk=pk)
    if row.finished_at is not None:
        messages.success(request, f"重新计算完毕：{row.moved}项期间的日期已改。")
        return go_to(request, reverse("settings"))
    return render(request, "desk/importing/job.html", {"job": _job(row)})


def _job(row: Setting) -> Job:
    return Job(
        title="正在重新计算期间", done=row.done, total=row.total, unit="人", url=reverse("setting-progress", args=[row.pk]),
        note="可以离开本页，计算照常进行",
    )  # fmt: skip
