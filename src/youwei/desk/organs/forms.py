"""Forms about organs: a new one, and one for each change."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from youwei.organs.changes import LONGEST_PAPER
from youwei.organs.models import Organ
from youwei.organs.queries import organs_named
from youwei.organs.roster import LONGEST_NAME
from youwei.people.models import Person
from youwei.ui import fields as ui

SPELLING = "写全称；有重名的写“上级/名称”，例如 望江区/教育局"
KINDS = [(str(value), str(label)) for value, label in Organ.Kind.choices]
LEVELS = [(str(value), str(label)) for value, label in Organ.Level.choices]
MEGABYTE = 1024 * 1024


def spelled(organ: Organ | None) -> str:
    """How an organ is written so that it alone is found."""
    if organ is None:
        return ""
    twice = organ.parent is not None and organs_named(organ.name).count() > 1
    return f"{organ.parent.name}/{organ.name}" if twice and organ.parent else organ.name


class OrganField(ui.TextField):
    """One organ in force, by its name or a former one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", SPELLING)
        super().__init__(max_length=2 * LONGEST_NAME, **kwargs)

    def clean(self, value: Any) -> Organ | None:
        text = "".join(super().clean(value).split())
        if not text:
            return None
        found = list(organs_named(text)[:2])
        if not found:
            raise ValidationError(f"没有“{text}”，或它已经撤并；请核对全称。")
        if len(found) > 1:
            raise ValidationError(f"叫“{text}”的不止一个；请写成“上级/名称”。")
        return found[0]


class NewOrganForm(forms.Form):
    """An organ entered by hand."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "name": ui.TextField(label="名称", max_length=LONGEST_NAME, help_text="写全称"),
            "kind": ui.ChoiceField(label="类别", choices=KINDS),
            "level": ui.ChoiceField(label="级别", choices=LEVELS, initial=Organ.Level.COUNTY),
            "parent": OrganField(
                label="上级", required=False, help_text=f"党组织隶属或所在地区；最上一级不填。{SPELLING}"
            ),
            "managed_by": OrganField(
                label="干部管理机关",
                required=False,
                help_text="干部由上级以外的机关管理的才填，例如垂直管理单位、派驻组",
            ),
            "starts_on": ui.FlexibleDateField(
                label="成立日期", today=today, latest=today, required=False, help_text="一直就有的不填"
            ),
            "paper": ui.TextField(
                label="依据", max_length=LONGEST_PAPER, required=False, help_text="新成立的写编制文件的名称、文号"
            ),
        }


class ChangeForm(forms.Form):
    """What every change says: from which day, by which paper. `own` are the fields of the change itself."""

    def __init__(self, *args: Any, organ: Organ, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organ = organ
        self.fields |= {
            **self.own(),
            "on": ui.FlexibleDateField(label="生效日期", today=today, latest=today, help_text="这一天起按改动后的办理"),
            "paper": ui.TextField(label="依据", max_length=LONGEST_PAPER, help_text="机构改革或编制文件的名称、文号"),
        }

    def own(self) -> dict[str, forms.Field]:
        return {}


class RenameForm(ChangeForm):
    def own(self) -> dict[str, forms.Field]:
        return {"name": ui.TextField(label="新的名称", max_length=LONGEST_NAME, help_text="写全称")}


class PlaceForm(ChangeForm):
    def own(self) -> dict[str, forms.Field]:
        return {
            "parent": OrganField(
                label="上级", required=False, initial=spelled(self.organ.parent), help_text=f"最上一级不填。{SPELLING}"
            ),
            "managed_by": OrganField(
                label="干部管理机关", required=False, initial=spelled(self.organ.managed_by),
                help_text="和上级不同时填写；填写后不改变工作范围",
            ),
        }  # fmt: skip


class MergeForm(ChangeForm):
    def own(self) -> dict[str, forms.Field]:
        return {"into": OrganField(label="并入哪个单位")}


class SplitForm(ChangeForm):
    def own(self) -> dict[str, forms.Field]:
        below = [(str(child.pk), child.name) for child in self.organ.children.filter(ends_on=None).order_by("pk")]
        found: dict[str, forms.Field] = {
            "name": ui.TextField(label="新单位的名称", max_length=LONGEST_NAME, help_text="写全称"),
            "kind": ui.ChoiceField(label="新单位的类别", choices=KINDS, initial=self.organ.kind),
            "parent": OrganField(
                label="新单位的上级",
                required=False,
                initial=spelled(self.organ.parent),
                help_text=f"最上一级不填。{SPELLING}",
            ),
        }
        if below:
            found["children"] = ui.ChoicesField(label="一并划入的下级单位", choices=below, at_least=0, required=False)
        return found


class AbolishForm(ChangeForm):
    """Nothing but the day and the paper."""


class PeopleForm(forms.Form):
    """People who go to another unit together."""

    def __init__(self, *args: Any, people: Iterable[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(person.pk), f"{person.name}　{person.post}") for person in people]
        self.fields |= {
            "people": ui.ChoicesField(label="转出的人员", choices=choices),
            "to": OrganField(label="转到哪个单位"),
            "on": ui.FlexibleDateField(label="生效日期", today=today, latest=today),
            "paper": ui.TextField(label="依据", max_length=LONGEST_PAPER, help_text="调动、转隶文件的名称、文号"),
        }


class RosterForm(forms.Form):
    """A list of organs as a file."""

    file = ui.UploadField(
        label="机关名录", suffixes=(".xlsx", ".xls", ".csv"), max_bytes=5 * MEGABYTE,
        help_text="Excel 或 CSV，表头：名称、上级、类别、级别、干部管理机关；上级写在下级前面",
    )  # fmt: skip
