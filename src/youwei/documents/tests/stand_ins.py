"""A case that lies in no store, with everything a paper prints of it."""

from datetime import date
from types import SimpleNamespace
from typing import Any


class Stand:
    """Case, person and decision as a paper sees them."""

    day = date(2026, 9, 29)

    def __init__(self) -> None:
        unit = SimpleNamespace(name="测试区水利局")
        measures = SimpleNamespace(all=lambda: [SimpleNamespace(label="党内警告")])
        decision = SimpleNamespace(number="测纪〔2026〕1号", measures=measures, made_on=date(2026, 3, 1))
        person = SimpleNamespace(name="被回访甲", sex="男", organ=unit, post="科员", rank="")
        self.case: Any = SimpleNamespace(
            title="受处分人员回访教育",
            organ=SimpleNamespace(name="测试区纪委监委"),
            subject_organ=unit,
            person=person,
            decision=decision,
        )
