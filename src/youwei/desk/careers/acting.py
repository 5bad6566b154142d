"""What becomes of a person with all that hangs on it: the person, the posts and the open cases, together or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django import forms
from django.db import transaction

from youwei.cases import handing, leaving, logs, succession
from youwei.cases.models import Case, CaseServant
from youwei.desk.careers.forms import (
    GO,
    CareerForm,
    DieForm,
    EndPostForm,
    LeaveForm,
    RetireForm,
    SecondPostForm,
    TakeBackForm,
    TransferForm,
    second_posts,
)
from youwei.journal.actors import Actor
from youwei.people import commands
from youwei.people.commands import Refused
from youwei.people.models import Person, Post
from youwei.ui.words import cn_date

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stamp:
    """By whom it is entered, and when."""

    by: Actor
    today: date
    at: datetime

    def on(self, day: date) -> dict[str, Any]:
        return {"by": self.by, "on": day, "at": self.at}


class Act(NamedTuple):
    """One thing that may become of a person: its words, its form, when it is possible, and what it does. `do` tells what came of it."""

    title: str
    verb: str
    form: type[forms.Form]
    fits: Callable[[Person], bool]
    do: Callable[[Person, Sequence[Case], Given, Stamp], str]


def _transfer(person: Person, cases: Sequence[Case], given: Given, stamp: Stamp) -> str:
    to, on, paper = given["to"], given["on"], given["paper"].strip()
    if to.starts_on is not None and on < to.starts_on:
        raise Refused(f"从哪一天起：{to.name}自{cn_date(to.starts_on)}起才有；请核对日期")
    reason = f"调任{to.name}{given['post']}（{paper}，{cn_date(on)}起）"
    told = 0
    if to != person.organ:
        told = succession.follow_people(people=[person], to=to, today=stamp.today, reason=reason, **stamp.on(on))
    commands.transfer(
        person=person, to=to, post=given["post"], managed_by=given["managed_by"], paper=paper, **stamp.on(on)
    )
    going = list(cases) if given.get("cases") == GO else []
    for case in going:
        handing.offer(case=case, to=given["office"], reason=given["why"], today=stamp.today, **stamp.on(stamp.today))
    words = [
        f"{told}件在办事项随之变更" if told else "",
        f"{len(going)}件移交{given['office']}，等待接收" if going else "",
    ]
    return "，".join(["已登记调动", *filter(None, words)])


def _take_post(person: Person, cases: Sequence[Case], given: Given, stamp: Stamp) -> str:
    commands.take_post(
        person=person, organ=given["organ"], title=given["title"], paper=given["paper"].strip(), **stamp.on(given["on"])
    )
    return f"已登记兼任{given['organ'].name}{given['title']}"


def _end_post(person: Person, cases: Sequence[Case], given: Given, stamp: Stamp) -> str:
    post = Post.objects.select_for_update().get(pk=given["post"], person=person)
    commands.end_post(post=post, paper=given["paper"].strip(), **stamp.on(given["on"]))
    return f"已登记免去{post.title}"


def _leave(service: str) -> Callable[[Person, Sequence[Case], Given, Stamp], str]:
    def do(person: Person, cases: Sequence[Case], given: Given, stamp: Stamp) -> str:
        on, paper = given["on"], given["paper"].strip()
        commands.leave(person=person, service=service, paper=paper, **stamp.on(on))
        word = person.get_service_display()
        reason = f"本人{word}（{paper}，{cn_date(on)}）"
        ended, told = leaving.follow(person=person, today=stamp.today, reason=reason, **stamp.on(on))
        words = [f"{ended}件在办事项因此终止" if ended else "", f"{told}件在办事项已记下，继续办理" if told else ""]
        return "，".join([f"已登记{word}", *filter(None, words)])

    return do


def _take_back(person: Person, cases: Sequence[Case], given: Given, stamp: Stamp) -> str:
    word, reason = person.get_service_display(), given["reason"].strip()
    entered_at = commands.take_back_leaving(person=person, reason=reason, **stamp.on(stamp.today))
    again = leaving.take_back(
        person=person, entered_at=entered_at, reason=f"撤回“{word}”登记：{reason}", **stamp.on(stamp.today)
    )
    return f"已撤回“{word}”的登记" + (f"，{again}件事项恢复原状" if again else "")


def _serving(person: Person) -> bool:
    return not person.service


def _living(person: Person) -> bool:
    return person.service != Person.Service.DIED


ACTS: Mapping[str, Act] = {
    "transfer": Act("调动", "登记调动", TransferForm, _serving, _transfer),
    "second-post": Act("兼任", "登记兼任", SecondPostForm, _serving, _take_post),
    "end-post": Act("免去兼任", "登记免去", EndPostForm, lambda person: bool(second_posts(person)), _end_post),
    "retire": Act("退休", "登记退休", RetireForm, _serving, _leave(Person.Service.RETIRED)),
    "leave": Act("离开公职", "登记离开公职", LeaveForm, _serving, _leave(Person.Service.LEFT)),
    "die": Act("去世", "登记去世", DieForm, _living, _leave(Person.Service.DIED)),
    "take-back": Act("撤回登记", "撤回登记", TakeBackForm, lambda person: bool(person.service), _take_back),
}
SERVICES = {"retire": Person.Service.RETIRED, "leave": Person.Service.LEFT, "die": Person.Service.DIED}


@transaction.atomic
def carry_out(act: Act, person: Person, cases: Sequence[Case], given: Given, stamp: Stamp) -> str:
    """Do it whole; what came of it, told. Raises people's Refused or cases' Rejected with nothing changed."""
    held = Person.objects.select_for_update().select_related("organ").get(pk=person.pk)
    if not act.fits(held):
        raise Refused(f"{act.title}：这个人现在不能这样登记；请刷新页面")
    return act.do(held, cases, given, stamp)


def going(cases: Sequence[Case]) -> list[Case]:
    """Those that may go to another office: their procedure has a role at the organ that handles the case."""
    return [case for case in cases if any(role.at == "case organ" for role in logs.pack_of(case).roles.values())]


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one open case."""

    case: Case
    words: str


def effects(name: str, person: Person, cases: Sequence[Case]) -> list[Effect]:
    """What each open case would come to; one query for the mentors."""
    if name in SERVICES:
        return [Effect(case, _said(case, SERVICES[name])) for case in cases]
    if name != "transfer":
        return []
    named = dict(CaseServant.objects.filter(case__in=cases).values_list("case", "account__name"))
    movable = {case.pk for case in going(cases)}
    found = []
    for case in cases:
        words = "记录和期限不变，所在单位换成新单位" + (
            "" if case.pk in movable else "；按规程由作出决定的机关办，不能移交"
        )
        found.append(
            Effect(case, words + (f"；{named[case.pk]}是原单位的人，请在事项里更换" if case.pk in named else ""))
        )
    return found


def _said(case: Case, service: str) -> str:
    if leaving.ends(logs.pack_of(case), service):
        return "因此终止，写明“本人去世”，不再提醒；已有的记录、期间和统计不变"
    return (
        "记下这一天，按规程继续办理"
        if service == Person.Service.DIED
        else "记下这一天，继续办理：处分的影响期不因此改变"
    )


def form_for(act: Act, person: Person, cases: Sequence[Case], today: date, data: Any) -> forms.Form:
    asked = going(cases) if act.form is TransferForm else cases
    form: forms.Form = act.form(data, person=person, cases=asked, today=today)  # type: ignore[call-arg]
    return form


__all__ = ["ACTS", "CareerForm", "Stamp", "carry_out", "effects", "form_for", "going"]
