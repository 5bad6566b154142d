"""The law as data: nothing without a citation, every fault told at once, names as ledgers write them."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from youwei.rulebook.law import LAW_FOLDER, family_of, form_word, load_law
from youwei.rulebook.measures import Family
from youwei.rulebook.reading import ReadingRefused


def planted(tmp_path: Path, file: str, change: Callable[[str], str]) -> str:
    """Load a copy of the law with one file changed; return what the loader says."""
    folder = tmp_path / "law"
    shutil.copytree(LAW_FOLDER, folder)
    path = folder / file
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    with pytest.raises(ReadingRefused) as refused:
        load_law(folder)
    return str(refused.value)


def once(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


PLANTED = {
    "no article": ("party.yaml", once("article: 第十一条, ", ""), r"party\.yaml:\d+: 缺少“article”"),
    "no source": ("administrative.yaml", once("source: 国务院令公布文本, ", ""), r"administrative\.yaml:\d+: 缺少“source”"),
    "no date": ("handling.yaml", once("date: 2021-03-19, ", ""), r"handling\.yaml:\d+: 缺少“date”"),
    "no day of checking": ("party.yaml", once(", checked_on: 2026-11-21", ""), r"party\.yaml:\d+: 缺少“checked_on”"),
    "empty source": ("rules.yaml", once("source: 2023年修订条例问答（公开转载）", "source: ''"), r"“source”应当是文字"),
    "unknown instrument": ("party.yaml", once("under: regulations-2003", "under: regulations-1066"), r"没有登记过“regulations-1066”"),
    "date out of force": ("party.yaml", once("date: 2016-01-01", "date: 2026-01-01"), r"2026-01-01 不在.*有效期内"),
    "misspelt key": ("party.yaml", once("months: 12", "month: 12"), r"不认识的键“month”.*可用"),
    "misspelt key of a measure": ("party.yaml", once("    weight: 轻", "    weigth: 轻"), r"不认识的键“weigth”"),
    "unknown bar": ("party.yaml", once("bars: {promotion: 12, award: 12}", "bars: {holiday: 12}"), r"不认识的键“holiday”"),
    "a bar longer than its period": ("party.yaml", once("bars: {promotion: 12,", "bars: {promotion: 36,"), r"“promotion”为 36"),
    "unknown lifting": ("party.yaml", once("lifts: expiry", "lifts: perhaps"), r"“lifts”不能是“perhaps”；改为以下之一"),
    "duplicate key": ("party.yaml", once("    order: 320\n", "    order: 320\n    order: 321\n"), r"party\.yaml:\d+: .*“order”写了两次"),
    "text for a number": ("party.yaml", once("months: 12", "months: '12'"), r"“months”应当是整数"),
    "not a date": ("instruments.yaml", once("issued: 2003-12-31", "issued: 那一年"), r"instruments\.yaml:\d+: “issued”应当是日期"),
    "broken yaml": ("duties.yaml", once("duties:", "duties: ["), r"duties\.yaml:\d+: 文件：不是正确的 YAML"),
    "overlapping editions": ("administrative.yaml", once("until: 2019-05-31, ", ""), r"重叠"),
    "one spelling twice": ("handling.yaml", once("aliases: [引咎辞职]", "aliases: [引咎辞职, 党内警告]"), r"写法“党内警告”已属于“party.warning”"),
    "a missing rule": ("rules.yaml", lambda text: re.sub(r"  end_day:\n(    .*\n?)+", "", text), r"缺少规则“end_day”"),
    "a measure that does not exist": ("persons.yaml", once("administrative.demerit", "administrative.joke"), r"不能有“administrative.joke”"),
    "ends before it starts": ("party.yaml", once("under: regulations-2003,", "under: regulations-2003, until: 2001-01-01,"), r"早于起用日"),
    "nothing to say": ("first_form.yaml", lambda _: "[]\n", r"first_form\.yaml:1: 文件应当是“键: 值”的映射"),
    "a grade that does not exist": ("assessment.yaml", once("first_year: not_top", "first_year: splendid"), r"“first_year”不能是“splendid”"),
    "an assessment of nothing": ("assessment.yaml", once("  party.removal:", "  party.joke:"), r"没有编号为“party.joke”的种类"),
    "a unit that does not exist": ("duties.yaml", once("unit: months", "unit: moons"), r"“unit”不能是“moons”"),
}  # fmt: skip


@pytest.mark.req("A2")
@pytest.mark.parametrize("case", PLANTED)
def test_the_loader_refuses(case: str, tmp_path: Path) -> None:
    file, change, expected = PLANTED[case]
    told = planted(tmp_path, file, change)
    assert re.search(expected, told), told
    assert "；" in told


@pytest.mark.req("A2")
def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "law"
    shutil.copytree(LAW_FOLDER, folder)
    for file, old, new in (
        ("party.yaml", "article: 第十一条, ", ""),
        ("handling.yaml", "order: 210", "order: many"),
        ("duties.yaml", "amount: 1", "amount: 0"),
    ):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReadingRefused) as refused:
        load_law(folder)
    assert [each.file for each in refused.value.faults] == ["duties.yaml", "handling.yaml", "party.yaml"]
    assert all(each.line > 1 and each.remedy for each in refused.value.faults)


@pytest.mark.req("A2")
def test_every_value_of_the_law_has_article_source_and_date() -> None:
    law = load_law()
    cites = [effect.cite for each in law.measures.values() for effect in each.effects]
    cites += [each.no_period for each in law.measures.values() if each.no_period]
    cites += [each.cite for each in (*law.rules.values(), *law.assessments.values())]
    cites += [each.cite for versions in law.duties.values() for each in versions]
    cites += [each.limit for each in law.persons.values() if each.limit]
    assert len(cites) > 80
    for cite in cites:
        assert cite.article
        assert cite.source
        assert cite.since > date(1997, 1, 1)
        assert cite.checked_on >= cite.since
        assert cite.instrument in law.instruments
        assert ("待核" in cite.text) >= cite.unverified


def test_every_measure_has_effects_or_says_that_it_has_none() -> None:
    for each in load_law().measures.values():
        assert bool(each.effects) != (each.no_period is not None), each.id
        starts = [effect.starts_on for effect in each.effects if not effect.persons]
        assert starts == sorted(starts)


def test_the_law_is_read_once() -> None:
    assert load_law() is load_law()


SPELLINGS = {
    "党内警告": "party.warning",
    "党内警告处分": "party.warning",
    "党纪警告": "party.warning",
    "党内 严重警告": "party.severe_warning",
    "严重警告": "party.severe_warning",
    "党内严重警告处分决定": "party.severe_warning",
    "撤销党内职务": "party.removal",
    "撤销党内一切职务": "party.removal",
    "留党察看一年": "party.probation_1",
    "留党察看1年": "party.probation_1",
    "留党察看（1年）": "party.probation_1",
    "留党察看(一年)处分": "party.probation_1",
    "留党察看壹年": "party.probation_1",
    "留党察看二年": "party.probation_2",
    "留党察看两年": "party.probation_2",
    "留党察看２年": "party.probation_2",
    "留党察看": "party.probation",
    "开除党籍": "party.expulsion",
    "开除党籍\u3000处分": "party.expulsion",
    "政务警告": "administrative.warning",
    "行政警告": "administrative.warning",
    "行政记过": "administrative.demerit",
    "政务记大过": "administrative.major_demerit",
    "政务降级": "administrative.demotion",
    "政务撤职": "administrative.removal",
    "行政撤职处分": "administrative.removal",
    "政务开除": "administrative.dismissal",
    "行政开除": "administrative.dismissal",
    "开除公职": "administrative.dismissal",
    "给予开除公职处分": "administrative.dismissal",
    "诫勉": "admonition.admonition",
    "诫勉谈话": "admonition.admonition",
    "谈话提醒": "first_form.reminder",
    "提醒谈话": "first_form.reminder",
    "批评教育": "first_form.criticism",
    "责令检查": "first_form.self_criticism",
    "责令作出书面检查": "first_form.self_criticism",
    "通报批评": "first_form.circular",
    "停职检查": "handling.suspension",
    "停职（检查）": "handling.suspension",
    "调整职务": "handling.adjustment",
    "调离岗位": "handling.adjustment",
    "免职": "handling.dismissal_from_post",
    "责令辞职": "handling.ordered_resignation",
    "引咎辞职": "handling.resignation",
    "降职": "handling.demotion",
}


@pytest.mark.req("A1", "A2")
@pytest.mark.parametrize("text", SPELLINGS)
def test_a_ledger_spelling_is_recognised(text: str) -> None:
    found = load_law().recognise(text)
    assert found is not None
    assert found.id == SPELLINGS[text]


@pytest.mark.parametrize(
    "text", ["警告", "记过", "记大过", "降级", "撤职", "开除", "口头警告处分", "口头警告", "", "无", "警告信", "党内"]
)
def test_a_plain_or_unknown_word_alone_means_nothing(text: str) -> None:
    assert load_law().recognise(text) is None


def test_plain_words_mean_something_in_a_column_of_their_family() -> None:
    law = load_law()
    assert [law.recognise(text, "party").id for text in ("警告", "开除", "严重警告")] == [
        "party.warning", "party.expulsion", "party.severe_warning",
    ]  # fmt: skip
    assert [law.recognise(text, "administrative").id for text in ("警告", "记过", "记大过", "降级", "撤职", "开除")] == [
        "administrative.warning", "administrative.demerit", "administrative.major_demerit", "administrative.demotion",
        "administrative.removal", "administrative.dismissal",
    ]  # fmt: skip
    assert law.recognise("警告", Family.PARTY).id == "party.warning"
    assert law.recognise("口头警告处分", "party") is None


def test_a_cell_with_several_measures_is_taken_apart() -> None:
    found = load_law().recognise_all("党内严重警告、政务记过；诫勉")
    assert [(text, each.id) for text, each in found] == [
        ("党内严重警告", "party.severe_warning"),
        ("政务记过", "administrative.demerit"),
        ("诫勉", "admonition.admonition"),
    ]
    assert load_law().recognise_all("无") == []
    assert load_law().recognise_all("党内警告和打手心") == [
        ("党内警告", load_law().measure("party.warning")),
        ("打手心", None),
    ]


def test_the_wording_of_the_paper_is_kept() -> None:
    law = load_law()
    for text, label in (
        ("行政开除", "行政开除"),
        ("开除公职处分", "开除公职"),
        ("政务 记过", "政务记过"),
        ("行政警告", "行政警告"),
    ):
        found = law.recognise(text)
        assert found is not None
        assert law.label(text, found) == label


def test_weights_and_the_heaviest() -> None:
    law = load_law()
    given = [law.measure(name) for name in ("party.warning", "administrative.removal", "admonition.admonition")]
    heaviest = law.heaviest(given)
    assert heaviest is not None
    assert heaviest.id == "administrative.removal"
    assert law.weight(given) == "重"
    assert law.weight(given[:1]) == "轻"
    assert law.weight(given[2:]) == ""
    assert law.heaviest([]) is None


def test_a_form_that_does_not_fit_is_a_warning() -> None:
    law = load_law()
    warning, expulsion, reminder = (
        law.measure(name) for name in ("party.warning", "party.expulsion", "first_form.reminder")
    )
    assert law.fits_form([warning], "第二种形态") == ""
    assert "通常属于第二种形态" in law.fits_form([warning], "第一种形态")
    assert "通常属于第一种形态" in law.fits_form([reminder], 2)
    assert law.fits_form([reminder], "一") == ""
    assert law.fits_form([expulsion, warning], 3) == ""
    assert law.fits_form([expulsion], 4) == ""
    assert "通常属于" in law.fits_form([warning], 4)
    assert "没有记载任何处分" in law.fits_form([], 2)
    assert "不是四种形态之一" in law.fits_form([warning], "第五种")


def test_forms_and_families_are_read_from_headings() -> None:
    assert [form_word(each) for each in ("第三种形态", "第三种", "三", 3, "3", "五", "")] == ["三"] * 5 + ["", ""]
    assert [family_of(each) for each in ("党纪处分", "政务处分", "行政处分", "组织处理", "备注")] == [
        Family.PARTY, Family.ADMINISTRATIVE, Family.ADMINISTRATIVE, Family.HANDLING, None,
    ]  # fmt: skip


def test_persons_are_recognised_and_limited_from_the_day_of_the_law() -> None:
    law = load_law()
    village = law.person_kind("村 干部")
    assert village is not None
    assert village.id == "village"
    assert not village.may_receive(law.measure("administrative.removal"), date(2020, 7, 1))
    assert village.may_receive(law.measure("administrative.removal"), date(2020, 6, 30))
    assert village.may_receive(law.measure("party.removal"), date(2024, 1, 1))
    assert law.person_kind("宇航员") is None


@pytest.mark.req("A3", "A5", "A6")
def test_time_limits_are_those_of_the_day() -> None:
    law = load_law()
    announce = law.duty("party.announce", date(2024, 5, 1))
    assert announce is not None
    assert (announce.amount, announce.unit, announce.cite.article) == (1, "months", "第四十五条")
    earlier = law.duty("party.announce", date(2019, 5, 1))
    assert earlier is not None
    assert earlier.cite.article == "第四十一条"
    execute = law.duty("administrative.execute", date(2024, 5, 1))
    assert execute is not None
    assert (execute.amount, execute.at_most) == (1, 6)
    assert law.duty("party.announce", date(2001, 5, 1)) is None
    assert law.duty("no.such", date(2024, 5, 1)) is None


def test_the_annual_assessment_of_every_sanction_is_known() -> None:
    law = load_law()
    sanctions = {each.id for each in law.measures.values() if each.family in (Family.PARTY, Family.ADMINISTRATIVE)}
    assert sanctions - set(law.assessments) == {"administrative.dismissal"}
    probation = law.assessments["party.probation_2"]
    assert (probation.first_year, probation.later_years) == ("unfit", ("no_grade", "no_grade"))
    assert law.assessments["administrative.warning"].first_year == "not_top"
