"""Pages of figures: the table with its charts, the list behind a number, and both as Excel."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from youwei.organs import clock, policy
from youwei.organs.commands import trace
from youwei.organs.policy import Reader, permission
from youwei.statistics import charts, exports, lists, procedures
from youwei.statistics.asks import Ask
from youwei.statistics.boards import BOARDS
from youwei.statistics.forms import Wish, periods, wish
from youwei.statistics.overview import overview
from youwei.statistics.queries import all_figures, choices, find, forms_before, left_out, opens, rows
from youwei.statistics.shapes import Count
from youwei.statistics.sheets import inside, sheet
from youwei.statistics.telling import as_of_words, notes, period_words, place_words, scope_words, sections, span_words
from youwei.ui.paging import page_of
from youwei.ui.parts import Refusal

SHOWN_BELOW = 50
STUB_CHOICES = (("", "含涉密存根"), ("without", "不含涉密存根"))
CLOSED = "这个数字后面的名单打不开"


@dataclass(frozen=True, slots=True)
class Opened:
    """The list behind one cell: where it stands, what it counts, and its rows or why it does not open."""

    count: Count
    ask: Ask
    place: str
    found: Any
    refusal: Refusal | None
    left_out: int = 0


@require_safe
@permission("figures.view")
def index(request: HttpRequest) -> HttpResponse:
    """The table by organ, with the charts and all figures beside it."""
    who: Reader = request.reader  # type: ignore[attr-defined]
    view = wish(request.GET, who)
    ask = view.ask(who.on)
    made = sheet(ask, view.board, compare=view.compare, opened=view.opened)
    whole = all_figures(ask)
    cell = _opened(view, ask, who) if view.measure else None
    told = sections(whole)
    by_organ, forms = charts.by_organ(made), charts.four_forms(whole, forms_before(ask) if view.compare else None)
    context = {
        **_frame(view, ask, who),
        "sheet": made,
        "open_cells": opens(ask, who),
        "chart": by_organ if charts.chart_title(made) else None,
        "chart_title": charts.chart_title(made),
        "chart_words": charts.in_words(by_organ),
        "forms": forms,
        "forms_words": charts.in_words(forms),
        "sections": told,
        "told": sum(len(figures) for _, figures in told),
        "notes": notes(made.heads),
        "cell": cell,
        "heads": lists.HEADS[cell.count.source] if cell else (),
        "items": _first_items(cell, who) if cell else (),
    }
    return render(request, "statistics/index.html", context)


@require_safe
@permission("figures.view")
def listing(request: HttpRequest) -> HttpResponse:
    """The whole list behind a number, fifty a page."""
    who: Reader = request.reader  # type: ignore[attr-defined]
    view = wish(request.GET, who)
    ask = view.ask(who.on)
    cell = _opened(view, ask, who)
    context: dict[str, Any] = {**_frame(view, ask, who), "cell": cell}
    if cell.found is not None:
        page = page_of(lists.ordered(cell.found, cell.count.source), request.GET.get("page"))
        _trace(who, "figures.list", ask, f"{cell.place} {cell.count.title} 共{page.total}行")
        context |= {
            "page": page,
            "heads": lists.HEADS[cell.count.source],
            "items": lists.items(page.rows, cell.count, cell.ask, who),
        }
    return render(request, "statistics/list.html", context)


@require_safe
@permission("figures.view")
def export(request: HttpRequest) -> HttpResponse:
    """The table, or with `m` the list behind a number, as Excel."""
    who: Reader = request.reader  # type: ignore[attr-defined]
    view = wish(request.GET, who)
    ask = view.ask(who.on)
    scope = f"{scope_words(view, ask, clock.now())}　{who.account.name}导出　工作秘密 注意保管"
    if not view.measure:
        made = sheet(ask, view.board, compare=view.compare, opened=view.opened)
        title = f"{made.spec.title}统计表"
        body = exports.table_file(made, title, scope, notes(made.heads))
        _trace(who, "figures.export", ask, f"{title} {period_words(view)}")
        return _download(body, f"{ask.organ.name}{title}")
    cell = _opened(view, ask, who)
    if cell.found is None:
        return render(request, "statistics/list.html", {**_frame(view, ask, who), "cell": cell})
    title = f"{cell.count.title}名单"
    shown = lists.items(lists.ordered(cell.found, cell.count.source), cell.count, cell.ask, who)
    more = f"　另有{cell.left_out}行只计数，不列出" if cell.left_out else ""
    body = exports.list_file(lists.HEADS[cell.count.source], shown, title, f"{cell.place}{more}　{scope}")
    _trace(who, "figures.export", ask, f"{cell.place} {title} 共{len(shown)}行 {period_words(view)}")
    return _download(body, f"{ask.organ.name}{title}")


@require_safe
@permission("figures.view")
def works(request: HttpRequest) -> HttpResponse:
    """Every regulation: opened, ended by line, in hand."""
    who: Reader = request.reader  # type: ignore[attr-defined]
    view = wish(request.GET, who)
    ask = view.ask(who.on)
    made = overview(view.organ, view.start, view.end)
    return render(
        request,
        "statistics/works.html",
        {**_frame(view, ask, who), "as_of": as_of_words(view, clock.now()), "made": made},
    )


@require_safe
@permission("figures.view")
def works_export(request: HttpRequest) -> HttpResponse:
    """The same as Excel."""
    who: Reader = request.reader  # type: ignore[attr-defined]
    view = wish(request.GET, who)
    ask = view.ask(who.on)
    made = overview(view.organ, view.start, view.end)
    title = "各项工作办理情况"
    scope = f"{as_of_words(view, clock.now())}　{who.account.name}导出　工作秘密 注意保管"
    body = exports.works_file(made, title, f"{ask.organ.name}　{scope}")
    _trace(who, "figures.export", ask, f"{title} {period_words(view)}")
    return _download(body, f"{ask.organ.name}{title}")


@require_safe
@permission("figures.view")
def procedure(request: HttpRequest, family: str) -> HttpResponse:
    """How the cases of one regulation ended, by the lines and columns its packs declare, and the cases behind it."""
    who: Reader = request.reader  # type: ignore[attr-defined]
    pack, view = procedures.regulation(family), wish(request.GET, who)
    if pack is None or not procedures.counted_at(pack, view.organ):
        raise Http404
    made = procedures.table(family, view.organ, view.start, view.end)
    shown = procedures.listed(who, family, view.organ, view.start, view.end, view.measure)
    page = page_of(shown, request.GET.get("page"))
    whole = sum(each.cases for each in (*made.counted, *made.aside) if view.measure in ("", each.title))
    if not procedures.opens(pack, whole - page.total):
        page = page_of(shown.none(), None)
    context = {
        "pack": pack, "view": view, "table": made, "page": page, "organs": choices(who), "picks": _picks(view, who), "hidden": whole - page.total,
        "lines": [(line, line.cells(made.columns), view.address(measure=line.title)) for line in made.counted],
        "sum": made.total.cells(made.columns), "all": view.address(),
        "aside": [(line, line.cells(made.columns), view.address(measure=line.title)) for line in made.aside],
        "acts": procedures.acts(family, view.organ, view.start, view.end, who.on),
    }  # fmt: skip
    return render(request, "statistics/procedure.html", context)


def _opened(view: Wish, ask: Ask, who: Reader) -> Opened:
    """The list an address names. What is not a list does not exist."""
    inner = inside(ask, view.inside) if view.inside else ask
    if inner is None:
        raise Http404
    inner = inner.at(view.row) if view.row else inner
    count = find(view.measure, inner)
    found = rows(view.measure, inner, who)
    if count is None or found is None:
        raise Http404
    place = place_words(view, ask)
    if isinstance(found, policy.Refusal):
        back = f"{reverse('figures')}?{view.address()}"
        refusal = Refusal(CLOSED, [found.reason], [found.basis], [found.remedy], back, "回统计表")
        return Opened(count, inner, place, None, refusal)
    return Opened(count, inner, place, found, None, left_out(view.measure, inner, found))


def _first_items(cell: Opened, who: Reader) -> list[lists.Item]:
    if cell.found is None:
        return []
    first = lists.ordered(cell.found, cell.count.source)[:SHOWN_BELOW]
    return lists.items(first, cell.count, cell.ask, who)


def _frame(view: Wish, ask: Ask, who: Reader) -> dict[str, Any]:
    """What every page of figures shows: filters, scope, addresses."""
    return {
        "view": view,
        "ask": ask,
        "scope": scope_words(view, ask, clock.now()),
        "span": span_words(view, clock.now()),
        "address": view.address(),
        "cell_address": view.address(measure=view.measure, row=view.row, inside=view.inside),
        "back": f"{reverse('figures')}?{view.address()}",
        "organs": choices(who),
        "boards": [(key, spec.title, view.address(board=key)) for key, spec in BOARDS.items()],
        "picks": _picks(view, who),
        "stub_choices": STUB_CHOICES,
    }


def _picks(view: Wish, who: Reader) -> list[tuple[str, str, bool]]:
    """The periods offered with one click: title, address, and whether it is the one shown."""
    return [
        (title, view.address(start=start, end=end), (start, end) == (view.start, view.end))
        for title, start, end in periods(who.on)
    ]


def _trace(who: Reader, act: str, ask: Ask, detail: str) -> None:
    trace(
        account=who.account,
        by=who.account.name,
        act=act,
        kind="organ",
        ref=ask.organ.pk,
        at=clock.now(),
        detail=detail[:200],
    )


def _download(body: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=exports.TYPE)
    answer["Content-Disposition"] = f"attachment; filename=\"figures.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    return answer
