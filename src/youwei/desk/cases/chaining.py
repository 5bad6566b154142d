"""What came before a case and what follows it, for whoever may see both ends; and the form by which a person opens what is offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from youwei.cases.models import Case, ChainLink
from youwei.desk.cases.forms import ON
from youwei.organs.models import Role
from youwei.organs.policy import Reader, visible
from youwei.ui import fields as ui

START, NOT = "start", "not"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cases before and after one, and what is still to be answered."""

    before: tuple[Case, ...]
    after: tuple[Case, ...]
    offered: tuple[ChainLink, ...]

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.offered)


def neighbours(who: Reader, case: Case) -> Neighbours:
    """What has opened this case, what it has opened and what it offers, as far as the reader may see it; two queries, one where there is nothing."""
    rows = list(
        ChainLink.objects.filter(Q(parent=case) | Q(child=case)).select_related("parent", "child").order_by("pk")
    )
    others = {key for row in rows for key in (row.parent_id, row.child_id) if key and key != case.pk}
    if others:
        seen = set(visible(who, "case.view", Case.objects.filter(pk__in=others)).values_list("pk", flat=True))
        rows = [row for row in rows if {row.parent_id, row.child_id} - {case.pk, None} <= seen]
    before = {row.parent_id: row.parent for row in rows if row.child_id == case.pk}
    after = {row.child.pk: row.child for row in rows if row.parent_id == case.pk and row.child is not None}
    offered = tuple(row for row in rows if row.parent_id == case.pk and row.child_id is None)
    return Neighbours(tuple(before.values()), tuple(after.values()), offered)


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
