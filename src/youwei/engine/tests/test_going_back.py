"""What a send-back may have done again: what happened once between the two steps, and nothing else."""

import pytest

from youwei.engine.going_back import may_be_redone
from youwei.engine.stories import Tale
from youwei.engine.types import Status
from youwei.rulebook.packs import Pack, PackRef, released_packs


def pack(name: str, version: str) -> Pack:
    return released_packs()[PackRef(name, version)]


@pytest.mark.req("I1")
@pytest.mark.parametrize(
    ("name", "version", "sender", "target", "may"),
    [
        ("recommendation", "2019.01", "weigh", "draft", ["send", "object"]),
        ("tolerance", "2023.06", "reconsider", "determine", ["notify", "answer"]),
        ("recall", "2016.01", "decide", "nominate", ["hear"]),
        ("recall", "2016.01", "confirm", "appraise", []),
        # the appraisal is a secret ballot, the difficulties are each a step of their own
        ("tianqiao-visit", "2018.11", "summary", "review", ["interviews", "talk_leaders", "talk_unit"]),
    ],
)
def test_what_happened_between_may_be_done_again(
    name: str, version: str, sender: str, target: str, may: list[str]
) -> None:
    assert [step.id for step in may_be_redone(pack(name, version), sender, target)] == may


def weighed() -> Tale:
    tale = Tale(released_packs(), "recommendation@2019.01")
    tale.open("2024-04-09", {"organ.case": "9901", "organ.subject": "9902", "subject.kind": "organ"})
    tale.record("draft", "2024-04-10")
    tale.record("approve", "2024-04-11")
    tale.record("send", "2024-04-12", {"received_on": "2024-04-12"})
    tale.record("object", "2024-04-16", {"objects": True})
    return tale


@pytest.mark.req("I1")
@pytest.mark.parametrize("redo", [["answer"], ["send", "approve"], ["weigh"], ["nowhere"]])
def test_what_lies_elsewhere_or_falls_anyway_is_refused_with_what_can_be_chosen(redo: list[str]) -> None:
    said = weighed().refusals("return", "2024-04-18", step="weigh", to="draft", reason="改", values={"redo": redo})
    assert len(said) == 1
    assert "退回到“起草建议书”，可以选的有：发出纪检监察建议书、被建议单位是否提出异议" in said[0]


@pytest.mark.req("I1")
@pytest.mark.parametrize(("redo", "then"), [([], Status.UNDONE), (["hear"], Status.OPEN)])
def test_what_was_left_undone_is_asked_for_again_only_when_the_sender_wants_it(redo: list[str], then: Status) -> None:
    nominated = {"source": "单位上报", "situation": ["慢作为"], "head": False}
    tale = Tale(released_packs(), "recall@2016.01")
    tale.open("2016-03-07", {"organ.case": "9901", "organ.subject": "9902"})
    tale.record("nominate", "2016-03-07", nominated)
    tale.act("not_done", "2016-03-08", step="hear", values={"ground": "本人原因"}, reason="本人在外培训")
    tale.act("return", "2016-03-10", step="decide", to="nominate", reason="情形没有写实", values={"redo": redo})
    tale.record("nominate", "2016-03-11", nominated)
    assert tale.plan("2016-03-11").steps["hear"].status is then
