"""A decision named in a record: one that was publicly announced, chosen from those the reader may see, or written by its number."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from youwei.cases.models import Case
from youwei.cases.queries import TEACHABLE, TOLD, announced
from youwei.decisions.models import Decision
from youwei.organs.policy import Reader, visible
from youwei.rulebook.packs import FieldType, Step
from youwei.ui import fields as ui

LISTED = "announced-decisions"
MOST = 200
"""So many are offered, the newest first; an older one is written by its number."""


class AnnouncedField(ui.TextField):
    """A decision by its number, one that was announced: what nobody was told of is answered as if there were none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "点开选，或者写决定文号；只能用已经公开宣布的决定")
        super().__init__(max_length=160, **kwargs)
        self.widget.attrs.update(list=LISTED, placeholder="点开选，或写文号")

    def clean(self, value: Any) -> Decision | None:
        text = " ".join(str(super().clean(value)).split())
        if not text:
            return None
        number, _, name = text.rpartition(" ")
        found = announced(text) or (announced(number, name) if number else [])
        if not found:
            raise ValidationError(f"没有公开宣布过的决定“{text}”；请核对文号，没有宣布的不能用来讲。")
        if len({each.person_id for each in found}) > 1:
            raise ValidationError(f"文号“{text}”处理了{len(found)}人；请从列出的决定里选，或者在文号后面空一格写姓名。")
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        """What was recorded, written as it may be sent again: where the number is of several people, with whom it was chosen for."""
        if not isinstance(value, Mapping):
            return super().prepare_value(value)
        number, found = str(value.get("name", "")), announced(str(value.get("name", "")))
        named = next((each.person.name for each in found if str(each.pk) == value.get("id") and each.person), "")
        return f"{number} {named}" if named and len({each.person_id for each in found}) > 1 else number


def offered(who: Reader, step: Step) -> list[tuple[str, str]]:
    """What a step that names decisions may name, of what the reader may see: the number with the name, and the day and measures. Two queries."""
    columns = [each for field in step.form.values() for each in (field, *field.of.values())]
    if not any(each.type is FieldType.DECISION for each in columns):
        return []
    told = Case.objects.filter(decision=OuterRef("pk"), sealed=False, told__has_key=TOLD)
    rows = visible(who, "decision.view", Decision.objects.filter(Exists(told), secret=False, state__in=TEACHABLE))
    found = rows.exclude(number="").select_related("person").prefetch_related("measures").order_by("-made_on", "-pk")
    return [(f"{each.number} {each.person.name}", _told(each)) for each in found[:MOST] if each.person is not None]


def _told(row: Decision) -> str:
    made = f"{row.made_on.isoformat()} " if row.made_on else ""
    return made + "、".join(each.label for each in row.measures.all())
