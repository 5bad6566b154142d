"""The figures against numbers counted by hand."""

from datetime import date

import pytest

from youwei.organs.models import Organ
from youwei.statistics.answers import figures_json
from youwei.statistics.queries import Figures, ask_for, figures, table
from youwei.statistics.tests.builders import City

pytestmark = pytest.mark.django_db
JAN1, DEC31 = date(2026, 1, 1), date(2026, 12, 31)
TODAY = date(2026, 9, 29)


def of(organ: Organ, **more: bool) -> Figures:
    return figures(organ, JAN1, DEC31, today=TODAY, **more)


@pytest.mark.req("A1", "H2", "I4")
def test_a_person_with_two_decisions_is_one_person_and_two_decisions(city: City) -> None:
    twice = city.person(city.east_bureau)
    city.decision(twice, date(2026, 2, 1), "党内警告", form=2, weight="轻")
    city.decision(twice, date(2026, 3, 1), "开除党籍", form=3, weight="重")
    city.decision(city.person(city.west_school), date(2026, 3, 2), "诫勉", form=1)
    found = of(city.city)
    assert (found.value("decisions"), found.value("people")) == (3, 2)
    assert (found.value("decisions.form2"), found.value("decisions.form3"), found.value("decisions.form1")) == (1, 1, 1)
    assert (found.value("people.form2"), found.value("people.form3"), found.value("people.form1")) == (0, 1, 1)
    assert (found.value("decisions.light"), found.value("decisions.heavy")) == (1, 1)
    assert (found.value("people.light"), found.value("people.heavy")) == (0, 1)


@pytest.mark.req("H2")
def test_shares_of_the_forms_are_of_decisions_whose_form_is_known(city: City) -> None:
    for form in (1, 1, 2, None):
        city.decision(city.person(city.bureau), date(2026, 5, 5), "诫勉", form=form)
    found = of(city.city)
    assert found["share.form1"].value == 66.7
    assert (found["share.form1"].numerator, found["share.form1"].denominator) == (2, 3)
    assert found.value("decisions.formless") == 1


@pytest.mark.req("A4")
def test_stubs_are_counted_as_decisions_and_never_as_persons(city: City) -> None:
    city.decision(city.person(city.east_bureau), date(2026, 2, 1), "党内警告", form=2)
    city.stub(city.east, date(2026, 2, 2), "党内警告", form=2)
    whole, bare = of(city.city), of(city.city, with_secret=False)
    assert (whole.value("decisions"), whole.value("decisions.secret"), whole.value("people")) == (2, 1, 1)
    assert (bare.value("decisions"), bare.value("decisions.secret"), bare.value("people")) == (1, 0, 1)
    assert whole.value("region.青溪区") == 2
    assert bare.value("region.青溪区") == 1
    assert whole.value("measure.party.warning/党内警告") == 2


@pytest.mark.req("A1")
def test_a_measure_is_told_by_kind_and_by_its_own_wording(city: City) -> None:
    city.decision(city.person(city.bureau), date(2026, 2, 1), "行政记过", form=2)
    city.decision(city.person(city.bureau), date(2026, 2, 2), "政务记过", "党内警告", form=2)
    city.decision(city.person(city.bureau), date(2026, 2, 3), "诫勉", form=1)
    found = of(city.city)
    assert found.value("measure.administrative.demerit") == 2
    assert found.value("measure.administrative.demerit/行政记过") == 1
    assert found.value("measure.administrative.demerit/政务记过") == 1
    assert found.value("none.party") == 2
    assert found.value("none.administrative") == 1


@pytest.mark.req("J1")
def test_a_decision_without_a_date_is_told_apart_and_in_no_period(city: City) -> None:
    city.decision(city.person(city.bureau), None, "诫勉", form=1)
    city.decision(city.person(city.bureau), date(2026, 1, 1), "诫勉", form=1)
    city.decision(city.person(city.bureau), date(2026, 12, 31), "诫勉", form=1)
    city.decision(city.person(city.bureau), date(2025, 12, 31), "诫勉", form=1)
    found = of(city.city)
    assert (found.value("decisions"), found.value("decisions.undated")) == (2, 1)
    assert found.value("year.2026") == 2


@pytest.mark.req("A6", "J4")
def test_withdrawn_decisions_are_told_apart_and_undone_ones_nowhere(city: City) -> None:
    city.decision(city.person(city.bureau), date(2026, 1, 5), "诫勉", form=1, state="changed")
    city.decision(city.person(city.bureau), date(2026, 1, 5), "诫勉", form=1, state="withdrawn")
    city.decision(city.person(city.bureau), date(2026, 1, 5), "诫勉", form=1, state="undone")
    found = of(city.city)
    assert (found.value("decisions"), found.value("decisions.withdrawn")) == (1, 1)


@pytest.mark.req("B4")
@pytest.mark.parametrize(
    ("born", "made", "counted"),
    [
        (date(1991, 7, 1), date(2026, 6, 30), 1),  # the day before the 35th birthday
        (date(1991, 7, 1), date(2026, 7, 1), 0),  # the birthday itself
        (date(1992, 2, 29), date(2026, 2, 28), 1),
        (date(1991, 2, 28), date(2026, 3, 1), 0),
    ],
)
def test_young_means_under_35_full_years_on_the_day_of_the_decision(
    city: City, born: date, made: date, counted: int
) -> None:
    city.decision(city.person(city.bureau, born_on=born), made, "诫勉", form=1)
    assert of(city.city).value("decisions.young") == counted


@pytest.mark.req("B4", "A4")
def test_a_stub_is_young_when_it_says_so_and_only_with_the_stubs(city: City) -> None:
    city.stub(city.east, date(2026, 3, 1), "诫勉", form=1)
    city.stub(city.east, date(2026, 3, 1), "诫勉", form=1, young=True)
    assert of(city.city).value("decisions.young") == 1
    assert of(city.city, with_secret=False).value("decisions.young") == 0


@pytest.mark.req("B10", "I8")
def test_an_organ_answers_for_its_subtree_and_a_commission_for_its_region(city: City) -> None:
    city.decision(city.person(city.east_village), date(2026, 2, 1), "诫勉", form=1)
    city.decision(city.person(city.east_bureau), date(2026, 2, 1), "诫勉", form=1)
    city.decision(city.person(city.bureau), date(2026, 2, 1), "诫勉", form=1)
    city.stub(city.east, date(2026, 2, 1), "诫勉", form=1)
    expected = {
        city.city: 4,
        city.office: 4,
        city.east: 3,
        city.west: 0,
        city.east_town: 1,
        city.east_village: 1,
        city.bureau: 1,
    }
    assert {organ: of(organ).value("decisions") for organ in expected} == expected


@pytest.mark.req("B1", "B10")
def test_the_file_rate_counts_a_group_recorded_or_a_shelf_number(city: City) -> None:
    grouped, shelved, bare = city.person(city.bureau), city.person(city.bureau, shelf="A-1"), city.person(city.bureau)
    for person in (grouped, shelved, bare):
        made = city.decision(person, date(2026, 2, 1), "诫勉", form=1)
        if person is grouped:
            city.done(city.case(made, "jingzhou-visit"), "group", "record", date(2026, 2, 9))
    found = of(city.city)
    assert found["file.rate"].value == 66.7
    assert (found.value("file.with"), found.value("file.without"), found.value("people")) == (2, 1, 3)


@pytest.mark.req("B8")
def test_assessments_are_counted_as_due_done_and_in_time(city: City) -> None:
    prompt, tardy, passed, ahead = (
        city.case(city.decision(city.person(city.bureau), date(2025, 3, day), "党内警告"), "jingzhou-visit")
        for day in (2, 3, 4, 5)
    )
    city.done(prompt, "assess", "record", date(2026, 3, 20), late_from=date(2026, 4, 1))
    city.done(tardy, "assess", "record", date(2026, 5, 9), late=True, late_from=date(2026, 4, 2))
    city.open(passed, "assess", date(2026, 4, 3), late_from=date(2026, 4, 3))
    city.open(ahead, "assess", date(2026, 9, 30), late_from=date(2026, 9, 30))
    city.done(ahead, "visit", "visit", date(2026, 3, 20))
    found = of(city.city)
    keys = ("assessed.due", "assessed.done", "assessed.on_time", "assessed.late")
    assert tuple(found.value(key) for key in keys) == (3, 2, 1, 2)
    assert found["assessed.rate"].value == 33.3


@pytest.mark.req("A3", "J12")
def test_announced_in_time_is_of_those_announced_or_past_their_last_day(city: City) -> None:
    prompt, tardy, passed, last_day = (
        city.decision(city.person(city.bureau), date(2026, 9, 1), "诫勉", form=1) for _ in range(4)
    )
    city.done(city.case(prompt, "announcement"), "announce", "meeting", date(2026, 9, 4))
    city.done(
        city.case(tardy, "announcement"),
        "announce",
        "meeting",
        date(2026, 9, 24),
        **day_of_limit(date(2026, 9, 10), late=True),
    )
    city.open(city.case(passed, "statutory-announcement"), "announce", date(2026, 9, 28), late_from=date(2026, 9, 28))
    city.open(city.case(last_day, "announcement"), "announce", date(2026, 9, 29), late_from=date(2026, 9, 29))
    found = of(city.city)
    assert (found.value("announced.due"), found.value("announced.on_time"), found.value("announced.late")) == (3, 1, 2)
    assert found["announced.rate"].value == 33.3


def day_of_limit(day: date, **more: object) -> dict[str, object]:
    return {"due_on": day, "late_from": day, **more}


def told(city: City, first: date, last: date, today: date, *keys: str) -> tuple[float, ...]:
    found = figures(city.city, first, last, today=today)
    return tuple(found.value(key) for key in keys)


@pytest.mark.req("B10", "I4")
def test_a_visit_made_up_for_later_stays_missing_in_the_period_that_missed_it(city: City) -> None:
    april, june, july, september = date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30)
    missed = city.case(city.decision(city.person(city.bureau), date(2026, 1, 9), "诫勉", form=1), "jingzhou-visit")
    due = city.open(missed, "visit", date(2026, 6, 20))
    keys = ("visits.due", "visits.people", "visits.missing")
    before = told(city, april, june, date(2026, 7, 15), *keys)
    assert before == (1, 0, 1)
    due.delete()
    city.done(missed, "visit", "visit", date(2026, 7, 16), **day_of_limit(date(2026, 6, 20), late=True))
    assert told(city, april, june, date(2026, 9, 29), *keys) == before
    assert told(city, july, september, date(2026, 9, 29), *keys) == (1, 1, 0)
    missed.done.update(on=date(2026, 6, 19), late=False)  # as a correction of a slip does
    assert told(city, april, june, date(2026, 9, 29), *keys) == (1, 1, 0)


@pytest.mark.req("B10", "I4")
def test_a_visit_is_missing_when_its_last_day_is_over_and_not_on_it(city: City) -> None:
    missed = city.case(city.decision(city.person(city.bureau), date(2026, 1, 9), "诫勉", form=1), "jingzhou-visit")
    city.open(missed, "visit", date(2026, 6, 30))
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    assert [told(city, JAN1, date(2026, 6, 30), day, "visits.missing") for day in days] == [(0,), (1,)]


@pytest.mark.req("A3", "I4")
def test_an_announcement_is_settled_on_one_day_and_counted_once_whatever_comes_later(city: City) -> None:
    ahead, behind = (
        city.case(city.decision(city.person(city.bureau), date(2026, 6, day), "诫勉", form=1), "announcement")
        for day in (25, 1)
    )
    keys = ("announced.due", "announced.on_time", "announced.late")
    city.open(ahead, "announce", date(2026, 7, 4), late_from=date(2026, 7, 4))
    city.open(behind, "announce", date(2026, 6, 10), late_from=date(2026, 6, 10))
    june = (date(2026, 6, 1), date(2026, 6, 30))
    before = told(city, *june, date(2026, 7, 1), *keys)
    assert before == (1, 0, 1)
    for case, on, last in ((ahead, date(2026, 7, 2), date(2026, 7, 4)), (behind, date(2026, 7, 3), date(2026, 6, 10))):
        case.open_steps.all().delete()
        city.done(case, "announce", "meeting", on, **day_of_limit(last, late=on > last))
    assert told(city, *june, TODAY, *keys) == before
    assert told(city, date(2026, 7, 1), date(2026, 7, 31), TODAY, *keys) == (1, 1, 0)
    months = [told(city, date(2026, month, 1), date(2026, month, 28), TODAY, *keys) for month in range(1, 13)]
    assert tuple(map(sum, zip(*months, strict=True))) == told(city, JAN1, DEC31, TODAY, *keys) == (2, 1, 1)


@pytest.mark.req("B6", "B10")
def test_visits_are_told_in_persons_and_in_person_times(city: City) -> None:
    twice, once, missed, held = (
        city.decision(city.person(city.east_bureau), date(2026, 1, 9), "诫勉", form=1) for _ in range(4)
    )
    first = city.case(twice, "jingzhou-visit")
    city.done(first, "visit", "visit", date(2026, 3, 1))
    city.done(first, "visit", "visit", date(2026, 6, 1), unplanned=True)
    city.done(first, "visit", "visit", date(2025, 12, 31))
    city.done(city.case(once, "jingzhou-visit"), "visit", "visit", date(2026, 6, 2), afterwards=True)
    city.open(city.case(missed, "jingzhou-visit"), "visit", date(2026, 6, 30))
    city.open(city.case(held, "jingzhou-visit", state="held"), "visit", date(2026, 6, 30))
    found = of(city.city)
    assert (found.value("visits.times"), found.value("visits.people")) == (3, 2)
    assert (found.value("visits.planned"), found.value("visits.unplanned"), found.value("visits.afterwards")) == (
        2,
        1,
        1,
    )
    assert (found.value("visits.due"), found.value("visits.missing")) == (3, 1)
    assert found["visits.rate"].value == 66.7


@pytest.mark.req("B6", "J12")
def test_a_refused_visit_is_told_as_such_and_the_person_is_not_yet_visited(city: City) -> None:
    refused, postponed, both = (
        city.decision(city.person(city.bureau), date(2026, 1, 9), "诫勉", form=1) for _ in range(3)
    )
    city.done(city.case(refused, "jingzhou-visit"), "visit", "visit", date(2026, 3, 1), outcome="本人拒绝")
    city.done(city.case(postponed, "jingzhou-visit"), "visit", "visit", date(2026, 3, 1), outcome="本人推迟")
    case = city.case(both, "jingzhou-visit")
    city.done(case, "visit", "visit", date(2026, 3, 1), outcome="本人推迟")
    city.done(case, "visit", "visit", date(2026, 3, 9))
    found = of(city.city)
    assert (found.value("visits.refused"), found.value("visits.postponed"), found.value("visits.times")) == (1, 2, 1)
    assert (found.value("visits.people"), found.value("visits.missing"), found.value("visits.due")) == (1, 2, 3)


@pytest.mark.req("I4")
def test_a_rate_of_nothing_has_no_value(city: City) -> None:
    found = of(city.city)
    assert found["visits.rate"].value is None
    assert found["decisions"].value == 0


@pytest.mark.req("I4", "B10")
def test_the_table_shows_districts_and_the_units_of_the_seat(city: City) -> None:
    both = city.person(city.bureau)
    city.decision(both, date(2026, 2, 1), "诫勉", form=1)
    city.decision(both, date(2026, 3, 1), "党内警告", form=2, unit=city.east_bureau)
    city.stub(city.east, date(2026, 4, 1), "诫勉", form=1)
    city.stub(city.city, date(2026, 4, 1), "诫勉", form=1)
    city.decision(city.person(city.west_school), date(2025, 2, 1), "诫勉", form=1)
    made = table(ask_for(city.city, JAN1, DEC31, today=TODAY), ["decisions", "people"], compare=True)
    shown = [
        (row.title, row.now["decisions"].value, row.now["people"].value, row.before["decisions"].value)
        for row in made.rows
    ]
    assert shown == [("市直机关", 1, 1, 0), ("青溪区", 2, 1, 0), ("望江区", 0, 0, 1), ("未记单位（涉密存根）", 1, 0, 0)]
    assert (made.total.now["decisions"].value, made.total.now["people"].value) == (
        4,
        1,
    )  # one person stands in two lines
    assert made.total.before["decisions"].value == 1


@pytest.mark.req("I4")
def test_a_district_opens_into_groups_of_units_and_these_into_units(city: City) -> None:
    for unit in (city.east_bureau, city.east_town, city.east_village, city.east_village):
        city.decision(city.person(unit), date(2026, 2, 1), "诫勉", form=1)
    district = table(ask_for(city.east, JAN1, DEC31), ["decisions"])
    assert [(row.title, row.now["decisions"].value) for row in district.rows] == [
        ("区直机关", 1),
        ("街道、乡镇、村", 3),
    ]
    towns = table(ask_for(city.east, JAN1, DEC31, part="towns"), ["decisions"])
    assert [(row.title, row.now["decisions"].value) for row in towns.rows] == [("云水镇", 3)]
    town = table(ask_for(city.east_town, JAN1, DEC31), ["decisions"])
    assert [(row.title, row.now["decisions"].value) for row in town.rows] == [("本级", 1), ("柳湾村", 2)]


@pytest.mark.req("I4")
def test_programs_get_every_figure_with_and_without_stubs(city: City) -> None:
    city.decision(city.person(city.bureau), date(2026, 2, 1), "党内警告", form=2)
    city.stub(city.east, date(2026, 2, 1), "诫勉", form=2)
    told = figures_json(city.city, JAN1, DEC31, today=TODAY)["measures"]
    assert told["decisions.form2"] == {"title": "第二种形态（件）", "value": 2, "numerator": 2, "denominator": 2}
    assert told["decisions.form2.open"]["value"] == 1
    assert told["region.青溪区"]["value"] == 1
    assert told["region.青溪区.open"]["value"] == 0
    assert told["measure.admonition.admonition/诫勉.open"]["value"] == 0
    assert told["share.form2"]["value"] == 100.0
    apart = figures(city.city, JAN1, DEC31, with_secret=False, today=TODAY).by_id
    without = {key: told[f"{key}.open"] for key in told if f"{key}.open" in told}
    assert len(without) > 10
    for key, said in without.items():
        counted = apart.get(key)
        number, of = (counted.numerator, counted.denominator) if counted else (0, said["denominator"])
        assert (said["value"], said["numerator"], said["denominator"]) == (number, number, of), key


@pytest.mark.req("I7")
def test_the_number_of_statements_does_not_grow(city: City, django_assert_num_queries: object) -> None:
    for round_ in (5, 45):
        for place in range(round_):
            worded = ("党内警告", "行政记过", "政务记过")[place % 3]
            city.decision(city.person(city.bureau), date(2026, 2, 1 + place % 9), worded, form=1 + place % 4)
        with django_assert_num_queries(13):  # type: ignore[operator]
            of(city.city)
        with django_assert_num_queries(9):  # type: ignore[operator]
            table(
                ask_for(city.city, JAN1, DEC31),
                ["decisions", "people", "file.rate", "visits.rate", "visits.times"],
                compare=True,
            )
