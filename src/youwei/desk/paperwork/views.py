"""Forms to print and fill in by hand, scans that come back, and signatures given on paper."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from youwei.cases import queries as cases
from youwei.cases.commands import Rejected, StaleForm
from youwei.cases.models import Case
from youwei.cases.texts import judged
from youwei.desk.address import reader_of, whole, words
from youwei.desk.cases import acting, papering, sealing
from youwei.desk.cases.forms import ON
from youwei.desk.cases.views import actor, find
from youwei.desk.paperwork import queries
from youwei.desk.paperwork.forms import PAPER, SIGNER, ScanForm, on_paper_form, pages
from youwei.documents import commands as documents
from youwei.documents.blank import Blank, blank
from youwei.documents.blank_word import word
from youwei.documents.issuing import Refused
from youwei.documents.signing import give_on_paper
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import permission

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@permission("case.view")
def sheet(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The form of a step to be printed and filled in by hand."""
    row = find(request, pk)
    form, key = _blank(request, row, step)
    return render(request, "desk/paperwork/sheet.html", {"case": row, "form": form, "step": step, "key": key})


@require_safe
@permission("case.view")
def sheet_word(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The same form as a Word file."""
    row = find(request, pk)
    form, _ = _blank(request, row, step)
    return acting.download(word(form), f"{form.title}（{form.code}）.docx", documents.MEDIA["docx"])


def _blank(request: HttpRequest, row: Case, step: str) -> tuple[Blank, str]:
    """The form asked for; printing it leaves a trace, since it says who the person is."""
    who, key = reader_of(request), words(request.GET, "key", 64)
    view = cases.view(row, who.on)
    item = queries.item_shown(who, view, step, key)
    if item is None:
        raise Http404
    form = blank(view, item)
    detail = f"空白表“{form.title}”{form.code}"[:200]
    trace(
        account=who.account,
        by=who.account.name,
        act="print",
        kind=row.trace_kind,
        ref=row.pk,
        at=clock.now(),
        detail=detail,
    )
    return form, key


@require_safe_or_post
@permission("case.record")
def scans(request: HttpRequest, pk: int, target: int) -> HttpResponse:
    """Keep pages, photographed or scanned, with a record made earlier."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    view = cases.view(row, who.on)
    record = next((each for records in view.standing.values() for each in records.values() if each.seq == target), None)
    if record is None or not papering.may_add_scans(who, view, record):
        messages.warning(request, "没有附上：这条记录已经撤回或退回，或者不由您办理。现在的情况见下。")
        return redirect("case", pk)
    form = ScanForm(*_sent(request))
    if form.is_valid():
        try:
            kept = documents.add_scans(
                case=row, entry_seq=target, files=pages(form), by=actor(request, view), at=clock.now()
            )
        except Refused as refused:
            form.add_error("scans", f"{refused}。")
        else:
            messages.success(request, f"已附上{len(kept)}个文件：{view.pack.steps[record.step].title}")
            return redirect(f"{reverse('case', args=[pk])}#e{target}")
    context = {
        "case": row,
        "form": form,
        "record": record,
        "step": view.pack.steps[record.step],
        "back": reverse("case", args=[pk]),
    }
    return render(request, "desk/paperwork/scans.html", context, status=422 if form.errors else 200)


@require_safe_or_post
@permission("case.record")
def on_paper(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Enter a signature or an approval that somebody has given on paper, with its scan."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    view, key, role = cases.view(row, who.on), words(asked, "key", 64), words(asked, "role", 64)
    item = view.plan.item(step, key)
    place = next((each for each in papering.on_paper(who, view, item) if each.role == role), None)
    if item is None or place is None:
        messages.warning(request, "没有补录：这里不等这个角色签署，规程不许补录，或者应由您自己签署。现在的情况见下。")
        return redirect("case", pk)
    part = role if item.signers else ""
    data, files = _sent(request)
    form = on_paper_form(view, item, place, part, today=who.on, data=data, files=files)
    if form.is_valid():
        said = form.cleaned_data
        try:
            give_on_paper(
                given=form.given(actor(request, view, place), whole(request.POST, "seen") or 0), signer=said[SIGNER], paper=said[PAPER],
                scans=pages(form), account=who.account, on=said[ON], at=clock.now(), today=who.on, token=words(request.POST, "token", 64) or None,
            )  # fmt: skip
        except Rejected as rejected:
            form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
        except StaleForm as stale:
            form.add_error(None, f"{stale}；请刷新页面。")
        except Refused as refused:
            form.add_error("scans", f"{refused}。")
        else:
            messages.success(request, f"已录入{said[SIGNER]}的纸面签署：{item.title}")
            return redirect("case", pk)
    context: dict[str, Any] = {
        "case": row, "form": form, "item": item, "place": place, "texts": judged(view, item, sealing.open_to(who, view)), "seen": view.head,
        "token": acting.new_token(),
        "back": reverse("case", args=[pk]),
    }  # fmt: skip
    return render(request, "desk/paperwork/on_paper.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
