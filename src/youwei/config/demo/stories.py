"""What was done in the cases of the demonstration city: each follows one of a few stories up to today, entered day by day."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from youwei.cases import commands
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.config.demo.ledger import Opened, moment
from youwei.documents import commands as documents
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.organs.models import Account
from youwei.rulebook.calendar import WorkCalendar

PAPERS_FOR = timedelta(days=400)
SCAN = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)  # an empty page
COMPANION = "钟明远"
UNIT_HEAD = "施正言"


class StoryOver(Exception):
    """The next act lies after today."""


@dataclass
class Player:
    """Enters the acts of one case, each on its day."""

    opened: Opened
    by: Actor
    leader: Actor
    mentor: str
    today: date
    calendar: WorkCalendar
    account: Account | None = None

    @property
    def case(self) -> Case:
        return self.opened.case

    @property
    def subject(self) -> str:
        return self.case.person.name if self.case.person else ""

    def after(self, working_days: int, since: date | None = None) -> date:
        """So many working days after a day, or after the opening."""
        return self.calendar.add_working_days(since or self.case.opened_on, working_days).on

    def enter(
        self, kind: EntryKind, on: date, *, entered: date | None = None, by: Actor | None = None, **more: Any
    ) -> int:
        day = entered or on
        if day > self.today:
            raise StoryOver
        return commands.act(case=self.case, kind=kind, by=by or self.by, on=on, at=moment(day, 15), today=day, **more)

    def record(self, step: str, on: date, values: Mapping[str, Any], **more: Any) -> int:
        """Record a step; one of the last year that gives a paper, with its paper and a scan, where the officer has an account."""
        found = pack_of(self.case).steps[step]
        day = more.get("entered") or on
        if self.account and found.papers and self.today - PAPERS_FOR <= day <= self.today:
            return documents.record(
                case=self.case, step=found, key=more.get("key", ""), by=self.by, account=self.account, on=on, at=moment(day, 15),
                today=day, values=values, files=[(f"{found.title}签字页.png", SCAN)],
            )  # fmt: skip
        return self.enter(EntryKind.RECORD, on, step=step, values=values, **more)


def announce(player: Player, story: str) -> None:
    """Public announcement of a city-managed cadre's sanction."""
    if story == "untouched":
        return
    private = story == "exempted"
    reason = {"ground": "个人隐私", "explanation": "公开会牵涉未成年人的隐私"} if private else {"ground": "无"}
    player.record("exemption", player.after(1), reason)
    if story == "held":
        hold(player, player.after(2))
        return
    if private:
        player.record("approve_exemption", player.after(2), {"opinion": "同意在法定范围内宣布"}, by=player.leader)
        narrow = {
            "place": "机关三楼小会议室",
            "attendance": attendance(player),
            "scope": ["本人", "党的基层组织全体党员"],
        }
        player.record("announce_narrow", player.after(11), narrow)
    else:
        talk = talked([player.by.name, COMPANION], "谈话室", "宣读决定，本人表示接受，愿意改正。")
        player.record("read_alone", player.after(2), talk)
        if story == "late and silent":
            return
        day = player.after(11 if story == "late" else 4)
        player.record("announce", day, meeting(player))
        if story == "returned":
            player.enter(
                EntryKind.RETURN,
                player.after(1, day),
                by=player.leader,
                step="approve_minutes",
                to="announce",
                reason="班子成员发言记得太简略",
            )
            player.record("announce", player.after(2, day), meeting(player))
        player.record("approve_minutes", player.after(4, day), {"opinion": "同意"}, by=player.leader)
    if story != "unfiled":
        player.record(
            "file", player.after(20), {"shelf": f"宣-{player.case.pk}", "materials": ["处分决定", "宣布会议记录"]}
        )


def talked(people: list[str], place: str, account: str) -> dict[str, Any]:
    return {
        "outcome": "已进行",
        "mode": "当面",
        "place": place,
        "people": people,
        "heard": ["本人"],
        "account": account,
    }


def statutory(player: Player, story: str) -> None:
    """Announcement within a month to the narrower circle."""
    if story in ("untouched", "held"):
        return
    scope = ["本人", "党的基层组织全体党员"]
    values = {"leading": False, "scope": scope, "place": "党支部活动室", "attendance": attendance(player), "read_out": player.by.name,
              "attitude": "服从组织决定，认真反思改正。"}  # fmt: skip
    day = player.after(30 if story == "late" else 9)
    player.record("announce", day, values)
    if story != "unfiled":
        player.record("file", player.after(4, day), {"keeper": "档案室", "shelf": f"法-{player.case.pk}"})


def attendance(player: Player) -> list[dict[str, Any]]:
    return [
        {"member": UNIT_HEAD, "post": "主要负责人", "present": True},
        {"member": player.subject, "post": "本人", "present": True},
    ]


def meeting(player: Player) -> dict[str, Any]:
    return {
        "place": "单位会议室", "attendance": [*attendance(player), {"member": "方知新", "post": "班子成员", "present": True}], "host": UNIT_HEAD,
        "report": "通报案件查处情况和违纪事实。", "read_out": player.by.name,
        "criticism": [{"member": "方知新", "duty": "分管财务", "statement": "引以为戒，对报销凭证逐笔复核。"}],
        "head": UNIT_HEAD, "head_statement": "支持组织决定，开展专项整改。",
    }  # fmt: skip


def hold(player: Player, day: date) -> None:
    """Time stands still while the person is ill; an old hold has long been lifted again."""
    values = {"ground": "本人住院" if player.case.procedure == "announcement" else "病休"}
    recent = max(day, player.today - timedelta(days=20))
    player.enter(EntryKind.HOLD, recent, by=player.leader, values=values, reason="医院证明已附，待出院后继续")


def visits(player: Player, story: str) -> None:
    """The visits of Jingzhou from the group to the end of the period."""
    if story == "untouched":
        return
    people = [player.by.name, COMPANION]
    player.record(
        "group", player.after(6), {"leader": player.by.name, "people": people, "shelf": f"访-{player.case.pk}"}
    )
    if story == "no mentor":
        return
    values = {
        "person": player.mentor,
        "post": "副职领导",
        "clean": True,
        "apart": True,
        "plan": "每月谈心一次，关注工作和情绪。",
    }
    player.record("mentor", player.after(8), values)
    ends_on = player.opened.ends_on or player.today + timedelta(days=3650)
    last = chain(player, story, people, ends_on)
    if story == "terminated":
        player.enter(EntryKind.TERMINATED, player.after(5, last), reason="本人调往外市，由调入地纪委接续回访")
        return
    ending(player, story, ends_on)


def chain(player: Player, story: str, people: list[str], ends_on: date) -> date:
    """One visit after another until the period is over; returns the day of the last one."""
    day, number = player.calendar.roll_forward(player.case.opened_on + timedelta(days=75)), 1
    while day < ends_on:
        if story == "stalled" and number == 2:
            raise StoryOver
        following = player.calendar.roll_forward(
            day + timedelta(days=32 if story == "postponed" and number == 1 else 88)
        )
        values = visit_values(player, story, number, people)
        values |= {"next_on": following} if following < ends_on else {"why_none": "期满考核时一并了解"}
        late = timedelta(days=9 if story == "afterwards" and number == 1 else 0)
        seq = player.record("visit", day, values, key=str(number), entered=day + late)
        aside(player, story, number, day + late, seq)
        if story == "terminated" or following >= ends_on:
            return day
        day, number = following, number + 1
    return day


def visit_values(player: Player, story: str, number: int, people: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"planned": True, "people": people, "contacted": True}
    if number == 1 and story in ("postponed", "refused"):
        outcome = "本人推迟" if story == "postponed" else "本人拒绝"
        return {
            **values,
            "outcome": outcome,
            "missed": "本人外出培训，另约日期" if story == "postponed" else "本人表示不愿面谈，已请所在单位做工作",
        }
    weak = story == "weak unit" and number == 1
    values |= {
        "outcome": "已进行", "mode": ("谈话", "座谈", "走访单位")[number % 3], "place": "所在单位会议室", "heard": ["本人", "所在单位负责人"],
        "account": "本人对错误有认识，工作状态逐步恢复，分管工作推进正常。", "execution": "已执行到位",
        "management": "不敢管" if weak else "已落实", "summary": "继续关心帮助。",
    }  # fmt: skip
    if weak:
        help_wanted = {"id": "a", "matter": "岗位调整后业务不熟", "wish": "参加业务培训"}
        values |= {"management_next": "约谈单位负责人，明确谈心谈话责任人", "difficulties": [help_wanted]}
    return values


def aside(player: Player, story: str, number: int, day: date, seq: int) -> None:
    """What happens besides the first visit."""
    if number != 1:
        return
    if story == "weak unit":
        player.record("help", player.after(10, day), {"done": "已安排参加业务培训班", "settled": "已解决"}, key="1/a")
        player.record("urge", player.after(12, day), {"request": "落实谈心谈话制度", "result": "已按月谈心"}, key="1")
    elif story == "unplanned":
        contact = talked([player.mentor, COMPANION], "机关食堂", "聊工作近况，情绪平稳。")
        player.record("contact", player.after(9, day), contact)
        values = visit_values(player, "", 3, [player.by.name, COMPANION])
        kept = {name: values[name] for name in ("people", "outcome", "mode", "place", "heard", "account")}
        unplanned = {**kept, "planned": False, "cause": "单位反映近期情绪低落"}
        player.record("unplanned", player.after(15, day), unplanned)
    elif story == "corrected":
        player.enter(
            EntryKind.CORRECT,
            day,
            target=seq,
            values={"place": "溪口镇便民服务中心"},
            reason="地点记错",
            entered=player.after(2, day),
        )
    elif story == "held":
        hold(player, player.after(5, day))
        raise StoryOver


def ending(player: Player, story: str, ends_on: date) -> None:
    """The assessment at the end of the period, and what follows from it."""
    day = player.after(6, ends_on)
    if story == "unassessed":
        return
    result = {"slack": "消极", "afterwards": "一般", "postponed": "一般"}.get(story, "好")
    values = {
        "thinking": "认识到位，认真反思。", "work": "完成年度任务。", "discipline": "未发现新的违纪问题。", "unit_view": "表现稳定。",
        "mentor_view": "愿意沟通。", "result": result, "evaluation": "改正不主动，继续教育。" if result == "消极" else "建议正常使用。",
    }  # fmt: skip
    player.record("assess", day, values)
    if story == "unapproved":
        return
    player.record("approve_assess", player.after(3, day), {"opinion": "同意"}, by=player.leader)
    if result == "消极":
        player.record("slack", player.after(9, day), {"measures": ["谈话提醒"], "done": "已谈话提醒并责成整改"})
    player.record("feedback", player.after(12, day), {"copies": ["所在单位党组织", "本人"], "to": "所在单位党组织"})
    if story != "unfiled":
        player.record("file", player.after(18, day), {"materials": "回访记录、考核表、反馈函"})


Story = Callable[[Player, str], None]
STORIES: Mapping[str, tuple[Story, tuple[str, ...]]] = {
    "announcement": (announce, ("filed", "late", "exempted", "filed", "late and silent", "returned", "held", "unfiled", "filed", "untouched")),
    "statutory-announcement": (statutory, ("filed", "filed", "late", "unfiled", "filed", "untouched")),
    "jingzhou-visit": (
        visits,
        ("kept", "afterwards", "unplanned", "stalled", "postponed", "kept", "weak unit", "slack", "held", "refused", "corrected", "unassessed",
         "no mentor", "kept", "terminated", "untouched"),
    ),
}  # fmt: skip


def play(player: Player, story: str) -> None:
    try:
        STORIES[player.case.procedure][0](player, story)
    except StoryOver:
        return
