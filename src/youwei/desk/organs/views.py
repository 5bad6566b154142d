"""Organs: the tree, one of them with its history, entering them, and changing them from a day on (I8)."""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from youwei.desk.address import one_of, reader_of, whole, words
from youwei.desk.organs import acting, queries
from youwei.desk.organs.forms import (
    AbolishForm,
    ChangeForm,
    MergeForm,
    NewOrganForm,
    PeopleForm,
    PlaceForm,
    RenameForm,
    RosterForm,
    SplitForm,
    spelled,
)
from youwei.journal.actors import Actor
from youwei.organs import clock, commands
from youwei.organs.changes import Ground, head
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, may, permission, visible
from youwei.organs.queries import stands_at
from youwei.organs.roster import RosterFault, read_roster
from youwei.people.queries import active
from youwei.ui.paging import page_of

FORMS: Mapping[str, type[ChangeForm]] = {
    "rename": RenameForm, "place": PlaceForm, "merge": MergeForm, "split": SplitForm, "abolish": AbolishForm,
}  # fmt: skip
FIELDS = {"更名": "name", "机关名称": "name", "上级机关": "parent", "并入": "into", "生效日期": "on", "依据": "paper"}
LONGEST_TOKEN = 43


@require_safe
@permission("organ.view")
def organs(request: HttpRequest) -> HttpResponse:
    """The organs in the order of the tree, by a piece of a name of now or before, by region, by whether they still are."""
    who, text = reader_of(request), words(request.GET, "q")
    state = one_of(request.GET, "state", dict(queries.STATES), "all" if text else "now")
    regions = queries.regions(who)
    chosen = next((region for region in regions if region.pk == whole(request.GET, "region")), None)
    page = page_of(queries.listed(who, text, chosen, state), request.GET.get("page"))
    context = {
        "page": page, "rows": queries.rows_of(page.rows), "q": text, "regions": regions, "chosen": chosen, "state": state,
        "states": queries.STATES, "may_change": bool(may(who, "organ.change")),
    }  # fmt: skip
    return render(request, "desk/organs/list.html", context)


@require_safe
@permission("organ.view")
def organ(request: HttpRequest, pk: int) -> HttpResponse:
    """One organ: what it is, what it was called, what became of it, what stands below it."""
    who, found = reader_of(request), _organ(reader_of(request), pk)
    beside = queries.seen(who).filter(pk__in=[found.parent_id or 0, found.merged_into_id or 0])
    stands = found.ends_on is None
    context = {
        "organ": found, "former": queries.former(found), "force": queries.force(found), "history": queries.history(found),
        "children": queries.children(found), "linked": set(beside.values_list("pk", flat=True)),
        "may_change": stands and bool(may(who, "organ.change")), "may_move": stands and bool(may(who, "person.correct")),
        "may_start": stands and found.kind != Organ.Kind.REGION and bool(may(who, "case.open")),
    }  # fmt: skip
    return render(request, "desk/organs/organ.html", context)


def _organ(who: Reader, pk: int) -> Organ:
    rows = queries.seen(who).select_related("parent", "managed_by", "merged_into").prefetch_related("former_names")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("organ.change")
def new(request: HttpRequest) -> HttpResponse:
    """Enter an organ by hand."""
    who = reader_of(request)
    above = Organ.objects.filter(pk=whole(request.GET, "parent") or 0, ends_on=None).first()
    form = NewOrganForm(request.POST or None, today=who.on, initial={"parent": spelled(above)})
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.create_organ(**form.cleaned_data, by=_actor(who), on=who.on, at=clock.now())
        except commands.Refused as refused:
            _blame(form, refused)
        else:
            messages.success(request, f"已录入{made.name}")
            return redirect("organ", made.pk)
    return render(request, "desk/organs/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("organ.change")
def change(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """A change of one organ: the form, then what it brings with it, then the act."""
    who, found = reader_of(request), _organ(reader_of(request), pk)
    if act not in FORMS:
        raise Http404
    if found.ends_on is not None:
        return redirect("organ", pk)  # a double click, or somebody was quicker: its page says what became of it
    form = FORMS[act](request.POST or None, organ=found, today=who.on)
    context = {"organ": found, "form": form, "act": act, "title": acting.ACTS[act].title}
    if request.method == "POST" and form.is_valid():
        try:
            return _go_on(request, found, act, form, context)
        except commands.Refused as refused:
            _blame(form, refused)
    return render(request, "desk/organs/change.html", context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, found: Organ, act: str, form: ChangeForm, context: dict[str, Any]) -> HttpResponse:
    """The consequences before they are confirmed, the act after."""
    who, given, doing = reader_of(request), form.cleaned_data, acting.ACTS[act]
    ground = _ground(request, who, given)
    if request.POST.get("confirmed") != "yes":
        acting.try_out(doing, found, given, ground)
        sent = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
        context |= {
            "weight": queries.weight(found, who.on), "given": given, "sent": sent, "seen": head(found),
            "token": secrets.token_urlsafe(24),
        }  # fmt: skip
        return render(request, "desk/organs/preview.html", context)
    outcome = acting.carry_out(doing, found, given, ground)
    told = (
        f"，{outcome.people}人、{outcome.cases}件在办事项随之变更"
        if outcome and (outcome.people or outcome.cases)
        else ""
    )
    messages.success(request, f"{found.name}：{doing.title}已办好{told}")
    return redirect("organ", found.pk)


def _ground(request: HttpRequest, who: Reader, given: Mapping[str, Any]) -> Ground:
    return Ground(
        on=given["on"], paper=given["paper"], by=_actor(who), today=who.on, at=clock.now(), seen=whole(request.POST, "seen"),
        token=words(request.POST, "token", LONGEST_TOKEN),
    )  # fmt: skip


def _actor(who: Reader) -> Actor:
    return Actor(who.account.name, who.account.pk)


def _blame(form: forms.Form, refused: commands.Refused) -> None:
    """Put a refusal at the field it names."""
    field = FIELDS.get(str(refused).partition("：")[0])
    form.add_error(field if field in form.fields else None, f"{refused}。")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("organ.change")
def roster(request: HttpRequest) -> HttpResponse:
    """A list of organs: read, shown with what is new, entered once confirmed."""
    who = reader_of(request)
    ground = Ground(on=who.on, paper="", by=_actor(who), today=who.on, at=clock.now())
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    try:
        if "packed" in request.POST:
            rows = acting.unpack(request.POST["packed"])
            made = commands.load_organs(rows=rows, by=ground.by, on=ground.on, at=ground.at)
            messages.success(request, f"机关名录：新建{made}个，已有{len(rows) - made}个")
            return redirect("organs")
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            found = acting.try_roster(read_roster(file.read(), file.name or ""), ground)
            return render(request, "desk/organs/roster_preview.html", {"roster": found, "filename": file.name})
    except (commands.Refused, RosterFault) as refused:
        fault = f"{refused}。"
        form = RosterForm()
        context = {"form": form, "fault": fault}
        return render(request, "desk/organs/roster.html", context, status=422)
    return render(request, "desk/organs/roster.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("person.correct")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Some of an organ's people go to another unit together, with the open cases about them."""
    who, found = reader_of(request), _organ(reader_of(request), pk)
    if found.ends_on is not None:
        return redirect("organ", pk)
    mine = queries.people_of(found, visible(who, "person.correct", active()))
    form = PeopleForm(request.POST or None, people=mine, today=who.on)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        to, chosen = given["to"], [person for person in mine if str(person.pk) in given["people"]]
        try:
            if not any(at.startswith(path) for at in stands_at(to) for path in who.paths({"case_officer"})):
                raise commands.Refused(f"转到哪个单位：{to.name}不在您的工作范围内；请由共同的上级机关办理")
            done = acting.transfer(people=chosen, to=to, ground=_ground(request, who, given))
        except commands.Refused as refused:
            _blame(form, refused)
        else:
            messages.success(request, f"{done.people}人已转到{to.name}，{done.cases}件在办事项随之变更")
            return redirect("organ", found.pk)
    context = {"organ": found, "form": form, "people": mine, "most": queries.MOST_PEOPLE}
    return render(request, "desk/organs/people.html", context, status=422 if form.errors else 200)
