"""Building the demonstration city: one transaction, everything or nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from youwei.cases.commands import refresh
from youwei.cases.models import Case, CaseServant
from youwei.config.demo import checklists
from youwei.config.demo.batches import open_batches
from youwei.config.demo.by_hand import open_sealed, open_some
from youwei.config.demo.guidance import guide_some
from youwei.config.demo.ledger import ACCOUNTS as OFFICERS
from youwei.config.demo.ledger import Opened, enter_decisions, moment, officer, tell_decisions
from youwei.config.demo.letters import answer_letters, list_contacts
from youwei.config.demo.persons import build_people
from youwei.config.demo.places import CITY, MENTORED, WHO, Places, build_places
from youwei.config.demo.reports import open_reports
from youwei.config.demo.reviews import alter_some, link_some
from youwei.config.demo.stories import STORIES, Player, play
from youwei.config.demo.votes import hold_votes
from youwei.organs.models import Account, Organ
from youwei.organs.queries import calendar

DEMO_WORD = "yunchuan-2026"
ACCOUNTS: tuple[tuple[str, str], ...] = tuple((username, told) for username, *_, told in WHO)
SEED = 20260921
BEGUN_BEFORE = timedelta(days=365 * 3 + 40)


def is_built() -> bool:
    return Organ.objects.filter(name=CITY, parent=None).exists() and Account.objects.filter(username=WHO[0][0]).exists()


@transaction.atomic
def build_city(*, today: date, now: datetime, tell: Callable[[str], None]) -> None:
    """Organs, accounts, people, three years of decisions, and their cases up to today."""
    random = Random(SEED)
    begun = today - BEGUN_BEFORE
    places = build_places(on=begun, at=moment(begun), word=DEMO_WORD)
    tell(f"机关{len(places.organs)}个，账号{len(places.accounts)}个")
    people = build_people(places, random=random, on=begun, at=moment(begun))
    tell(f"人员{sum(map(len, people.values()))}名")
    told = tell_decisions(people, today=today, random=random, calendar=calendar())
    opened = enter_decisions(told, places, random=random)
    tell(f"处分处理决定{len(told)}份，事项{len(opened)}件")
    _play(opened, places, today)
    _let_mentor_serve(places)
    list_contacts(places)
    answer_letters(sorted(people["青溪区"], key=lambda each: (-each.decisions.count(), each.pk)), places, today=today)
    alter_some(places, today=today)
    open_some(sorted(people["青溪区"], key=lambda each: (each.decisions.count(), each.pk)), places, today=today)
    open_sealed(places, today=today)
    open_batches(places, today=today)
    open_reports(places, today=today)
    hold_votes(places, today=today)
    link_some(places, today=today)
    guide_some(places, today=today)
    refresh(Case.objects.order_by("pk"), today=today)
    tell(f"各事项已办到{today.isoformat()}")


def _play(opened: list[Opened], places: Places, today: date) -> None:
    """Each case follows the next story of its procedure."""
    turn: Counter[str] = Counter()
    days = calendar()
    cast = _for_the_desks(opened, today)
    for each in opened:
        leader = places.actor("cenboan" if each.area == "青溪区" else "luyuanzhou")
        account = places.accounts.get(OFFICERS.get(each.area, ""))
        player = Player(each, officer(places, each.area), leader, _mentor(each), today, days, account)
        listed = checklists.is_listed(player)
        if each.case.procedure not in STORIES and not listed:
            continue
        stories = checklists.STORIES if listed else STORIES[each.case.procedure][1]
        story = cast.get(each.case.pk, stories[turn[each.case.procedure] % len(stories)])
        turn[each.case.procedure] += 1
        tell = checklists.work_off if listed else play
        tell(player, story)


def _for_the_desks(opened: list[Opened], today: date) -> dict[int, str]:
    """Stories that leave something to do to the bureau, to its mentor and to the leader of 青溪区."""
    visits = [each for each in opened if each.case.procedure == "jingzhou-visit" and each.area == "青溪区"]
    theirs = [each.case.pk for each in visits if each.case.subject_organ.name == MENTORED]
    ended = [each for each in visits if each.ends_on and each.ends_on < today - timedelta(days=14)]
    last = max(
        (each for each in ended if each.case.pk not in theirs), key=lambda each: each.ends_on or today, default=None
    )
    found = dict.fromkeys(theirs, "kept") | dict.fromkeys(theirs[:1], "no mentor")
    return found | ({last.case.pk: "unapproved"} if last else {})


def _mentor(each: Opened) -> str:
    return "温若水" if each.case.subject_organ.name == MENTORED else "邵长亭"


def _let_mentor_serve(places: Places) -> None:
    """The mentor's account serves the visits of its own bureau."""
    account = places.accounts["wenruoshui"]
    cases = Case.objects.filter(subject_organ=places.organs[MENTORED], procedure="jingzhou-visit").exclude(
        servants__account=account
    )
    CaseServant.objects.bulk_create([CaseServant(case=case, account=account, role="mentor") for case in cases])
