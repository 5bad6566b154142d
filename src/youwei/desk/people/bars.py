"""Periods of a person as of a day: which versions held, the one answer, the drawing, and the reasons behind each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from youwei.decisions.models import Measure, Period
from youwei.rulebook.days import NEVER
from youwei.ui.drawings.timeline import Bar, Flag, Mark, Row, Timeline
from youwei.ui.words import cn_date

PROMOTION, FURTHER_USE = "promotion", "further_use"
UNTIL_TITLES = {
    "promotion": "提拔、晋升", "further_use": "进一步使用", "equal_post": "担任与原任职务相当的职务", "award": "评先评优",
    "readmission": "重新入党", "wage_step": "晋升工资（薪酬）档次",
}  # fmt: skip
SPAN_TITLES = {"probation": "察看期", "after_restoration": "恢复权利后"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The one answer of the page, by dates only. `on` is empty when there is no such day."""

    label: str
    words: str
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """One period explained: from the reasons the rulebook gave, never counted again."""

    title: str
    period: Period

    @property
    def until(self) -> list[tuple[str, str]]:
        """For each thing barred, the first day free again."""
        return [
            (UNTIL_TITLES.get(kind, kind), "没有期满之日" if _day(day) == NEVER else f"{cn_date(_day(day))}起")
            for kind, day in self.period.until.items()
        ]


def as_of(periods: Iterable[Period], day: date) -> list[Period]:
    """Of all versions, those that had been entered by the end of a day and held then."""
    newest: dict[int, list[Period]] = {}
    for period in sorted(periods, key=lambda each: (each.version, each.pk)):
        if timezone.localdate(period.recorded_at) > day:
            continue
        held = newest.setdefault(period.measure_id, [])
        if held and held[0].version < period.version:
            held.clear()
        held.append(period)
    return [period for held in newest.values() for period in held]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def free_on(period: Period, kind: str) -> date | None:
    """The first day a thing is free again after this period; None when it was never barred."""
    return _day(period.until[kind]) if kind in period.until else None


def inside(periods: Iterable[Period], day: date) -> list[Period]:
    """Those that run on a day."""
    return [
        period
        for period in periods
        if period.starts_on
        and period.starts_on <= day
        and (period.permanent or (period.last_day and period.last_day >= day))
    ]


def answer(periods: Sequence[Period], labels: dict[int, str], day: date) -> Answer:
    """From which day, by dates alone, promotion is open; the later of several governs."""
    open_ones = [period for period in periods if period.starts_on is None]
    barred = [(free, period) for period in periods if (free := free_on(period, PROMOTION)) is not None and free > day]
    tail = f"；另有{len(open_ones)}项期间待核" if open_ones else ""
    if not barred and open_ones:
        count = len({period.measure_id for period in open_ones})
        reason = f"{labels[open_ones[0].measure_id]}的期间待核" if count == 1 else f"{count}项期间待核"
        return Answer("按日期最早可提拔", "待核", reason)
    if not barred:
        return Answer("提拔、进一步使用", "日期上无影响", "没有仍在计算的期间")
    latest, governing = max(barred, key=lambda each: (each[0], each[1].pk))
    if latest == NEVER:
        return Answer("按日期最早可提拔", "没有期满之日", f"{labels[governing.measure_id]}没有期限{tail}")
    uses = [free for period in periods if (free := free_on(period, FURTHER_USE)) is not None and free > day]
    label = "按日期最早可提拔、进一步使用" if uses and max(uses) == latest else "按日期最早可提拔"
    count = len({period.measure_id for _, period in barred})
    reason = (
        f"取{count}项期间中较晚的一项" if count > 1 else f"{labels[governing.measure_id]}，{months_words(governing)}"
    )
    return Answer(label, cn_date(latest), reason + tail, latest)


NUMBERS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def months_words(period: Period) -> str:
    """一年六个月; 六个月; the last day when it is no whole number of months."""
    if period.months is None:
        return f"至{cn_date(period.last_day)}" if period.last_day else "期限待核"
    years, months = divmod(period.months, 12)
    if years > 12:
        return f"{period.months}个月"
    parts = (f"{NUMBERS[years]}年" if years else "", f"{NUMBERS[months]}个月" if months else "")
    return "".join(parts) or "零个月"


def whys(periods: Iterable[Period], labels: dict[int, str]) -> list[Why]:
    """Every period with its reasons, in the order they began."""
    ordered = sorted(periods, key=lambda each: (each.starts_on or date.min, each.pk))
    return [Why(_title(period, labels), period) for period in ordered]


def _title(period: Period, labels: dict[int, str]) -> str:
    span = SPAN_TITLES.get(period.span)
    return f"{labels[period.measure_id]}（{span}）" if span else labels[period.measure_id]


def _bar(period: Period, labels: dict[int, str], day: date) -> Bar | None:
    if period.starts_on is None or period.last_day is None or period.last_day < period.starts_on:
        return None
    note = (
        f"{months_words(period)}，已结束"
        if period.last_day < day
        else months_words(period)
        if period.months is None
        else f"{months_words(period)}，止{cn_date(period.last_day)}"
    ) + ("，人工核定" if period.by_hand else "")
    if period.unsettled and period.last_day >= day:
        return Bar(_title(period, labels), period.starts_on, period.last_day, f"{note}（待核）", "unsettled")
    return Bar(_title(period, labels), period.starts_on, period.last_day, note)


def timeline(
    periods: Sequence[Period],
    measures: Sequence[Measure],
    marks: Sequence[tuple[str, Sequence[Mark]]],
    found: Answer,
    day: date,
    now: str,
) -> Timeline | None:
    """The drawing: one row a measure, then what was and will be done. None when nothing has a date."""
    labels = {measure.pk: measure.label for measure in measures}
    rows = []
    for measure in sorted(
        measures,
        key=lambda each: min([p.starts_on or date.max for p in periods if p.measure_id == each.pk], default=date.max),
    ):
        own = sorted((p for p in periods if p.measure_id == measure.pk), key=lambda each: each.starts_on or date.max)
        drawn = [bar for period in own if (bar := _bar(period, labels, day)) is not None]
        if drawn:
            rows.append(Row(measure.label, tuple(drawn)))
    rows += [Row(title, marks=tuple(found_marks)) for title, found_marks in marks if found_marks and rows]
    if not rows:
        return None
    flag = Flag(found.on, f"最早可提拔{cn_date(found.on)}") if found.on else None
    return Timeline(tuple(rows), day, "影响期、处分期和回访谈话", flag, now=now)
