"""Forms around a vote: who may vote, what paper ballots say, what two readings differ in, how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms

from youwei.desk.cases.forms import StepForm, step_form
from youwei.engine.tally import BLANK, DOUBLE, Ballot
from youwei.rulebook.packs import Step
from youwei.ui import fields as ui
from youwei.voting.commands import LONGEST_REMARK, MOST_ELECTORS
from youwei.voting.queries import Difference

OPINIONS = "opinions"
SAID = {BLANK: "没有选", DOUBLE: "选了两档"}


class OpenForm(forms.Form):
    """Who may vote, one a line, and how many of them on paper."""

    electors = ui.TextField(
        label="应参加的人",
        long=True,
        help_text="一行一人：姓名，同名的加单位、职务。名单从此固定；投票码、票上都不写姓名",
    )
    on_paper = ui.WholeNumberField(
        label="其中用纸质票的人数", required=False, min_value=0, max_value=MOST_ELECTORS,
        help_text="没有的不填；其余的人凭投票码投",
    )  # fmt: skip

    def names(self) -> list[str]:
        """The lines that are not empty, spaces aside."""
        return [" ".join(line.split()) for line in self.cleaned_data["electors"].splitlines() if line.strip()]

    def paper(self) -> int:
        return self.cleaned_data["on_paper"] or 0


class ReasonForm(forms.Form):
    """Why a vote is called off."""

    reason = ui.TextField(
        label="作废的理由",
        long=True,
        max_length=500,
        help_text="例如：名单有误；投票机损坏。票箱里的票不看、不计，全部销毁",
    )


def closing_form(step: Step, *, today: date, behalf: bool, data: Any = None) -> StepForm:
    """The day on which a vote ends, and for whom that is entered."""
    return step_form(replace(step, form={}), today=today, data=data, behalf=behalf)


def opinions_form(step: Step, *, today: date, behalf: bool, data: Any = None, initial: Any = None) -> StepForm:
    """Signed opinions: a row for each person with a grade for each item and words."""
    rows = replace(step.form[OPINIONS], required=True)
    return step_form(replace(step, form={OPINIONS: rows}), today=today, data=data, behalf=behalf, initial=initial)


def marks_of(step: Step) -> list[tuple[str, str]]:
    """What may stand at an item of a paper ballot."""
    return [(BLANK, SAID[BLANK]), *((option, option) for option in step.options), (DOUBLE, SAID[DOUBLE])]


class PaperForm(forms.Form):
    """Paper ballots, by the numbers written on them: for each item what is marked. `remarks` only where nobody has read them before."""

    def __init__(
        self, step: Step, count: int, *, remarks: bool, data: Any = None, known: Sequence[Ballot] = ()
    ) -> None:
        initial = {
            name_of(number, item): mark for number, ballot in enumerate(known, 1) for item, mark in ballot.items()
        }
        super().__init__(data=data, initial=initial)
        self.step, self.count = step, count
        for number in range(1, count + 1):
            for item in step.items:
                self.fields[name_of(number, item.id)] = _mark(step, f"第{number}张：{item.title}")
        if remarks:
            self.fields["remarks"] = ui.TextField(
                label="票上写的文字意见", long=True, required=False, help_text="一条一行，照原文；不分是哪张票上的"
            )

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The table as it is shown."""
        return [
            (number, [self[name_of(number, item.id)] for item in self.step.items])
            for number in range(1, self.count + 1)
        ]

    def ballots(self) -> list[dict[str, str]]:
        given = self.cleaned_data
        return [
            {item.id: given[name_of(number, item.id)] for item in self.step.items}
            for number in range(1, self.count + 1)
        ]

    def remarks(self) -> list[str]:
        lines = self.cleaned_data.get("remarks", "").splitlines()
        return [line.strip()[:LONGEST_REMARK] for line in lines if line.strip()]


class SettleForm(forms.Form):
    """What the paper says where two readings differ."""

    def __init__(self, step: Step, found: Sequence[Difference], data: Any = None) -> None:
        super().__init__(data=data)
        for each in found:
            read = f"第一遍录“{SAID.get(each.first, each.first)}”，第二遍录“{SAID.get(each.second, each.second)}”"
            self.fields[each.name] = ui.ChoiceField(
                label=f"第{each.number}张：{each.title}", choices=[(mark or "-", title) for mark, title in marks_of(step)],
                help_text=f"{read}；请看原票",
            )  # fmt: skip

    def settled(self) -> dict[str, str]:
        return {name: BLANK if mark == "-" else mark for name, mark in self.cleaned_data.items()}


def name_of(number: int, item: str) -> str:
    return f"b{number}-{item}"


def _mark(step: Step, label: str) -> forms.ChoiceField:
    select = forms.Select(attrs={"class": "form-select", "aria-label": label})
    return forms.ChoiceField(label=label, required=False, choices=marks_of(step), widget=select)


@dataclass(frozen=True, slots=True)
class Question:
    """One item on the screen: its marks by value, words, and whether chosen."""

    name: str
    title: str
    marks: tuple[tuple[str, str, bool], ...]
    wrong: bool


class BallotForm(forms.Form):
    """One ballot on the screen; nothing is chosen beforehand, and nothing need be."""

    def __init__(self, step: Step, data: Any = None) -> None:
        super().__init__(data=data, auto_id="b_%s")
        self.step = step
        self.choices = [*((option, option) for option in step.options), (BLANK, "弃权")]
        for item in step.items:
            self.fields[f"i-{item.id}"] = forms.ChoiceField(label=item.title, required=False, choices=self.choices)
        if step.voters is not None and step.voters.remarks:
            self.fields["remark"] = ui.TextField(
                label="想说的话（可不填）", long=True, required=False, max_length=LONGEST_REMARK,
                help_text="会原样列在汇总表里，顺序打乱，不和所选的档次放在一起。请不要写自己的名字，也不要写只有您知道的事",
            )  # fmt: skip

    def questions(self) -> list[Question]:
        sent = self.data if self.is_bound else {}
        found = []
        for item in self.step.items:
            name = f"i-{item.id}"
            marks = tuple((value, title, sent.get(name) == value) for value, title in self.choices)
            found.append(Question(name, item.title, marks, name in self.errors))
        return found

    def marks(self) -> dict[str, str]:
        return {item.id: self.cleaned_data.get(f"i-{item.id}") or BLANK for item in self.step.items}

    def blanks(self) -> list[str]:
        """The items at which nothing was chosen, not even 弃权."""
        return [item.title for item in self.step.items if f"i-{item.id}" not in self.data]
