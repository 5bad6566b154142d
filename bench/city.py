"""A city of any size, as the ledger an office would keep of it. Beside each row stands what it must count as, typed by hand in the table `GIVEN`.

Everybody in it is invented; identity numbers begin with 99, a place that does not exist. The same size and day give the same city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

import xlsxwriter

from youwei.config.demo.persons import GIVEN as GIVEN_NAMES
from youwei.config.demo.persons import SURNAMES
from youwei.config.demo.places import AREAS, CITY
from youwei.intake.identity import check_digit
from youwei.rulebook.calendar import WorkCalendar

SEED = 20260921
RUNNING = (60, 150)
"""Days since a decision whose period, half a year at least, still runs and whose announcement, due within a month, is late."""
OVER = (4 * 365, 9 * 365)
"""Days since a decision whose period, two years at most, is over."""
EVERY_STUB, EVERY_SECOND = 50, 12
YOUNG = 35
HEADERS = ("序号", "姓名", "性别", "出生年月", "身份证号", "政治面貌", "单位", "职务", "职级", "干部管理权限", "问题类别", "主要事实",
           "四种形态", "党纪处分", "政务处分", "组织处理", "决定文号", "决定机关", "决定日期", "生效日期", "行为截止日期", "是否涉密")  # fmt: skip
UNITS = ("财政局", "住房和城乡建设局", "农业农村局", "民政局", "水利局", "教育局", "自然资源局", "卫生健康局")
PROBLEMS = ("违反工作纪律", "违反廉洁纪律", "违反组织纪律", "违反群众纪律", "失职失责")
FORMS = ("", "第一种形态", "第二种形态", "第三种形态", "第四种形态")


@dataclass(frozen=True, slots=True)
class Given:
    """What is given together: as the ledger writes it, as the law names it, and what it counts as.

    `visits`: a return visit follows while the period runs.
    """

    party: str
    administrative: str
    handling: str
    kinds: tuple[str, ...]
    form: int
    weight: str
    visits: bool


GIVEN = (
    Given("党内警告", "", "", ("party.warning",), 2, "轻", visits=True),
    Given("", "政务记过", "", ("administrative.demerit",), 2, "轻", visits=True),
    Given("党内严重警告", "", "", ("party.severe_warning",), 2, "轻", visits=True),
    Given("", "政务警告", "", ("administrative.warning",), 2, "轻", visits=True),
    Given("党内严重警告", "政务记大过", "", ("party.severe_warning", "administrative.major_demerit"), 2, "轻", visits=True),
    Given("撤销党内职务", "政务撤职", "", ("party.removal", "administrative.removal"), 3, "重", visits=True),
    Given("开除党籍", "政务开除", "", ("party.expulsion", "administrative.dismissal"), 4, "重", visits=False),
    Given("", "", "诫勉", ("admonition.admonition",), 1, "", visits=False),
    Given("", "", "批评教育", ("first_form.criticism",), 1, "", visits=False),
)  # fmt: skip
USUAL = (0, 1, 0, 3, 0, 2, 1, 0, 4, 7, 0, 3, 8, 1, 5, 0, 2, 6)
"""How often each is given: places in `GIVEN`, taken in turn."""


@dataclass(frozen=True, slots=True)
class Row:
    """One decision of the ledger. A stub (`person` 0) is a state secret: it counts as a decision and has nobody."""

    number: int
    area: str
    unit: str
    person: int
    name: str
    woman: bool
    born: date
    given: Given
    made_on: date
    running: bool

    @property
    def visited(self) -> bool:
        """Whether history opens a return visit for it."""
        return self.running and self.given.visits and bool(self.person)

    @property
    def young(self) -> bool:
        day, born = self.made_on, self.born
        return bool(self.person) and day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < YOUNG

    @property
    def identity(self) -> str:
        """Unique for every person: the place counts thousands of persons, the order within it the rest; odd for a man."""
        place, order = divmod(self.person, 499)
        body = f"99{place:04d}{self.born:%Y%m%d}{order * 2 + (0 if self.woman else 1):03d}"
        return body + check_digit(body)


def rows_of(size: int, *, today: date, calendar: WorkCalendar) -> list[Row]:
    """So many decisions: two in five still run, every fiftieth is a stub, every twelfth is somebody's second."""
    random = Random(SEED)
    rows: list[Row] = []
    for number, turn in zip(range(1, size + 1), cycle(USUAL), strict=False):
        running = number % 5 in (1, 3)
        before = rows[-1] if rows else None
        made_on = calendar.roll_back(today - timedelta(days=random.randint(*(RUNNING if running else OVER))))
        area = (CITY, *AREAS)[random.randrange(len(AREAS) + 1)]
        again = before is not None and number % EVERY_SECOND == 0 and _bears_another(before) and not running
        person = before if again and before and GIVEN[turn].form < 4 else _somebody(number, area, random)
        stub = number % EVERY_STUB == 0
        rows.append(
            Row(number, person.area, person.unit, 0 if stub else person.person, person.name, person.woman, person.born, GIVEN[turn],
                made_on, running)
        )  # fmt: skip
    return rows


def _bears_another(row: Row) -> bool:
    """Whether a second sanction leaves all periods over by now: five years after an expulsion they would run on."""
    return bool(row.person) and not row.running and row.given.form < 4


def _somebody(number: int, area: str, random: Random) -> Row:
    name = random.choice(SURNAMES) + random.choice(GIVEN_NAMES)
    born = date(random.randint(1962, 1996), 1, 1) + timedelta(days=random.randint(0, 364))
    unit = f"{area}{random.choice(UNITS)}"
    return Row(number, area, unit, number, name, random.random() < 0.3, born, GIVEN[0], born, running=False)


def write_ledger(rows: Sequence[Row], offices: dict[str, str], path: Path) -> None:
    """The rows as the Excel file an office would send. `offices`: the organ that decides, by area."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADERS)
        for line, row in enumerate(rows, 1):
            for column, text in enumerate(_cells(row, offices[row.area])):
                if text:
                    sheet.write_string(line, column, text)


def _cells(row: Row, office: str) -> tuple[str, ...]:
    made, given = row.made_on.isoformat(), row.given
    year = row.made_on.year
    number = f"{row.area[0]}纪〔{year}〕{row.number}号"
    facts = f"{year - 2}年至{year - 1}年，履行监管职责不到位，造成不良影响（第{row.number}件）。"
    own = (
        row.name, "女" if row.woman else "男", f"{row.born:%Y.%m}", row.identity, "中共党员", row.unit, "科长", "一级科员",
        "市管干部" if row.area == CITY else "区管干部", PROBLEMS[row.number % len(PROBLEMS)], facts,
    ) if row.person else (f"密{row.number}", "", "", "", "", row.unit, "", "", "", "", "")  # fmt: skip
    given_cells = (FORMS[given.form], given.party, given.administrative, given.handling)
    return (
        str(row.number),
        *own,
        *given_cells,
        number,
        office,
        made,
        made,
        f"{year - 1}-12-31",
        "否" if row.person else "是",
    )
