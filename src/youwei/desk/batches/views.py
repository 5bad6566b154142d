"""Batches: which there are, how far one is, fixing its people, recording for all of them, leaving."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import batches, candidates, commands
from youwei.cases import progress as progressing
from youwei.cases import queries as cases
from youwei.cases.commands import Rejected
from youwei.cases.models import Case, Gathering, Member
from youwei.cases.queries import View
from youwei.desk.address import one_of, reader_of, whole, words
from youwei.desk.batches import jobs, listing, queries
from youwei.desk.batches.forms import LeaveForm, NewBatchForm, freeze_form
from youwei.desk.batches.listing import Drawn, Hand
from youwei.desk.batches.queries import Asked
from youwei.desk.cases import acting
from youwei.desk.cases.forms import BEHALF, ON, PAPER
from youwei.desk.cases.mapping import procedure_map
from youwei.desk.excel import download, workbook
from youwei.desk.together import jobs as together
from youwei.desk.together.forms import ManyForm, Whom, filled_down, many_form
from youwei.documents import landing
from youwei.documents.issuing import Refused
from youwei.engine.types import Act, Item
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import permission, visible
from youwei.rulebook.packs import Kind, Step
from youwei.ui.drawings.procedure_map import draw
from youwei.ui.htmx import go_to, render_piece
from youwei.ui.paging import page_of
from youwei.ui.parts import Job
from youwei.ui.words import cn_date

CHECK, RECORD = "check", "record"
LIST, UNSURE = "list", "unsure"
MOST_REMOVED = 50
AT_ONCE = 100
"""So many rows of a record for many on one page; the others are left out with one reason, or recorded another time."""
GET_OR_POST = ["GET", "HEAD", "POST"]


def find(request: HttpRequest, pk: int, act: str = "case.read") -> Case:
    """The door of a batch; whoever does not read the whole of it finds nothing."""
    return get_object_or_404(visible(reader_of(request), act, queries.batches(reader_of(request))), pk=pk)


def _actor(request: HttpRequest) -> Actor:
    return Actor(reader_of(request).account.name, reader_of(request).account.pk)


@require_safe
@permission("case.read")
def all_batches(request: HttpRequest) -> HttpResponse:
    """The batches a reader sees, and what may be opened."""
    who = reader_of(request)
    page = page_of(queries.counted(who), request.GET.get("page"))
    return render(request, "desk/batches/list.html", {"page": page, "openable": queries.openable(who)})


@require_http_methods(GET_OR_POST)
@permission("case.open")
def new(request: HttpRequest, procedure: str) -> HttpResponse:
    """Open a class or a campaign."""
    who = reader_of(request)
    found = next(((pack, at) for pack, at in queries.openable(who) if pack.ref.procedure == procedure), None)
    if found is None:
        raise Http404
    pack, stand = found
    form = NewBatchForm(request.POST if request.method == "POST" else None, today=who.on)
    if form.is_valid():
        try:
            batch = batches.open_batch(
                pack=pack, name=form.cleaned_data["name"], organ=stand.organ, role=stand.role, by=_actor(request), on=form.cleaned_data[ON],
                at=clock.now(), today=who.on, token=words(request.POST, "token", 64) or None,
            )  # fmt: skip
        except Rejected as rejected:
            form.add_error(None, str(rejected))
        else:
            messages.success(request, f"已立项：{batch.title}")
            return redirect("batch", batch.pk)
    context = {"pack": pack, "form": form, "organ": stand.organ, "token": acting.new_token()}
    return render(request, "desk/batches/new.html", context, status=422 if form.errors else 200)


@require_safe
@permission("case.read")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a batch is: its procedure, its people by unit and by name, what was recorded for all."""
    row = find(request, pk)
    page = queries.page(reader_of(request), row, asked(request), request.GET.get("page"))
    drawing = procedure_map(page["view"], None)
    job = _joining(row) if page["joining"] else None
    return render(request, "desk/batches/batch.html", {**page, "drawing": draw(drawing), "map": drawing, "job": job})


def asked(request: HttpRequest) -> Asked:
    """Which members an address asks for."""
    return Asked(
        one_of(request.GET, "where", progressing.TITLES),
        whole(request.GET, "organ"),
        one_of(request.GET, "by", ("office", "unit")),
    )


@require_safe
@permission("case.read")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The members asked for as Excel, as far as the reader sees them; who took it along and how many lines is kept."""
    who, row = reader_of(request), find(request, pk)
    lines = queries.exported(who, row, asked(request))
    note = f"{row.title}；共{len(lines)}人；{cn_date(who.on)} {who.account.name}导出；工作秘密"
    detail = f"导出批次名单{len(lines)}人：{row.title}"
    trace(
        account=who.account,
        by=who.account.name,
        act="case.export",
        kind="case",
        ref=row.pk,
        at=clock.now(),
        detail=detail[:200],
    )
    return download(workbook("进度", note, queries.EXPORTED, lines), f"{row.title}-进度-{who.on.isoformat()}.xlsx")


def _joining(row: Case) -> Job:
    total, left = row.members.count(), batches.joining(row)
    return Job(
        title="名单已经确定，正在逐人纳入", done=total - left, total=total, unit="人", url=reverse("batch-progress", args=[row.pk]),
        note="可以离开本页，回来还在",
    )  # fmt: skip


@require_safe
@permission("case.read")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of that page."""
    row = find(request, pk)
    if not batches.joining(row):
        return go_to(request, reverse("batch", args=[pk]))
    return render(request, "desk/office/job.html", {"job": _joining(row)})


@require_POST
@permission("case.record")
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with those who have not joined yet."""
    jobs.set_off(find(request, pk, "case.record"))
    return redirect("batch", pk)


def open_step(request: HttpRequest, row: Case, step: str) -> tuple[View, Step, Item] | None:
    """An open step of a batch that the reader may record now."""
    who, view = reader_of(request), cases.view(row, reader_of(request).on)
    asked = request.POST if request.method == "POST" else request.GET
    found, item = view.pack.steps.get(step), acting.item_of(view, step, words(asked, "key", 64))
    if found is None or item is None or Act.RECORD not in item.may:
        return None
    return (view, found, item) if acting.may_record(who, row, view.pack, item) else None


def not_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the batch, said why."""
    messages.warning(request, "没有办：这一环节现在不能办理，或者它不由您办理。现在的情况见下。")
    return redirect("batch", pk)


@require_http_methods(GET_OR_POST)
@permission("case.record")
def freeze(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Whom the scope proposes, with additions and removals by hand; then the list is fixed."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    here = open_step(request, row, step)
    if here is None or here[1].kind is not Kind.FREEZE:
        return not_now(request, pk)
    view, found, item = here
    hand = Hand.read(cases.draft(who.account, row, found.id, item.key))
    sent = request.POST if request.method == "POST" else None
    key = words(sent, "put", 24) if sent is not None else ""
    if sent is not None and not sent.get("mark"):
        _change(request, view, hand, item)
        sent = None
    gathering = jobs.gathered(row, who.account, again=bool(request.POST.get("again")))
    candidates.keep(row, who, hand.added, who.on)
    listed = listing.drawn(who, row, hand)
    if key and key not in listed.keys:
        messages.warning(request, "没有加入：这个人现在不能加入名单，或者不在您的工作范围内。")
    form = freeze_form(found, today=who.on, data=sent, behalf=acting.needs_behalf(who, row, view.pack, item))
    if sent is not None and (sent.get("mark") != listed.mark or candidates.gone(row, listed.keys)):
        form.add_error(None, "名单刚才有变化：有人的情况变了。请再看一遍名单，然后确定。")
        gathering = jobs.gathered(row, who.account, again=True)
        listed = listing.drawn(who, row, hand)
    elif sent is not None and form.is_valid() and _frozen(request, view, found, item, listed, form):
        return redirect("batch", pk)
    context = _list_page(request, row, view, listed) | {
        "step": found, "item": item, "form": form, "seen": view.head, "token": acting.new_token(), "gathering": gathering,
        "job": _gathering(row, gathering),
    }  # fmt: skip
    return render_piece(
        request, "desk/batches/freeze.html", "desk/batches/drawn.html", context, status=422 if form.errors else 200
    )


def _change(request: HttpRequest, view: View, hand: Hand, item: Item) -> None:
    """Keep what was chosen, added or taken off."""
    who, sent = reader_of(request), request.POST
    if sent.get("criteria"):
        for unread in hand.take_criteria(view.pack, sent, who.on):
            messages.warning(request, f"{unread}。")
    if key := words(sent, "put", 24):
        hand.put(key)
    elif key := words(sent, "take", 24):
        hand.take(key)
    text = hand.text()
    commands.save_draft(account=who.account, case=view.case, step=item.step, key=item.key, text=text, at=clock.now())


def _list_page(request: HttpRequest, row: Case, view: View, listed: Drawn) -> dict[str, Any]:
    """The list as it stands, a page of it, with the criteria and what they make of everybody."""
    who = reader_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    which = one_of(asked, "show", (LIST, UNSURE), LIST)
    page = page_of(listed.unsure if which == UNSURE else listed.keys, asked.get("page"))
    text = words(asked, "q")
    shown = listing.rows_of(row, page.rows, listed)
    return {
        "case": row, "listed": listed, "asks": listing.asks(view.pack, listed), "offices": listing.offices(listed), "show": which,
        "page": replace(page, rows=shown, unit="人"), "q": text, "hits": listing.hits(who, row, listed, text) if text else [],
        "removed": listing.rows_of(row, listed.removed[:MOST_REMOVED], listed, by_hand=False), "people": len(listed.keys),
        "outside": row.gathering.outside if hasattr(row, "gathering") else 0,
    }  # fmt: skip


def _gathering(row: Case, gathering: Gathering) -> Job | None:
    if gathering.state == Gathering.State.DONE:
        return None
    return Job(
        title="正在测算范围", done=gathering.done, total=gathering.total, unit="份决定和事项", url=reverse("batch-gathering", args=[row.pk]),
        note="可以离开本页，回来还在",
    )  # fmt: skip


@require_safe
@permission("case.record")
def gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of that page."""
    row = find(request, pk, "case.record")
    found = Gathering.objects.filter(batch=row).first()
    job = _gathering(row, found) if found is not None else None
    if job is None:
        return go_to(request, reverse("batch-freeze", args=[pk, batches.freeze_step(batches.pack_of(row))]))
    return render(request, "desk/office/job.html", {"job": job})


def _frozen(request: HttpRequest, view: View, step: Step, item: Item, listed: Drawn, form: Any) -> bool:
    who = reader_of(request)
    values = form.values()
    try:
        landing.freeze(
            batch=view.case, step=step.id, key=item.key, fixed=listing.fixed(view.case, listed), by=_actor(request),
            on=form.cleaned_data[ON], at=clock.now(),
            today=who.on, scope=values.pop("scope", "") or listed.words(view.pack), values=values, behalf=form.cleaned_data.get(BEHALF, ""),
            paper=form.cleaned_data.get(PAPER, ""), seen=whole(request.POST, "seen"),
            token=words(request.POST, "token", 64) or None,
        )  # fmt: skip
    except Rejected as rejected:
        form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
        return False
    except (commands.StaleForm, Refused) as refused:
        form.add_error(None, str(refused))
        return False
    commands.drop_draft(account=who.account, case=view.case, step=step.id, key=item.key)
    jobs.set_off(view.case)
    messages.success(request, f"名单已经确定，共{len(listed.keys)}人。")
    return True


@require_http_methods(GET_OR_POST)
@permission("case.record")
def land(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One record for all who take part: what is shared, a row for each, what would be refused, then the record."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    here = open_step(request, row, step)
    if here is None or here[1].lands is None:
        return not_now(request, pk)
    view, found, item = here
    sent: QueryDict | None = request.POST if request.method == "POST" else None
    members, into = landing.present(row), landing.target(row, found.id)
    seen = set(visible(who, "case.view", Case.objects.filter(memberships__batch=row)).values_list("pk", flat=True))
    able = [each for each in members if each.case_id in seen and each.case is not None]
    unit = whole(request.POST if sent is not None else request.GET, "unit")
    page = page_of(
        [each for each in able if unit in (None, each.organ_id)], (sent or request.GET).get("page"), size=AT_ONCE
    )
    shown: list[Member] = list(page.rows)
    own = [into.form[name] for name in found.lands.each if name in into.form] if found.lands else []
    early = landing.not_yet(shown, into)
    whom = [
        Whom(
            each.place, each.case.person.name if each.case and each.case.person else each.organ.name, each.organ.name,
            early.get(each.place, ""), each.case_id,
        )
        for each in shown
    ]  # fmt: skip
    behalf, filling = acting.needs_behalf(who, row, view.pack, item), bool(sent and sent.get("fill"))
    sent = filled_down(sent, own, whom) if sent is not None and filling else sent
    known = cases.from_row(view, found, item.key)
    form = many_form(found, own, whom, today=who.on, data=sent, behalf=behalf, leave_out=True, known=known)
    hidden, ready, refused, others = len(members) - len(able), False, 0, len(able) - len(shown)
    reason = words(sent, "others", 100) if sent is not None else ""
    if sent is not None and others and not reason and not filling:
        form.shared.add_error(None, f"名单上其余{others}人这次不记，请写明理由，如“没有到会”。")
    if sent is not None and not filling and form.is_valid():
        listed = {each.place for each in able}
        rows = {each.place: reason if each.place in listed else "记录人不能查看" for each in members} | _rows(form)
        if one_of(sent, "stage", (CHECK, RECORD)) == RECORD:
            answer = _landed(request, view, found, item, form, rows)
            if answer is not None:
                return answer
        else:
            given = {"on": form.shared.cleaned_data[ON], "values": form.shared.values(), "rows": rows}  # type: ignore[attr-defined]
            refused = form.take_refusals(
                landing.foreseen(batch=row, step=found.id, by=_actor(request), at=clock.now(), **given)
            )
            ready = True
    context = {
        "case": row, "step": found, "item": item, "form": form, "into": into, "hidden": hidden, "ready": ready, "refused": refused,
        "others": others, "reason": reason, "page": page, "unit": unit, "units": list({each.organ_id: each.organ for each in able}.values()),
        "able": sum(not each.out for each in form.rows) - refused, "token": words(request.POST, "token", 64) or acting.new_token(),
        "seen": whole(request.POST, "seen") or view.head,
        "errors": sum(not each.is_valid() for each in form.rows) if sent is not None and not filling else 0,
    }  # fmt: skip
    status = 422 if sent is not None and not ready and not filling else 200
    return render(request, "desk/batches/land.html", context, status=status)


def _rows(form: ManyForm) -> dict[int, Any]:
    return {each.whom.number: each.out or each.values() for each in form.rows}


def _landed(
    request: HttpRequest, view: View, step: Step, item: Item, form: ManyForm, rows: landing.Rows
) -> HttpResponse | None:
    who, shared = reader_of(request), form.shared
    try:
        job = landing.land(
            batch=view.case, step=step.id, key=item.key, on=shared.cleaned_data[ON], values=shared.values(), rows=rows,  # type: ignore[attr-defined]
            account=who.account, at=clock.now(), today=who.on, token=words(request.POST, "token", 64) or acting.new_token(),
            behalf=shared.cleaned_data.get(BEHALF, ""), paper=shared.cleaned_data.get(PAPER, ""), seen=whole(request.POST, "seen"),
        )  # fmt: skip
    except Rejected as rejected:
        shared.take_faults((fault.field, str(fault)) for fault in rejected.faults)  # type: ignore[attr-defined]
        return None
    except (commands.StaleForm, Refused) as refused:
        shared.add_error(None, str(refused))
        return None
    together.set_off(job)
    return redirect("together-job", job.pk)


@require_http_methods(GET_OR_POST)
@permission("case.steer")
def leave(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """One of the list no longer takes part."""
    row, who = find(request, pk, "case.steer"), reader_of(request)
    member = get_object_or_404(
        visible(who, "case.view", row.members.filter(left_on=None).select_related("case__person", "organ")), place=place
    )
    if not acting.may_steer(who, row):
        return not_now(request, pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, today=who.on)
    if form.is_valid():
        batches.leave(
            member=member, reason=form.cleaned_data["reason"], by=_actor(request), on=form.cleaned_data[ON], at=clock.now()
        )  # fmt: skip
        messages.success(request, "已记下退出。")
        return redirect("batch", pk)
    return render(
        request,
        "desk/batches/leave.html",
        {"case": row, "member": member, "form": form},
        status=422 if form.errors else 200,
    )
