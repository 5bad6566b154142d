"""Writing a version of a procedure: drafted, checked, tried out, commented on, put in force, ended."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from youwei.cases import drafting
from youwei.cases.drafting import Doing, Refused
from youwei.cases.logs import packs
from youwei.cases.models import PackVersion
from youwei.desk.address import day, reader_of, whole, words
from youwei.desk.drafting import queries
from youwei.desk.drafting.forms import CommentForm, DraftForm, EndForm, StoryForm
from youwei.desk.packs import queries as readable
from youwei.engine.trial import tell
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, permission
from youwei.rulebook.packs import PackRef
from youwei.ui.drawings.procedure_map import draw


@require_http_methods(["GET", "HEAD", "POST"])
@permission("pack.draft")
def new(request: HttpRequest) -> HttpResponse:
    """A new draft, from nothing or from a version there is."""
    who = reader_of(request)
    if request.method == "POST":
        form = DraftForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                row = drafting.draft(text=form.cleaned_data["text"], organ=_organ(who), doing=_doing(request, who))
                return redirect("draft", row.pk)
            except Refused as refusal:
                form.add_error("text", str(refusal))
        return render(request, "desk/drafting/write.html", {"form": form}, status=422)
    text = drafting.source(PackRef.parse(words(request.GET, "from", 130)))
    return render(request, "desk/drafting/write.html", {"form": DraftForm(initial={"text": text})})


@require_http_methods(["GET", "HEAD", "POST"])
@permission("pack.draft")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another text for a draft."""
    who = reader_of(request)
    row = get_object_or_404(queries.writable(who), pk=pk)
    form = DraftForm(request.POST or None, request.FILES or None, initial={"text": row.text})
    if request.method == "POST" and form.is_valid():
        try:
            drafting.rewrite(pk=pk, text=form.cleaned_data["text"], doing=_doing(request, who))
            return redirect("draft", pk)
        except Refused as refusal:
            form.add_error("text", str(refusal))
    context = {"form": form, "row": row, "seen": drafting.head(row)}
    return render(request, "desk/drafting/write.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("pack.view")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with all its faults, what it would ask for, what is otherwise in it, what was said of it. A story sent is played and not kept."""
    who = reader_of(request)
    row = _find(who, pk)
    story = StoryForm(request.POST) if request.method == "POST" else StoryForm()
    return _page(request, row, story=story, status=422 if story.errors else 200)


def _page(request: HttpRequest, row: PackVersion, status: int = 200, **forms_sent: forms.Form) -> HttpResponse:
    who = reader_of(request)
    walk = request.GET.get("walk") == "1"
    found = queries.checked(row, walk=walk)
    opened, fault = day(request.GET, "opened", "开办日期", who.on)
    context: dict[str, Any] = {
        "row": row, "found": found, "lines": queries.lines(row, found), "walked": walk, "opened": opened or who.on, "day_fault": fault,
        "history": list(queries.history(row)), "seen": drafting.head(row), "comment": CommentForm(), "story": StoryForm(),
        "writes": queries.writable(who).filter(pk=row.pk).exists(),
    } | forms_sent  # fmt: skip
    if found.pack is not None and not found.report.faults:
        drawing = readable.drawn(found.pack)
        context |= {
            "pack": found.pack, "drawing": draw(drawing), "map": drawing, "stages": readable.texts(found.pack),
            "ends": readable.ends(found.pack), "asked": queries.tried(found.pack, opened or who.on),
            "beside": queries.beside(found.pack), "lacking": queries.without_template(found.pack),
            "releases": queries.may_release(who, found.pack),
            "told": _told(forms_sent.get("story"), found),
        }  # fmt: skip
    return render(request, "desk/drafting/draft.html", context, status=status)


def _told(story: forms.Form | None, found: drafting.Checked) -> list[tuple[str, str]]:
    if story is None or not story.is_bound or not story.is_valid() or found.pack is None:
        return []
    return tell({**packs(), found.pack.ref: found.pack}, story.cleaned_data["story"])


def _find(who: Reader, pk: int) -> PackVersion:
    """The door of a draft: of the own organs, or standing for comment."""
    return get_object_or_404(queries.drafts(who), pk=pk)


@require_POST
@permission("pack.view")
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A remark on a draft that stands for comment."""
    who = reader_of(request)
    row, form = _find(who, pk), CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, row, comment=form, status=422)
    return _done(
        request,
        who,
        pk,
        lambda doing: drafting.comment(pk=pk, text=form.cleaned_data["text"], doing=doing),
        "意见已记下。",
    )


@require_POST
@permission("pack.draft")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody who reads procedures comment."""
    who = reader_of(request)
    get_object_or_404(queries.writable(who), pk=pk)
    return _done(
        request,
        who,
        pk,
        lambda doing: drafting.ask(pk=pk, doing=doing),
        "已公开征求意见：能看规程的人都能看到并提意见。",
    )


@require_POST
@permission("pack.draft")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    who = reader_of(request)
    row = get_object_or_404(queries.writable(who), pk=pk)
    return _done(
        request, who, pk, lambda doing: drafting.drop(pk=pk, doing=doing), f"草稿“{row.title}”已作废。", "packs"
    )


@require_POST
@permission("pack.release_own")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft in force."""
    who = reader_of(request)
    row = _find(who, pk)
    found = queries.checked(row, walk=False)
    if found.pack is None or not queries.may_release(who, found.pack):
        raise Http404
    lacking = queries.without_template(found.pack)
    if lacking:
        messages.warning(
            request, f"没有文书模板：{'、'.join(lacking)}。请放到规程的 papers 目录，或从规程里去掉，再批准施行。"
        )
        return redirect("draft", pk)
    told = f"“{row.title}”{row.version}版已批准，{found.pack.in_force_from:%Y年%-m月%-d日}起施行；内容从此不再改动。"
    return _done(request, who, pk, lambda doing: drafting.release(pk=pk, doing=doing), told, "packs")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("pack.release_own")
def end(request: HttpRequest, procedure: str, version: str) -> HttpResponse:
    """Open no more cases under a version after a day."""
    who, pack = reader_of(request), readable.find(procedure, version)
    if pack is None or not queries.may_release(who, pack):
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drafting.end(ref=pack.ref, doing=_doing(request, who, seen=False), **form.cleaned_data)
            messages.success(request, f"“{pack.title}”{pack.ref.version}版施行到这一天为止；在办的事项照旧办完。")
            return redirect("packs")
        except Refused as refusal:
            form.add_error("last_day", str(refusal))
    return render(request, "desk/drafting/end.html", {"form": form, "pack": pack}, status=422 if form.errors else 200)


def _done(
    request: HttpRequest, who: Reader, pk: int, act: Callable[[Doing], object], told: str, then: str = ""
) -> HttpResponse:  # fmt: skip
    """One act on a draft; a refusal is told on its page."""
    try:
        act(_doing(request, who))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("draft", pk)
    messages.success(request, told)
    return redirect(then) if then else redirect("draft", pk)


def _doing(request: HttpRequest, who: Reader, *, seen: bool = True) -> Doing:
    by = Actor(who.account.name, who.account.pk)
    return Doing(by=by, on=who.on, at=clock.now(), seen=whole(request.POST, "seen") if seen else None)


def _organ(who: Reader) -> Organ:
    """The organ that writes: that of the role which lets one."""
    return next(grant.organ for grant in who.grants if grant.role in ACTS["pack.draft"])
