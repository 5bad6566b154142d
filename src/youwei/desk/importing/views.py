"""Taking a ledger in, page by page: choose the file, match the columns, review the rows. Nothing is written before it is confirmed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import taking
from youwei.desk.address import one_of, reader_of, whole
from youwei.desk.excel import download
from youwei.desk.importing import acting, queries
from youwei.desk.importing.forms import UploadForm, chosen, field_choices, mended
from youwei.desk.importing.lines import cells
from youwei.intake import commands as intake
from youwei.intake import queries as staged
from youwei.intake.models import Import, StagedRow
from youwei.intake.queries import DATA, Column, Refused
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import permission, visible
from youwei.people.queries import looks_like_identity
from youwei.ui.fields import MEGABYTE
from youwei.ui.htmx import go_to, render_piece
from youwei.ui.paging import page_of
from youwei.ui.parts import Dialog
from youwei.ui.words import mask_identity

STEPS = ("选文件", "对列", "核对", "写入")
TOO_LARGE = "没有收到文件：上传的内容超过 {most} MB，没有读入。请按年度或地区拆成几个文件，再分别导入。"
CHECKED = Import.State.CHECKED


def find(request: HttpRequest, pk: int) -> Import:
    """The door of an import: whoever may not run it finds nothing."""
    return get_object_or_404(
        visible(reader_of(request), "import.run", Import.objects.defer("kept").select_related("organ")), pk=pk
    )


def leave_trace(request: HttpRequest, act: str, batch: Import, detail: str) -> None:
    who = reader_of(request)
    trace(
        account=who.account,
        by=who.account.name,
        act=act,
        kind="import",
        ref=batch.pk,
        at=clock.now(),
        detail=detail[:200],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("import.run")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, the imports so far."""
    who = reader_of(request)
    homes = queries.homes(who)
    options = [(organ.pk, organ.name) for organ in homes]
    if request.method != "POST":
        return _start(request, UploadForm(organs=options))
    form = UploadForm(request.POST, request.FILES, organs=options)
    if _too_large(request):
        form.add_error("file", TOO_LARGE.format(most=settings.FILE_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE))
    elif form.is_valid():
        given = form.cleaned_data
        organ = next(each for each in homes if str(each.pk) == given["organ"])
        try:
            batch = intake.stage(
                organ=organ, data=given["file"].read(), filename=given["file"].name or "", mode=given["mode"],
                by=Actor(who.account.name, who.account.pk), at=clock.now(), on=who.on, matcher=taking.matcher(organ), sheet=given["sheet"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error("file", f"{refused}。")
        else:
            sure = not batch.missing and not queries.matched(batch).ask
            return redirect("import-review" if sure else "import-columns", batch.pk)
    return _start(request, form, 422)


def _too_large(request: HttpRequest) -> bool:
    """A body beyond what is read into memory arrives without its file: it is never put on a disk."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not request.FILES and length.isdigit() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _start(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    page = page_of(queries.imports(reader_of(request)), request.GET.get("page"), 20)
    context = {"form": form, "page": page, "imports": [queries.listed(each) for each in page.rows], "steps": STEPS}
    return render(request, "desk/importing/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("import.run")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column is read as, and why; change it, and remember it for the organ."""
    batch = find(request, pk)
    if batch.state != CHECKED:
        return redirect("import", pk)
    fault = ""
    if request.method == "POST":
        given = chosen(request.POST, staged.columns_of(batch))
        try:
            _match_again(request, batch, given)
            return go_to(request, reverse("import-review", args=[pk]))
        except Refused as refused:
            fault = str(refused)
        except Import.DoesNotExist:
            raise Http404 from None
    found = queries.matched(batch)
    samples = _samples(batch, found.columns)
    rows = [(column, samples.get(column.index, "")) for column in found.columns]
    context = {
        "batch": batch,
        "matched": found,
        "rows": rows,
        "choices": field_choices(),
        "fault": fault,
        "steps": STEPS,
    }
    return render(request, "desk/importing/columns.html", context, status=422 if fault else 200)


def _match_again(request: HttpRequest, batch: Import, given: dict[str, str]) -> None:
    """Match again only when something was chosen differently; answers and mended cells stay otherwise."""
    before = {str(column.index): column.field for column in staged.columns_of(batch)}
    if given != before:
        again = intake.remap(batch=batch, mapping=given, on=reader_of(request).on, matcher=taking.matcher(batch.organ))
        taken = {str(column.index): column.field for column in staged.columns_of(again)}
        if any(taken[at] != field for at, field in given.items()):
            messages.warning(request, "一个项目只能由一列来填：重复指定的列已改为不导入，请核对“列的对应”。")
        batch = again
    if request.POST.get("remember") == "yes":
        count = intake.remember_columns(organ=batch.organ, columns=staged.columns_of(batch))
        messages.success(request, f"已存为{batch.organ.name}的模板：{count}列，下次同样的表头直接对上。")


def _samples(batch: Import, found_columns: Sequence[Column]) -> dict[int, str]:
    """The first filled cell of each column, to recognise it by; an identity number masked, whatever its column is read as."""
    numbers = {column.index for column in found_columns if column.field == "id_number"}
    found: dict[int, str] = {}
    for each in staged.row_page(batch, size=20).rows:
        for at, text in enumerate(each.row.cells):
            if text:
                told = mask_identity(text) if at in numbers or looks_like_identity(text) else text
                found.setdefault(at, told[:24] + ("……" if len(told) > 24 else ""))
    return found


@require_safe
@permission("import.run")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be created, changed, left and refused, row by row, and why."""
    batch, who = find(request, pk), reader_of(request)
    outcome = one_of(request.GET, "outcome", [key for key, _, _ in queries.TABS])
    code = one_of(request.GET, "code", batch.totals.get("reasons", {})) if outcome == StagedRow.Outcome.REFUSED else ""
    warned = request.GET.get("warned") == "1"
    found = queries.review(who, batch, outcome, code, warned, whole(request.GET, "page") or 1)
    context: dict[str, Any] = {
        "batch": batch, "review": found, "outcome": outcome, "code": code, "warned": warned, "steps": STEPS,
        "plan": queries.plan_of(batch), "matched": queries.matched(batch), "open": batch.state == CHECKED,
        "asking": outcome == StagedRow.Outcome.ASK, "gone": _gone(batch),
    }  # fmt: skip
    leave_trace(request, "import.view", batch, f"核对导入：{batch.filename}")
    return render(request, "desk/importing/review.html", context)


def _gone(batch: Import) -> Dialog:
    """The words before an upload is thrown away."""
    what = [
        "核对的内容、就地改过的格和回答一起删去",
        "处分台账没有任何改动，因为还没有写入",
        "您电脑里的Excel文件不受影响",
    ]
    return Dialog(
        "discard",
        "删去这份上传",
        f"{batch.filename}，{batch.total_rows}行",
        what,
        "删去",
        reverse("import-discard", args=[batch.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("import.run")
def row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Mend the cells of one row; it is checked again at once."""
    batch = find(request, pk)
    if batch.state != CHECKED:
        return go_to(request, reverse("import", args=[pk]))
    found = get_object_or_404(staged.staged_rows(batch), number=number)
    each = staged.opened(found)
    fault, outcome = "", one_of(request.POST or request.GET, "outcome", [key for key, _, _ in queries.TABS])
    back = f"{reverse('import-review', args=[pk])}?outcome={outcome}"
    if each.row.kind != DATA:
        return go_to(request, back)
    if request.method == "POST":
        try:
            again = acting.mend(
                pk=pk, number=number, cells=mended(request.POST, len(each.row.cells)), today=reader_of(request).on
            )
        except Refused as refused:
            fault = str(refused)
        else:
            if again.outcome != StagedRow.Outcome.REFUSED:
                messages.success(request, f"第{number}行已改，现在是“{again.get_outcome_display()}”。")
                return go_to(request, back)
            each = staged.opened(again)
    blamed, others = cells(each, staged.columns_of(batch))
    leave_trace(request, "import.view", batch, f"打开第{number}行：{batch.filename}")
    context = {"batch": batch, "number": number, "name": each.row.name, "blamed": blamed, "others": others, "fault": fault,
               "faults": each.row.faults, "outcome": outcome, "back": back, "steps": STEPS}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render_piece(request, "desk/importing/row.html", "desk/importing/row_piece.html", context, status=status)


@require_POST
@permission("import.run")
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers of a page to “is this the same person”."""
    batch = find(request, pk)
    given: dict[int, str] = {}
    for name, value in request.POST.items():
        at = name.removeprefix("answer-")
        if at != name and at.isascii() and at.isdigit() and len(at) < 8:
            given[int(at)] = str(value)[:32]
    try:
        count = acting.answer(pk=pk, given=given)
        messages.success(request, f"已记下{count}个回答。" if count else "回答没有变化。")
    except Refused as refused:
        messages.error(request, f"{refused}。")
    page = whole(request.POST, "page") or 1
    return redirect(f"{reverse('import-review', args=[batch.pk])}?outcome=ask&page={page}")


@require_safe
@permission("import.run")
def organs(request: HttpRequest, pk: int) -> HttpResponse:
    """Which organs writing would enter into the roll."""
    batch = find(request, pk)
    names = queries.organs_to_come(batch, clock.now()) if batch.state == CHECKED else []
    context = {"batch": batch, "names": names, "steps": STEPS}
    return render_piece(request, "desk/importing/organs.html", "desk/importing/organs_piece.html", context)


@require_safe
@permission("import.run")
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as Excel, with the reasons; who took it along is kept."""
    batch = find(request, pk)
    leave_trace(request, "download", batch, f"下载拒绝的{batch.totals.get('refused', 0)}行：{batch.filename}")
    stem = batch.filename.rpartition(".")[0] or batch.filename
    return download(staged.refused_workbook(batch), f"{stem}-拒绝的行.xlsx")
