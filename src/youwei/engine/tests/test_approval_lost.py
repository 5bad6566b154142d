"""An approval lost because the text was put right later: who had given it in time is not late for it, who had not stays late."""

from datetime import date

import pytest

from youwei.engine.stories import Tale
from youwei.engine.types import Mark
from youwei.rulebook.packs import released_packs


@pytest.mark.req("I2")
@pytest.mark.parametrize(
    ("given_on", "answers_from", "on_the_day", "day_after"),
    [
        ("2024-03-11", date(2024, 4, 15), Mark.NONE, Mark.LATE),  # due on the 13th: 7, 8, 11, 12, 13 March
        ("2024-03-14", date(2024, 3, 13), Mark.LATE, Mark.LATE),
    ],
)
def test_the_lost_approval(given_on: str, answers_from: date, on_the_day: Mark, day_after: Mark) -> None:
    tale = Tale(released_packs(), "accountability@2019.09")
    tale.open("2024-03-04", {"organ.case": "9901", "organ.subject": "9902", "subject.kind": "person"})
    tale.record("receive", "2024-03-04")
    text = tale.record("consider", "2024-03-06", {"fits": False})
    tale.record("check", given_on)
    tale.act("correct", "2024-03-06", at="2024-04-15", target=text.seq, values={"fits": True}, reason="录反了")
    item = tale.plan("2024-04-15").item("check")
    assert item is not None
    assert (item.window.due, item.window.late_from) == (date(2024, 3, 13), answers_from)
    assert item.mark(date(2024, 4, 15)) is on_the_day
    assert item.mark(date(2024, 4, 16)) is day_after
    tale.record("check", "2024-04-15")
    done = tale.plan("2024-04-16").item("check")
    assert done is not None
    assert done.mark(date(2024, 4, 16)) is on_the_day
    tale.act("correct", "2024-03-06", at="2024-05-20", target=text.seq, values={"fits": False}, reason="没有录反")
    again = tale.plan("2024-05-20").item("check")
    assert again is not None
    assert again.mark(date(2024, 5, 20)) is on_the_day
