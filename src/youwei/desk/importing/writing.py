"""Writing a checked import, watching it go, and taking it back whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases.undoing import Refused as CannotUndo
from youwei.desk.address import reader_of, whole
from youwei.desk.importing import acting, queries
from youwei.desk.importing.jobs import RUNNING
from youwei.desk.importing.views import STEPS, find
from youwei.intake.models import Import
from youwei.intake.queries import Refused
from youwei.organs.policy import permission
from youwei.ui.frame import MenuItem
from youwei.ui.htmx import go_to
from youwei.ui.parts import Job, Refusal

State = Import.State
TITLES = {State.QUEUED: "等候写入", State.WRITING: "正在写入", State.UNDOING: "正在整批撤回"}
STILL_AFTER = 15
"""Polls, two seconds apart, without progress, after which the way on is offered."""


@require_POST
@permission("import.run")
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm: from here on it is written, in the background. Or go on with what was interrupted."""
    find(request, pk)
    account = reader_of(request).account.pk
    try:
        if request.POST.get("resume") == "yes":
            begun = acting.resume(pk=pk, account_id=account)
        else:
            begun = acting.confirm(pk=pk, seen=request.POST.get("seen", ""), account_id=account)
    except Refused as refused:
        messages.warning(request, f"{refused}。")
        return redirect("import-review", pk)
    if not begun:
        messages.info(request, "这批导入已经确认过，没有重复写入。")
    return redirect("import", pk)


@require_safe
@permission("import.run")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the writing, or the taking back, has come; and when it is over, what it brought."""
    found = find(request, pk)
    if found.state == State.CHECKED:
        return redirect("import-review", pk)
    running = found.state in RUNNING
    context: dict[str, Any] = {
        "batch": found,
        "steps": STEPS,
        "running": running,
        "stalled": request.GET.get("stalled") == "1",
    }
    if running:
        context["job"] = _job(found, 0)
    else:
        plan = queries.plan_of(found)
        context |= {"brought": queries.brought(found), "unanswered": plan.open_questions + plan.left_out}
    return render(request, "desk/importing/batch.html", context)


@require_safe
@permission("import.run")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of that page."""
    found = find(request, pk)
    if found.state not in RUNNING:
        return go_to(request, reverse("import", args=[pk]))
    before = whole(request.GET, "at")
    still = (whole(request.GET, "still") or 0) + 1
    return render(request, "desk/importing/job.html", {"job": _job(found, min(still, 10_000), before)})


def _job(found: Import, still: int, before: int | None = None) -> Job:
    """The moving part; `still` polls ago it had come as far as `before`."""
    address = reverse("import", args=[found.pk])
    done, total, unit = queries.progress(found)
    still = still if before == done else 0
    link = MenuItem("进度停住了，看怎么办", f"{address}?stalled=1") if still >= STILL_AFTER else None
    return Job(
        title=f"{TITLES[State(found.state)]}：{found.filename}",
        done=done,
        total=total,
        unit=unit,
        url=f"{reverse('import-progress', args=[found.pk])}?at={done}&still={still}",
        note=f"可以离开本页，{'撤回' if found.state == State.UNDOING else '写入'}照常进行",
        link=link,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("import.run")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole import back, after saying what that means; refused when something was built on it."""
    found = find(request, pk)
    if found.state != State.DONE:
        return redirect("import", pk)
    refusal = None
    if request.method == "POST":
        try:
            acting.undo(pk=pk, account_id=reader_of(request).account.pk)
        except CannotUndo as refused:
            reason, _, remedy = str(refused).partition("；")
            refusal = Refusal(
                "这批导入不能整批撤回", [reason], remedies=[remedy] if remedy else [],
                back_url=reverse("ledger"), back_label="到处分台账",
            )  # fmt: skip
        else:
            return go_to(request, reverse("import", args=[pk]))
    context = {
        "batch": found,
        "brought": queries.brought(found),
        "refusal": refusal,
        "updated": found.totals.get("update", 0),
    }
    return render(request, "desk/importing/undo.html", context, status=409 if refusal else 200)


@require_POST
@permission("import.run")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget an upload nothing was written from."""
    found = find(request, pk)
    try:
        acting.discard(pk=pk)
        messages.success(request, f"已删去这份上传：{found.filename}。什么都没有写入。")
    except Refused as refused:
        messages.warning(request, f"{refused}。")
        return redirect("import", pk)
    return redirect("import-start")
