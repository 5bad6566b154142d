"""What the figures must say of a city, counted from its own rows, and where the store says otherwise.

A measurement on a wrong store is worth nothing: the bench compares before it tells a figure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bench.city import Row
from youwei.config.demo.places import CITY
from youwei.organs.models import Organ
from youwei.statistics.answers import figures_json

BEGINNING = date(2010, 1, 1)
Tally = dict[str, int]


@dataclass
class Played:
    """What the bench did in the cases, by area. `announced`: announcements opened, all of them late."""

    grouped: Counter[str] = field(default_factory=Counter)
    visited: Counter[str] = field(default_factory=Counter)
    announced: Counter[str] = field(default_factory=Counter)


def tally(rows: Iterable[Row]) -> Tally:
    """The figures of these rows."""
    rows = list(rows)
    found: Counter[str] = Counter()
    forms: dict[int, int] = {}
    heavy: dict[int, str] = {}
    for row in rows:
        given = row.given
        found["decisions.secret"] += not row.person
        found["decisions.light"] += given.weight == "轻"
        found["decisions.heavy"] += given.weight == "重"
        found["decisions.young"] += row.young
        found["none.party"] += not given.party
        found["none.administrative"] += not given.administrative
        found[f"decisions.form{given.form}"] += 1
        found.update(f"measure.{kind}" for kind in given.kinds)
        if row.person:
            forms[row.person] = max(forms.get(row.person, 0), given.form)
            heavy[row.person] = max(heavy.get(row.person, ""), given.weight)  # 重 sorts after 轻
    found.update(f"people.form{form}" for form in forms.values())
    whole = {"decisions": len(rows), "decisions.formed": len(rows), "decisions.formless": 0, "people": len(forms)}
    by_weight = Counter(heavy.values())
    return {**found, **whole, "people.light": by_weight["轻"], "people.heavy": by_weight["重"]}


def expected(rows: Sequence[Row], played: Played | None = None) -> Tally:
    """Of the whole city over all years: the rows, and what was done in their cases."""
    found = tally(rows)
    found |= {f"year.{year}": count for year, count in Counter(row.made_on.year for row in rows).items()}
    found |= {f"region.{area}": count for area, count in Counter(row.area for row in rows).items()}
    return found | _duties(played or Played(), None)


def _duties(played: Played, area: str | None) -> Tally:
    def of(counted: Counter[str]) -> int:
        return counted.total() if area is None else counted[area]

    late, visits = of(played.announced), of(played.visited)
    return {
        "file.with": of(played.grouped),
        "visits.times": visits,
        "visits.people": visits,
        "announced.due": late,
        "announced.late": late,
        "announced.on_time": 0,
    }


def differences(rows: Sequence[Row], played: Played, *, today: date) -> tuple[int, list[str]]:
    """How many figures were compared, and each that is not what it must be: the city, every area, every year."""
    asks: list[tuple[str, str, date, date, Tally]] = [
        ("全市历年", CITY, BEGINNING, today, expected(rows, played)),
    ]
    for area in sorted({row.area for row in rows} - {CITY}):
        own = tally(row for row in rows if row.area == area) | _duties(played, area)
        asks.append((f"{area}历年", area, BEGINNING, today, own))
    for year in sorted({row.made_on.year for row in rows}):
        within = tally(row for row in rows if row.made_on.year == year)
        asks.append((f"全市{year}年", CITY, date(year, 1, 1), min(date(year, 12, 31), today), within))
    compared, wrong = 0, []
    for title, place, start, end, want in asks:
        told = figures_json(Organ.objects.get(name=place, kind="region"), start, end, today=today)["measures"]
        compared += len(want)
        wrong += [f"{title} {name}：应为{want[name]}，库里{value}" for name, value in _apart(want, told)]
    return compared, wrong


def _apart(want: Tally, told: Mapping[str, Mapping[str, object]]) -> Iterable[tuple[str, object]]:
    for name, number in sorted(want.items()):
        value = told[name]["numerator"] if name in told else 0
        if value != number:
            yield name, value
