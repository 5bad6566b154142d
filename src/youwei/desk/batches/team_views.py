"""Teams for the people of a batch: the proposal, moving somebody by hand, confirming."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from youwei.cases import commands
from youwei.cases import queries as cases
from youwei.cases.commands import Rejected
from youwei.desk.address import reader_of, whole, words
from youwei.desk.batches import teaming, views
from youwei.desk.batches.teaming import Teaming
from youwei.desk.cases import acting
from youwei.desk.cases.forms import BEHALF, ON, PAPER, StepForm, step_form
from youwei.desk.together import jobs as together
from youwei.documents import landing
from youwei.documents.issuing import Refused
from youwei.organs import clock
from youwei.organs.policy import permission
from youwei.rulebook.packs import Step
from youwei.ui.paging import page_of


@require_http_methods(views.GET_OR_POST)
@permission("case.record")
def teams(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """What the rules propose, with what was moved by hand; confirmed, it lands on everybody."""
    row, who = views.find(request, pk, "case.record"), reader_of(request)
    here = views.open_step(request, row, step)
    if here is None or here[1].teams is None:
        return views.not_now(request, pk)
    view, found, item = here
    rules = here[1].teams
    moves = teaming.read_moves(cases.draft(who.account, row, found.id, item.key))
    proposed = teaming.teaming(who, view, found, rules, moves)
    place = whole(request.POST, "place")
    if request.method == "POST" and place is not None:
        _move(request, proposed, moves, place)
        commands.save_draft(
            account=who.account,
            case=row,
            step=found.id,
            key=item.key,
            text=json.dumps(moves, ensure_ascii=False),
            at=clock.now(),
        )
        proposed = teaming.teaming(who, view, found, rules, moves)
    sent = request.POST if request.method == "POST" and place is None else None
    form = step_form(found, today=who.on, data=sent, behalf=acting.needs_behalf(who, row, view.pack, item))
    if sent is not None and form.is_valid():
        answer = _landed(request, pk, found, item.key, form, proposed)
        if answer is not None:
            return answer
    context = {
        "case": row, "step": found, "item": item, "form": form, "teaming": proposed, "page": page_of(proposed.rows, request.GET.get("page")),
        "seen": view.head, "token": words(request.POST, "token", 64) or acting.new_token(), "others": range(max(rules.size - 1, 1)),
        "lacking": proposed.lacking[: teaming.MOST_LACKING],
    }  # fmt: skip
    return render(request, "desk/batches/teams.html", context, status=422 if sent is not None else 200)


def _move(request: HttpRequest, proposed: Teaming, moves: dict[int, list[str]], place: int) -> None:
    """Keep a team somebody wants for one place, where it keeps the rules; or go back to the proposal."""
    if request.POST.get("back"):
        moves.pop(place, None)
        return
    team = [words(request.POST, "leader"), *(each.strip()[:60] for each in request.POST.getlist("other"))]
    team = [name for name in team if name]
    if wrong := teaming.wrong(proposed.rules, team, proposed, place):
        messages.warning(request, f"没有改：{'；'.join(wrong)}。请另选人。")
    else:
        moves[place] = team


def _landed(
    request: HttpRequest, pk: int, step: Step, key: str, form: StepForm, proposed: Teaming
) -> HttpResponse | None:
    who, row = reader_of(request), views.find(request, pk, "case.record")
    try:
        job = landing.land(
            batch=row, step=step.id, key=key, on=form.cleaned_data[ON], values=form.values(), rows=proposed.landed(), account=who.account,
            at=clock.now(), today=who.on, token=words(request.POST, "token", 64) or acting.new_token(),
            behalf=form.cleaned_data.get(BEHALF, ""), paper=form.cleaned_data.get(PAPER, ""), seen=whole(request.POST, "seen"),
        )  # fmt: skip
    except Rejected as rejected:
        form.take_faults((fault.field, str(fault)) for fault in rejected.faults)
        return None
    except (commands.StaleForm, Refused) as refused:
        form.add_error(None, str(refused))
        return None
    together.set_off(job)
    return redirect("together-job", job.pk)
