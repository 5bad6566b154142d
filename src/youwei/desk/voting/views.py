"""A secret appraisal from its opening to its end, for whoever does the step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import queries as cases
from youwei.cases.commands import Rejected, StaleForm
from youwei.cases.models import Case
from youwei.desk.address import reader_of, whole, words
from youwei.desk.cases import acting
from youwei.desk.cases.forms import BEHALF, ON, PAPER
from youwei.desk.cases.reading import reading
from youwei.desk.cases.views import actor, find
from youwei.desk.voting import queries
from youwei.desk.voting.forms import OPINIONS, OpenForm, PaperForm, ReasonForm, SettleForm, closing_form, opinions_form
from youwei.desk.voting.queries import Here
from youwei.documents.issuing import Refused as Unprintable
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import permission
from youwei.voting import commands
from youwei.voting import queries as votes
from youwei.voting.models import Vote

GET_OR_POST = ["GET", "HEAD", "POST"]
REFUSED = (commands.Refused, Rejected, StaleForm, Unprintable)


def _here(request: HttpRequest, row: Case, step: str, *, running: bool | None = None) -> Here | None:
    who = reader_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    found = queries.here(who, cases.view(row, who.on), step, words(asked, "key", 64))
    return found if found is not None and running in (None, found.running) else None


def _not_now(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, "没有办：这一环节现在不能这样办，或者它不由您办理。现在的情况见下。")
    return redirect("case", pk)


def _by(request: HttpRequest, found: Here) -> Actor:
    return actor(request, found.view, found.item.who)


def _back(found: Here) -> HttpResponse:
    return redirect(_address(found))


def _address(found: Here) -> str:
    return f"{reverse('case-vote', args=[found.view.case.pk, found.step.id])}?key={found.item.key}"


def _show(request: HttpRequest, found: Here, template: str, status: int = 200, **more: Any) -> HttpResponse:
    page = {
        **queries.page(found),
        "seen": found.view.head,
        "token": acting.new_token(),
        "here": _address(found),
        **more,
    }
    return render(request, f"desk/voting/{template}.html", page, status=status)


@require_http_methods(GET_OR_POST)
@permission("case.record")
def vote(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Where a vote stands; or the form that opens one. Where there are too few to vote, the form of signed opinions."""
    row, who = find(request, pk, "case.record"), reader_of(request)
    found = _here(request, row, step)
    if found is None:
        return _not_now(request, pk)
    if found.running:
        behalf = acting.needs_behalf(who, row, found.view.pack, found.item)
        return _show(request, found, "running", form=closing_form(found.step, today=who.on, behalf=behalf))
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        names = form.names()
        if found.step.voters and 0 < len(names) < found.step.voters.at_least:
            return _opinions(request, found, initial=[{"member": name} for name in names])
        try:
            commands.open_vote(
                case=row, step=found.step, key=found.item.key, electors=names, on_paper=form.paper(), by=_by(request, found), on=who.on,
                at=clock.now(),
            )  # fmt: skip
            return _back(found)
        except commands.Refused as refused:
            form.add_error("on_paper" if "纸质票" in str(refused) else "electors", f"{refused}。")
    return _show(request, found, "open", 422 if form.errors else 200, form=form)


@require_http_methods(GET_OR_POST)
@permission("case.record")
def opinions(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Signed opinions in place of a vote, where there are too few for one."""
    found = _here(request, find(request, pk, "case.record"), step, running=False)
    return _not_now(request, pk) if found is None else _opinions(request, found)


def _opinions(request: HttpRequest, found: Here, initial: Any = None) -> HttpResponse:
    who, row = reader_of(request), found.view.case
    behalf = acting.needs_behalf(who, row, found.view.pack, found.item)
    sent = request.POST if request.method == "POST" and initial is None else None
    form = opinions_form(found.step, today=who.on, behalf=behalf, data=sent, initial={OPINIONS: initial} if initial else None)  # fmt: skip
    if form.is_valid():
        try:
            commands.sign_opinions(
                case=row, step=found.step, key=found.item.key, opinions=form.values().get(OPINIONS, []),
                token=words(request.POST, "token", 64) or None, **_entry(request, found, form.cleaned_data),
            )  # fmt: skip
        except REFUSED as refused:
            form.add_error(None, f"{str(refused).rstrip('。')}。")
        else:
            messages.success(request, f"已记录：{found.step.title}（署名意见）")
            return redirect("case", row.pk)
    return _show(request, found, "opinions", 422 if form.errors else 200, form=form)


def _entry(request: HttpRequest, found: Here, said: dict[str, Any]) -> dict[str, Any]:
    """By whom, for whom, on which day: what every record of the step says beside its values."""
    who = reader_of(request)
    return {
        "by": _by(request, found), "account": who.account, "on": said[ON], "at": clock.now(), "today": who.on,
        "behalf": said.get(BEHALF, ""), "paper": said.get(PAPER, ""), "seen": whole(request.POST, "seen"),
    }  # fmt: skip


def _act(request: HttpRequest, pk: int, step: str, do: Callable[[Here, Vote], HttpResponse | None]) -> HttpResponse:
    """One act on a vote that is going on; what is refused is said on its page."""
    found = _here(request, find(request, pk, "case.record"), step, running=True)
    if found is None or found.vote is None:
        return _not_now(request, pk)
    try:
        return do(found, found.vote) or _back(found)
    except REFUSED as refused:
        messages.error(request, f"没有办成：{str(refused).rstrip('。')}。")
        return _back(found)


@require_POST
@permission("case.record")
def slips(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Make the codes and show them to be printed: this once, they are kept nowhere."""

    def make(found: Here, row: Vote) -> HttpResponse:
        codes = commands.make_slips(vote=row, by=_by(request, found), on=reader_of(request).on, at=clock.now())
        address = request.build_absolute_uri(reverse("kiosk"))
        return _show(request, found, "slips", slip_list=queries.slips(codes, address), address=address)

    return _act(request, pk, step, make)


@require_safe
@permission("case.record")
def ballots(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The paper ballots to be printed, as many as are handed out: no names, no numbers, no codes."""
    return _act(request, pk, step, lambda found, row: _show(request, found, "ballots", copies=range(row.on_paper)))


@require_http_methods(GET_OR_POST)
@permission("case.record")
def paper(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One officer reads the paper ballots in; what another has read is not shown."""
    who = reader_of(request)

    def read(found: Here, row: Vote) -> HttpResponse | None:
        known = votes.readings(row)
        mine = next((each for each in known if each.account == who.account.pk), None)
        asked = request.POST if request.method == "POST" else request.GET
        count = min(whole(asked, "count") or (len(mine.ballots) if mine else row.on_paper), row.on_paper)
        first = not known or known[0].account == who.account.pk
        sent = request.POST if request.method == "POST" else None
        form = PaperForm(found.step, count, remarks=first, data=sent, known=mine.ballots if mine else ())
        if mine and first:
            form.initial["remarks"] = "\n".join(mine.remarks)
        if not form.is_valid():
            return _show(request, found, "paper", 422 if form.errors else 200, form=form, first=first, count=count)
        commands.read_paper(
            vote=row, ballots=form.ballots(), remarks=form.remarks(), account=who.account, by=_by(request, found)
        )
        messages.success(request, f"已录入{count}张纸质票")
        return None

    return _act(request, pk, step, read)


@require_http_methods(GET_OR_POST)
@permission("case.record")
def settle(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Where two readings differ, what the paper says."""

    def decide(found: Here, row: Vote) -> HttpResponse | None:
        differing = votes.differences(found.step, votes.readings(row))
        form = SettleForm(found.step, differing, request.POST if request.method == "POST" else None)
        if differing and not form.is_valid():
            return _show(request, found, "settle", 422 if form.errors else 200, form=form)
        settled = form.settled() if differing else {}
        commands.settle(vote=row, settled=settled, by=_by(request, found), on=reader_of(request).on, at=clock.now())
        return None

    return _act(request, pk, step, decide)


@require_POST
@permission("case.record")
def close(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """End a vote: count it and record the step, or say that too few took part."""
    who = reader_of(request)

    def end(found: Here, row: Vote) -> HttpResponse:
        behalf = acting.needs_behalf(who, found.view.case, found.view.pack, found.item)
        form = closing_form(found.step, today=who.on, behalf=behalf, data=request.POST)
        if not form.is_valid():
            return _show(request, found, "running", 422, form=form)
        ended = commands.close(vote=row, **_entry(request, found, form.cleaned_data))
        if ended.state == Vote.State.SHORT:
            messages.warning(
                request, "投票已结束：参加的人不足，没有计票，票已销毁。可以改为署名意见，或者重新举行投票。"
            )
            return _back(found)
        messages.success(request, f"投票已结束，票数已记录：{found.step.title}")
        return redirect(f"{reverse('vote-tally', args=[pk, step])}?key={found.item.key}")

    return _act(request, pk, step, end)


@require_http_methods(GET_OR_POST)
@permission("case.record")
def withdraw(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Call off a vote with a reason; nobody learns what lay in the box."""

    def call_off(found: Here, row: Vote) -> HttpResponse | None:
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return _show(request, found, "withdraw", 422 if form.errors else 200, form=form)
        commands.withdraw(
            vote=row,
            reason=form.cleaned_data["reason"],
            by=_by(request, found),
            on=reader_of(request).on,
            at=clock.now(),
        )
        messages.success(request, "这次投票已作废，票已销毁；可以重新举行")
        return None

    return _act(request, pk, step, call_off)


@require_safe
@permission("case.view")
def tally(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The table of a finished appraisal, to read and to print; the ballots are counted again while it is shown."""
    row, who = find(request, pk), reader_of(request)
    view = cases.view(row, who.on)
    found, item = view.pack.steps.get(step), acting.item_of(view, step, words(request.GET, "key", 64))
    shown = found is not None and item is not None and reading(who, view).shows(step)
    page = queries.tally_page(view, found, item) if shown and found is not None and item is not None else None
    if page is None:
        raise Http404
    trace(
        account=who.account,
        by=who.account.name,
        act="case.view",
        kind="case",
        ref=row.pk,
        at=clock.now(),
        detail="民主评议汇总表",
    )
    return render(request, "desk/voting/tally.html", page)
