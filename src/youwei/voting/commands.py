"""Acts on votes. Opening and ending one stand in its log; a ballot stands nowhere but in the box."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.cases.models import Case
from youwei.cases.voted import VOTE
from youwei.documents import commands as documents
from youwei.engine.tally import BLANK, DOUBLE, Ballot, enough, signed_values, tally, values
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.digests import SPELLING
from youwei.journal.sealing import seal
from youwei.organs.models import Account
from youwei.rulebook.pack_parts import Voters
from youwei.rulebook.packs import Step
from youwei.voting import queries
from youwei.voting.codes import digest, new_codes, spelt
from youwei.voting.models import Box, Code, Reading, Vote
from youwei.voting.traces import wipe

MOST_ELECTORS = 2000
LONGEST_REMARK = 500
NOBODY = Voters("", 0)


class Refused(ValueError):
    """Something about a vote that cannot be done, with the reason and the remedy in Chinese."""


class Used(Refused):
    """A code with which somebody has voted."""


@transaction.atomic
def open_vote(
    *, case: Case, step: Step, key: str, electors: Sequence[str], on_paper: int, by: Actor, on: date, at: datetime
) -> Vote:
    """Fix who may vote and set up an empty box. A vote still open on the step is returned instead. Raises Refused."""
    journal.locked("case", case.pk)
    known = Vote.objects.filter(case=case, step=step.id, key=key, state=Vote.State.OPEN).first()
    if known is not None:
        return known
    rules, count = step.voters or NOBODY, len(electors)
    if count < rules.at_least:
        raise Refused(f"应参加的{count}人，少于{rules.at_least}人，不能无记名投票；请改为署名意见")
    if count > MOST_ELECTORS:
        raise Refused(f"应参加的{count}人，多于{MOST_ELECTORS}人；请核对名单")
    if case.person is not None and case.person.name in electors:
        raise Refused(f"名单里有被评议的本人：{case.person.name}；请去掉，是同名的另一人的，请加上单位或职务区别")
    if len(set(electors)) < count:
        twice = "、".join(sorted({name for name in electors if electors.count(name) > 1}))
        raise Refused(f"名单里有重复的：{twice}；同名的两个人，请加上单位或职务区别")
    if any(0 < part < rules.at_least for part in (on_paper, count - on_paper)) or on_paper > count:
        raise Refused(
            f"用纸质票的和凭码投票的，每一种要么没有，要么不少于{rules.at_least}人，否则认得出是谁投的；请改纸质票的张数"
        )
    vote = Vote.objects.create(
        case=case, step=step.id, key=key, version=case.version, entitled=count, on_paper=on_paper, opened_on=on
    )
    Box.objects.create(vote=vote, ballots=_sealed_ballots([], []), used=_sealed_used([]))
    told = {
        "case": case.pk, "step": step.id, "key": key, "version": case.version, "electors": list(electors), "entitled": count,
        "on_paper": on_paper,
    }  # fmt: skip
    _enter(vote, "vote.opened", told, by, on, at)
    return vote


@transaction.atomic
def make_slips(*, vote: Vote, by: Actor, on: date, at: datetime) -> list[str]:
    """Codes for all who vote with one, in no order, told this once. Made again only while none has been used; the old ones are then none."""
    vote, box = _open(vote)
    if queries.used(box):
        raise Refused("已经有人投票，投票码不能重新制发；确实要重发的，请把这次投票作废，重新举行")
    if not vote.by_code:
        raise Refused("这次投票全部用纸质票，不用投票码")
    again = Code.objects.filter(vote=vote).delete()[0] > 0
    codes = new_codes(vote.by_code)
    digests = sorted(digest(code) for code in codes)
    if Code.objects.filter(digest__in=digests).exists():
        raise Refused("投票码与另一次投票的重了；请再点一次“制发”")
    Code.objects.bulk_create([Code(digest=each, vote=vote) for each in digests])
    _enter(vote, "vote.slips", {"number": len(codes), "again": again}, by, on, at)
    return sorted(spelt(code) for code in codes)


@transaction.atomic
def cast(*, vote: Vote, code: str, marks: Ballot, remark: str = "") -> None:
    """Put one ballot into the box. Raises Refused, and Used when the code has been used."""
    vote, box = _open(vote)
    mark, step = digest(code), queries.step_of(vote)
    if not Code.objects.filter(digest=mark, vote=vote).exists():
        raise Refused("这个投票码不是这次投票的；请从头输入投票码")
    used = queries.used(box)
    if mark in used:
        raise Used("这个投票码已经投过票，票在票箱里；一个码只能投一次")
    ballots, remarks = queries.content(box)
    text = remark.strip() if step.voters is not None and step.voters.remarks else ""
    if len(text) > LONGEST_REMARK:
        raise Refused(f"意见最多{LONGEST_REMARK}字，现在是{len(text)}字；请写短些")
    _put(box, [*ballots, _checked(step, marks, paper=False)], [*remarks, *([text] if text else [])], [*used, mark])
    transaction.on_commit(wipe, robust=True)  # the ballot stands whatever becomes of the wiping


@transaction.atomic
def read_paper(*, vote: Vote, ballots: Sequence[Ballot], remarks: Sequence[str], account: Account, by: Actor) -> None:
    """Keep what one officer has read from the paper ballots; reading again replaces one's own. Raises Refused."""
    vote, _ = _open(vote)
    step = queries.step_of(vote)
    if not vote.on_paper:
        raise Refused("这次投票没有用纸质票")
    if not 0 < len(ballots) <= vote.on_paper:
        raise Refused(f"发出纸质票{vote.on_paper}张，收回的应在1至{vote.on_paper}张之间；请核对张数")
    others = Reading.objects.filter(vote=vote).exclude(account=account)
    if others.count() > 1:
        raise Refused("已经有两名工作人员录过，不用再录")
    said = {"ballots": [_checked(step, each, paper=True) for each in ballots], "remarks": list(remarks)}
    Reading.objects.update_or_create(
        vote=vote, account=account, defaults={"by": by.name, "sealed": _sealed(said, queries.READ)}
    )


@transaction.atomic
def settle(*, vote: Vote, settled: Mapping[str, str], by: Actor, on: date, at: datetime) -> int:
    """Where two readings differ, put down what stands on the paper, by the names of the differences. Returns how many are left. Raises Refused."""
    vote, _ = _open(vote)
    step, read = queries.step_of(vote), queries.readings(vote)
    found = [each for each in queries.differences(step, read) if each.name in settled]
    for each in found:
        for reading in read[:2]:
            reading.ballots[each.number - 1] = {**reading.ballots[each.number - 1], each.item: settled[each.name]}
    for reading in read:
        said = {"ballots": [_checked(step, each, paper=True) for each in reading.ballots], "remarks": reading.remarks}
        Reading.objects.filter(vote=vote, account=reading.account).update(sealed=_sealed(said, queries.READ))
    if found:
        _enter(vote, "vote.settled", {"number": len(found)}, by, on, at)
    return len(queries.differences(step, read))


@transaction.atomic
def close(
    *, vote: Vote, by: Actor, account: Account, on: date, at: datetime, today: date, behalf: str = "", paper: str = "",
    seen: int | None = None,
) -> Vote:  # fmt: skip
    """End a vote: count, record the step, destroy the codes. With too few ballots they are destroyed uncounted. Raises Refused, Rejected."""
    journal.locked("case", vote.case_id)
    vote, box = _open(vote)
    step, read = queries.step_of(vote), queries.readings(vote)
    if fault := queries.paper_fault(vote, read):
        raise Refused(fault)
    ballots, remarks = queries.content(box)
    on_paper = read[0].ballots if read else []
    said: dict[str, Any] = {"read_by": [each.by for each in read], "cast": len(ballots) + len(on_paper)}
    if not enough(step.voters or NOBODY, len(ballots), len(on_paper)):
        _end(vote, Vote.State.SHORT, said, by, on, at)
        return vote
    remarks = [*remarks, *(text for each in read for text in each.remarks)]
    ballots = [*ballots, *on_paper]
    vote.entry_seq = documents.record(
        case=vote.case, step=step, key=vote.key, by=by, account=account, on=on, at=at, today=today, behalf=behalf, paper=paper, seen=seen,
        values=values(tally(step, ballots), entitled=vote.entitled, remarks=remarks), beside={VOTE: vote.pk},
    )  # fmt: skip
    _put(box, ballots, remarks, [])
    _end(vote, Vote.State.CLOSED, {**said, "entry_seq": vote.entry_seq}, by, on, at)
    return vote


@transaction.atomic
def withdraw(*, vote: Vote, reason: str, by: Actor, on: date, at: datetime) -> None:
    """Call off an open vote: what lies in the box is destroyed unseen. Raises Refused."""
    vote, _ = _open(vote)
    if not reason.strip():
        raise Refused("作废投票要写明理由")
    _end(vote, Vote.State.WITHDRAWN, {"reason": reason.strip()}, by, on, at)


@transaction.atomic
def sign_opinions(
    *, case: Case, step: Step, key: str, opinions: Sequence[Mapping[str, str]], by: Actor, account: Account, on: date, at: datetime,
    today: date, behalf: str = "", paper: str = "", seen: int | None = None, token: str | None = None,
) -> int:  # fmt: skip
    """Record signed opinions where there are too few for a secret vote, or too few took part in one. Raises Refused, Rejected."""
    least, last = (step.voters or NOBODY).at_least, queries.latest(case, step.id, key)
    if last is not None and last.state == Vote.State.OPEN:
        raise Refused("正在投票；请先结束或者作废这次投票")
    short = last is not None and last.state == Vote.State.SHORT
    most = last.entitled if short and last is not None else least - 1
    if not opinions or len(opinions) > most:
        raise Refused(f"署名意见应在1至{most}人之间；{least}人以上的，请举行无记名投票")
    if case.person is not None and any(row.get("member", "").strip() == case.person.name for row in opinions):
        raise Refused(
            f"{case.person.name}是被评议的本人，不对自己写意见；请删去这一行，是同名的另一人的，请加上单位或职务"
        )
    wrong = [row for row in opinions if not any(row.get(item.id) for item in step.items) and not row.get("view")]
    if wrong:
        raise Refused(f"{wrong[0].get('member', '')}：既没有选档次，也没有写意见；请补上，或删去这一行")
    entitled = last.entitled if short and last is not None else len(opinions)
    return documents.record(
        case=case, step=step, key=key, by=by, account=account, on=on, at=at, today=today, behalf=behalf, paper=paper, seen=seen, token=token,
        values=signed_values(step, opinions, entitled=entitled), beside={VOTE: 0},
    )  # fmt: skip


def _open(vote: Vote) -> tuple[Vote, Box]:
    """The vote, which nobody else touches until this transaction ends, and its box. Raises Refused when it is over."""
    row = Vote.objects.select_for_update(of=("self",)).select_related("case").get(pk=vote.pk)
    if row.state != Vote.State.OPEN:
        raise Refused(f"这次投票{row.get_state_display()}，不能再办")
    return row, Box.objects.get(vote=row)


def _checked(step: Step, marks: Ballot, *, paper: bool) -> dict[str, str]:
    """What a ballot says of the items, and nothing else. Raises Refused."""
    allowed = {BLANK, *step.options, *([DOUBLE] if paper else [])}
    found = {item.id: marks.get(item.id, BLANK) for item in step.items}
    wrong = next((item.title for item in step.items if found[item.id] not in allowed), None)
    if wrong is not None:
        raise Refused(f"{wrong}：没有这一档；请重新选择")
    return {item: mark for item, mark in found.items() if mark != BLANK}


def _end(vote: Vote, state: Vote.State, said: Mapping[str, Any], by: Actor, on: date, at: datetime) -> None:
    """Codes and readings go; the box stays with a vote that was counted, so that it can be counted again."""
    vote.state, vote.ended_on = state, on
    vote.save(update_fields=["state", "ended_on", "entry_seq"])
    Code.objects.filter(vote=vote).delete()
    Reading.objects.filter(vote=vote).delete()
    if state != Vote.State.CLOSED:
        Box.objects.filter(vote=vote).delete()
    _enter(vote, f"vote.{state}", said, by, on, at)
    transaction.on_commit(lambda: wipe(ended=True), robust=True)


def _put(box: Box, ballots: Sequence[Ballot], remarks: Sequence[str], used: Sequence[str]) -> None:
    """Write the whole box anew, sorted, under fresh seals."""
    box.ballots, box.used = _sealed_ballots(ballots, remarks), _sealed_used(used)
    box.save(update_fields=["ballots", "used"])


def _sealed_ballots(ballots: Sequence[Ballot], remarks: Sequence[str]) -> bytes:
    said = {"ballots": sorted(ballots, key=SPELLING.encode), "remarks": sorted(remarks)}
    return _sealed(said, queries.BALLOTS)


def _sealed_used(used: Sequence[str]) -> bytes:
    return _sealed(sorted(used), queries.USED)


def _sealed(value: Any, place: str) -> bytes:
    return seal(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), place=place)


def _enter(vote: Vote, kind: str, content: Mapping[str, Any], by: Actor, on: date, at: datetime) -> None:
    journal.append(Act("vote", vote.pk, kind, content, by, on, at, step=vote.step))
