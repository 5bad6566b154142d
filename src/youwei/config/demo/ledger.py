"""The decisions of the demonstration city: every measure the law knows, spread over three years, some of whose periods end within a month."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from youwei.cases.models import Case
from youwei.cases.opening import open_cases
from youwei.config.demo.places import CITY, MENTORED, Places
from youwei.decisions import prechecks
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision, Period
from youwei.decisions.prechecks import Answer
from youwei.journal.actors import Actor
from youwei.organs.models import Organ
from youwei.organs.queries import end_day_convention, region_of
from youwei.people.models import Person
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.days import add_months
from youwei.rulebook.law import Law, load_law
from youwei.rulebook.measures import MeasureKind

YEARS = 3
UNKNOWN = 0.08
# How often what is given besides the one of every kind.
USUAL: tuple[tuple[tuple[str, ...], int], ...] = (
    (("party.warning",), 22), (("party.severe_warning",), 9), (("party.removal", "administrative.removal"), 2),
    (("party.probation_1", "administrative.demotion"), 2), (("administrative.warning",), 10), (("administrative.demerit",), 8),
    (("administrative.major_demerit",), 4), (("party.warning", "administrative.demerit"), 6), (("admonition.admonition",), 5),
    (("first_form.reminder",), 6), (("first_form.criticism",), 4), (("handling.dismissal_from_post",), 2), (("handling.adjustment",), 2),
)  # fmt: skip
ENDING = (("party.warning",), 12, (2, 6, 11, 17, 23, 28))
FRESH = (
    (1, "party.warning"), (3, "party.warning"), (5, "administrative.demerit"), (6, "party.severe_warning"), (16, "party.warning"),
    (24, "administrative.warning"),
)  # fmt: skip
VILLAGE = ("administrative.warning", "administrative.demerit", "administrative.major_demerit")
PROBLEMS = (
    ("违反中央八项规定精神", "违规收受管理服务对象所送礼品"), ("失职失责", "履行监管职责不到位，造成不良影响"),
    ("违反工作纪律", "对群众反映的问题推诿拖延"), ("违反组织纪律", "不按规定报告个人有关事项"), ("违反廉洁纪律", "违规经商办企业"),
    ("违反群众纪律", "办事不公，优亲厚友"), ("违反财经纪律", "违规发放津贴补贴"), ("生态环境保护不力", "对河道非法采砂监管不力"),
)  # fmt: skip
SHORT = {
    "石桥县": "石",
    "白鹭市": "白",
    "望江区": "望",
    "青溪区": "青",
    "高新区": "高",
    "临湖县": "临",
    "云台县": "台",
    CITY: "云",
}
OFFICERS = {"石桥县": "易书白", "白鹭市": "鹿鸣秋", "望江区": "江晚照", "临湖县": "苏堤柳", "云台县": "云在山"}
ACCOUNTS = {CITY: "shenzhixing", "青溪区": "chensiyuan", "高新区": "baiyunfan"}
FORMS = {"一": 1, "二": 2, "三": 3, "四": 4}
GRAVEST = {"party.expulsion", "administrative.dismissal"}


@dataclass(frozen=True)
class Told:
    """A decision on its day, not yet entered."""

    area: str
    person: Person | None
    measures: tuple[str, ...]
    made_on: date


@dataclass(frozen=True)
class Opened:
    """A case a decision opened, with what its story needs to know."""

    case: Case
    area: str
    ends_on: date | None


def officer(places: Places, area: str) -> Actor:
    """Who enters what in an area."""
    return places.actor(ACCOUNTS[area]) if area in ACCOUNTS else Actor(OFFICERS[area])


def moment(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 30)))


def tell_decisions(
    people: dict[str, list[Person]], *, today: date, random: Random, calendar: WorkCalendar
) -> list[Told]:
    """Who was given what on which day, oldest first."""
    law = load_law()
    queue = {area: list(rows) for area, rows in people.items()}
    told: list[Told] = []

    def give(measures: tuple[str, ...], made_on: date, area: str = "") -> None:
        """To somebody of the area whom they can be given to, or of any area."""
        rows = [(here, row) for here, held in queue.items() if here == area or not area for row in held]
        fitting = [(here, row) for here, row in rows if fits(row, measures, law)]
        mentored = [(here, row) for here, row in fitting if row.organ.name == MENTORED and row.managed_by == "区管干部"]
        where, person = random.choice(mentored if area and mentored else fitting)
        queue[where].remove(person)
        told.append(Told(where, person, measures, calendar.roll_back(made_on)))

    def some_day() -> date:
        return today - timedelta(days=random.randint(40, 365 * YEARS))

    measures, months, days = ENDING
    for number, left in enumerate(days):
        give(measures, add_months(today, -months) + timedelta(days=left), ("青溪区", CITY)[number % 2])
    for ago, measure in FRESH:
        give((measure,), today - timedelta(days=ago), CITY if ago in (1, 3, 16) else "青溪区")
    for measure in law.measures:
        give((measure,), some_day())
    for usual, times in USUAL:
        for _ in range(times):
            give(usual, some_day())
    told += _again(told, today, calendar)
    stubs = [Told(CITY, None, ("party.warning",), some_day()), Told("青溪区", None, ("party.removal", "administrative.removal"), some_day()),
             Told("白鹭市", None, ("administrative.demerit",), some_day())]  # fmt: skip
    told += [replace(stub, made_on=calendar.roll_back(stub.made_on)) for stub in stubs]
    return sorted(told, key=lambda each: (each.made_on, each.area))


def _again(told: list[Told], today: date, calendar: WorkCalendar) -> list[Told]:
    """Two people were sanctioned again while their period ran."""
    first = [
        each for each in told if each.measures == ("party.warning",) and each.made_on < today - timedelta(days=300)
    ][:2]
    return [
        replace(
            each, measures=("party.severe_warning",), made_on=calendar.roll_back(each.made_on + timedelta(days=200))
        )
        for each in first
    ]


def fits(person: Person, measures: tuple[str, ...], law: Law) -> bool:
    """Party measures are for members; village staff get no others than 警告、记过、记大过."""
    for name in measures:
        family = law.measure(name).family
        if family == "party" and person.politics != "中共党员":
            return False
        if person.kind == "村干部" and family == "administrative" and name not in VILLAGE:
            return False
        if person.kind == "村干部" and family == "handling":
            return False
    return True


def enter_decisions(told: list[Told], places: Places, *, random: Random) -> list[Opened]:
    """Enter each decision on the day after it was made, and open what the packs call for."""
    law = load_law()
    numbers: dict[tuple[str, int], int] = {}
    opened: list[Opened] = []
    for each in told:
        city_managed = each.person is not None and each.person.managed_by == "市管干部"
        place = CITY if city_managed else each.area
        serial = numbers[place, each.made_on.year] = numbers.get((place, each.made_on.year), 0) + 1
        number = f"{SHORT[place]}纪〔{each.made_on.year}〕{serial}号"
        new = _decision(each, places.office(place), places.organs[each.area], number, law, random)
        by, entered = officer(places, place), each.made_on + timedelta(days=1)
        recorded = record_many([new], by=by, on=entered, at=moment(entered), convention=end_day_convention())
        cases = open_cases(recorded, by=by, at=moment(entered), today=entered, history=False)
        ends_on = _ends(recorded[0][2])
        opened += [Opened(case, place, ends_on) for case in cases]
    return opened


def _ends(periods: list[Period]) -> date | None:
    return max((period.last_day for period in periods if period.last_day), default=None)


def _decision(each: Told, office: Organ, area: Organ, number: str, law: Law, random: Random) -> NewDecision:
    kinds = [law.measure(name) for name in each.measures]
    measures = tuple(Given(kind, kind.title) for kind in kinds)
    if each.person is None:
        return NewDecision(
            deciding_organ=office, counted_at=area, measures=measures, number=number, made_on=each.made_on, effective_on=each.made_on,
            form=_form(kinds), secret=True,
        )  # fmt: skip
    person = each.person
    problem, what = random.choice(PROBLEMS)
    year = each.made_on.year
    facts = f"{year - 2}年至{year - 1}年，任{person.organ.name}{person.post}期间，{what}。"
    acts_until = None if random.random() < UNKNOWN else date(year - 1, 12, 31)
    return NewDecision(
        deciding_organ=office, counted_at=region_of(person.organ), measures=measures, person=person, unit=person.organ, number=number,
        post=person.post, rank=person.rank, managed_by=person.managed_by, made_on=each.made_on, effective_on=each.made_on,
        form=_form(kinds), problem=problem, acts_until=acts_until, facts=facts, precheck=_precheck(each, problem),
    )  # fmt: skip


def _precheck(each: Told, problem: str) -> Answer | None:
    """Most of those held to account were considered; a few decisions do not say so yet."""
    held = prechecks.holds(each.measures, problem, each.made_on)
    return (
        Answer(Decision.Precheck.UNFIT, "造成不良影响，没有及时补救，不符合容错条件")
        if held and each.made_on.day % 7
        else None
    )


def _form(kinds: list[MeasureKind]) -> int:
    if any(kind.id in GRAVEST for kind in kinds):
        return 4
    return max(FORMS[str(kind.form)] for kind in kinds)
