"""Pages of the question: whom it is about, and the answer."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from youwei.desk.address import no_identity_in_address, reader_of
from youwei.desk.eligibility import queries
from youwei.desk.eligibility.forms import QuestionForm, WhomForm
from youwei.organs import clock
from youwei.organs.commands import trace
from youwei.organs.policy import Reader, may, permission
from youwei.people.models import Person
from youwei.people.queries import looks_like_identity, tells_identity
from youwei.rulebook.asking import INTENTS, Answer
from youwei.ui.words import cn_date, mask_identity

TONES = {Answer.FREE: "done", Answer.BARRED: "late", Answer.UNSETTLED: "soon", Answer.UNKNOWN: "plain"}
WHOLE = "身份证号要写全（18位，或旧的15位）才能查找；没有查找，也没有留下这串数字。"


def _trace(who: Reader, act: str, person: Person | None, detail: str) -> None:
    trace(
        account=who.account, by=who.account.name, act=act, kind="person", ref=person.pk if person else None, at=clock.now(), detail=detail[:200]
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission("eligibility.ask")
@no_identity_in_address
def whom(request: HttpRequest) -> HttpResponse:
    """Whom the question is about: found by name or identity number, which is posted and stands in no address."""
    who, found = reader_of(request), None
    form = WhomForm(request.POST or None, today=who.on)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["whom"]
        if tells_identity(text) and not looks_like_identity(text):
            form.add_error("whom", WHOLE)
        else:
            found = queries.found_by(who, text)
            if tells_identity(text):
                detail = f"按身份证号 {mask_identity(text)} 查询资格，{len(found)}人"
                _trace(who, "search.identity", found[0] if found else None, detail)
    given = form.cleaned_data if form.is_valid() else {}
    asked = {
        "intent": given.get("intent", ""),
        "on": given["on"].isoformat() if given.get("on") else "",
        "post": given.get("post", ""),
    }
    if found is not None and len(found) == 1 and tells_identity(given["whom"]):
        return redirect(f"{reverse('eligibility', args=[found[0].pk])}?{urlencode(asked)}")
    context = {
        "form": form,
        "found": found,
        "asked": urlencode(asked),
        "most": queries.MOST_FOUND,
        "letters": queries.letters(who),
    }
    return render(request, "desk/eligibility/whom.html", context, status=422 if form.errors else 200)


@require_safe
@permission("eligibility.ask")
@no_identity_in_address
def eligibility(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer for one person, one day, one act; leaves a trace."""
    who = reader_of(request)
    person = get_object_or_404(queries.persons(who), pk=pk)
    sent = {"intent": next(iter(INTENTS)), "on": cn_date(who.on)} | {
        name: value for name, value in request.GET.items() if value
    }
    form = QuestionForm(sent, today=who.on)
    context = {
        "form": form, "person": person, "may_open": bool(may(who, "person.view", person)), "may_begin": bool(may(who, "case.begin", person))
    }  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        found = queries.answered(who, person, given["intent"], given["on"])
        _trace(who, "eligibility.ask", person, f"{given['intent']}，{cn_date(given['on'])}：{found.verdict.answer}")
        context |= {
            "found": found,
            "tone": TONES[found.verdict.answer],
            "others": [(each, TONES[each.answer]) for each in found.others],
        }
    return render(request, "desk/eligibility/answer.html", context, status=422 if form.errors else 200)
