"""Recording one step in many cases: choose the cases, fill in one form, see what would be refused, confirm, and see what came of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases.logs import packs
from youwei.cases.many import Wanted, foreseen
from youwei.cases.models import Bulk, OpenStep
from youwei.desk.address import one_of, reader_of, whole, words
from youwei.desk.cases.acting import ON_BEHALF, new_token
from youwei.desk.cases.forms import BEHALF, ON, PAPER
from youwei.desk.together import jobs, queries
from youwei.desk.together.forms import ManyForm, Whom, many_form, own_choices
from youwei.documents import bulk
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import Reader, permission
from youwei.rulebook.packs import Pack, PackRef, Step
from youwei.ui.htmx import go_to
from youwei.ui.parts import Job

FORM, CHECK, RECORD = "form", "check", "record"


@require_safe
@permission("case.record")
def together(request: HttpRequest) -> HttpResponse:
    """The steps open in more than one case, and what was recorded together lately."""
    who = reader_of(request)
    context = {"piles": queries.piles(who), "jobs": list(queries.jobs(who)[:10])}
    return render(request, "desk/together/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.record")
def step(request: HttpRequest, procedure: str, version: str, step: str) -> HttpResponse:
    """One step in many cases, from choosing to confirming."""
    who, pack = reader_of(request), packs().get(PackRef(procedure, version))
    found = pack.steps.get(step) if pack is not None else None
    if pack is None or found is None or not queries.fits(pack, found):
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    only = {int(each) for each in sent.getlist("case") if each.isascii() and each.isdigit() and len(each) < 16}
    rows = queries.rows_of(who, pack, found, only)
    stage = one_of(sent, "stage", (FORM, CHECK, RECORD))
    if request.method != "POST" or not stage or not only or not rows:
        if stage:
            messages.warning(request, "没有选中可以办理的事项。请在名单里勾选；已经办过的不再列出。")
        context = {"pack": pack, "step": found, "rows": rows, "fields": own_choices(found), "most": queries.MOST}
        return render(request, "desk/together/choose.html", context)
    own = [field for field in own_choices(found) if field.id in request.POST.getlist("own")]
    form = many_form(
        found, own, [_whom(row) for row in rows], today=who.on, data=None if stage == FORM else request.POST, behalf=_behalf(who, rows)
    )  # fmt: skip
    ready, refused = False, 0
    if stage != FORM and form.is_valid():
        wanted = _wanted(request, found, rows, form)
        if stage == RECORD:
            return _begin(request, pack, found, wanted, form)
        results = foreseen(wanted=wanted, by=Actor(who.account.name, who.account.pk), at=clock.now())
        refused, ready = form.take_refusals({each.case: each.refusal for each in results}), True
    context = {
        "pack": pack, "step": found, "form": form, "own": own, "ready": ready, "refused": refused, "able": len(rows) - refused,
        "token": words(request.POST, "token", 40) or new_token(), "heads": _heads(request, rows, stage), "count": len(rows),
        "errors": sum(not row.is_valid() for row in form.rows) if stage != FORM else 0,
    }  # fmt: skip
    return render(request, "desk/together/form.html", context, status=422 if stage != FORM and not ready else 200)


def _whom(row: OpenStep) -> Whom:
    person = row.case.person
    return Whom(row.case_id, person.name if person else row.case.subject_organ.name, row.case.subject_organ.name)


def _behalf(who: Reader, rows: list[OpenStep]) -> bool:
    """Whether any of these is entered for somebody else."""
    return any(row.held_by in ON_BEHALF and row.held_by not in who.roles() for row in rows)


def _heads(request: HttpRequest, rows: list[OpenStep], stage: str) -> dict[int, int]:
    """What the form has seen of each log, when it was first shown."""
    now = queries.heads([row.case_id for row in rows])
    return now if stage == FORM else {pk: whole(request.POST, f"seen-{pk}") or head for pk, head in now.items()}


def _wanted(request: HttpRequest, step: Step, rows: list[OpenStep], form: ManyForm) -> list[Wanted]:
    shared: dict[str, Any] = form.shared.values()  # type: ignore[attr-defined]
    return [
        Wanted(
            case=row.case, step=step.id, key=row.key, on=form.shared.cleaned_data[ON], values=shared | own.values(),
            behalf=form.shared.cleaned_data.get(BEHALF, ""), paper=form.shared.cleaned_data.get(PAPER, ""),
            seen=whole(request.POST, f"seen-{row.case_id}"),
        )
        for row, own in zip(rows, form.rows, strict=True)
    ]  # fmt: skip


def _begin(request: HttpRequest, pack: Pack, step: Step, wanted: list[Wanted], form: ManyForm) -> HttpResponse:
    who = reader_of(request)
    shared: dict[str, Any] = form.shared.values()  # type: ignore[attr-defined]
    own = [
        bulk.Own(each.case.pk, row.values(), each.key, each.seen) for each, row in zip(wanted, form.rows, strict=True)
    ]
    job = bulk.begin(
        account=who.account, organ=who.grants[0].organ, procedure=pack.ref.procedure, step=step, on=form.shared.cleaned_data[ON],
        values=shared, own=own, token=words(request.POST, "token", 40) or new_token(), at=clock.now(),
        behalf=form.shared.cleaned_data.get(BEHALF, ""), paper=form.shared.cleaned_data.get(PAPER, ""),
    )  # fmt: skip
    jobs.set_off(job)
    return redirect("together-job", job.pk)


def _find(request: HttpRequest, pk: int) -> Bulk:
    return get_object_or_404(queries.jobs(reader_of(request)), pk=pk)


@require_safe
@permission("case.record")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of each case, the refused first; while it goes on, how far it is."""
    row, who = _find(request, pk), reader_of(request)
    page, hidden = queries.answers(who, row, request.GET.get("page"))
    running = row.state == Bulk.State.RUNNING
    context = {
        "row": row, "counts": bulk.counts(row), "page": page, "answers": queries.told(page.rows), "hidden": hidden, "running": running,
        "job": _progress(row) if running else None, "mine": row.account_id == who.account.pk,
        "over": bulk.is_over(row),
    }  # fmt: skip
    return render(request, "desk/together/job.html", context)


@require_safe
@permission("case.record")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of that page."""
    row = _find(request, pk)
    if row.state != Bulk.State.RUNNING:
        return go_to(request, reverse("together-job", args=[pk]))
    return render(request, "desk/office/job.html", {"job": _progress(row)})


def _progress(row: Bulk) -> Job:
    counted = bulk.counts(row)
    return Job(
        title=f"正在记录：{row.title}", done=counted["total"] - counted["waiting"], total=counted["total"], unit="件事项",
        url=reverse("together-progress", args=[row.pk]), note="可以离开本页，回来还在",
    )  # fmt: skip


@require_POST
@permission("case.record")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what was refused, or go on with what stands still."""
    row, who = _find(request, pk), reader_of(request)
    if row.account_id != who.account.pk:
        raise Http404
    if row.state != Bulk.State.RUNNING and not bulk.retry(bulk=row):
        messages.info(request, "没有需要再试的：全部已经记录。")
        return redirect("together-job", pk)
    jobs.set_off(row)
    return redirect("together-job", pk)
