"""Altering a recorded decision: the form, what it brings with it, and the act itself only when that has been seen."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from youwei.cases.commands import Rejected
from youwei.cases.following import preview
from youwei.decisions.altering import Doing, Refused, Stale
from youwei.decisions.models import Decision
from youwei.desk.address import reader_of
from youwei.desk.altering import acting, telling
from youwei.desk.altering.forms import (
    AlterForm,
    ChangeForm,
    CorrectForm,
    ExtendForm,
    RestoreForm,
    ReviewForm,
    SettleForm,
    TakeBackForm,
)
from youwei.desk.altering.reassigning import ReassignForm, organs_within
from youwei.desk.recording.forms import MOST_UNITS
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, permission, visible
from youwei.organs.queries import below, end_day_convention

REVIEWS: dict[str, type[ReviewForm]] = {
    "change": ChangeForm,
    "withdraw": ReviewForm,
    "restore": RestoreForm,
    "extend": ExtendForm,
}
TITLES = {
    "correct": "更正决定",
    "change": "登记变更",
    "withdraw": "登记撤销",
    "restore": "登记恢复党员权利",
    "extend": "登记延长留党察看",
    "settle": "核定终止日",
    "reassign": "改登记",
    "take-back": "撤回登记",
}
ABOUT = {
    "correct": "原来录错的，改成决定书上写的；期间和期限按改正后的重新计算，如同当初就这样登记。",
    "change": "复审、复核、申诉等改变了处分种类的，登记在这里；原处分和变更后的都保留，期间依规定接续计算。",
    "withdraw": "处分决定被撤销的，登记在这里；期间自始不再限制，未办结的事项提前终止。",
    "restore": "留党察看期满，经批准恢复党员权利的，登记在这里；影响期从恢复之日起算。",
    "extend": "留党察看一年期满，仍不符合恢复条件，经批准延长一年的，登记在这里；留党察看最长不超过二年。",
    "settle": "法律规定算不出来，或者决定书另有写明的，由人核定最后一日；凡是显示终止日的地方都标明“人工核定”，推算的并列。",
    "reassign": "登记到了别人名下，或者决定机关登记错了的，在这里改：原登记撤回、留存备查，同一份决定在对的人员、机关名下重新登记，两边互相指明。",
    "take-back": "最近一次登记的变更、撤销、恢复权利、延长或核定的终止日本身登记错了，撤回它；决定、期间和事项恢复到登记之前。",
}
DONE = {
    "correct": "已更正",
    "change": "已登记变更",
    "withdraw": "已登记撤销",
    "restore": "已登记恢复党员权利",
    "extend": "已登记延长留党察看",
    "settle": "已核定终止日",
    "reassign": "已改登记",
    "take-back": "已撤回登记",
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.correct")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a slip."""
    return _alter(request, pk, "correct")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.change")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a change on review."""
    return _alter(request, pk, "change")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.change")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a withdrawal."""
    return _alter(request, pk, "withdraw")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.change")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter restored rights after 留党察看."""
    return _alter(request, pk, "restore")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.change")
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that a probation was extended by a year."""
    return _alter(request, pk, "extend")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.change")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle the last day of a period by hand."""
    return _alter(request, pk, "settle")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.correct")
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter it anew on another person or as another organ's."""
    return _alter(request, pk, "reassign")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("decision.change")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the change or withdrawal entered last."""
    return _alter(request, pk, "take-back")


def _alter(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    who, act = reader_of(request), "decision.correct" if kind in ("correct", "reassign") else "decision.change"
    rows = visible(who, act, Decision.objects.exclude(state=Decision.State.UNDONE))
    decision = get_object_or_404(
        rows.select_related("person__organ", "unit__parent", "deciding_organ", "counted_at"), pk=pk
    )
    impossible = acting.impossible(decision, kind) if request.method != "POST" else ""
    if impossible:
        messages.warning(request, f"没有登记：{impossible}。")
        return redirect(_home(decision))
    origin = acting.origin(who, request.GET, decision, kind)
    form = _form(request, kind, decision, origin.filled if origin else {})
    home = origin.url if origin else _home(decision)
    page: dict[str, Any] = {
        "decision": decision, "form": form, "kind": kind, "title": TITLES[kind], "about": ABOUT[kind],
        "labels": "、".join(measure.label for measure in decision.measures.order_by("pk")),
        "back": home, "origin": origin,
    }  # fmt: skip
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        try:
            answer = _sent(request, kind, decision, form, page)
        except Refused as refused:
            form.take(refused.field, str(refused))
        except Rejected as rejected:
            form.take("", str(rejected))
        except Stale as stale:
            return render(request, "desk/altering/stale.html", page | _stale(request, stale, form), status=409)
        else:
            if answer is not None:
                return answer
    failed = form.is_bound and "back" not in request.POST
    return render(request, "desk/altering/form.html", page, status=422 if failed else 200)


def _form(request: HttpRequest, kind: str, decision: Decision, filled: Mapping[str, Any]) -> AlterForm:
    who, data = reader_of(request), request.POST if request.method == "POST" else None
    given: dict[str, Any] = {"decision": decision, "token": acting.new_token()}
    if kind == "take-back":
        return TakeBackForm(data, **given)
    if kind == "reassign":
        return ReassignForm(data, organs=organs_within(who, acting.DISCIPLINE), who=who, **given)
    given["today"] = who.on
    if kind == "settle":
        return SettleForm(data, **given)
    if kind == "correct":
        units = below(who.paths(ACTS["decision.correct"])).exclude(kind=Organ.Kind.REGION)
        return CorrectForm(data, units=units.filter(ends_on=None).order_by("path")[:MOST_UNITS], **given)
    return REVIEWS[kind](data, organs=acting.deciding_organs(decision), initial=filled, **given)


def _sent(
    request: HttpRequest, kind: str, decision: Decision, form: AlterForm, page: dict[str, Any]
) -> HttpResponse | None:
    """The page that shows the consequences; confirmed, the act. None when the form has faults."""
    read = acting.read(form, reader_of(request).on) if isinstance(form, CorrectForm) else None
    if isinstance(form, CorrectForm) and read is None:
        return None
    doing = _doing(request, form)
    if "confirm" in request.POST:
        done = acting.do(form, kind, decision, doing, read)
        messages.success(request, f"{DONE[kind]}：{decision}")
        if done is not None and done.decision.pk != decision.pk:
            return redirect(_home(done.decision))
        return redirect(page["back"])
    held = list(decision.measures.order_by("pk"))
    before = Decision.objects.select_related("person__organ", "unit", "counted_at", "deciding_organ").get(
        pk=decision.pk
    )
    found = preview(lambda: acting.do(form, kind, decision, doing, read))
    if found is None:  # this very form has been confirmed before
        return redirect(page["back"])
    page |= telling.page(kind, before, held, found, form)
    page["warnings"] = [*(read.warnings if read else ()), *page["warnings"]]
    return render(request, "desk/altering/preview.html", page)


def _doing(request: HttpRequest, form: AlterForm) -> Doing:
    who, given = reader_of(request), form.cleaned_data
    return Doing(
        by=Actor(who.account.name, who.account.pk), on=who.on, at=clock.now(), convention=end_day_convention(), reason=given["reason"],
        seen=given.get("seen") or 0, token=given.get("token") or None,
    )  # fmt: skip


def _home(decision: Decision) -> str:
    return reverse("decision", args=[decision.pk])


def _stale(request: HttpRequest, stale: Stale, form: AlterForm) -> dict[str, Any]:
    """Both versions side by side; going on means the form again, with mine in it, over the newest version."""
    skipped = {"csrfmiddlewaretoken", "seen", "token", "confirm", "back"}
    kept = [(name, value) for name in request.POST if name not in skipped for value in request.POST.getlist(name)]
    return {
        "stale": telling.stale(
            stale,
            form,
            request.get_full_path(),
            [*kept, ("seen", str(stale.decision.version)), ("token", acting.new_token()), ("back", "1")],
        )
    }
