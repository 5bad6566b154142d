"""The acts, their marks, and a reading against them. Marks come from the design ("Fast"); what each holds for is told with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SMALL, LARGE = 3_500, 100_000
"""The two sizes the marks are given for, in cases."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit, and the stores and sizes it holds for. A smaller store must pass what a larger one must."""

    limit: float
    above: int = 0
    below: int = 10**9
    stores: tuple[str, ...] = ("sqlite", "postgres")

    def applies(self, cases: int, store: str) -> bool:
        return self.above <= cases < self.below and store in self.stores


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what people call it, its unit, whether more is better, its marks, and what its floor is."""

    name: str
    title: str
    unit: str
    marks: tuple[Mark, ...] = ()
    floor: str = ""
    more: bool = False
    needs_city: bool = True

    def mark(self, cases: int, store: str) -> Mark | None:
        return next((mark for mark in self.marks if mark.applies(cases, store)), None)


PAGE_SQL = "同样的行，一条裸 SQL"
ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("plan", "推算一件事项（24条记录）", "ms", (Mark(2),), "把同样的记录从 JSON 读出来", needs_city=False),
        Act("dearest", "推算一件事项（各规程中最费时的）", "ms", (Mark(5),), "把同样的记录从 JSON 读出来", needs_city=False),
        Act("bars", "算一行台账的期间", "ms", (Mark(1),), "把同样的答案从 JSON 读出来", needs_city=False),
        Act("import", "导入历史台账", "行/秒", (Mark(LARGE / 120, above=LARGE), Mark(SMALL / 60, above=SMALL, below=LARGE)),
            "读出表格，再裸写同样的行", more=True),
        Act("memory", "导入时的内存峰值", "MB", (Mark(500),)),
        Act("after", "统计：刚导入完时的历年全库", "秒", (Mark(2),), "一条裸 SQL 数同样的决定"),
        Act("open", "成批开办事项，每500件", "秒", (Mark(5),), "裸写同样的行"),
        Act("step", "办一个环节（程序内）", "次/秒", (Mark(400, stores=("sqlite",)),), "写同样多的字节并落盘（fsync）", more=True),
        Act("bulk", "一次办多件，每500件", "秒", (Mark(5),), "裸写同样的行"),
        Act("freeze", "定名单并纳入，每1万人", "秒", (Mark(10),), "裸写同样的行"),
        Act("campaign", "大回访：定名单并逐人开办，1,893人", "秒", (Mark(20),), "裸写同样的行"),
        Act("list", "台账一百行（四人同时，限本区）", "次/秒", (Mark(25, below=LARGE),), PAGE_SQL, more=True),
        Act("growth", f"台账一百行：比{SMALL:,}件时慢几倍", "倍", (Mark(2, above=LARGE),)),
        Act("search", "查找（姓名、拼音、文号轮换）", "ms", (), PAGE_SQL),
        Act("case", "事项页", "ms", (Mark(50),), PAGE_SQL),
        Act("dossier", "一人一档", "ms", (Mark(2000),), PAGE_SQL),
        Act("record", "办一个环节（经网站）", "ms", (Mark(30),), "写同样多的字节并落盘（fsync）"),
        Act("year", "统计：一年", "秒", (Mark(2),), "一条裸 SQL 数同样的决定"),
        Act("figures", "统计：历年全库", "秒", (Mark(2),), "一条裸 SQL 数同样的决定"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured: the value in the act's unit, the floor in the same unit, and what else is worth keeping."""

    name: str
    value: float
    floor: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def act(self) -> Act:
        return ACTS[self.name]

    @property
    def ratio(self) -> float | None:
        """How many times the floor it costs."""
        if not self.floor or not self.value:
            return None
        return self.floor / self.value if self.act.more else self.value / self.floor

    def told(self, cases: int, store: str) -> dict[str, Any]:
        """As kept. `holds` is None where no mark applies at this size and store."""
        mark = self.act.mark(cases, store)
        holds = None if mark is None else (self.value >= mark.limit if self.act.more else self.value <= mark.limit)
        return {
            "name": self.name, "title": self.act.title, "unit": self.act.unit, "better": "more" if self.act.more else "less",
            "value": rounded(self.value), "floor": rounded(self.floor), "floor_is": self.act.floor, "ratio": rounded(self.ratio),
            "mark": None if mark is None else rounded(mark.limit), "holds": holds, "details": dict(self.details),
        }  # fmt: skip


def missed(acts: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(act["name"]) for act in acts if act["holds"] is False]


def rounded(number: float | None) -> float | None:
    """Four significant figures."""
    return None if number is None else float(f"{number:.4g}")
