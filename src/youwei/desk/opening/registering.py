"""Entering a person about whom nothing was decided: a case opened by hand may be the first that is known of somebody."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import transaction

from youwei.desk.opening import queries
from youwei.desk.organs.forms import OrganField
from youwei.desk.recording.forms import MANAGED, RANKS, words
from youwei.intake.identity import read_identity
from youwei.journal.actors import Actor
from youwei.organs.policy import Reader
from youwei.people import commands
from youwei.people import queries as people
from youwei.people.models import Person
from youwei.rulebook.law import load_law
from youwei.ui import fields as ui

SURE = "sure"
LONGEST_POST = 64


class PersonForm(forms.Form):
    """One person. `alike` are those on file of the same name at the same unit, once there are any."""

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.alike: list[Person] = []
        kinds = [kind.title for kind in load_law().persons.values()]
        self.fields |= {
            "name": ui.TextField(label="姓名", max_length=32),
            "identity": ui.TextField(
                label="身份证号",
                max_length=18,
                required=False,
                help_text="以后登记决定、导入台账时凭它认出同一个人；密封保存",
            ),
            "sex": ui.ChoiceField(label="性别", choices=words("男女"), required=False),
            "born_on": ui.FlexibleDateField(label="出生日期", today=today, latest=today, required=False),
            "unit": OrganField(label="单位"),
            "post": ui.TextField(label="职务", max_length=LONGEST_POST, required=False),
            "kind": ui.ChoiceField(label="人员类别", choices=words(kinds), required=False),
            "rank": ui.ChoiceField(label="职级", choices=words(RANKS), required=False),
            "managed_by": ui.ChoiceField(label="干部管理权限", choices=words(MANAGED)),
        }

    def ask(self, alike: list[Person]) -> None:
        """Somebody of this name works there: is it another?"""
        self.alike = alike
        self.fields[SURE] = ui.ChoiceField(label="同名同单位的已经在册", choices=[("yes", "不是同一个人，另行登记")])
        self.add_error(None, f"{alike[0].organ.name}已有同名的{alike[0].name}；是同一个人的，请从他的档案开办。")


@transaction.atomic
def register(*, who: Reader, given: Mapping[str, Any], by: Actor, at: datetime) -> Person:
    """Enter one person. Raises commands.Refused naming the field: an identity number that is wrong or on file, a unit or a cadre out of reach."""
    read = read_identity(given["identity"])
    if read.problem or read.doubt:
        raise commands.Refused(f"身份证号：{read.problem or read.doubt}；{read.remedy or '请写全'}")
    if read.number and people.by_identity(read.number).exists():
        raise commands.Refused("身份证号：已有这个人的档案；请用身份证号搜索，从他的档案开办")
    if not queries.organs(who).filter(pk=given["unit"].pk).exists():
        raise commands.Refused(f"单位：{given['unit'].name}不在您的工作范围内；请由有管辖权的机关登记")
    born = date.fromisoformat(read.born) if len(read.born) == len("1991-08-01") else given["born_on"]
    person = people_of(given, read.number, read.sex, born)
    commands.register_many([person], by=by, on=who.on, at=at)
    if not queries.persons(who).filter(pk=person.pk).exists():
        raise commands.Refused("干部管理权限：这名干部由上级管理，请由上级机关登记和开办")
    return person


def people_of(given: Mapping[str, Any], number: str, sex: str, born: date | None) -> Person:
    """The person as typed, not yet stored."""
    return commands.build(
        organ=given["unit"], identity=number, name="".join(given["name"].split()), sex=given["sex"] or sex, born_on=born,
        born_day_known=born is not None, post=given["post"], kind=given["kind"], rank=given["rank"], managed_by=given["managed_by"],
    )  # fmt: skip


def alike(given: Mapping[str, Any]) -> list[Person]:
    """Persons of this name at this unit."""
    name = "".join(given["name"].split())
    return list(people.active().filter(name=name, organ=given["unit"]).select_related("organ"))
