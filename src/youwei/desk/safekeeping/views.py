"""Backups: made by the system administrator from the page, each with its digest and its last check (J5). A restore is a command."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.desk.address import reader_of
from youwei.desk.safekeeping import jobs, shelf
from youwei.desk.safekeeping.backup import Refused
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import permission
from youwei.ui.htmx import go_to
from youwei.ui.parts import Job


@require_http_methods(["GET", "HEAD", "POST"])
@permission("store.backup")
def backups(request: HttpRequest) -> HttpResponse:
    """The backups there are; another is made in the background."""
    fault = ""
    if request.method == "POST":
        try:
            _begin(request)
            return redirect("backups")
        except Refused as refused:
            fault = str(refused)
    found, running = shelf.listed(), shelf.running()
    context = {
        "backups": found, "job": _job(running) if running else None, "folder": shelf.folder(), "fault": fault,
        "same_disk": shelf.same_disk(),
    }  # fmt: skip
    return render(request, "desk/safekeeping/backups.html", context, status=422 if fault else 200)


def _begin(request: HttpRequest) -> None:
    who, now = reader_of(request).account, clock.now()
    name = shelf.begin(by=who.name, at=now)
    trace(account=who, by=who.name, act="store.backup", kind="store", ref=None, at=now, detail=f"备份到{name}")
    jobs.make.enqueue(name, who.pk)


@require_safe
@permission("store.backup")
def progress(request: HttpRequest) -> HttpResponse:
    """The moving part of the page."""
    running = shelf.running()
    if running is None:
        return go_to(request, reverse("backups"))
    return render(request, "desk/importing/job.html", {"job": _job(running)})


@require_POST
@permission("store.backup")
def check(request: HttpRequest, name: str) -> HttpResponse:
    """Read a backup again, in the background."""
    found = next((each for each in shelf.listed() if each.name == name), None)
    if found is None or not found.digest:
        raise Http404
    if shelf.running() is None:
        shelf.note(name, state="queued", done=0)
        jobs.check.enqueue(name)
    else:
        messages.warning(request, "正在备份或核对；请等它做完再核对。")
    return redirect("backups")


def _job(running: shelf.Backup) -> Job:
    doing = "正在核对" if running.digest else "正在备份"
    return Job(
        title="等待开始" if running.state == "queued" else doing, done=running.done, total=running.total, unit="行",
        url=reverse("backup-progress"), note="可以离开本页，照常进行；不影响其他人办理",
    )  # fmt: skip
