"""What the address of the ledger asks for: filters as data, and as a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from youwei.desk.address import day, one_of, whole, words
from youwei.organs.models import Organ
from youwei.rulebook.law import load_law
from youwei.rulebook.measures import FAMILY_TITLES
from youwei.ui.words import cn_date

STATES = (
    ("", "全部"),
    ("running", "影响期内"),
    ("ending", "三十日内期满"),
    ("unsettled", "期间待核"),
    ("altered", "已变更、撤销"),
    ("precheck", "待补容错审核"),
    ("stub", "存根"),
)
SORTS = ("name", "number", "made", "ends")
FORMS = ("第一种形态", "第二种形态", "第三种形态", "第四种形态")
FAMILY = "family:"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the ledger. `faults` says which of them could not be read; those do not narrow."""

    q: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    form: int | None = None
    organ: int | None = None
    batch: int | None = None
    state: str = ""
    sort: str = "-made"
    faults: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        return self.kind.removeprefix(FAMILY) if self.kind.startswith(FAMILY) else ""

    def sentence(self, organs: Mapping[int, str]) -> str:
        """The filters in words, for the sheet and the trace."""
        parts = [
            f"查找“{self.q}”" if self.q else "",
            dict(kinds()).get(self.kind, "") if self.kind else "",
            f"{cn_date(self.start)}起" if self.start else "",
            f"至{cn_date(self.end)}" if self.end else "",
            FORMS[self.form - 1] if self.form else "",
            organs.get(self.organ, "") if self.organ else "",
            "一次导入的" if self.batch else "",
            dict(STATES)[self.state] if self.state else "",
        ]
        return "，".join(part for part in parts if part) or "全部决定"


def kinds() -> list[tuple[str, str]]:
    """The families, then every measure of the law by family."""
    measures = load_law().measures.values()
    found = [(f"{FAMILY}{family}", f"全部{title}") for family, title in FAMILY_TITLES.items()]
    return found + [(each.id, each.title) for family in FAMILY_TITLES for each in measures if each.family == family]


def asked(query: Mapping[str, str], today: date) -> Asked:
    """Read the address; nothing in it can fail, what cannot be read is said."""
    start, wrong_start = day(query, "from", "决定日期起", today)
    end, wrong_end = day(query, "to", "决定日期止", today)
    crossed = start is not None and end is not None and start > end
    faults = [each for each in (wrong_start, wrong_end) if each]
    if crossed:
        faults.append("决定日期：起晚于止，没有这样的决定；请把两头对调或改正。")
    form = one_of(query, "form", ("1", "2", "3", "4"))
    return Asked(
        q=words(query, "q"), kind=one_of(query, "kind", dict(kinds())), start=start, end=end, form=int(form) if form else None,
        organ=whole(query, "organ"), batch=whole(query, "import"), state=one_of(query, "state", dict(STATES)),
        sort=one_of(query, "sort", [*SORTS, *(f"-{each}" for each in SORTS)], "-made"), faults=tuple(faults),
    )  # fmt: skip


def regions(paths: list[str], organs: list[Organ]) -> list[tuple[int, str]]:
    """Regions to choose from, indented by how deep they lie."""
    depth = min((each.path.count("/") for each in organs), default=0)
    return [
        (each.pk, "　" * (each.path.count("/") - depth) + each.name)
        for each in organs
        if any(each.path.startswith(path) for path in paths)
    ]
