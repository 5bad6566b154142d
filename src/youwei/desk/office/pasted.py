"""A holiday notice as it is pasted: the sentences of the State Council's notice, or a day a line. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ORDINAL = re.compile(r"^[（(]?[一二三四五六七八九十]+[、）).]")
BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
SPAN = re.compile(rf"{DAY}(?:至|到|[-—~]+){DAY}|{DAY}")
PLAIN = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*(放假|补班|上班)\s*(.*)")
KINDS = {"放假": "holiday", "补班": "makeup", "上班": "makeup"}
TITLES = {"holiday": "放假", "makeup": "补班"}
LONGEST = 31


@dataclass(frozen=True, slots=True)
class Pasted:
    """The days found in a text, and what in it could not be read."""

    days: tuple[dict[str, str], ...]
    faults: tuple[str, ...]


def read(text: str, year: int) -> Pasted:
    """Read a notice for a year. Every line is read or named as a fault."""
    days: list[dict[str, str]] = []
    faults: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(r"[ \t\u3000]+", " ", unicodedata.normalize("NFKC", raw)).strip()
        if not line:
            continue
        try:
            found = _line(line, year)
        except ValueError as fault:
            faults.append(f"第{number}行：{fault}")
            continue
        if found:
            days += found
        else:
            faults.append(
                f"第{number}行“{line[:20]}”：看不出放假或上班的日期；请写成“国庆节:10月1日至7日放假。10月10日上班。”"
            )
    return Pasted(tuple(days), tuple(faults))


def _line(line: str, year: int) -> list[dict[str, str]]:
    plain = PLAIN.fullmatch(line)
    if plain:
        on = _real(int(plain[1]), int(plain[2]), int(plain[3]))
        return [{"on": on.isoformat(), "kind": KINDS[plain[4]], "name": plain[5].strip()}]
    line = ORDINAL.sub("", BRACKETS.sub("", line))
    name, colon, rest = line.partition(":")
    if not colon:
        return []
    found: list[dict[str, str]] = []
    for clause in re.split(r"[。;]", rest):
        found += _clause(clause, name.strip(), year)
    return found


def _clause(clause: str, name: str, year: int) -> list[dict[str, str]]:
    """One sentence: the days off, or the weekend days worked. A sentence about both is split at the comma."""
    found: list[dict[str, str]] = []
    for part in re.split(r"[,，]", clause) if "放假" in clause and "上班" in clause else [clause]:
        kind = "holiday" if "放假" in part else "makeup" if "上班" in part else ""
        if kind:
            found += [{"on": day.isoformat(), "kind": kind, "name": name} for day in _days(part, year)]
    return found


def _days(text: str, year: int) -> Iterable[date]:
    month = 0
    for match in SPAN.finditer(re.sub(r"\s+", "", text)):
        first_year, first_month, first_day, last_year, last_month, last_day, own_year, own_month, own_day = (
            match.groups()
        )
        month = int(first_month or own_month or month)
        first = _real(int(first_year or own_year or year), month, int(first_day or own_day))
        last = first
        if last_day:
            month = int(last_month or month)
            last = _real(
                int(last_year or (first.year if month >= first.month else first.year + 1)), month, int(last_day)
            )
        if not first <= last <= first + timedelta(days=LONGEST):
            raise ValueError(f"{first.isoformat()}至{last.isoformat()}不合理；请核对通知原文")
        yield from (first + timedelta(days=place) for place in range((last - first).days + 1))


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as bad:
        raise ValueError(
            f"没有{year}年{month}月{day}日这一天；请写真实日期" if month else "没有写几月；请写全日期"
        ) from bad


def written(days: Sequence[Mapping[str, str]]) -> str:
    """The days as lines that `read` reads back: what the confirmation carries."""
    return "\n".join(f"{day['on']} {TITLES[day['kind']]} {day['name']}".rstrip() for day in days)
