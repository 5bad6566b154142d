"""What came before a case and what follows it, for whoever may see both ends; and the form by which a person opens what is offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from youwei.cases.models import Case, ChainLink
from youwei.desk.cases.chain_map import chain_map
from youwei.desk.cases.forms import ON
from youwei.organs.models import Role
from youwei.organs.policy import Reader, visible
from youwei.ui import fields as ui
from youwei.ui.drawings.procedure_map import ProcedureMap, draw
from youwei.ui.drawings.shapes import Drawing

START, NOT = "start", "not"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cases before and after one, what is still to be answered, and the map of the whole chain."""

    before: tuple[Case, ...] = ()
    after: tuple[Case, ...] = ()
    offered: tuple[ChainLink, ...] = ()
    map: ProcedureMap | None = None
    drawing: Drawing | None = None

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.offered)


def neighbours(who: Reader, case: Case) -> Neighbours:
    """What has led to this case and what it leads to, as far as the reader may see both ends; two queries, one where there is nothing.

    Beyond a case that the reader may not see nothing is shown, as if the chain ended there.
    """
    own = Q(parent=case) | Q(child=case)
    same = (
        Q(parent__person=case.person_id)
        if case.person_id
        else Q(parent__person=None, parent__subject_organ=case.subject_organ_id)
    )
    links = list(ChainLink.objects.filter(own | same).select_related("parent", "child").order_by("pk"))
    ends = {each.pk: each for row in links for each in (row.parent, row.child) if each is not None}
    if not ends:
        return Neighbours()
    seen = visible(who, "case.view", Case.objects.filter(pk__in=ends, opened_on__lte=who.on)).values_list(
        "pk", flat=True
    )
    known = {key: ends[key] for key in seen} | {case.pk: case}
    pairs = [(row.parent_id, row.child_id) for row in links if row.parent_id in known and row.child_id in known]
    offered = tuple(row for row in links if row.child_id is None and row.parent_id in known)
    drawn = chain_map(known, pairs, offered, day=who.on, here=case.pk)
    return Neighbours(
        tuple(known[key] for key in dict.fromkeys(parent for parent, child in pairs if child == case.pk)),
        tuple(known[key] for key in dict.fromkeys(child for parent, child in pairs if parent == case.pk)),
        tuple(row for row in offered if row.parent_id == case.pk), drawn, draw(drawn) if drawn is not None else None,
    )  # fmt: skip


def offers(who: Reader) -> QuerySet[ChainLink]:
    """What waits for this reader to say whether it shall be opened: the office that handled the case, and its leaders."""
    office = [grant.organ_id for grant in who.grants if grant.role in (Role.CASE_OFFICER, Role.LEADER)]
    return visible(who, "case.steer", ChainLink.objects.filter(child=None, parent__organ__in=office))


class NextForm(forms.Form):
    """Open what is offered, or say why not."""

    title = ""
    verb = "确认"
    consequences: tuple[str, ...] = ()

    @property
    def start(self) -> bool:
        return bool(self.cleaned_data["verdict"] == START)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == NOT and not given.get("reason"):
            self.add_error("reason", "不启动的，请写明理由。")
        return given

    def take_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        for name, message in faults:
            self.add_error(name if name in self.fields else None, message)


def next_form(link: ChainLink, today: date, data: Any = None) -> NextForm:
    form = NextForm(data=data, initial={ON: today})
    form.title = f"是否启动“{link.title}”"
    form.consequences = (
        f"启动的，为同一人开办“{link.title}”，由本机关承办，两个事项互相可查",
        "不启动的，记下理由，不再提示",
    )
    form.fields["verdict"] = ui.ChoiceField(label="决定", choices=[(START, "启动"), (NOT, "不启动")])
    form.fields[ON] = ui.FlexibleDateField(label="日期", today=today, latest=today)
    form.fields["reason"] = ui.TextField(
        label="理由", long=True, required=False, max_length=1000, help_text="不启动的必须写明"
    )
    return form
