"""The desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from youwei.cases import distress, readmitting
from youwei.desk.address import reader_of
from youwei.desk.signatures import queries as signatures
from youwei.desk.standing import queries as standing
from youwei.desk.work import queries
from youwei.organs import queries as organs
from youwei.organs.policy import may, permission

CHOICES = (("mine", "我的"), ("organ", "本机关"), ("all", "全部"))


@require_safe
@permission("home")
def desk(request: HttpRequest) -> HttpResponse:
    """Today's answer to: what must I do. An administrator has no cases, and is told so."""
    who = reader_of(request)
    if not may(who, "desk.view"):
        return render(request, "desk/work/no_cases.html")
    whose = request.GET.get("whose", "mine")
    if whose not in dict(CHOICES):
        whose = "mine"
    calendar = organs.calendar()
    counts = queries.counts(who)
    context = {
        "groups": queries.groups(who, calendar, who.on, whose),
        "tabs": [(name, title, counts[name], name == whose) for name, title in CHOICES],
        "weeks": queries.visit_days(who, calendar, who.on),
        "figures": queries.side_counts(who, who.on) if may(who, "decision.view") else [],
        "to_sign": signatures.count(who),
        "distressed": distress.waiting(who),
        "to_admit": len(readmitting.waiting(who)) if may(who, "admission.decide") else 0,
        "may_record": bool(may(who, "case.record")),
        "may_count": bool(may(who, "figures.view")),
        "covers": [each for each in standing.mine(who) if each.begun],
        "working_today": calendar.is_working_day(who.on),
        "may_import": bool(may(who, "import.run")),
    }
    return render(request, "desk/work/desk.html", context)
