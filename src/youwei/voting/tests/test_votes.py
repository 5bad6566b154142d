"""A vote from its opening to its record: who may vote, codes once, paper twice, sealed until closed, counted once and never corrected."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases.commands import Rejected
from youwei.cases.models import Case, Done, OpenStep
from youwei.cases.queries import View, lines, view
from youwei.cases.tests.builders import act, case_of, moment, record
from youwei.desk.safekeeping.proving import prove
from youwei.documents.models import Paper
from youwei.engine.tally import DOUBLE
from youwei.journal.actors import Actor
from youwei.journal.queries import records
from youwei.journal.sealing import seal
from youwei.organs.models import Account, Role
from youwei.rulebook.packs import Step
from youwei.voting import commands, queries
from youwei.voting.commands import Refused, Used
from youwei.voting.models import Box, Code, Reading, Vote

pytestmark = [pytest.mark.django_db, pytest.mark.req("B2")]

DAY = date(2026, 3, 18)
AT = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
STAMP: dict[str, Any] = {"by": Actor("方知行"), "on": DAY, "at": AT}
NAMES = ["岑伯安", "乐山川", "查云岫", "解文舟", "甘棠", "韩叙", "陈思远"]
GOOD, POOR = {"thinking": "好", "mending": "好"}, {"thinking": "差", "mending": "一般"}


def step_of(case: Case) -> Step:
    return view(case, DAY).pack.steps["appraise"]


def opened(case: Case, count: int = 5, on_paper: int = 0) -> Vote:
    return commands.open_vote(case=case, step=step_of(case), key="", electors=NAMES[:count], on_paper=on_paper, **STAMP)


def vote_by_code(vote: Vote, text: str, marks: dict[str, str], remark: str = "") -> None:
    found = queries.vote_of(text)
    assert found is not None
    commands.cast(vote=found[0], code=found[1], marks=marks, remark=remark)


def closed(vote: Vote, cast: Cast, on: date = DAY) -> Vote:
    return commands.close(vote=vote, by=Actor("方知行"), account=cast.officer, on=on, at=moment(on), today=on)


def held(case: Case, cast: Cast) -> Vote:
    """Five may vote and four do: three think well of the person."""
    vote = opened(case)
    codes = commands.make_slips(vote=vote, **STAMP)
    for code, marks in zip(codes, [GOOD, POOR, GOOD, GOOD], strict=False):
        vote_by_code(vote, code, marks)
    return closed(vote, cast)


def said(case: Case) -> View:
    return view(case, DAY)


def test_a_vote_is_held_counted_once_and_recorded_with_its_paper(appraised: Case, cast: Cast) -> None:
    vote = held(appraised, cast)
    assert vote.state == Vote.State.CLOSED
    values = said(appraised).standing["appraise"][""].values
    assert (values["manner"], values["entitled"], values["cast"]) == ("无记名投票", 5, 4)
    assert [(row["item"], row["option"], int(row["number"])) for row in values["counts"] if row["number"]] == [
        ("思想认识", "好", 3), ("思想认识", "差", 1), ("问题整改", "好", 3), ("问题整改", "一般", 1),
    ]  # fmt: skip
    assert Paper.objects.get(case=appraised).title == "民主评议汇总表"
    assert OpenStep.objects.get(case=appraised).step == "file"
    assert [each.kind for each in records("vote", vote.pk)] == ["vote.opened", "vote.slips", "vote.closed"]
    record(appraised, "file", DAY, {})
    # Six of eight marks are 好: 75 percent.
    assert Case.objects.get(pk=appraised.pk).outcome == "well"


def test_the_log_tells_the_table_in_words_a_person_reads(appraised: Case, cast: Cast) -> None:
    held(appraised, cast)
    (line,) = [each for each in lines(appraised, said(appraised).records) if each.title == "班子成员民主评议"]
    told = {title: new for title, new, _ in line.fields}
    assert told["各项各档票数"] == "思想认识 好3、差1；问题整改 好3、一般1"
    assert "各项没有选、选了两档的票数" not in told


def test_whom_it_is_about_neither_votes_nor_signs_an_opinion(appraised: Case, cast: Cast) -> None:
    assert appraised.person is not None
    name, step = appraised.person.name, step_of(appraised)
    with pytest.raises(Refused, match=f"被评议的本人：{name}；请去掉"):
        commands.open_vote(case=appraised, step=step, key="", electors=[*NAMES[:3], name], on_paper=0, **STAMP)
    assert commands.open_vote(
        case=appraised, step=step, key="", electors=[*NAMES[:3], f"{name}（办公室）"], on_paper=0, **STAMP
    ).entitled == 4  # fmt: skip
    with pytest.raises(Refused, match="不对自己写意见"):
        commands.sign_opinions(
            case=case_of(cast, "appraising", name="白鹭洲"), step=step, key="", opinions=[{"member": "白鹭洲", "view": "好"}],
            account=cast.officer, today=DAY, **STAMP,
        )  # fmt: skip


def test_nothing_but_the_box_is_left_and_counting_it_again_is_part_of_verifying(appraised: Case, cast: Cast) -> None:
    vote = held(appraised, cast)
    assert not Code.objects.exists()
    assert not Reading.objects.exists()
    assert queries.used(vote.box) == []
    assert prove(DAY) == []
    ballots, remarks = queries.content(vote.box)
    assert len(ballots) == 4
    Box.objects.update(ballots=commands._sealed_ballots([GOOD] * 4, remarks))
    (finding,) = prove(DAY)
    assert "重新计算" in str(finding)
    Box.objects.update(ballots=seal(b"{}", place="elsewhere"))
    assert "打不开" in str(prove(DAY)[0])
    Vote.objects.update(entitled=6)
    assert any("应参加人数" in str(each) for each in prove(DAY))


def test_a_count_is_neither_typed_nor_corrected_only_held_again(appraised: Case, cast: Cast) -> None:
    typed = {"manner": "无记名投票", "entitled": 5, "cast": 5, "counts": []}
    with pytest.raises(Rejected, match="不能手工填写"):
        record(appraised, "appraise", DAY, typed)
    vote = held(appraised, cast)
    with pytest.raises(Rejected, match="不能更正"):
        act(appraised, "correct", DAY, target=vote.entry_seq, values={"cast": 5}, reason="写错了")
    act(appraised, "withdraw", DAY, target=vote.entry_seq, reason="名单有误")
    assert OpenStep.objects.get(case=appraised).step == "appraise"
    again = opened(appraised, 3)
    assert again.pk != vote.pk
    assert prove(DAY) == [], "the first one is still as it was counted"


def test_a_code_lets_in_once_and_only_to_its_own_vote(appraised: Case, cast: Cast) -> None:
    vote = opened(appraised)
    code, second, *_ = commands.make_slips(vote=vote, **STAMP)
    vote_by_code(vote, code.lower().replace("-", " "), GOOD)
    with pytest.raises(Used, match="只能投一次"):
        vote_by_code(vote, code, POOR)
    assert queries.vote_of("AAAA-AAAA") is None
    assert queries.vote_of("签") is None
    with pytest.raises(Refused, match="不是这次投票的"):
        commands.cast(vote=vote, code="00000000", marks=GOOD)
    other, _ = queries.vote_of(commands.make_slips(vote=opened_elsewhere(), **STAMP)[0]) or (vote, "")
    with pytest.raises(Refused, match="不是这次投票的"):
        vote_with(other, code)
    with pytest.raises(Refused, match="没有这一档"):
        vote_by_code(vote, second, {"thinking": "极好"})
    with pytest.raises(Refused, match="不能重新制发"):
        commands.make_slips(vote=vote, **STAMP)


def vote_with(vote: Vote, text: str) -> None:
    commands.cast(vote=vote, code=text.replace("-", ""), marks=GOOD)


def opened_elsewhere() -> Vote:
    other = Case.objects.order_by("-pk").first()
    assert other is not None
    return commands.open_vote(case=other, step=step_of(other), key="again", electors=NAMES[:3], on_paper=0, **STAMP)


def test_slips_made_again_before_anybody_voted_make_the_old_ones_none(appraised: Case) -> None:
    vote = opened(appraised)
    old, new = commands.make_slips(vote=vote, **STAMP), commands.make_slips(vote=vote, **STAMP)
    assert all(queries.vote_of(code) is None for code in old)
    assert all(queries.vote_of(code) is not None for code in new)


def test_nobody_sees_a_count_before_the_end_and_turnout_moves_in_steps(appraised: Case) -> None:
    vote = opened(appraised, 7)
    codes = commands.make_slips(vote=vote, **STAMP)
    told = [queries.turnout(vote)]
    for code in codes:
        vote_by_code(vote, code, GOOD)
        told.append(queries.turnout(Vote.objects.get(pk=vote.pk)))
    few, three, six = "投票的还不到3人", "已投不少于3人", "已投不少于6人"
    assert [text.partition("（")[0] for text in told] == [few] * 3 + [three] * 3 + [six] + ["凭码投票的7人都已投完"]
    assert not Done.objects.filter(case=appraised).exists()


@pytest.mark.parametrize(
    ("count", "paper", "words"),
    [(2, 0, "改为署名意见"), (5, 1, "不少于3人"), (5, 3, "不少于3人"), (5, 6, "不少于3人")],
)
def test_too_few_are_not_let_vote_in_secret(appraised: Case, count: int, paper: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        opened(appraised, count, paper)
    with pytest.raises(Refused, match="岑伯安"):
        commands.open_vote(
            case=appraised, step=step_of(appraised), key="", electors=["岑伯安"] * 3, on_paper=0, **STAMP
        )
    assert not Vote.objects.exists()


def test_with_too_few_ballots_nothing_is_counted_and_signed_opinions_may_follow(appraised: Case, cast: Cast) -> None:
    vote = opened(appraised)
    for code in commands.make_slips(vote=vote, **STAMP)[:2]:
        vote_by_code(vote, code, GOOD)
    assert closed(vote, cast).state == Vote.State.SHORT
    assert not Box.objects.exists()
    assert OpenStep.objects.get(case=appraised).step == "appraise"
    opinions = [{"member": name, "thinking": "较好", "mending": "一般"} for name in NAMES[:4]]
    commands.sign_opinions(
        case=appraised, step=step_of(appraised), key="", opinions=opinions, account=cast.officer, today=DAY, **STAMP
    )
    values = said(appraised).standing["appraise"][""].values
    assert (values["manner"], values["entitled"], values["cast"]) == ("署名意见", 5, 4)
    assert prove(DAY) == []


def test_signed_opinions_take_no_vote_away_from_those_who_are_enough(appraised: Case, cast: Cast) -> None:
    more: dict[str, Any] = {
        "case": appraised,
        "step": step_of(appraised),
        "key": "",
        "account": cast.officer,
        "today": DAY,
    }
    three = [{"member": name, "thinking": "好"} for name in NAMES[:3]]
    with pytest.raises(Refused, match="无记名投票"):
        commands.sign_opinions(opinions=three, **more, **STAMP)
    with pytest.raises(Refused, match="既没有选档次"):
        commands.sign_opinions(opinions=[{"member": "甘棠"}], **more, **STAMP)
    opened(appraised)
    with pytest.raises(Refused, match="正在投票"):
        commands.sign_opinions(opinions=three[:2], **more, **STAMP)


def test_paper_ballots_are_read_twice_by_two_and_what_differs_is_settled(appraised: Case, cast: Cast) -> None:
    vote = opened(appraised, 7, on_paper=3)
    for code in commands.make_slips(vote=vote, **STAMP):
        vote_by_code(vote, code, GOOD, "好同志")
    first: dict[str, Any] = {"vote": vote, "account": cast.officer, "by": Actor("方知行")}
    other: dict[str, Any] = {"vote": vote, "account": cast.accounts[Role.LEADER], "by": Actor("岑伯安")}
    with pytest.raises(Refused, match="各录一遍，现在录了0遍"):
        closed(vote, cast)
    commands.read_paper(ballots=[GOOD, POOR], remarks=["还要多下基层"], **first)
    with pytest.raises(Refused, match="现在录了1遍"):
        closed(vote, cast)
    commands.read_paper(ballots=[GOOD, POOR, POOR], remarks=[], **other)
    with pytest.raises(Refused, match="张数不同"):
        closed(vote, cast)
    commands.read_paper(ballots=[GOOD, POOR, {"thinking": DOUBLE}], remarks=["还要多下基层"], **first)
    differing = queries.differences(step_of(appraised), queries.readings(vote))
    assert [(each.number, each.title, each.first, each.second) for each in differing] == [
        (3, "思想认识", "×", "差"), (3, "问题整改", "", "一般"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="还有不同"):
        closed(vote, cast)
    assert commands.settle(vote=vote, settled={differing[0].name: "差", differing[1].name: "一般"}, **STAMP) == 0
    third = Account.objects.get(pk=cast.accounts[Role.UNIT].pk)
    with pytest.raises(Refused, match="已经有两名"):
        commands.read_paper(ballots=[GOOD], remarks=[], vote=vote, account=third, by=Actor("别人"))
    assert closed(vote, cast).state == Vote.State.CLOSED
    values = said(appraised).standing["appraise"][""].values
    assert (values["entitled"], values["cast"]) == (7, 7)
    assert [row["text"] for row in values["remarks"]] == ["好同志"] * 4 + ["还要多下基层"]
    assert records("vote", vote.pk)[-1].content["read_by"] == ["方知行", "岑伯安"]
    assert prove(DAY) == []


def test_a_vote_called_off_leaves_nothing_but_its_reason(appraised: Case, cast: Cast) -> None:
    vote = opened(appraised)
    code = commands.make_slips(vote=vote, **STAMP)[0]
    vote_by_code(vote, code, GOOD)
    with pytest.raises(Refused, match="写明理由"):
        commands.withdraw(vote=vote, reason=" ", **STAMP)
    commands.withdraw(vote=vote, reason="名单漏了一人", **STAMP)
    assert (Box.objects.count(), Code.objects.count()) == (0, 0)
    assert records("vote", vote.pk)[-1].content == {"reason": "名单漏了一人"}
    assert queries.vote_of(code) is None
    with pytest.raises(Refused, match="已作废"):
        commands.cast(vote=vote, code="00000000", marks=GOOD)
    with pytest.raises(Refused, match="已作废"):
        closed(vote, cast)
    assert prove(DAY) == []


def test_opening_twice_opens_once(appraised: Case) -> None:
    assert opened(appraised).pk == opened(appraised).pk
