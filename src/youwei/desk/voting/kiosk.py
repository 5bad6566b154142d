"""The machine at which one votes after the other, without an account: a code, a ballot, and back to the start.

Nothing of it is kept by the server but the ballot in its box, and nothing by the browser: no session, no address that names a code, no cache.
How many codes were mistyped is counted in the memory of the process alone.
"""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases.logs import look
from youwei.desk.voting.forms import BallotForm
from youwei.desk.voting.queries import whom
from youwei.engine.tally import rules
from youwei.organs.policy import public
from youwei.voting import commands
from youwei.voting import queries as votes
from youwei.voting.models import Vote

MOST_WRONG, MINUTES = 20, 5
WRONG = "没有这个投票码。请对照码条再输一遍；也可能是投票已经结束、作废，或者码条重新发过，原来的码都已销毁。"
TOO_OFTEN = f"输错的次数太多，请{MINUTES}分钟后再试，或者请工作人员看一看。"
TAKEN = "这个投票码已经投过票，票在票箱里；一个码只能投一次。"
LONGEST = 200


@public
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Type or scan a code; with a good one the ballot follows."""
    if request.method != "POST":
        return render(request, "desk/voting/kiosk_start.html")
    found = _let_in(request)
    if isinstance(found, HttpResponse):
        return found
    vote, code = found
    return _ballot(request, vote, code, BallotForm(votes.step_of(vote)))


@public
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
def cast(request: HttpRequest) -> HttpResponse:
    """Put the ballot into the box. With items left blank it is asked for once more."""
    found = _let_in(request)
    if isinstance(found, HttpResponse):
        return found
    vote, code = found
    form = BallotForm(votes.step_of(vote), request.POST)
    if not form.is_valid():
        return _ballot(request, vote, code, form, status=422)
    if form.blanks() and request.POST.get("confirm") != "yes":
        return _ballot(request, vote, code, form, status=422, blanks=form.blanks())
    try:
        commands.cast(vote=vote, code=code, marks=form.marks(), remark=form.cleaned_data.get("remark", ""))
    except commands.Refused as refused:
        return _again(request, f"{refused}。", 409)
    return redirect("kiosk-done")


@public
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The ballot is in the box; the page goes back to the start by itself."""
    return render(request, "desk/voting/kiosk_done.html")


def _let_in(request: HttpRequest) -> tuple[Vote, str] | HttpResponse:
    """The vote and the code that was sent, or the start page with the reason why not."""
    key = f"wrong-codes-{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(key, 0) >= MOST_WRONG:
        return _again(request, TOO_OFTEN, 429)
    look()  # a process that nobody has signed in to lately may not know the newest version of a pack
    found = votes.vote_of(request.POST.get("code", "")[:LONGEST])
    if found is None:
        cache.add(key, 0, MINUTES * 60)
        cache.incr(key)
        return _again(request, WRONG, 422)
    return _again(request, TAKEN, 409) if votes.has_voted(*found) else found


def _again(request: HttpRequest, fault: str, status: int) -> HttpResponse:
    return render(request, "desk/voting/kiosk_start.html", {"fault": fault}, status=status)


def _ballot(request: HttpRequest, vote: Vote, code: str, form: BallotForm, *, status: int = 200, **more: Any) -> HttpResponse:  # fmt: skip
    step, person = votes.step_of(vote), vote.case.person
    context = {
        "form": form, "code": code, "step": step, "voters": step.voters, "rules": rules(step.voters) if step.voters else [],
        "whom": whom(vote.case), "post": person.post if person is not None else "", **more,
    }  # fmt: skip
    return render(request, "desk/voting/kiosk_ballot.html", context, status=status)
