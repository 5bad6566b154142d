"""The figures: what each is called, what it counts, by which definition (口径), and what has to be recorded for it.

A `Count` says which rows of a source it counts; a `Rate` divides one count by another. The table is the only place where a definition stands:
pages, exports and `docs/figures.md` all show it from here.
"""

from dataclasses import replace

from youwei.cases.logs import title_of
from youwei.cases.models import NotDone
from youwei.rulebook.law import load_law
from youwei.rulebook.pack_kinds import POSTPONED, REFUSED
from youwei.statistics import conditions as when
from youwei.statistics.conditions import Where, having
from youwei.statistics.shapes import HEAVY, LIGHT, PERSONS, TIMES, Count, Profile, Rate, Source
from youwei.statistics.working_off import ITEM_COUNTS, ITEM_PARTS, ITEM_RATES

FORM_TITLES = {1: "第一种形态", 2: "第二种形态", 3: "第三种形态", 4: "第四种形态"}
MADE, KINDS, FORMS = "决定日期、计入地区", "处分种类", "四种形态"


def _piece(key: str, title: str, where: Where, definition: str, of: str = "decisions", needs: str = KINDS) -> Count:
    return Count(id=key, title=title, definition=definition, where=where, of=of, needs=needs)


def _person(
    key: str, title: str, where: Where, definition: str, needs: str = KINDS, profile: Profile | None = None
) -> Count:
    return Count(
        id=key,
        title=title,
        definition=definition,
        where=where,
        unit=PERSONS,
        of="" if key == "people" else "people",
        needs=needs,
        profile=profile,
    )


def _visit(key: str, title: str, where: Where, definition: str, unit: str = TIMES, of: str = "visits.times") -> Count:
    source = Source.VISITS if unit == TIMES else Source.CASES
    return Count(
        id=key, title=title, definition=definition, where=where, unit=unit, source=source, of=of, needs="回访记录和期限"
    )


def _assessed(key: str, title: str, where: Where, definition: str, of: str = "assessed.due") -> Count:
    """Assessments at the end of the period, counted like announcements."""
    return replace(_announced(key, title, where, definition, of), needs="回访事项的期满考核环节")


def _announced(key: str, title: str, where: Where, definition: str, of: str = "announced.due") -> Count:
    """Announcements are counted by the day that settles them, so the decision itself may be of an earlier period."""
    return Count(
        id=key,
        title=title,
        definition=definition,
        where=where,
        source=Source.DATELESS,
        of=of,
        needs="公开宣布事项的记录",
    )


def _undone(key: str, title: str, where: Where, definition: str, of: str = "undone") -> Count:
    """What was said not to be done, with its reason."""
    return Count(
        id=key,
        title=title,
        definition=definition,
        where=where,
        source=Source.NOT_DONE,
        of=of,
        needs="事项里的“说明没有办”",
    )


def _topped_by(form: int) -> Profile:
    return lambda top, _: top == form


DECISIONS = [
    _piece(
        "decisions",
        "处分处理决定",
        when.everything,
        "期间内作出、现行有效（含变更后仍有效）的处分、处理决定；一份决定计一件",
        "",
        MADE,
    ),
    _piece(
        "decisions.secret", "其中涉密存根", having(secret=True), "只留存根的涉密决定；选“不含涉密”时不计", needs=MADE
    ),
    _piece("decisions.light", "轻处分（件）", having(weight="轻"), "决定中最重的一项为轻处分"),
    _piece("decisions.heavy", "重处分（件）", having(weight="重"), "决定中最重的一项为重处分"),
    _piece("none.party", "无党纪处分", when.without_family("party"), "决定中没有党纪处分"),
    _piece("none.administrative", "无政务处分", when.without_family("administrative"), "决定中没有政务（行政）处分"),
    _piece("decisions.formed", "已定形态", having(form__isnull=False), "载明四种形态之一的决定", needs=FORMS),
    _piece("decisions.formless", "形态不详", having(form=None), "没有载明四种形态的决定", needs=FORMS),
    _piece(
        "decisions.young",
        "其中35周岁以下",
        when.young,
        "决定作出之日未满35周岁的人的决定；只知出生年月的按当月1日，有身份证号的按证载生日；涉密存根不存出生年月，只存这一项是或否",
        needs="出生年月",
    ),
    _piece(
        "decisions.held",
        "其中属于问责",
        having(precheck__in=("case", "unfit", "history", "owed", "offline")),
        "按种类和问题类别属于问责的决定；登记时写明不属于问责的除外",
        needs="种类、问题类别",
    ),
    _piece(
        "decisions.held_owed",
        "容错审核待补",
        having(precheck="owed"),
        "属于问责、还没有写明容错审核的决定",
        "decisions.held",
        "容错审核",
    ),
]
BY_FORM = [
    count
    for form, title in FORM_TITLES.items()
    for count in (
        _piece(
            f"decisions.form{form}",
            f"{title}（件）",
            having(form=form),
            f"载明为{title}的决定",
            "decisions.formed",
            FORMS,
        ),
        _person(
            f"people.form{form}",
            f"{title}（人）",
            when.heaviest_form(form),
            f"期间内最重的形态为{title}的人；一人多件只计最重的一种",
            FORMS,
            _topped_by(form),
        ),
    )
]
PEOPLE = [
    _person(
        "people",
        "受处分处理人员",
        having(person__isnull=False),
        "期间内有处分、处理决定的人，一人多件计一人；涉密存根不存人员，不计入",
        "人员",
    ),
    _person(
        "people.light",
        "轻处分（人）",
        when.light_only,
        "期间内受轻处分、没有受重处分的人",
        profile=lambda _, weight: weight == LIGHT,
    ),
    _person(
        "people.heavy", "重处分（人）", when.heavy, "期间内受过重处分的人", profile=lambda _, weight: weight == HEAVY
    ),
    _person(
        "file.with",
        "已建档",
        when.with_file,
        "受处分处理人员中，回访事项已成立小组并建档，或登记了纸质档案架号的人",
        "回访事项的成立小组建档环节，或架号",
    ),
    _person("file.without", "未建档", when.without_file, "受处分处理人员中尚未建档的人", "同“已建档”"),
]
DUTIES = [
    _announced(
        "announced.due", "应宣布", when.duty_due("announced"), "期间内按期宣布的决定，加上期间内逾期的决定", of=""
    ),
    _announced(
        "announced.on_time",
        "按期宣布",
        when.duty_on_time("announced"),
        "期间内宣布、不迟于期限，期间内又没有一项逾期的决定",
    ),
    _announced(
        "announced.late",
        "逾期或未宣布",
        when.duty_late("announced"),
        "宣布期限在期间内届满、届满时还没有宣布的决定；以后补宣布的也算逾期，期限未满的不计",
    ),
    _assessed("assessed.due", "应考核", when.duty_due("assessed"), "期间内按期考核的决定，加上期间内逾期的决定", of=""),
    _assessed(
        "assessed.on_time",
        "按期考核",
        when.duty_on_time("assessed"),
        "期间内作出期满考核、不迟于期限，期间内又没有一项逾期的决定",
    ),
    _assessed(
        "assessed.late",
        "逾期或未考核",
        when.duty_late("assessed"),
        "期满考核期限在期间内届满、届满时还没有考核的决定；以后补考核的也算逾期，期限未满的不计",
    ),
    _assessed(
        "assessed.done",
        "已考核",
        when.duty_done("assessed"),
        "期间内作出期满考核的决定，不论是否按期；审定与否不影响计数",
        of="",
    ),
    _visit("visits.times", "回访人次", when.held(), "期间内进行、已经记录的回访；一人访两次计两次", of=""),
    _visit("visits.planned", "其中计划内", when.held(unplanned=False), "按规程安排的回访"),
    _visit("visits.unplanned", "其中计划外", when.held(unplanned=True), "规程没有安排、另行开展的回访"),
    _visit("visits.afterwards", "其中补录", when.held(afterwards=True), "事后补录的回访"),
    _visit("visits.refused", "本人拒绝", having(outcome=REFUSED), "记录为本人拒绝的回访，不计入回访人次", of=""),
    _visit("visits.postponed", "本人推迟", having(outcome=POSTPONED), "记录为本人推迟的回访，不计入回访人次", of=""),
    _visit("visits.people", "已访", when.visited, "期间内至少回访过一次的人；一人多次只计一次", PERSONS, "visits.due"),
    _visit("visits.due", "应访", when.visit_due, "已访的人，加上未访的人", PERSONS, ""),
    _visit(
        "visits.missing",
        "未访",
        when.visit_missing,
        "期间内一次也没有访成的人：期末（期间未完的，查询当日）之前回访期限已过的，以及本人拒绝或推迟的；期末以后补访的仍算未访，中止办理的不计",
        PERSONS,
        "visits.due",
    ),
]
UNDONE = [
    _undone(
        "undone", "说明没有办", when.everything,
        "期间内在处分、处理决定引起的事项中说明没有办的环节、会签，说明一次计一件；说明后补办的仍计，撤回、退回重办的不计", ""
    ),
    _undone("undone.left", "其中不再办理", having(state=NotDone.State.LEFT), "说明以后轮到下一环节，或者事项已经结束的"),
    _undone("undone.owed", "其中仍须办理", having(state=NotDone.State.OWED), "必须办的环节和会签，说明以后至今还没有办的"),
    _undone("undone.after", "其中后来已办", having(state=NotDone.State.AFTER), "说明没有办，以后又办了的"),
]  # fmt: skip
APART = [
    Count(
        id="decisions.undated",
        title="日期不详",
        definition="没有决定日期的决定；不计入任何期间，在此单列",
        where=when.undated,
        source=Source.DATELESS,
    ),
    Count(
        id="decisions.withdrawn",
        title="已撤销",
        definition="期间内作出、后来撤销的决定；不计入其他各项",
        where=when.withdrawn,
        source=Source.DATELESS,
    ),
]
COUNTS: dict[str, Count] = {
    count.id: count for count in (*DECISIONS, *BY_FORM, *PEOPLE, *DUTIES, *ITEM_COUNTS, *UNDONE, *APART)
}
MADE_OF: dict[str, dict[str, int]] = {
    **ITEM_PARTS,
    "file.without": {"people": 1, "file.with": -1},
    "announced.due": {"announced.on_time": 1, "announced.late": 1},
    "assessed.due": {"assessed.on_time": 1, "assessed.late": 1},
}
"""Counts that need no counting: others added (1) and taken off (-1)."""
SHARES = [
    Rate(
        f"share.form{form}",
        f"{title}占比",
        f"decisions.form{form}",
        "decisions.formed",
        f"{title}的决定 ÷ 已定形态的决定",
        needs=FORMS,
    )
    for form, title in FORM_TITLES.items()
]
DUTY_RATES = [
    Rate("file.rate", "建档率", "file.with", "people", "已建档 ÷ 受处分处理人员", "file.without", "同“已建档”"),
    Rate(
        "announced.rate",
        "按期宣布率",
        "announced.on_time",
        "announced.due",
        "按期宣布 ÷ 应宣布",
        "announced.late",
        "公开宣布事项的记录",
    ),
    Rate(
        "assessed.rate",
        "按期考核率",
        "assessed.on_time",
        "assessed.due",
        "按期考核 ÷ 应考核",
        "assessed.late",
        "回访事项的期满考核环节",
    ),
    Rate("visits.rate", "回访率", "visits.people", "visits.due", "已访 ÷ 应访", "visits.missing", "回访记录和期限"),
]
RATES: dict[str, Rate] = {rate.id: rate for rate in (*SHARES, *DUTY_RATES, *ITEM_RATES)}
MEASURE, REGION, YEAR, GROUND, PROCEDURE = "measure.", "region.", "year.", "undone.ground.", "undone.procedure."


def measure_count(kind: str, label: str = "") -> Count:
    """Decisions that give a measure: of a kind as the law knows it, or worded just so."""
    if label:
        return _piece(
            f"{MEASURE}{kind}/{label}",
            label,
            when.with_measure(kind=kind, label=label),
            f"决定中有“{label}”（按决定原文）",
        )
    title = kind_title(kind)
    return _piece(f"{MEASURE}{kind}", title, when.with_measure(kind=kind), f"决定中有{title}（各种写法合计）")


def region_count(name: str, row: str) -> Count:
    """Decisions counted at a region below; `row` is its line in the table."""
    return _piece(f"{REGION}{name}", name, having(row=row), f"计入{name}的决定", needs=MADE)


def seat_count(name: str, region: int) -> Count:
    """Decisions counted at a region itself and at none below."""
    return _piece(
        f"{REGION}{name}", name, having(counted_at=region), f"直接计入{name}、不属于下级地区的决定", needs=MADE
    )


def ground_count(ground: str) -> Count:
    """Duties that were not done on a ground."""
    return _undone(f"{GROUND}{ground}", ground, having(ground=ground), f"原因写为“{ground}”的")


def procedure_count(procedure: str) -> Count:
    """Duties of a procedure that were said not to be done."""
    title = title_of(procedure)
    return _undone(f"{PROCEDURE}{procedure}", title, having(case__procedure=procedure), f"“{title}”中说明没有办的")


def year_count(year: int) -> Count:
    return _piece(f"{YEAR}{year}", f"{year}年", having(made_on__year=year), f"{year}年作出的决定", needs=MADE)


def kind_title(kind: str) -> str:
    """The present title of a kind of measure."""
    known = load_law().measures.get(kind)
    return known.title if known else kind


def kind_order(kind: str) -> tuple[int, str]:
    """The heaviest last; kinds the law does not know at the end."""
    known = load_law().measures.get(kind)
    return (known.order if known else 10_000, kind)
