"""The forms of altering a decision. What may stand is judged by the checks of a ledger and by the commands; here is how it is asked for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from youwei.decisions.altering import LONGEST_REASON
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Measure
from youwei.decisions.settling import LONGEST_BASIS, impossible, standing
from youwei.desk.recording.forms import FORMS, DecisionForm, worded
from youwei.intake.fields import MONTHS_OF
from youwei.organs.models import Organ
from youwei.rulebook.law import load_law
from youwei.ui import fields as ui
from youwei.ui.words import cn_date

#: Field of the form → field of the decision.
STORED = {
    "number": "number", "decided_on": "made_on", "effective_on": "effective_on", "form": "form", "category": "problem",
    "acts_until": "acts_until", "facts": "facts", "unit": "unit", "post": "post", "rank": "rank", "managed_by": "managed_by",
}  # fmt: skip
OF_A_STUB = ("number", "decided_on", "effective_on", "form", "young")
MAYBE_EMPTY = ("number", "managed_by", "form", "unit")
TYPED = ("starts_on", "ground", "organ", "number", "basis", "reason")
GROUNDS = ("复审", "复核", "申诉", "本机关自行纠正")
ABOUT_REASON = "写明错在哪里、依据什么材料，例如：与决定书原件核对，日期录错"


class AlterForm(forms.Form):
    """What every form of altering carries: why, which version was in sight, and a mark against double clicks."""

    def ask_why(self, seen: int, token: str, help_text: str = "") -> None:
        self.fields["reason"] = ui.TextField(label="理由", long=True, max_length=LONGEST_REASON, help_text=help_text)
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, initial=seen, required=False, min_value=0)
        self.fields["token"] = forms.CharField(widget=forms.HiddenInput, initial=token, required=False, max_length=64)

    def take(self, name: str, message: str) -> None:
        """Show a refusal at the field it is about."""
        self.add_error(name if name in self.fields else None, message)


class CorrectForm(DecisionForm, AlterForm):
    """The form for recording a decision, filled with what was recorded; of a stub only its few fields."""

    def __init__(
        self, *args: Any, decision: Decision, token: str, units: Iterable[Organ], today: date, **kwargs: Any
    ) -> None:
        self.decision = decision
        self.held = list(decision.measures.order_by("pk"))
        super().__init__(*args, today=today, units=(), initial=_recorded(decision, self.held), **kwargs)
        kept = OF_A_STUB if decision.secret else (*STORED, *self.months_kept())
        self.fields["young"] = ui.YesNoField(label="作出决定时未满35周岁")
        self.fields = {name: self.fields[name] for name in kept}
        if not decision.secret:
            self.fields["unit"] = ui.ChoiceField(label="单位", choices=_units(units, decision.unit))
            for name, now in (("rank", decision.rank), ("managed_by", decision.managed_by)):
                _offer(self.fields[name], now)
        for name in MAYBE_EMPTY:
            if name in self.fields and not self.initial.get(name):
                self.fields[name].required = False
        if decision.mode == Decision.Mode.HISTORY:
            self.fields["decided_on"].required = False
        self.fields["measures"] = ui.TextField(
            label="处分处理种类", max_length=300, help_text="几种之间用顿号隔开，例如：党内严重警告、政务记过"
        )
        self.order_fields(("number", "decided_on", "effective_on", "measures", *MONTHS_OF.values()))
        self.ask_why(decision.version, token, ABOUT_REASON)

    def months_kept(self) -> tuple[str, ...]:
        """The months can be corrected as long as the kinds can: not under a review or restored rights."""
        standing = self.decision.state == Decision.State.STANDING
        return tuple(MONTHS_OF.values()) if standing and not any(each.restored_on for each in self.held) else ()

    def clean(self) -> dict[str, Any]:
        """A correction chooses among the units on the roll; entering a new one belongs to recording."""
        return super(DecisionForm, self).clean() or self.cleaned_data

    def moved(self) -> set[str]:
        """The fields that say something else than what is recorded."""
        return {
            name
            for name in (*STORED, "young", "measures", *MONTHS_OF.values())
            if name in self.fields and _flat(self.cleaned_data.get(name)) != _flat(self.initial.get(name))
        }


def _recorded(decision: Decision, measures: Iterable[Measure]) -> dict[str, Any]:
    """What is recorded, as the form shows it; an effective day equal to the day of decision is left open."""
    found: dict[str, Any] = {name: getattr(decision, stored) for name, stored in STORED.items() if stored != "facts"}
    found |= {"facts": decision.facts(), "young": decision.young}
    found["form"] = FORMS[decision.form - 1] if decision.form else ""
    found["unit"] = str(decision.unit_id or "")
    if decision.effective_on == decision.made_on:
        found["effective_on"] = None
    for measure in measures:
        if measure.months and measure.family in MONTHS_OF:
            found[MONTHS_OF[measure.family]] = measure.months
    return found | {"measures": "、".join(measure.label for measure in measures)}


def _flat(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "").replace("\r\n", "\n").strip()


def _units(units: Iterable[Organ], now: Organ | None) -> list[tuple[str, str]]:
    found = {str(unit.pk): unit.name for unit in units}
    if now is not None:
        found.setdefault(str(now.pk), now.name)
    return list(found.items())


def _offer(field: Any, word: str) -> None:
    """What was recorded can always be kept, in whatever words."""
    if word and word not in dict(field.choices):
        field.choices = [*field.choices, (word, word)]


class ReviewForm(AlterForm):
    """What a review decided: from which day, on which ground, by which organ, on which paper."""

    def __init__(
        self, *args: Any, decision: Decision, token: str, organs: Iterable[Organ], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision
        self.organs = {str(organ.pk): organ for organ in organs}
        self.ask_targets()
        self.fields["starts_on"] = ui.FlexibleDateField(
            label="自哪天起", today=today, latest=today, help_text="变更、撤销决定作出的日期"
        )
        self.fields["ground"] = ui.ChoiceField(label="因何", choices=[(word, word) for word in GROUNDS])
        self.fields["organ"] = ui.ChoiceField(
            label="作出机关", choices=[(key, organ.name) for key, organ in self.organs.items()]
        )
        self.fields["number"] = ui.TextField(label="文号", max_length=80, required=False)
        self.ask_why(decision.version, token, "写明依据的决定书和主要理由")

    def ask_targets(self) -> None:
        """Nothing for a withdrawal."""


class ChangeForm(ReviewForm):
    """For each measure what it was changed to: another one of the same kind."""

    def ask_targets(self) -> None:
        law = load_law()
        self.offered: dict[str, Mapping[str, Given]] = {}
        for measure in self.decision.measures.order_by("pk"):
            kinds = [
                kind
                for kind in sorted(law.measures.values(), key=lambda each: each.order)
                if kind.family == measure.family and kind.id != measure.kind and not kind.term_missing
            ]
            name = f"to_{measure.pk}"
            self.offered[name] = {kind.id: Given(kind, worded(kind)) for kind in kinds}
            choices = [("", "不变更"), *((kind.id, worded(kind)) for kind in kinds)]
            self.fields[name] = ui.ChoiceField(label=f"{measure.label}变更为", choices=choices, required=False)

    def targets(self) -> dict[int, Given]:
        """By measure, what it was changed to."""
        return {
            int(name.removeprefix("to_")): given[self.cleaned_data[name]]
            for name, given in self.offered.items()
            if self.cleaned_data.get(name)
        }


class RestoreForm(ReviewForm):
    """From which day the rights lost by 留党察看 are restored, as the decision on it says."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        del self.fields["ground"]
        self.fields["starts_on"].help_text = "恢复决定写明的起算日，应为察看期满次日，不因审批迟延顺延"


class ExtendForm(ReviewForm):
    """On which day a probation was extended by a year."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["ground"]
        self.fields["starts_on"].label = "哪天决定延长"
        self.fields[
            "starts_on"
        ].help_text = "一年期满以后作出的延长决定的日期；延长后的察看期自原察看期起连续计算，合计二年"


class SettleForm(AlterForm):
    """For each measure the last day a human settled; empty leaves it to the law."""

    def __init__(self, *args: Any, decision: Decision, token: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision
        self.held = list(decision.measures.order_by("pk"))
        for measure in self.held:
            if not impossible(measure):
                self.fields[f"last_{measure.pk}"] = self._day(measure, today)
        basis = next((each.basis_by_hand for each in self.held if each.basis_by_hand), "")
        self.fields["basis"] = ui.TextField(
            label="依据", max_length=LONGEST_BASIS, required=False, initial=basis,
            help_text="哪份决定书、哪一条写明，或者依据哪项规定、哪次集体研究；随终止日一起显示，不写案情",
        )  # fmt: skip
        self.ask_why(decision.version, token, "写明为什么不按规定推算的算；撤销核定的，写明为什么")

    def _day(self, measure: Measure, today: date) -> ui.FlexibleDateField:
        period = standing(measure)
        computed = period and (period.computed if period.by_hand else period.last_day)
        beside = f"按规定推算为{cn_date(computed)}" if computed else "按规定没有期间"
        return ui.FlexibleDateField(
            label=f"{measure.label}的最后一日", today=today, required=False, initial=measure.last_day_by_hand,
            help_text=f"{beside}；留空就按规定推算的算",
        )  # fmt: skip

    def ends(self) -> dict[int, date | None]:
        """By measure, the last day as settled."""
        return {
            int(name.removeprefix("last_")): self.cleaned_data[name] for name in self.fields if name.startswith("last_")
        }


class TakeBackForm(AlterForm):
    """Only why."""

    def __init__(self, *args: Any, decision: Decision, token: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_why(decision.version, token, "写明登记错在哪里")
