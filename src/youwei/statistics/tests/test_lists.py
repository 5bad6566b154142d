"""Every number and the list behind it say the same, whatever the store holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from youwei.organs.models import Role
from youwei.organs.policy import Refusal, may, reader
from youwei.statistics.asks import Ask
from youwei.statistics.boards import BOARDS
from youwei.statistics.measures import COUNTS
from youwei.statistics.queries import all_figures, ask_for, rows, table
from youwei.statistics.sheets import inside
from youwei.statistics.tests.builders import City

pytestmark = pytest.mark.django_db
JAN1, DEC31, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 9, 29)
LABELS = st.sets(st.sampled_from(["党内警告", "党内严重警告", "行政记过", "政务记过", "诫勉"]), max_size=2)
DAYS = st.dates(date(2025, 11, 1), date(2027, 1, 31)) | st.none()
DECISIONS = st.fixed_dictionaries(
    {
        "unit": st.integers(0, 4),
        "person": st.integers(0, 3),
        "made_on": DAYS,
        "labels": LABELS,
        "form": st.sampled_from([1, 2, 3, 4, None]),
        "weight": st.sampled_from(["轻", "重", ""]),
        "secret": st.booleans(),
        "state": st.sampled_from(["standing", "standing", "changed", "withdrawn", "undone"]),
        "case": st.sampled_from(["", "announcement", "jingzhou-visit"]),
        "acts": st.sets(st.sampled_from(["done", "late", "open", "group", "refused", "unplanned"])),
    }
)


def fill(city: City, drawn: list[dict[str, Any]]) -> None:
    """Put drawn decisions in, several of them of the same persons, who meanwhile moved between units."""
    units = [city.bureau, city.east_bureau, city.east_town, city.east_village, city.west_school]
    persons = [
        city.person(units[place], born_on=date(1990 + place, 5, 5), shelf="甲-1" if place == 1 else "")
        for place in range(4)
    ]
    for one in drawn:
        more = {name: one[name] for name in ("form", "weight", "state")}
        unit = units[one["unit"]]
        if one["secret"]:
            young = one["person"] == 0
            city.stub(city.region(unit), one["made_on"], *sorted(one["labels"]), young=young, **more)
            continue
        made = city.decision(persons[one["person"]], one["made_on"], *sorted(one["labels"]), unit=unit, **more)
        if not one["case"]:
            continue
        case = city.case(made, one["case"])
        visit = one["case"] == "jingzhou-visit"
        step = ("visit", "visit") if visit else ("announce", "meeting")
        on = (one["made_on"] or TODAY) + timedelta(30)
        if {"done", "late"} & one["acts"]:
            late = "late" in one["acts"]
            last = on - timedelta(9) if late else on + timedelta(9)
            city.done(case, *step, on, late=late, due_on=last, late_from=last)
        if visit and "refused" in one["acts"]:
            city.done(case, *step, on, outcome="本人拒绝")
        if visit and "unplanned" in one["acts"]:
            city.done(case, *step, on, unplanned=True, afterwards=True)
        if "group" in one["acts"]:
            city.done(case, "group", "record", on)
        if "open" in one["acts"]:
            city.open(case, step[0], on, late_from=on)


def listed(measure: str, ask: Ask, city: City) -> int:
    who = reader(city.account(Role.CASE_OFFICER, city.office), TODAY)
    found = rows(measure, ask, who)
    assert found is not None
    assert not isinstance(found, Refusal)
    return found.count()


@pytest.mark.req("I4", "B10")
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(DECISIONS, max_size=8),
    place=st.sampled_from(["city", "east", "east_town"]),
    with_secret=st.booleans(),
    share=st.integers(0, 3),
)
def test_each_list_has_as_many_rows_as_its_number_says(
    city: City, drawn: list[dict[str, Any]], place: str, with_secret: bool, share: int
) -> None:
    """Every fourth figure at a time: there are many."""
    fill(city, drawn)
    ask = ask_for(getattr(city, place), JAN1, DEC31, with_secret=with_secret, today=TODAY)
    for figure in list(all_figures(ask).by_id.values())[share::4]:
        if figure.unit != "%" and (figure.id not in COUNTS or COUNTS[figure.id].listed):
            assert listed(figure.id, ask, city) == figure.value, figure.id


@pytest.mark.req("I4", "B10")
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(DECISIONS, min_size=3, max_size=8),
    columns=st.lists(
        st.sampled_from(sorted(key for key, count in COUNTS.items() if count.listed)),
        min_size=8,
        max_size=8,
        unique=True,
    ),
)
def test_each_cell_of_a_table_opens_as_many_rows_also_a_level_deeper(
    city: City, drawn: list[dict[str, Any]], columns: list[str]
) -> None:
    fill(city, drawn)
    ask = ask_for(city.city, JAN1, DEC31, today=TODAY)
    outer = table(ask, columns)
    asks = [
        (ask, outer),
        *((inner, table(inner, columns)) for row in outer.rows if (inner := inside(ask, row.key)) is not None),
    ]
    for one, made in asks:
        for row in made.rows:
            for key in columns:
                assert listed(key, one.at(row.key), city) == row.now[key].value, (row.title, key)


@pytest.mark.req("I4")
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(DECISIONS, max_size=8))
def test_lines_of_decisions_add_up_to_the_whole(city: City, drawn: list[dict[str, Any]]) -> None:
    fill(city, drawn)
    columns = [key for board in BOARDS.values() for key in board.columns if key.startswith("decisions")]
    made = table(ask_for(city.city, JAN1, DEC31, today=TODAY), columns)
    for key in columns:
        assert sum(row.now[key].value or 0 for row in made.rows) == made.total.now[key].value
    forms = [made.total.now[f"decisions.form{form}"].value for form in (1, 2, 3, 4) if "decisions.form1" in columns]
    assert sum(number or 0 for number in forms) == made.total.now["decisions.formed"].value


@pytest.mark.req("I5")
def test_a_cell_with_a_row_out_of_reach_does_not_open_and_says_what_a_missing_right_says(city: City) -> None:
    city.decision(city.person(city.bureau), date(2026, 2, 1), "诫勉", form=1)
    district = city.account(Role.CASE_OFFICER, city.east)
    answer = rows("decisions", ask_for(city.city, JAN1, DEC31), reader(district, TODAY))
    missing = may(reader(city.account(Role.UNIT, city.east), TODAY), "figures.view")
    assert isinstance(answer, Refusal)
    assert answer == missing


@pytest.mark.req("I5")
def test_a_district_opens_its_own_cells(city: City) -> None:
    city.decision(city.person(city.east_bureau), date(2026, 2, 1), "诫勉", form=1)
    city.stub(city.east, date(2026, 2, 1), "诫勉", form=1)
    district = reader(city.account(Role.LEADER, city.east), TODAY)
    answer = rows("decisions", ask_for(city.east, JAN1, DEC31), district)
    assert answer is not None
    assert not isinstance(answer, Refusal)
    assert answer.count() == 2


@pytest.mark.parametrize(
    "unknown", ["", "nothing", "year.abc", "year.99999", "region.无此区", "file.rate", "share.form1"]
)
def test_what_is_no_list_has_none(city: City, unknown: str) -> None:
    who = reader(city.account(Role.CASE_OFFICER, city.office), TODAY)
    assert rows(unknown, ask_for(city.city, JAN1, DEC31), who) is None
