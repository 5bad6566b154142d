"""The ledger: every decision, narrowed by the address; its Excel; one decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from youwei.decisions.models import Decision
from youwei.decisions.probation import awaits_restoration, extended
from youwei.decisions.queries import told_to
from youwei.desk.address import no_identity_in_address, reader_of
from youwei.desk.excel import download, workbook
from youwei.desk.ledger import queries
from youwei.desk.ledger.asked import FORMS, STATES, asked, kinds, regions
from youwei.desk.ledger.doubts import doubts
from youwei.desk.series import queries as series
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import ACTS, Reader, may, permission, visible
from youwei.organs.queries import names_on
from youwei.ui.paging import page_of
from youwei.ui.parts import Refusal
from youwei.ui.words import cn_date


def _trace(who: Reader, act: str, ref: int | None, detail: str) -> None:
    trace(
        account=who.account, by=who.account.name, act=act, kind="decision", ref=ref, at=clock.now(), detail=detail[:200]
    )


@require_safe
@permission("decision.view")
@no_identity_in_address
def ledger(request: HttpRequest) -> HttpResponse:
    """The list; the address is the filter."""
    who = reader_of(request)
    wanted = asked(request.GET, who.on)
    found = queries.regions(who)
    page = page_of(queries.decisions(who, wanted).values_list("pk", flat=True), request.GET.get("page"))
    lines = queries.lines(page.rows)
    unsettled = doubts([line.key for line in lines], who) if wanted.state == "unsettled" else None
    states = [(key, title, key == wanted.state) for key, title in STATES]
    query = request.GET.copy()
    for name in ("page", "state"):
        query.pop(name, None)
    context = {
        "asked": wanted,
        "sentence": wanted.sentence({each.pk: each.name for each in found}),
        "kinds": kinds(),
        "forms": list(enumerate(FORMS, 1)),
        "regions": regions(who.paths(ACTS["decision.view"]), list(found)),
        "states": states,
        "kept": query.urlencode(),
        "page": page,
        "rows": queries.rows(lines, who.on, queries.openable(lines, who), unsettled),
        "export": request.GET.urlencode(),
        "may_import": bool(may(who, "import.run")),
    }
    return render(request, "desk/ledger/list.html", context)


@require_safe
@permission("decision.view")
@no_identity_in_address
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the filtered decisions as Excel; who took it along and how many lines is kept."""
    who = reader_of(request)
    wanted = asked(request.GET, who.on)
    found = queries.decisions(who, wanted)
    count = found.count()
    if count > queries.MOST_EXPORTED:
        reason = f"筛选出{count:,}条，一次最多导出{queries.MOST_EXPORTED:,}条"
        refusal = Refusal(
            "一次导不出这么多",
            [reason],
            remedies=["请按年份或机关缩小范围，分几次导出"],
            back_url="../",
            back_label="回台账",
        )
        return render(request, "desk/ledger/refused.html", {"refusal": refusal}, status=422)
    sentence = wanted.sentence({each.pk: each.name for each in queries.regions(who)})
    note = f"{sentence}；共{count}条；{cn_date(who.on)} {who.account.name}导出；工作秘密"
    _trace(who, "decision.export", None, f"导出台账{count}条：{sentence}")
    lines = (each.cells() for each in queries.rows(queries.whole(found), who.on))
    return download(workbook("处分台账", note, queries.HEADS, lines), f"处分台账-{who.on.isoformat()}.xlsx")


@require_safe
@permission("decision.view")
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: who, what, when, its periods with their reasons, its cases."""
    who = reader_of(request)
    rows = told_to(who, visible(who, "decision.view", Decision.objects.exclude(state=Decision.State.UNDONE)), who.on)
    asked = ("person__organ", "unit", "deciding_organ", "counted_at", "replaces__deciding_organ", "replaces__person")
    found = rows.select_related(*asked).filter(pk=pk).first()
    if found is None:
        anew = get_object_or_404(rows, pk=get_object_or_404(Decision, pk=pk, replaced_by__isnull=False).replaced_by.pk)
        messages.info(request, "原来的登记有误，已改登记；这是改登记以后的这份决定")
        return redirect("decision", anew.pk)
    spans = queries.spans(found)
    called = names_on([key for key in (found.unit_id, found.deciding_organ_id) if key], found.made_on)
    _trace(who, "decision.view", found.pk, "查看决定")
    context = {
        "decision": found,
        "person": None if found.secret else found.person,
        "may_open_person": bool(not found.secret and found.person and may(who, "person.view", found.person)),
        "unit": called.get(found.unit_id or 0, ""),
        "organ": called[found.deciding_organ_id],
        "title": "、".join(span.measure.label for span in spans),
        "spans": spans,
        "facts": "" if found.secret else found.facts(),
        "form": queries.form_words(found.form),
        "precheck_why": "" if found.secret else found.precheck_why(),
        "precheck_case": queries.precheck_case(who, found),
        "cases": queries.cases(who, found),
        "citing": [] if found.secret else queries.citing(who, found),
        "altered": queries.altered(found),
        "replaced": queries.replaced(who, found),
        "series": series.named_in(who, found),
        "may_make_series": bool(not found.secret and may(who, "decision.record")),
        "outdated": queries.outdated(who, found),
        "alterable": bool(may(who, "decision.correct", found)),
        "may_start": bool(not found.secret and found.person and may(who, "case.open", found)),
        "restorable": any(awaits_restoration(span.measure) for span in spans),
        "restored": any(
            span.measure.restored_on or span.measure.last_day_by_hand or extended(span.measure) for span in spans
        ),
    }
    return render(request, "desk/ledger/decision.html", context)
