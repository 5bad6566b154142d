"""Forms about what becomes of a person: each says from which day, and by which paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from youwei.cases.models import Case
from youwei.desk.organs.forms import OrganField, spelled
from youwei.organs.changes import LONGEST_PAPER
from youwei.people.models import Person, Post
from youwei.ui import fields as ui

STAY, GO = "stay", "go"
LONGEST = 64


class CareerForm(forms.Form):
    """What every one of them says. `own` are the fields of the one at hand."""

    papers = "文件的名称、文号"

    def __init__(self, *args: Any, person: Person, cases: Sequence[Case], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.cases = person, cases
        self.fields |= {
            **self.own(today),
            "on": ui.FlexibleDateField(label="从哪一天起", today=today, latest=today),
            "paper": ui.TextField(label="依据", max_length=LONGEST_PAPER, help_text=self.papers),
        }

    def own(self, today: date) -> dict[str, forms.Field]:
        return {}


class TransferForm(CareerForm):
    """Another unit or post. Cases that may change hands are asked about: `cases` are those."""

    papers = "调动、任免文件的名称、文号"

    def own(self, today: date) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {
            "to": OrganField(label="调到哪个单位", initial=spelled(self.person.organ)),
            "post": ui.TextField(label="新的职务", max_length=LONGEST),
            "managed_by": ui.TextField(
                label="干部管理权限",
                max_length=32,
                required=False,
                initial=self.person.managed_by,
                help_text="例如 区管干部",
            ),
        }
        if self.cases:
            found |= {
                "cases": ui.ChoiceField(
                    label="在办事项由谁办",
                    choices=[(STAY, "仍由现在的承办机关办"), (GO, "移交给别的机关")],
                    initial=STAY,
                    help_text="移交的，对方接收以后才由对方办",
                ),
                "office": OrganField(label="移交给哪个机关", required=False),
                "why": ui.TextField(
                    label="为什么这样办", max_length=200, help_text="例如：新单位归临湖县纪委监委管，由其回访"
                ),
            }
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("cases") == GO and not given.get("office") and "office" not in self.errors:
            self.add_error("office", "请填写移交给哪个机关。")
        return given


class SecondPostForm(CareerForm):
    """A second post beside the first."""

    papers = "任职文件的名称、文号"

    def own(self, today: date) -> dict[str, forms.Field]:
        return {
            "organ": OrganField(label="在哪个单位兼任"),
            "title": ui.TextField(label="兼任的职务", max_length=LONGEST),
        }


class EndPostForm(CareerForm):
    """A second post ends."""

    papers = "免职文件的名称、文号"

    def own(self, today: date) -> dict[str, forms.Field]:
        held = [(str(post.pk), f"{post.organ.name}　{post.title}") for post in second_posts(self.person)]
        return {"post": ui.ChoiceField(label="免去哪一项兼任", choices=held)}


class RetireForm(CareerForm):
    papers = "退休通知的名称、文号"


class LeaveForm(CareerForm):
    papers = "辞职、开除公职等文件的名称、文号"


class DieForm(CareerForm):
    papers = "死亡证明、户籍注销证明等"


class TakeBackForm(forms.Form):
    """It was entered wrongly."""

    reason = ui.TextField(label="为什么撤回", max_length=200, help_text="例如：同名同姓，登记错了人")

    def __init__(self, *args: Any, person: Person, cases: Sequence[Case], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


def second_posts(person: Person) -> list[Post]:
    """The posts held now beside the first."""
    return list(person.posts.filter(ends_on=None, starts_on__isnull=False).select_related("organ").order_by("pk"))
