"""Pages for opening cases by hand: what may be opened about somebody, whom a regulation is opened about, and the opening itself."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from youwei.cases import by_hand
from youwei.desk.address import no_identity_in_address, one_of, reader_of, words
from youwei.desk.cases.doubling import mentored
from youwei.desk.opening import queries, registering
from youwei.desk.opening.forms import ON, OpenForm
from youwei.desk.opening.registering import PersonForm
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import Reader, may, permission
from youwei.people import commands as people

LONGEST_TOKEN = 64
FIELDS = {"身份证号": "identity", "单位": "unit", "干部管理权限": "managed_by"}


def _thing(request: HttpRequest, kind: str, pk: int) -> queries.Thing:
    found = queries.thing(reader_of(request), kind, pk)
    if found is None:
        raise Http404
    return found


def _about(who: Reader, subject: by_hand.Subject) -> dict[str, object]:
    """Whom it is about; their pages are linked above for whoever has such pages: a unit opens a case about a decision and has none of it."""
    kind = "decision" if subject.decision is not None else "person" if subject.person is not None else "organ"
    return {"subject": subject, "linked": bool(may(who, f"{kind}.view"))}


@require_safe
@permission("case.begin")
def offers(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What may be opened about a person, an organ or a decision, and why the rest may not."""
    who, thing = reader_of(request), _thing(request, kind, pk)
    subject = by_hand.subject_of(thing, who.on, kind)
    choices = queries.choices(who, subject, who.on)
    if not choices and not queries.in_office(who):
        raise Http404  # that somebody is on file is told to those only who may begin something about him
    context = {**_about(who, subject), "choices": choices, "kind": kind, "pk": pk}
    return render(request, "desk/opening/offers.html", context)


@require_safe
@permission("case.begin")
@no_identity_in_address
def choose(request: HttpRequest, family: str) -> HttpResponse:
    """Whom a regulation shall be opened about: found by name."""
    who, pack = reader_of(request), queries.top_of(family)
    kinds = queries.openable(who, pack) if pack is not None else ()
    if pack is None or not kinds:
        raise Http404
    kind, text = one_of(request.GET, "kind", kinds, kinds[0]), words(request.GET, "q")
    found = queries.found_by(who, kind, text)
    if kind == by_hand.LETTER and len(found) == 1:
        return redirect("case-start", kind, found[0].pk, family)
    context = {"pack": pack, "kinds": kinds, "kind": kind, "q": text, "found": found}
    return render(
        request,
        "desk/opening/choose.html",
        context | {"family": family, "most": queries.MOST_FOUND, "may_register": bool(may(who, "person.correct"))},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("case.begin")
def start(request: HttpRequest, kind: str, pk: int, family: str) -> HttpResponse:
    """Open one case: which rules hold and why, what the pack asks for, then the case."""
    who, thing = reader_of(request), _thing(request, kind, pk)
    subject = by_hand.subject_of(thing, who.on, kind)
    choice = next((each for each in queries.choices(who, subject, who.on) if each.offer.family == family), None)
    if choice is None:
        raise Http404
    if not choice.stands or choice.offer.rules is None:
        messages.warning(request, f"没有开办：{choice.refusal}")
        return redirect("case-offers", kind, pk)
    pack, first = choice.offer.rules.pack, choice.stands[0]
    asked = by_hand.to_say(subject, pack, first.role, first.organ, who.on)
    form = OpenForm(request.POST or None, today=who.on, stands=choice.stands, asked=asked)
    if request.method == "POST" and form.is_valid():
        stand = form.stand()
        try:
            case = by_hand.open_by_hand(
                thing=thing, family=family, role=stand.role, organ=stand.organ, said=form.said(),
                by=Actor(who.account.name, who.account.pk), on=form.cleaned_data[ON], at=clock.now(), today=who.on,
                token=words(request.POST, "token", LONGEST_TOKEN) or None, kind=kind,
            )  # fmt: skip
        except by_hand.NotAdmitted as refused:
            form.take_faults((fault.field, str(fault)) for fault in refused.faults)
        else:
            messages.success(request, f"已立项：{case.title}")
            return redirect("case", case.pk)
    context = {
        **_about(who, subject), "offer": choice.offer, "pack": pack, "form": form, "kind": kind, "pk": pk,
        "stand": first if len(choice.stands) == 1 else None, "token": secrets.token_urlsafe(24),
        "office": by_hand.handler(subject, pack, first.role, first.organ, who.on),
        "doubled": mentored(who, pack, subject.person.pk if subject.person else None),
    }  # fmt: skip
    return render(request, "desk/opening/start.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("person.correct")
def newcomer(request: HttpRequest) -> HttpResponse:
    """Enter a person who is not on file, and go on to what is to be opened."""
    who, family = reader_of(request), words(request.GET, "family")
    pack = queries.top_of(family) if family else None
    form = PersonForm(request.POST or None, today=who.on)
    if request.method == "POST" and form.is_valid():
        given, same = form.cleaned_data, registering.alike(form.cleaned_data)
        if same and request.POST.get(registering.SURE) != "yes":
            form.ask(same)
        else:
            try:
                by = Actor(who.account.name, who.account.pk)
                person = registering.register(who=who, given=given, by=by, at=clock.now())
            except people.Refused as refused:
                form.add_error(FIELDS.get(str(refused).partition("：")[0]), f"{refused}。")
            else:
                messages.success(request, f"已登记{person.name}")
                return redirect("case-start", "person", person.pk, family) if pack else redirect("person", person.pk)
    context = {"form": form, "pack": pack, "family": family}
    return render(request, "desk/opening/newcomer.html", context, status=422 if form.errors else 200)
