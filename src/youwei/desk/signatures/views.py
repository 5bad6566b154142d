"""Signing many at once: every text in full, each answered by itself, one act, and a result for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from youwei.desk.address import reader_of, words
from youwei.desk.cases import acting
from youwei.desk.cases.forms import ON
from youwei.desk.cases.signing import AGREE, AGREED, BACK, LONGEST
from youwei.desk.signatures import queries
from youwei.desk.signatures.forms import judging_form
from youwei.desk.signatures.queries import Shown, Waiting
from youwei.documents.signing import Result, give_many
from youwei.organs import clock
from youwei.organs.commands import trace_many
from youwei.organs.policy import Reader, permission
from youwei.ui import fields as ui

GONE = "已经有人办过，或者不再等您签署。"
NOTHING = "还没有选：在要签署、审批的内容下面选“同意”或“退回修改”。"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one text: agreed, sent back, or refused and why."""

    who: str
    title: str
    url: str
    verdict: str
    refusal: str = ""


class Together(forms.Form):
    """What holds for all that are answered now."""

    opinion = ui.TextField(
        label="共同意见",
        required=False,
        max_length=LONGEST,
        help_text="选了同意、没有单独写意见的，都记这一条；不写的记“同意”",
    )

    def __init__(self, who: Reader, data: Any = None) -> None:
        super().__init__(data, initial={ON: who.on}, prefix="all")
        self.fields[ON] = ui.FlexibleDateField(label="签署日期", today=who.on, latest=who.on)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.record")
def signatures(request: HttpRequest) -> HttpResponse:
    """All that waits for the reader's signature or approval; what was answered is entered, and the rest stays."""
    who = reader_of(request)
    if request.method == "POST":
        return _answer(request, who)
    found = queries.waiting(who)
    for each in answerable(found):
        each.form = judging_form(each.view, each.item, each.part, today=who.on, prefix=each.prefix, many=True)
    return _page(request, who, found, Together(who))


def answerable(found: Iterable[Waiting]) -> list[Waiting]:
    """Without one's own texts, which stand there and say who is to answer them."""
    return [each for each in found if not each.own_text]


def _page(
    request: HttpRequest, who: Reader, found: list[Waiting], together: Together, status: int = 200
) -> HttpResponse:
    """The texts; that they were shown leaves a trace on each case."""
    for kind in sorted({each.view.case.trace_kind for each in found}):
        trace_many(
            account=who.account, by=who.account.name, act="case.view", kind=kind, at=clock.now(), detail="待签署的内容",
            refs={each.view.case.pk for each in found if each.view.case.trace_kind == kind},
        )  # fmt: skip
    context = {"waiting": found, "together": together, "total": queries.count(who), "token": acting.new_token()}
    return render(request, "desk/signatures/list.html", context, status=status)


def _answer(request: HttpRequest, who: Reader) -> HttpResponse:
    shown = queries.read_shown(request.POST.getlist("shown"))
    still, gone = queries.still_waiting(who, shown)
    for each in answerable(still.values()):
        form = judging_form(
            each.view, each.item, each.part, today=who.on, data=request.POST, prefix=each.prefix, many=True
        )
        each.form = form
    together = Together(who, request.POST)
    asked = [each for each in shown if each in gone or not still[each].own_text]
    chosen = [each for each in asked if request.POST.get(f"{each.prefix}-verdict") in (AGREE, BACK)]
    whole = [together.is_valid(), *(each.form.is_valid() for each in still.values() if each.form is not None)]
    if not chosen:
        together.add_error(None, NOTHING)
    if not chosen or not all(whole):
        return _page(request, who, list(still.values()), together, status=422)
    lost = [Answered(*gone[each], "", GONE) for each in chosen if each in gone]
    return _done(request, who, [(each, still[each]) for each in chosen if each in still], lost, together)


def _done(
    request: HttpRequest, who: Reader, chosen: list[tuple[Shown, Waiting]], lost: list[Answered], together: Together
) -> HttpResponse:
    """One act; what could not be entered is told with its reason and waits on."""
    said = together.cleaned_data
    given = [
        each.form.given(
            acting.actor(who, each.view.case, each.view.pack, each.place), shown.seen, said["opinion"] or AGREED
        )
        for shown, each in chosen
        if each.form is not None
    ]
    results = give_many(
        given=given, token=words(request.POST, "token", 64) or acting.new_token(), account=who.account, on=said[ON], at=clock.now(),
        today=who.on,
    )  # fmt: skip
    answered = [_answered(each, result) for (_, each), result in zip(chosen, results, strict=True)]
    context = {
        "done": [each for each in answered if not each.refusal],
        "refused": [each for each in (*answered, *lost) if each.refusal],
        "left": queries.count(who),
    }
    return render(request, "desk/signatures/done.html", context)


def _answered(each: Waiting, result: Result) -> Answered:
    agreed = each.form is not None and each.form.cleaned_data["verdict"] == AGREE
    return Answered(each.who, each.item.title, each.url, "同意" if agreed else "退回修改", result.refusal)
