"""Pages about people: the list, the search, the dossier, a corrected name, the shelf."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases.models import Case
from youwei.desk.address import no_identity_in_address, one_of, past_day, reader_of, words
from youwei.desk.paperwork.queries import coded
from youwei.desk.people import queries
from youwei.desk.people.dossier import MOST_RECORDS, dossier
from youwei.desk.people.forms import NameForm, ShelfForm
from youwei.desk.people.records import GROUPS, counted
from youwei.documents.models import Paper
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import Reader, may, permission, visible
from youwei.people import commands
from youwei.people.models import Person
from youwei.people.queries import active, looks_like_identity, tells_identity
from youwei.ui.drawings.procedure_map import draw
from youwei.ui.drawings.timeline import draw_narrow, draw_wide
from youwei.ui.htmx import go_to, is_htmx
from youwei.ui.paging import page_of
from youwei.ui.words import cn_date, mask_identity

LISTS = ("search", "people", "ledger", "visits")
"""The pages that are searched for people."""


def _trace(who: Reader, act: str, person: Person | None, detail: str = "") -> None:
    trace(
        account=who.account,
        by=who.account.name,
        act=act,
        kind="person",
        ref=person.pk if person else None,
        at=clock.now(),
        detail=detail[:200],
    )


def _actor(who: Reader) -> Actor:
    return Actor(who.account.name, who.account.pk)


def _person(who: Reader, act: str, pk: int) -> Person:
    return get_object_or_404(visible(who, act, active()).select_related("organ"), pk=pk)


@require_safe
@permission("person.view")
@no_identity_in_address
def people(request: HttpRequest) -> HttpResponse:
    """The list: those within a period or with an open case first of all; the rest is one click away."""
    who = reader_of(request)
    text = words(request.GET, "q")
    states = dict(queries.STATES)
    state = one_of(request.GET, "state", states, "all" if text else "current")
    sort = one_of(request.GET, "sort", [*queries.SORTS, *(f"-{key}" for key in queries.SORTS)])
    page = page_of(queries.listed(who, text, state, sort), request.GET.get("page"))
    context = {
        "q": text,
        "state": state,
        "states": [(key, title, key == state) for key, title in queries.STATES],
        "page": page,
        "rows": queries.rows_of(page.rows, who),
        "may_import": bool(may(who, "import.run")),
    }
    return render(request, "desk/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("search")
@no_identity_in_address
def search(request: HttpRequest) -> HttpResponse:
    """A page of hits; posted by the search box while somebody types, a few of them, for what is typed may become an identity number."""
    who, small = reader_of(request), request.method == "POST"
    text = words(request.POST, "q") if small else words(request.GET, "q")
    if tells_identity(text):
        return _by_identity(request, who, text)
    hits = queries.search(who, text, queries.MOST_HITS if small else queries.MOST_HITS * 3)
    context = {"q": text, "hits": hits, "shown": text, "coded": coded(who, text)}
    template = "desk/people/hits.html" if small else "desk/people/search.html"
    return render(request, template, context)


@permission("desk.view")
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Where every form goes that may be given an identity number: that is answered here, in no address; the rest goes to its list."""
    who, text = reader_of(request), words(request.POST, "q")
    if tells_identity(text) and may(who, "search"):
        return _by_identity(request, who, text)
    if (step := coded(who, text)) is not None:
        return redirect(step.url)
    left_out = {"csrfmiddlewaretoken", "list", *(["q"] if tells_identity(text) else [])}
    asked = {name: value for name, value in request.POST.items() if value and name not in left_out}
    return redirect(f"{reverse(one_of(request.POST, 'list', LISTS, 'search'))}?{urlencode(asked)}")


def _by_identity(request: HttpRequest, who: Reader, text: str) -> HttpResponse:
    """A search by identity number is traced, and the number is not shown again. A part of one finds nobody."""
    small, context = is_htmx(request), {"q": "", "shown": "", "hits": queries.Hits()}
    if looks_like_identity(text):
        hits, masked = queries.search(who, text), mask_identity(text)
        _trace(
            who, "search.identity", hits.people[0] if hits.people else None, f"按身份证号 {masked} 查找，{len(hits.people)}人"
        )  # fmt: skip
        if len(hits.people) == 1 and not small:
            return redirect("person", hits.people[0].pk)
        context |= {"shown": masked, "hits": hits}
    else:
        context["fault"] = queries.WHOLE_NUMBER
    return render(request, "desk/people/hits.html" if small else "desk/people/search.html", context)


@require_safe
@permission("person.view")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier, today or as of a day."""
    who = reader_of(request)
    found = _person(who, "person.view", pk)
    asked, fault = past_day(request.GET, who.on)
    on = asked or who.on
    file = dossier(who, found, on)
    kind = one_of(request.GET, "kind", dict(GROUPS))
    lines = [line for line in file.lines if not kind or line.group == kind]
    whole = "all" in request.GET
    _trace(who, "person.view", found, f"截至{cn_date(on)}的档案" if file.past else "")
    context = {
        "file": file,
        "person": found,
        "fault": fault,
        "kind": kind,
        "kinds": counted(file.lines),
        "lines": lines if whole else lines[:MOST_RECORDS],
        "more": 0 if whole else max(0, len(lines) - MOST_RECORDS),
        "wide": draw_wide(file.timeline) if file.timeline else None,
        "narrow": draw_narrow(file.timeline) if file.timeline else None,
        "chain": draw(file.chain) if file.chain else None,
        "asked": request.GET.urlencode(),
        "may_see_identity": not file.past and bool(may(who, "person.identity", found)),
        "may_correct": not file.past and bool(may(who, "person.correct", found)),
        "may_ask": not file.past and bool(may(who, "eligibility.ask", found)),
        "may_start": not file.past and bool(may(who, "case.open", found)),
        "shelf_form": ShelfForm(initial={"shelf": found.shelf}),
    }
    return render(request, "desk/people/person.html", context)


@require_POST
@permission("person.identity")
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """The identity number, shown once, on demand, with a trace."""
    who = reader_of(request)
    found = _person(who, "person.identity", pk)
    if found.id_sealed is None:
        raise Http404
    _trace(who, "person.identity", found, "查看身份证号")
    template = "desk/people/identity.html" if is_htmx(request) else "desk/people/identity_page.html"
    response = render(request, template, {"person": found, "number": found.identity()})
    response["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@permission("person.correct")
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a misspelt name: says first where it will change and where it will not."""
    who = reader_of(request)
    found = _person(who, "person.correct", pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"was": found.name})
    if form.is_bound and form.is_valid():
        if form.cleaned_data["was"] not in ("", found.name):
            form.add_error("name", f"姓名：刚刚已被更正为“{found.name}”；请核对后再决定是否还要更正。")
        else:
            moment = clock.now()
            facts = {"name": form.cleaned_data["name"], "reason": form.cleaned_data["reason"]}
            try:
                commands.correct_name(person=found, by=_actor(who), on=who.on, at=moment, **facts)
            except commands.Refused as refusal:
                field = "reason" if str(refusal).startswith("理由") else "name"
                form.add_error(field, str(refusal))
            else:
                messages.success(request, f"姓名已更正为“{found.name}”，各处同时改过；已出具的文书保持原样。")
                return go_to(request, reverse("person", args=[found.pk]))
    status = 422 if form.is_bound else 200
    return render(request, "desk/people/name.html", {"form": form, "person": found, **_places(found)}, status=status)


def _places(person: Person) -> dict[str, Any]:
    """Where the name stands today."""
    return {
        "decisions": person.decisions.exclude(state="undone").count(),
        "cases": Case.objects.filter(person=person).count(),
        "papers": Paper.objects.filter(case__person=person).count(),
    }


@require_POST
@permission("person.correct")
def shelf(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the paper file stands."""
    who = reader_of(request)
    found = _person(who, "person.correct", pk)
    form = ShelfForm(request.POST)
    if not form.is_valid():
        messages.error(request, "纸质档案架号：最多64个字，不能有特殊字符；请改后再存。")
    elif form.cleaned_data["shelf"].strip() != found.shelf:
        commands.set_shelf(person=found, shelf=form.cleaned_data["shelf"], by=_actor(who), on=who.on, at=clock.now())
        messages.success(request, "纸质档案架号已保存。")
    return go_to(request, reverse("person", args=[found.pk]))
