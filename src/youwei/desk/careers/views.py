"""What becomes of a person: the acts that are possible now, and each with what it brings about said beforehand."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from youwei.cases import leaving
from youwei.cases.commands import Rejected
from youwei.cases.models import Case
from youwei.desk.address import reader_of
from youwei.desk.careers import acting
from youwei.desk.careers.forms import second_posts
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.models import Organ, Role
from youwei.organs.policy import Reader, permission, visible
from youwei.organs.queries import stands_at
from youwei.people.commands import Refused
from youwei.people.models import Person
from youwei.people.queries import active

FIELDS = {
    "调到哪个单位": "to", "从哪一天起": "on", "兼任职务": "title", "兼任": "title", "免兼": "post", "生效日期": "on", "移交给哪个机关": "office",
}  # fmt: skip


def _person(who: Reader, pk: int) -> Person:
    return get_object_or_404(visible(who, "person.correct", active()).select_related("organ"), pk=pk)


def _cases(who: Reader, person: Person) -> list[Case]:
    """The open cases about a person that the reader may steer; the others follow all the same."""
    return list(
        visible(
            who, "case.steer", Case.objects.filter(pk__in=[case.pk for case in leaving.concerned(person)])
        ).order_by("pk")
    )


@require_safe
@permission("person.correct")
def career(request: HttpRequest, pk: int) -> HttpResponse:
    """The acts that are possible now."""
    found = _person(reader_of(request), pk)
    acts = [(name, act.title) for name, act in acting.ACTS.items() if act.fits(found)]
    return render(request, "desk/careers/career.html", {"person": found, "acts": acts, "posts": second_posts(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission("person.correct")
def change(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One of them: the form with what it brings about, then the act."""
    who, found = reader_of(request), _person(reader_of(request), pk)
    doing = acting.ACTS.get(act)
    if doing is None:
        raise Http404
    if not doing.fits(found):
        messages.warning(request, f"没有登记：{found.name}现在是{found.get_service_display()}，这里没有可以登记的。")
        return redirect("person-career", pk)
    cases = _cases(who, found)
    form = acting.form_for(doing, found, cases, who.on, request.POST or None)
    if request.method == "POST" and form.is_valid():
        stamp = acting.Stamp(Actor(who.account.name, who.account.pk), who.on, clock.now())
        try:
            _within_reach(who, form.cleaned_data.get("to"))
            told = acting.carry_out(doing, found, acting.going(cases), form.cleaned_data, stamp)
        except (Refused, Rejected) as refused:
            _blame(form, refused)
        else:
            messages.success(request, f"{found.name}：{told}。")
            still = visible(who, "person.view", active().filter(pk=pk)).exists()
            return redirect("person", pk) if still else redirect("people")
    context = {"person": found, "form": form, "act": act, "doing": doing, "effects": acting.effects(act, found, cases)}
    return render(request, "desk/careers/change.html", context, status=422 if form.errors else 200)


def _within_reach(who: Reader, to: Organ | None) -> None:
    if to is None or any(at.startswith(path) for at in stands_at(to) for path in who.paths({Role.CASE_OFFICER})):
        return
    raise Refused(f"调到哪个单位：{to.name}不在您的工作范围内；请由共同的上级机关办理")


def _blame(form: forms.Form, refused: Refused | Rejected) -> None:
    """Put a refusal at the field it names."""
    field = FIELDS.get(str(refused).partition("：")[0])
    form.add_error(field if field in form.fields else None, f"{refused}。")
