"""How the check before holding to account (容错审核) is asked for: with a decision, and afterwards."""

from collections.abc import Iterable
from typing import Any

from django import forms

from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import Answer
from youwei.intake.prechecks import LONGEST
from youwei.ui import fields as ui
from youwei.ui.words import cn_date

Precheck = Decision.Precheck
ASKED = (Precheck.CASE, Precheck.UNFIT, Precheck.NOT_HELD)
ABOUT = "因失职失责给予处分、处理的，提出之前应当考虑能否容错；不属于问责的不填，或者写明不属于"


def choices(*kinds: Precheck) -> list[tuple[str, str]]:
    return [(str(kind), str(kind.label)) for kind in kinds]


def why() -> forms.Field:
    return ui.TextField(
        label="容错审核的理由",
        long=True,
        required=False,
        max_length=LONGEST,
        help_text="不适用容错、不属于问责的，写明为什么",
    )


def asked() -> dict[str, forms.Field]:
    """The fields by which it is asked together with a decision."""
    return {
        "precheck": ui.ChoiceField(
            label="容错审核", choices=choices(*ASKED, Precheck.OWED), help_text=ABOUT, required=False
        ),
        "precheck_case": ui.WholeNumberField(
            label="容错审核事项编号", min_value=1, help_text="事项页面地址里的编号；须是本人已办结的", required=False
        ),
        "precheck_why": why(),
    }


class PrecheckForm(forms.Form):
    """Answered afterwards: of the cases on which a decision may rest, or with a reason."""

    def __init__(self, data: Any, *, decision: Decision, cases: Iterable[Case], token: str) -> None:
        known = {str(each.pk): each for each in cases}
        kind = decision.precheck if decision.precheck in ASKED else None
        super().__init__(
            data,
            initial={
                "seen": decision.precheck,
                "token": token,
                "kind": kind,
                "why": decision.precheck_why(),
                "case": str(decision.precheck_case or ""),
            },
        )
        self.fields["kind"] = ui.ChoiceField(label="容错审核", choices=choices(*(ASKED if known else ASKED[1:])))
        if known:
            listed = [
                (key, f"{each.title}，{cn_date(each.ended_on)}{each.outcome_title}") for key, each in known.items()
            ]
            self.fields["case"] = ui.ChoiceField(label="哪一件", choices=listed, required=False)
        self.fields["why"] = why()
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)
        self.fields["token"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=48)

    def answer(self) -> Answer:
        given = self.cleaned_data
        if given["kind"] == Precheck.CASE:
            return Answer(Precheck.CASE, case=int(given["case"]) if given.get("case") else None)
        return Answer(given["kind"], given["why"])

    def take(self, name: str, message: str) -> None:
        """Show a refusal at the field it is about."""
        self.add_error(name if name in self.fields else None, message)
