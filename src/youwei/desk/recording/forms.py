"""The form of one decision. Its words go through the same reading and checks as a line of a ledger; here is only how they are asked for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from youwei.decisions.models import Decision
from youwei.desk.prechecks import forms as prechecks
from youwei.intake.fields import BY_KEY, MONTHS_OF
from youwei.intake.prechecks import cell
from youwei.organs.models import Organ
from youwei.organs.roster import LONGEST_NAME
from youwei.rulebook.law import load_law
from youwei.rulebook.measures import Family, MeasureKind
from youwei.ui import fields as ui

FORMS = ("第一种形态", "第二种形态", "第三种形态", "第四种形态")
MANAGED = ("省管干部", "市管干部", "区管干部", "县管干部", "其他")
RANKS = ("乡科级副职", "乡科级正职", "县处级副职", "县处级正职", "厅局级副职", "厅局级正职", "一级科员", "股级", "其他")
Precheck = Decision.Precheck
NO_CELL = ("new_unit", "sure", "precheck_case", "precheck_why")
MOST_UNITS = 500
MOST_MONTHS = 99
ABOUT_MONTHS = (
    ("party", "只在留党察看延长时填写，延长后合计24个月；不填按决定的年限"),
    ("administrative", "只在几项同种处分合并、由机关另定期限时填写，最长48个月；不填按法定期限"),
)


def titles(*families: Family) -> list[tuple[str, str]]:
    """无, then the measures of families by today's names, lightest first; a probation is given with its term."""
    kinds = sorted(
        (kind for kind in load_law().measures.values() if kind.family in families and not kind.term_missing),
        key=lambda kind: kind.order,
    )
    return [("", "无"), *((worded(kind), worded(kind)) for kind in kinds)]


def worded(kind: MeasureKind) -> str:
    """How a measure is offered: by its title; one given in place of another, as papers word it (代撤销党内职务)."""
    return kind.aliases[0] if kind.instead_of else kind.title


def months(label: str, about: str) -> forms.Field:
    """How many months an organ chose, where it did; whether the law lets it is for the checks."""
    said = f"“{label}”填1至{MOST_MONTHS}之间的整数；没有另定的不填。"
    field = ui.WholeNumberField(
        label=label,
        help_text=about,
        required=False,
        validators=[MinValueValidator(1, said), MaxValueValidator(MOST_MONTHS, said)],
    )
    field.error_messages["invalid"] = said
    return field


def words(given: Iterable[str]) -> list[tuple[str, str]]:
    return [(each, each) for each in given]


class DecisionForm(forms.Form):
    """One decision about one person. Field names are those of a ledger's columns."""

    def __init__(self, *args: Any, today: date, units: Iterable[Organ], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = list(units)
        self.kinds = {unit.name: unit.kind for unit in units}
        kinds = [kind.title for kind in load_law().persons.values()]
        named = [(unit.name, unit.name) for unit in units]
        more: dict[str, Any] = {"required": False}
        self.fields |= {
            "name": ui.TextField(label="姓名", max_length=32),
            "id_number": ui.TextField(
                label="身份证号", max_length=18, help_text="填写后能认出已在册的同一个人；密封保存", **more
            ),
            "sex": ui.ChoiceField(label="性别", choices=words("男女"), **more),
            "born": ui.TextField(label="出生年月", max_length=20, help_text="可写 1991.08、1991年8月", **more),
            "politics": ui.TextField(label="政治面貌", max_length=32, initial="中共党员", **more),
            "unit": ui.ChoiceField(label="单位", choices=named, **more),
            "new_unit": ui.TextField(
                label="名单里没有的单位",
                max_length=LONGEST_NAME,
                help_text="写全称；会在机关名录里新建，先请您确认",
                **more,
            ),
            "sure": ui.ChoiceField(label="新建这个单位", choices=[("yes", "名称无误，确认新建")], **more),
            "post": ui.TextField(label="职务", max_length=64, **more),
            "kind": ui.ChoiceField(
                label="人员类别",
                choices=words(kinds),
                help_text="决定能受哪些政务处分；单位是村（社区）、又有职务的，不选按村（社区）干部",
                **more,
            ),
            "rank": ui.ChoiceField(label="职级", choices=words(RANKS), **more),
            "managed_by": ui.ChoiceField(
                label="干部管理权限", choices=words(MANAGED), help_text="市管干部的处分七个工作日内公开宣布"
            ),
            "number": ui.TextField(label="决定文号", max_length=80),
            "decided_on": ui.FlexibleDateField(label="决定日期", today=today, latest=today),
            "effective_on": ui.FlexibleDateField(label="生效日期", today=today, help_text="不填按决定日期", **more),
            "form": ui.ChoiceField(label="四种形态", choices=words(FORMS)),
            "party": ui.ChoiceField(label="党纪处分", choices=titles(Family.PARTY), **more),
            "administrative": ui.ChoiceField(label="政务处分", choices=titles(Family.ADMINISTRATIVE), **more),
            "handling": ui.ChoiceField(
                label="组织处理、诫勉或其他措施",
                choices=titles(Family.HANDLING, Family.ADMONITION, Family.FIRST_FORM),
                **more,
            ),
            **{MONTHS_OF[family]: months(BY_KEY[MONTHS_OF[family]].title, about) for family, about in ABOUT_MONTHS},
            "category": ui.TextField(label="问题类别", max_length=64, **more),
            "acts_until": ui.FlexibleDateField(
                label="违纪行为止于",
                today=today,
                latest=today,
                help_text="决定适用哪一版条例；不清楚可不填，期间标为待核",
                **more,
            ),
            "facts": ui.TextField(label="主要事实", long=True, help_text="密封保存。不得填写国家秘密", **more),
            **prechecks.asked(),
        }

    def clean(self) -> dict[str, Any]:
        """One unit: of the list, or a new one that was confirmed by its name."""
        given = super().clean() or self.cleaned_data
        new = "".join(str(given.get("new_unit") or "").split())
        if "unit" in self.errors or "new_unit" in self.errors:
            return given
        if given.get("unit") and new and new != given["unit"]:
            self.add_error("new_unit", f"已经选了{given['unit']}；两处只能填一处。")
        elif not given.get("unit") and not new:
            self.add_error("unit", "请选单位；名单里没有的，在下一项写全称。")
        elif new and new not in self.kinds and given.get("sure") != "yes":
            self.add_error("sure", f"名单里没有“{new}”，登记时会在机关名录里新建；请核对全称，再选“确认新建”。")
        self._clean_precheck(given)
        return {**given, "unit": given.get("unit") or new}

    def _clean_precheck(self, given: Mapping[str, Any]) -> None:
        """An answer that names a case or gives a reason is whole."""
        if given.get("precheck") == Precheck.CASE and not given.get("precheck_case"):
            self.add_error("precheck_case", "请写明是哪一件容错审核事项。")
        elif (
            given.get("precheck") in (Precheck.UNFIT, Precheck.NOT_HELD)
            and not str(given.get("precheck_why") or "").strip()
        ):
            self.add_error("precheck_why", "请写明理由。")

    def cells(self) -> dict[str, str]:
        """What was filled in, as cells of a ledger. Whoever has a post in a village is village staff unless another kind was chosen."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in NO_CELL}
        asked = self.cleaned_data
        given["precheck"] = cell(asked["precheck"], asked["precheck_why"], asked["precheck_case"])
        if not given["kind"] and given["post"] and self.kinds.get(given["unit"]) == Organ.Kind.VILLAGE:
            given["kind"] = load_law().persons["village"].title
        return {
            name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in given.items()
        }

    def take_faults(self, faults: Iterable[Mapping[str, str]]) -> None:
        """Show what the checks found at the field it is about."""
        for fault in faults:
            self.add_error(fault["field"] if fault["field"] in self.fields else None, fault["message"])
