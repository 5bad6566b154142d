"""The question of eligibility judged from periods and open matters: by date alone, with every reason."""

from datetime import date

import pytest

from youwei.rulebook.asking import INTENTS, Answer, Counted, Matter, Weight, counts_on, judge
from youwei.rulebook.days import NEVER
from youwei.rulebook.measures import BarKind

pytestmark = pytest.mark.req("D1")
WARNING = Counted(
    "党内警告", date(2025, 3, 15), date(2026, 3, 14), {BarKind.PROMOTION: date(2026, 3, 15), BarKind.FURTHER_USE: date(2026, 3, 15)}
)  # fmt: skip
REMOVAL = Counted(
    "撤销党内职务", date(2025, 6, 1), date(2027, 5, 31), {BarKind.PROMOTION: date(2027, 6, 1), BarKind.EQUAL_POST: date(2027, 6, 1)}
)  # fmt: skip
BEFORE, LAST, FREE = date(2025, 3, 14), date(2026, 3, 14), date(2026, 3, 15)


@pytest.mark.parametrize(
    ("on", "answer"), [(BEFORE, "可以"), (date(2025, 3, 15), "不得"), (LAST, "不得"), (FREE, "可以")]
)
def test_a_bar_stands_from_its_first_day_to_its_last(on: date, answer: str) -> None:
    assert judge("晋升职务", on, [WARNING], [], known=True).answer == answer


def test_what_is_barred_is_told_by_the_act_that_is_intended() -> None:
    answers = {intent: str(judge(intent, LAST, [WARNING], [], known=True).answer) for intent in INTENTS}
    assert answers == {
        "晋升职务": "不得",
        "晋升职级": "不得",
        "进一步使用": "不得",
        "重新使用": "可以",
        "评先评优": "可以",
    }
    assert judge("重新使用", LAST, [WARNING, REMOVAL], [], known=True).answer is Answer.BARRED


def test_the_latest_of_several_bars_says_from_when() -> None:
    found = judge("晋升职务", LAST, [REMOVAL, WARNING], [], known=True)
    assert found.free_on == date(2027, 6, 1)
    assert [each.title for each in found.barring] == ["党内警告", "撤销党内职务"]
    assert "2026年3月15日起按日期不再受限" in found.says
    assert "2027年6月1日起按日期不再受限" in found.says


def test_what_never_ends_has_no_day() -> None:
    dismissed = Counted("开除公职", date(2020, 1, 1), None, {BarKind.PROMOTION: NEVER}, permanent=True)
    found = judge("晋升职务", LAST, [dismissed], [], known=True)
    assert (found.answer, found.free_on) == (Answer.BARRED, NEVER)
    assert "没有期满之日" in found.says


def test_nothing_recorded_is_never_worded_as_free() -> None:
    assert judge("晋升职务", LAST, [], [], known=False).answer == "未见记录"
    assert judge("晋升职务", FREE, [WARNING], [], known=True).answer == "可以"


def test_an_open_matter_holds_the_answer_or_stands_beside_it() -> None:
    held, beside = Matter("容错核查在办", Weight.HOLDS), Matter("复审在办")
    assert judge("晋升职务", FREE, [WARNING], [held], known=True).answer is Answer.UNSETTLED
    assert "容错核查在办" in judge("晋升职务", FREE, [], [held], known=False).reasons
    found = judge("晋升职务", FREE, [WARNING], [beside], known=True)
    assert (found.answer, found.matters, found.says) == (Answer.FREE, (beside,), "")


def test_a_bar_goes_before_a_doubt_and_what_is_said_outside_is_the_bar_alone() -> None:
    found = judge("晋升职务", LAST, [WARNING], [Matter("容错核查在办", Weight.HOLDS)], known=True)
    assert found.answer is Answer.BARRED
    assert "容错" not in found.says


@pytest.mark.parametrize(
    ("on", "answer"),
    [(FREE, "待核"), (date(2028, 3, 14), "待核"), (date(2028, 3, 15), "可以")],  # 最后一日2026年3月14日加731日
)
def test_a_doubt_about_an_edition_is_moot_once_no_edition_can_matter(on: date, answer: str) -> None:
    doubtful = Counted("党内警告", WARNING.starts_on, WARNING.last_day, WARNING.until, unsettled=("两个版本答案不同",))
    assert judge("晋升职务", on, [doubtful], [], known=True).answer == answer


def test_an_unknown_day_and_a_missing_restoration_stay_in_doubt() -> None:
    unknown = Counted("党内警告", None, None, {}, unsettled=("生效日期不详",))
    waiting = Counted("留党察看一年", date(2019, 1, 1), date(2020, 1, 1), {}, unsettled=("待恢复",), restoring=True)
    for each in (unknown, waiting):
        assert judge("评先评优", date(2026, 1, 1), [each], [], known=True).answer is Answer.UNSETTLED


@pytest.mark.req("K1")
def test_a_matter_counts_while_its_period_a_bar_or_an_assessment_does() -> None:
    ended = {
        "starts_on": date(2024, 3, 1),
        "last_day": date(2025, 2, 28),
        "permanent": False,
        "until": [date(2025, 3, 1)],
    }
    assert counts_on(date(2025, 2, 28), **ended)
    assert not counts_on(date(2025, 3, 1), **ended)
    assert counts_on(date(2025, 3, 1), **ended, assessed_until=date(2025, 12, 31))
    assert not counts_on(date(2026, 1, 1), **ended, assessed_until=date(2025, 12, 31))
    assert counts_on(date(2025, 3, 1), **(ended | {"until": [date(2026, 1, 1)]}))
    assert counts_on(date(2030, 1, 1), **(ended | {"starts_on": None}))
