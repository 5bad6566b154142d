"""Duties worked off one by one: due, in time, late, missing and not applicable, by organ, down to the item and the person (A5)."""

from datetime import date

import pytest

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.cases.tests.builders import act, case_of, record
from youwei.organs.models import Role
from youwei.organs.policy import Refusal, reader
from youwei.statistics.lists import items, ordered
from youwei.statistics.queries import Figures, ask_for, figures, find, rows, table

pytestmark = [pytest.mark.django_db, pytest.mark.req("A5", "I4")]
FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
SERVED = {"result": "已送达", "number": "青纪送〔2026〕7号", "receivers": ["本人"]}
INFORMED = {"result": "已函告", "number": "青纪函〔2026〕8号", "bodies": ["组织部门"]}


@pytest.fixture
def case(cast: Cast) -> Case:
    """A severe warning of 12 March 2026, opened on the 16th: three items due on 13 April, two and the report on 14 September."""
    made = case_of(cast, "execution")
    record(made, "serve", date(2026, 3, 18), SERVED)
    record(made, "inform", date(2026, 4, 20), INFORMED)
    act(
        made, "exempt", date(2026, 4, 20), step="advice", values={"ground": "没有需要制发建议书的问题"}, reason="不需要"
    )
    act(made, "not_done", date(2026, 4, 20), step="recover", values={"ground": "其他原因"}, reason="等待法院执行")
    return made


def of(cast: Cast, first: date = FIRST, last: date = LAST) -> dict[str, float]:
    found: Figures = figures(cast.district, first, last, today=TODAY)
    return {key.removeprefix("items."): found.value(key) for key in found.by_id if key.startswith("items.")}


def test_each_item_counts_once_by_what_became_of_it(cast: Cast, case: Case) -> None:
    assert of(cast) == {"due": 3, "on_time": 1, "made_up": 1, "missing": 1, "exempted": 1, "left": 1, "rate": 33.3}


def test_an_item_made_up_for_later_stays_late_in_its_period(cast: Cast, case: Case) -> None:
    record(case, "file_managed", date(2026, 7, 1), {"result": "已归档", "number": "回执3号"})
    found = of(cast)
    assert (found["due"], found["on_time"], found["made_up"], found["missing"]) == (3, 1, 2, 0)
    assert of(cast, date(2026, 7, 1), date(2026, 7, 1))["due"] == 0


def test_before_their_day_items_are_not_missing(cast: Cast, case: Case) -> None:
    assert of(cast, FIRST, date(2026, 4, 12))["missing"] == 0
    assert of(cast, FIRST, date(2026, 4, 13))["missing"] == 1, "its last day lay in the period"
    found = figures(cast.district, FIRST, LAST, today=date(2026, 4, 13))
    assert found.value("items.missing") == 0, "what is due today is not late yet"


def test_above_one_reads_down_to_the_item_and_the_person(cast: Cast, case: Case) -> None:
    upper = reader(cast.accounts[Role.UPPER_VIEWER], TODAY)
    ask = ask_for(cast.city, FIRST, LAST, today=TODAY)
    wanted = {
        "items.on_time": "送达处分（处理）决定",
        "items.exempted": "制发建议书并督促落实",
        "items.missing": "处分（处理）决定归入本人档案（组织部门）",
    }
    for key, title in wanted.items():
        count, found = find(key, ask), rows(key, ask, upper)
        assert count is not None
        assert found is not None
        assert not isinstance(found, Refusal)
        [line] = items(ordered(found, count.source), count, ask, upper)
        assert (line.name, line.cells[2]) == ("许南舟", title)
    assert line.cells[3:] == ("2026年4月13日", "青溪区委组织部", "没有办结（组织部门）")
    assert find("items.due", ask) is None
    lines = {row.title: row.now["items.missing"].value for row in table(ask, ("items.due", "items.missing")).rows}
    assert (lines["青溪区"], lines["白石区"]) == (1, 0)


def test_who_may_not_see_the_case_gets_no_list(cast: Cast, case: Case) -> None:
    stranger = reader(cast.outsider, TODAY)
    assert isinstance(rows("items.missing", ask_for(cast.district, FIRST, LAST, today=TODAY), stranger), Refusal)
