"""One case: where it stands, what to do next, and every act on it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import commands
from youwei.cases import queries as cases
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.desk.address import no_identity_in_address, past_day, reader_of, whole, words
from youwei.desk.cases import acting, chaining, handing, pages, sealing, signing
from youwei.desk.cases.batch_links import after_correction, instead_of_withdrawing
from youwei.desk.cases.forms import BEHALF, ON, PAPER, draft_data, draft_of, step_form
from youwei.desk.cases.past import past_page
from youwei.desk.cases.reading import may_take
from youwei.desk.opening.queries import openable_in
from youwei.documents import commands as documents
from youwei.documents.issuing import Refused
from youwei.documents.models import Attachment, Paper
from youwei.engine.types import Item, Who
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import may, permission, visible
from youwei.rulebook.packs import Step
from youwei.ui.words import cn_date

NOBODY = Who("", "")
require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


def actor(request: HttpRequest, view: cases.View | None = None, place: Who | None = None) -> Actor:
    """Who acts; in a role of a case, in the name of the one replaced where it is held only as a deputy."""
    who = reader_of(request)
    if view is None:
        return acting.signed_as(who, None)
    return acting.actor(who, view.case, view.pack, place or NOBODY)


def find(request: HttpRequest, pk: int, act: str = "case.view") -> Case:
    """The read door and the write door of a case; an outsider gets 404."""
    rows = Case.objects.select_related("person__organ", "subject_organ", "organ", "decision", "offered_to")
    return get_object_or_404(visible(reader_of(request), act, rows), pk=pk)


@require_safe
@permission("case.view")
@no_identity_in_address
def visits(request: HttpRequest) -> HttpResponse:
    """All cases the reader may see, filtered by the address."""
    who = reader_of(request)
    page = pages.case_list(who, request.GET)
    page["starts"] = openable_in(who, page["area"]) if may(who, "case.begin") else []
    return render(request, "desk/cases/list.html", page)


@require_safe
@permission("case.view")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The case with its map, the step in hand and everything recorded, today or as of a day."""
    row, who = find(request, pk), reader_of(request)
    step, key = request.GET.get("step", ""), request.GET.get("key", "")
    on, fault = past_day(request.GET, who.on)
    if on is not None:
        page = past_page(who, row, on, step, key)
    else:
        view = cases.view(row, who.on)
        page = pages.case_page(who, view, step, key, request.GET.get("part", ""))
        if page["item"] is not None and page["may_record"]:
            page["form"] = _fresh_form(request, view, page["step"], page["item"])
        if page["signer"] is not None:
            page["sign_form"] = _sign_form(request, view, page["item"], page["signer"])
    trace(
        account=who.account, by=who.account.name, act="case.view", kind=row.trace_kind, ref=row.pk, at=clock.now(),
        detail=f"截至{cn_date(on)}" if on else "",
    )  # fmt: skip
    return render(request, "desk/cases/case.html", {**page, "fault": fault})


def _fresh_form(request: HttpRequest, view: cases.View, step: Step, item: Item) -> Any:
    """The form of a step: from the draft where there is one."""
    who = reader_of(request)
    step = cases.as_asked(view, step, item.key)
    hidden = sealing.hidden(who, view, step)
    before = {name: value for name, value in cases.sent_back(view, step.id, item.key).items() if name not in hidden}
    preset = cases.suggested(view, step)
    behalf = acting.needs_behalf(who, view.case, view.pack, item)
    known = {**cases.from_row(view, step, item.key), **before}
    form = step_form(step, today=who.on, initial=known, behalf=behalf, preset=preset)
    return _with_draft(form, cases.draft(who.account, view.case, step.id, item.key))


def _sign_form(request: HttpRequest, view: cases.View, item: Item, place: Who) -> Any:
    who = reader_of(request)
    kept = cases.draft(who.account, view.case, item.step, signing.draft_key(place.role, item.key))
    return _with_draft(signing.sign_form(place, today=who.on), kept)


def _with_draft(form: Any, kept: tuple[str, datetime] | None) -> Any:
    if kept is None:
        return form
    data = draft_data(kept[0])
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(data, {}, name)
    form.kept_at, form.seen = kept[1], whole(data, "seen")
    return form


def _step(view: cases.View, name: str) -> Step | None:
    return view.pack.steps.get(name)


@require_safe_or_post
@permission("case.record")
def record(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Record a step; papers it produces are issued, files sent along are attached. Asked for by its address, its form on the page of the case."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    if request.method != "POST":
        return _form_of(row, step)
    view, key = cases.view(row, who.on), words(request.POST, "key", 64)
    found, item = _step(view, step), acting.item_of(view, step, key)
    if found is None or item is None or not acting.may_record(who, row, view.pack, item):
        messages.warning(request, pages.not_yours(found, item))
        return redirect("case", pk)
    asked = cases.as_asked(view, found, item.key)
    form = step_form(
        asked,
        today=who.on,
        data=request.POST,
        files=request.FILES,
        behalf=acting.needs_behalf(who, row, view.pack, item),
        preset=cases.suggested(view, asked),
    )
    changed = False
    if form.is_valid():
        try:
            documents.record(
                case=row, step=found, key=key, by=actor(request, view, item.who), account=who.account, on=form.cleaned_data[ON], at=clock.now(),
                today=who.on, values=form.values(), behalf=form.cleaned_data.get(BEHALF, ""),
                paper=form.cleaned_data.get(PAPER, ""),
                seen=whole(request.POST, "seen") or 0, token=words(request.POST, "token", 64) or None,
                files=acting.Files.read(request.FILES).items,
            )  # fmt: skip
            return _told(request, row, f"已记录：{found.title}")
        except commands.Rejected as rejected:
            form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
            changed = any(
                fault.code == "changed" for fault in rejected.faults
            )  # the text as it is now stands on the page
        except commands.StaleForm as stale:
            _keep(request, row, step, key)
            return render(request, "desk/cases/stale.html", pages.stale_page(row, found, stale, form), status=409)
        except Refused as refused:
            form.add_error(None, str(refused))
    page = pages.case_page(who, view, step, key)
    page |= {"form": form, "seen": view.head if changed else whole(request.POST, "seen") or 0}
    _keep(request, row, step, key)
    return render(request, "desk/cases/case.html", page, status=422)


def _form_of(row: Case, step: str) -> HttpResponse:
    """Where the form of a step stands: whoever signs in again comes back to it."""
    return redirect(f"{reverse('case', args=[row.pk])}?{urlencode({'step': step})}#step")


def _told(request: HttpRequest, row: Case, text: str) -> HttpResponse:
    """After an act: say what was done, and what it brought about."""
    row.refresh_from_db()
    ended = f"。本事项办结：{row.outcome_title}" if row.state == Case.State.ENDED else ""
    messages.success(request, f"{text}{ended}")
    return redirect("case", row.pk)


@require_safe_or_post
@permission("case.record")
def sign(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Sign a recorded text for a role the reader holds, or send it back with a reason."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    if request.method != "POST":
        return _form_of(row, step)
    view, key, part = cases.view(row, who.on), words(request.POST, "key", 64), words(request.POST, "part", 64)
    item = view.plan.item(step, key)
    place = signing.may_sign(who, view, item, part) if part else None
    if item is None or place is None:
        messages.warning(request, "没有签署：这里不等您签署，或者已经签过、退回了。现在的情况见下。")
        return redirect("case", pk)
    form = signing.sign_form(place, today=who.on, data=request.POST)
    if form.is_valid():
        try:
            commands.act(
                case=row, by=actor(request, view, place), at=clock.now(), today=who.on, seen=whole(request.POST, "seen") or 0,
                token=words(request.POST, "token", 64) or None, **form.entry(item),
            )  # fmt: skip
        except commands.Rejected as rejected:
            form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
        else:
            commands.drop_draft(account=who.account, case=row, step=step, key=signing.draft_key(part, key))
            return _told(request, row, f"{form.done}：{item.title}")
    page = pages.case_page(who, view, step, key, part)
    page["sign_form"] = form if page["signer"] is not None else None
    _keep(request, row, step, signing.draft_key(part, key))
    return render(request, "desk/cases/case.html", page, status=422)


@require_POST
@permission("case.record")
def draft(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Keep what has been typed so far."""
    row, part = find(request, pk, "case.record"), request.GET.get("part", "")
    key = request.POST.get("key", "")
    if step in pack_of(row).steps:
        _keep(request, row, step, signing.draft_key(part, key) if part else key)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, row: Case, step: str, key: str) -> None:
    commands.save_draft(
        account=reader_of(request).account,
        case=row,
        step=step,
        key=key.replace("\0", "")[:64],
        text=draft_of(request.POST),
        at=clock.now(),
    )


@require_safe_or_post
@permission("case.record")
def act(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Every act but recording: correct, send back, hold, resume, exempt, not done, prolong, withdraw, sign, note."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    view = cases.view(row, who.on)
    sent = request.POST if request.method == "POST" else None
    makers = handing if kind in handing.MAKERS else acting
    form = makers.act_form(who, view, kind, request.GET if sent is None else sent, sent)
    if form is None:
        messages.warning(request, "没有办：现在没有可以这样办的内容，或者它不由您办理。现在的情况见下。")
        return redirect("case", pk)
    if kind == "withdraw" and (elsewhere := instead_of_withdrawing(row, form.fixed["target"])):
        return redirect(elsewhere)
    if form.is_valid():
        try:
            form.carry_out(
                case=row, by=actor(request, view, form.place), at=clock.now(), today=who.on, seen=form.known(request.POST),
                token=words(request.POST, "token", 64) or None,
            )  # fmt: skip
        except commands.StaleForm as stale:
            _keep(request, row, form.step.id, signing.draft_key(form.draft, form.asked.key))
            return render(request, "desk/cases/stale.html", pages.stale_page(row, form.step, stale, form), status=409)
        except commands.Rejected as rejected:
            form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
        else:
            if form.draft:
                for key in (form.asked.key, form.fixed["key"], signing.draft_key(form.draft, form.asked.key)):
                    commands.drop_draft(account=who.account, case=row, step=form.fixed["step"], key=key)
            messages.success(request, f"已记录：{form.title}")
            if kind == "correct" and (onward := after_correction(row, form.fixed["step"], form.fixed["target"])):
                return redirect(onward)
            still = visible(who, "case.view", Case.objects.filter(pk=pk)).exists()  # what was sent back is seen no more
            return redirect("case", pk) if still else redirect("desk")
    if form.draft and sent is None:
        _with_draft(form, cases.draft(who.account, row, form.step.id, signing.draft_key(form.draft, form.asked.key)))
    elif form.draft:
        _keep(request, row, form.step.id, signing.draft_key(form.draft, form.asked.key))
    seen = (form.seen or view.head) if sent is None else whole(sent, "seen") or 0
    context = {"case": row, "form": form, "token": acting.new_token(), "seen": seen, "back": reverse("case", args=[pk])}
    return render(request, "desk/cases/act.html", context, status=422 if form.errors else 200)


@require_safe_or_post
@permission("case.steer")
def answer_next(request: HttpRequest, pk: int, target: int, procedure: str) -> HttpResponse:
    """Open the case that the end of another offers, or say why not."""
    row, who = find(request, pk, "case.steer"), reader_of(request)
    calls = chaining.offers(who).filter(parent=row, target=target)
    link = next((each for each in calls if each.procedure == procedure), None)
    if link is None:
        messages.warning(request, "没有办：这里没有等待确认的接续事项，或者已经有人确认过。")
        return redirect("case", pk)
    form = chaining.next_form(link, who.on, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            commands.answer(
                case=row, target=target, procedure=procedure, start=form.start, by=actor(request), on=form.cleaned_data[ON], at=clock.now(),
                today=who.on, reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except commands.Rejected as rejected:
            form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
        else:
            messages.success(request, f"已启动：{link.title}" if form.start else f"已记下：不启动{link.title}")
            return redirect("case", pk)
    context = {"case": row, "form": form, "token": acting.new_token(), "back": reverse("case", args=[pk])}
    return render(request, "desk/cases/act.html", context, status=422 if form.errors else 200)


@require_safe
@permission("paper.view")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Download a paper as it was issued; leaves a trace."""
    row = get_object_or_404(visible(reader_of(request), "paper.view", Paper.objects.select_related("case")), pk=pk)
    if not may_take(reader_of(request), row):
        raise Http404
    _trace_download(request, "paper", row, row.title)
    return acting.download(row.data(), f"{row.title}.docx", documents.MEDIA["docx"])


@require_safe
@permission("paper.view")
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Download an attached file; leaves a trace."""
    row = get_object_or_404(visible(reader_of(request), "paper.view", Attachment.objects.select_related("case")), pk=pk)
    if not may_take(reader_of(request), row):
        raise Http404
    _trace_download(request, "attachment", row, row.filename)
    return acting.download(row.data(), row.filename, row.media_type)


def _trace_download(request: HttpRequest, kind: str, file: Paper | Attachment, title: str) -> None:
    who, case = reader_of(request), file.case
    kind, ref = (case.trace_kind, case.pk) if case.sealed else (kind, file.pk)
    trace(
        account=who.account, by=who.account.name, act="download", kind=kind, ref=ref, at=clock.now(), detail=title[:200]
    )
