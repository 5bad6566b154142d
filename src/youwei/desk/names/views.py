"""Registering a pasted list, and doing a step for all rows of a list on one page."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from youwei.cases import commands
from youwei.cases import queries as cases
from youwei.cases.logs import packs
from youwei.cases.rows import RowsRejected
from youwei.desk.address import reader_of, whole, words
from youwei.desk.cases import acting
from youwei.desk.cases.forms import BEHALF, ON, PAPER, StepForm
from youwei.desk.cases.views import actor, find
from youwei.desk.names import drafts, queries, reading
from youwei.desk.names.forms import FILE, PASTED, day, files_of, paste_form, rows_form, values
from youwei.documents import commands as documents
from youwei.documents.issuing import Refused
from youwei.engine import suggesting
from youwei.engine.types import Act, Item
from youwei.organs import clock
from youwei.organs.policy import permission
from youwei.rulebook.pack_types import Field, Step

MOST_FAULTS = 40


def _asked(request: HttpRequest, view: cases.View, step: str, *, rows: bool) -> tuple[Step, Item]:
    """The step and an open occurrence of it, where the reader may record it; else 404."""
    found = view.pack.steps.get(step)
    items = queries.open_items(view, found) if found is not None else ()
    item = next((each for each in items if acting.may_record(reader_of(request), view.case, view.pack, each)), None)
    fits = found is not None and (queries.by_rows(found) if rows else queries.list_field(found) is not None)
    if found is None or item is None or not fits or Act.RECORD not in item.may:
        raise Http404
    return found, item


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.record")
def paste(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Register the list: every line is read or named with its fault, and nothing is registered while one is wrong."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    view = cases.view(row, who.on)
    found, item = _asked(request, view, step, rows=False)
    table = queries.list_field(found)
    behalf = acting.needs_behalf(who, row, view.pack, item)
    sent = request.method == "POST"
    form = paste_form(
        found, today=who.on, data=request.POST if sent else None, files=request.FILES if sent else None, behalf=behalf
    )
    if sent and form.is_valid() and table is not None:
        people = _people(request, form)
        rows, otherwise = queries.recognised(who, people, table) if not form.errors else ([], [])
        for fault in otherwise:
            form.add_error(PASTED, fault)
        if not form.errors and _registered(request, view, found, item, form, table, rows):
            alone = sum(queries.PERSON not in each for each in rows)
            told = f"，其中{alone}人没有凭身份证号核对到，要由人认定" if alone else "，都已凭身份证号核对到"
            messages.success(request, f"已登记{len(rows)}人{told}")
            drafts.drop(request, row, found.id, drafts.NAMES, item.key)
            return redirect("case", pk)
    known = None if sent else drafts.with_names(request, row, found.id, form, item.key)
    if sent:
        drafts.keep(request, row, found.id, drafts.NAMES, item.key)
    context = {"case": row, "pack": view.pack, "step": found, "form": form, "token": words(request.POST, "token", 40) or acting.new_token(),
               "seen": whole(request.POST, "seen") or known or view.head, "key": item.key, "part": drafts.NAMES}  # fmt: skip
    return render(request, "desk/names/paste.html", context, status=422 if form.errors else 200)


def _people(request: HttpRequest, form: StepForm) -> tuple[reading.Named, ...]:
    file = form.cleaned_data.get(FILE)
    text = form.cleaned_data.get(PASTED) or ""
    if bool(file) == bool(text.strip()):
        form.add_error(PASTED, "名单：粘贴和上传请只用一种。" if file else "名单：请粘贴，或者上传表格。")
        return ()
    read = reading.read_file(file.read(), file.name) if file else reading.read_text(text)
    for fault in read.faults[:MOST_FAULTS]:
        form.add_error(PASTED, fault)
    if len(read.faults) > MOST_FAULTS:
        form.add_error(PASTED, f"还有{len(read.faults) - MOST_FAULTS}行也要改。")
    return read.people


def _registered(
    request: HttpRequest,
    view: cases.View,
    step: Step,
    item: Item,
    form: StepForm,
    table: Field,
    rows: list[dict[str, Any]],
) -> bool:
    given = {name: value for name, value in form.values().items() if name not in (PASTED, FILE)}
    try:
        documents.record(
            case=view.case, step=step, key=item.key, by=actor(request, view, item.who), account=reader_of(request).account,
            on=form.cleaned_data[ON], at=clock.now(), today=reader_of(request).on, values={**given, table.id: rows},
            behalf=form.cleaned_data.get(BEHALF, ""), paper=form.cleaned_data.get(PAPER, ""),
            seen=whole(request.POST, "seen") or 0, token=words(request.POST, "token", 64) or None,
            files=acting.Files.read(_own(request)).items,
        )  # fmt: skip
    except commands.Rejected as rejected:
        form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
    except commands.StaleForm as stale:
        form.add_error(None, f"{stale}；请回到事项的页面查看。")
    except Refused as refused:
        form.add_error(None, str(refused))
    return not form.errors


def _own(request: HttpRequest) -> "MultiValueDict[str, UploadedFile]":
    """The files sent with the list that belong to the record; the list itself is read and not kept: it may hold identity numbers."""
    files = request.FILES.copy()
    files.pop(FILE, None)
    return files


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.record")
def rows(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One page for every open row of a step, all recorded together or none."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    view = cases.view(row, who.on)
    found, item = _asked(request, view, step, rows=True)
    lines = queries.lines(who, view, found)
    sent = request.POST if request.method == "POST" else None
    presets = {
        line.key: suggesting.preset_with(
            packs(), view.entries, view.plan, found, {name: str(each.answer) for name, each in line.verdicts.items()}
        )
        for line in lines
    }
    form = rows_form(
        found, lines, presets, today=who.on, data=sent, files=request.FILES if sent is not None else None,
        behalf=acting.needs_behalf(who, row, view.pack, item),
    )  # fmt: skip
    kept_at = drafts.with_rows(request, row, found.id, form) if sent is None else None
    if sent is not None and form.is_valid():
        try:
            count = documents.record_rows(
                case=row, step=found, rows=values(form, lines), by=actor(request, view, item.who), on=day(form), at=clock.now(), today=who.on,
                behalf=form.shared.cleaned_data.get(BEHALF, ""), paper=form.shared.cleaned_data.get(PAPER, ""),
                token=words(request.POST, "token", 40) or None,
                files={key: acting.Files.read(each).items for key, each in files_of(form, lines).items()},
            )  # fmt: skip
        except Refused as refused:
            form.shared.add_error(None, str(refused))
        except RowsRejected as rejected:
            numbers = {line.key: number for number, line in enumerate(lines, 1)}
            form.take_refusals({numbers[key]: "；".join(map(str, faults)) for key, faults in rejected.faults.items()})
        else:
            messages.success(request, f"已为{count}人记录：{found.title}")
            drafts.drop(request, row, found.id, drafts.ROWS)
            return redirect("case", pk)
    wrong = sent is not None
    if wrong:
        drafts.keep(request, row, found.id, drafts.ROWS)
    context = {
        "case": row, "pack": view.pack, "step": found, "form": form, "lines": list(zip(lines, form.rows, strict=True)),
        "token": words(request.POST, "token", 40) or acting.new_token(), "wrong": wrong, "kept_at": kept_at,
        "part": drafts.ROWS, "counts": queries.counts(lines),
    }  # fmt: skip
    return render(request, "desk/names/rows.html", context, status=422 if wrong else 200)
