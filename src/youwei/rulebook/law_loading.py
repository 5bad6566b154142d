"""Reading the law's files into frozen parts. Nothing is accepted without article, source and date."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .measures import (
    Assessment,
    BarKind,
    Citation,
    Duty,
    Effect,
    Family,
    Holding,
    Instrument,
    Lifting,
    MeasureKind,
    PersonKind,
    Rank,
    Rule,
)
from .reading import Block, Reader

OPEN_END = date.max
MEASURE_FILES = ("party.yaml", "administrative.yaml", "handling.yaml", "admonition.yaml", "first_form.yaml")
FAMILIES = frozenset(str(each) for each in Family)
BAR_KINDS = frozenset(str(each) for each in BarKind)
LIFTINGS = frozenset(str(each) for each in Lifting)
WEIGHTS = frozenset({"轻", "重", ""})
GRADES = frozenset({"not_top", "comment_only", "no_grade", "unfit", "ordinary"})
FORMS = frozenset({"一", "二", "三", "四"})
UNITS = frozenset({"days", "months", "working_days"})
COUNTED_FROM = frozenset(
    {"decision", "receipt", "review_receipt", "application", "acceptance", "knowledge", "publication", "appointment"}
)
NEEDED_RULES = frozenset(
    {
        "party.new_sanction", "administrative.new_sanction", "administrative.same_kind", "administrative.same_kind_2007",
        "administrative.effective", "administrative.automatic", "administrative.pending", "review.lighter", "review.heavier",
        "review.expulsion_to_probation", "review.to_probation", "review.withdrawn", "probation.extend", "transition.party",
        "transition.administrative", "award.period", "later_governs", "end_day", "reuse.not_candidate",
    }
)  # fmt: skip


@dataclass(slots=True)
class Parts:
    """What the files hold, gathered file by file."""

    instruments: dict[str, Instrument] = field(default_factory=dict)
    measures: dict[str, MeasureKind] = field(default_factory=dict)
    persons: dict[str, PersonKind] = field(default_factory=dict)
    ranks: dict[str, Rank] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    duties: dict[str, tuple[Duty, ...]] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    holdings: list[Holding] = field(default_factory=list)


def load_parts(folder: Path) -> Parts:
    """Read all files below the folder; raise `ReadingRefused` with every fault."""
    reader = Reader(folder)
    found = Parts()
    with_instruments = reader.open(folder / "instruments.yaml")
    for name, block in with_instruments.named("instruments"):
        found.instruments[name] = _instrument(name, block)
    with_instruments.done()
    for file in MEASURE_FILES:
        opened = reader.open(folder / file)
        for name, block in opened.named("measures"):
            _keep_measure(found, name, block)
        opened.done()
    _read_rest(found, reader, folder)
    reader.refuse()
    return found


def _read_rest(found: Parts, reader: Reader, folder: Path) -> None:
    opened = reader.open(folder / "persons.yaml")
    for name, block in opened.named("persons"):
        found.persons[name] = _person(name, block, found)
    opened.done()
    opened = reader.open(folder / "ranks.yaml")
    for name, block in opened.named("ranks"):
        _keep_rank(found, name, block)
    opened.done()
    opened = reader.open(folder / "rules.yaml")
    for name, block in opened.named("rules"):
        found.rules[name] = _rule(name, block, found)
    for missing in sorted(NEEDED_RULES - set(found.rules)):
        opened.wrong("rules", f"缺少规则“{missing}”", "补上这条规则及其依据")
    opened.done()
    opened = reader.open(folder / "duties.yaml")
    for block in opened.items("duties"):
        duty = _duty(block, found)
        found.duties[duty.id] = (*found.duties.get(duty.id, ()), duty)
    opened.done()
    opened = reader.open(folder / "assessment.yaml")
    for name, block in opened.named("assessments"):
        if name not in found.measures:
            block.wrong("first_year", f"没有编号为“{name}”的种类", "改为已有种类的编号")
        found.assessments[name] = _assessment(name, block, found)
    opened.done()
    opened = reader.open(folder / "holding_to_account.yaml")
    for block in opened.items("holding"):
        found.holdings.append(_holding(block, found))
    opened.done()


def _instrument(name: str, block: Block) -> Instrument:
    found = Instrument(
        name,
        block.text("title"),
        block.text("edition"),
        block.choice("family", frozenset({"party", "state"})),
        block.day("issued"),
        block.day("from"),
        block.maybe_day("until") or OPEN_END,
        block.text("source"),
        block.day("checked_on"),
        block.flag("unverified"),
    )
    if found.ends_on < found.starts_on or found.starts_on < found.issued:
        block.wrong("from", "发布、施行、废止的先后不对", "按 issued ≤ from ≤ until 改正")
    block.done()
    return found


def _citation(block: Block, found: Parts) -> Citation | None:
    """The citation every value must carry; a missing piece is a fault."""
    under, article, since = block.text("under"), block.text("article"), block.day("date")
    source, checked_on, unverified = block.text("source"), block.day("checked_on"), block.flag("unverified")
    instrument = found.instruments.get(under)
    if instrument is None:
        if under:
            block.wrong("under", f"没有登记过“{under}”", "先在 instruments.yaml 登记这部法规")
        return None
    if not instrument.starts_on <= since <= instrument.ends_on and since != date.min:
        block.wrong("date", f"{since} 不在{instrument.name}的有效期内", "改为该版施行之日或其后的日期")
    return Citation.of(instrument, article, since, source, checked_on, unverified=unverified)


def _keep_measure(found: Parts, name: str, block: Block) -> None:
    if name in found.measures:
        block.wrong("title", f"种类“{name}”在两个文件中都有", "只保留一处")
    measure = _measure(name, block, found)
    known = {alias: each.id for each in found.measures.values() for alias in each.aliases}
    for alias in measure.aliases:
        if alias in known:
            block.wrong("aliases", f"写法“{alias}”已属于“{known[alias]}”", "从其中一处删去")
    found.measures[name] = measure


def _measure(name: str, block: Block, found: Parts) -> MeasureKind:
    before = block.maybe_block("before")
    before_title, before_until = "", date.min
    if before is not None:
        before_title, before_until = before.text("title"), before.day("until")
        before.done()
    none = block.maybe_block("no_period")
    no_period = None if none is None else _citation(none, found)
    if none is not None:
        none.done()
    title = block.text("title")
    effects = tuple(_effects(block, found)) if none is None else ()
    if block.has("effects") and none is not None:
        block.wrong("no_period", "写了 no_period 又写了 effects", "只保留一个")
    measure = MeasureKind(
        name,
        title,
        before_title,
        before_until,
        Family(block.choice("family", FAMILIES) or Family.FIRST_FORM),
        block.whole("order", 1, 999),
        block.choice("weight", WEIGHTS, ""),
        block.words("forms", FORMS) or ("一",),
        tuple(dict.fromkeys((*block.words("aliases"), *(() if block.has("instead_of") else (title,))))),
        block.words("plain"),
        block.text("instead_of", ""),
        block.flag("term_missing"),
        effects,
        no_period,
    )
    if not block.has("forms"):
        block.wrong("forms", "缺少“forms”", "补上通常对应的形态，如 forms: [二]")
    block.done()
    return measure


def _effects(block: Block, found: Parts) -> Iterator[Effect]:
    previous: dict[frozenset[str], Effect] = {}
    for each in block.items("effects"):
        effect = _effect(each, found)
        each.done()
        if effect is None:
            continue
        before = previous.get(effect.persons)
        if before is not None and before.ends_on >= effect.starts_on:
            each.wrong(
                "date", f"与前一版（{before.starts_on} 至 {before.ends_on}）重叠", "给前一版写上 until，按施行先后排列"
            )
        previous[effect.persons] = effect
        yield effect


def _effect(block: Block, found: Parts) -> Effect | None:
    cite = _citation(block, found)
    permanent = block.flag("permanent")
    months = 0 if permanent else block.whole("months", 0, 240)
    probation = block.maybe_whole("probation", 1, 24) or 0
    most = block.maybe_whole("most", months, 240) or months
    bars = _bars(block, months)
    year_end = tuple(BarKind(each) for each in block.words("year_end", BAR_KINDS))
    lifts = Lifting(block.choice("lifts", LIFTINGS) or Lifting.EXPIRY)
    persons = frozenset(block.words("persons"))
    until = block.maybe_day("until")
    if cite is None:
        return None
    ends_on = until or found.instruments[cite.instrument].ends_on
    if ends_on < cite.since:
        block.wrong("until", f"until {ends_on} 早于起用日 {cite.since}", "改正其中一个日期")
    return Effect(cite.since, ends_on, months, probation, most, permanent, bars, year_end, lifts, persons, cite)


def _bars(block: Block, months: int) -> dict[BarKind, int]:
    inner = block.block("bars")
    found = {BarKind(kind): inner.whole(kind, 0, max(months, 0)) for kind in sorted(BAR_KINDS) if inner.has(kind)}
    inner.asked |= BAR_KINDS
    inner.done()
    return found


def _person(name: str, block: Block, found: Parts) -> PersonKind:
    limited = block.has("only")
    only = frozenset(block.words("only", frozenset(found.measures)))
    limit = None
    if limited:
        inner = block.block("limit")
        limit = _citation(inner, found)
        inner.done()
    person = PersonKind(
        name,
        block.text("title"),
        block.words("aliases"),
        only if limited else None,
        limit,
        block.text("remedy") if limited else "",
    )
    block.done()
    return person


def _keep_rank(found: Parts, name: str, block: Block) -> None:
    cite = None
    if block.has("cite"):
        inner = block.block("cite")
        cite = _citation(inner, found)
        inner.done()
    rank = Rank(name, block.text("title"), len(found.ranks), block.words("aliases"), block.words("grades"), cite)
    known = {word: each.title for each in found.ranks.values() for word in (*each.aliases, *each.grades)}
    for word in (*rank.aliases, *rank.grades):
        if word in known:
            block.wrong("aliases", f"写法“{word}”已属于“{known[word]}”", "从其中一处删去")
    block.done()
    found.ranks[name] = rank


def _rule(name: str, block: Block, found: Parts) -> Rule:
    title, ceiling, cite = block.text("title"), block.maybe_whole("ceiling", 1, 600) or 0, _citation(block, found)
    block.done()
    return Rule(name, title, ceiling, cite or _NOWHERE)


def _duty(block: Block, found: Parts) -> Duty:
    cite = _citation(block, found) or _NOWHERE
    instrument = found.instruments.get(cite.instrument)
    duty = Duty(
        block.text("duty"),
        block.text("title"),
        block.text("what"),
        block.whole("amount", 1, 600),
        block.choice("unit", UNITS),
        block.choice("counted_from", COUNTED_FROM),
        block.maybe_whole("at_most", 1, 600) or 0,
        cite.since,
        block.maybe_day("until") or (instrument.ends_on if instrument else OPEN_END),
        cite,
    )
    block.done()
    return duty


def _assessment(name: str, block: Block, found: Parts) -> Assessment:
    cite = _citation(block, found) or _NOWHERE
    assessment = Assessment(name, block.choice("first_year", GRADES), block.words("later_years", GRADES), cite)
    block.done()
    return assessment


def _holding(block: Block, found: Parts) -> Holding:
    cite = _citation(block, found) or _NOWHERE
    families = block.words("families", FAMILIES)
    measures = {*block.words("measures", frozenset(found.measures))}
    measures |= {each.id for each in found.measures.values() if each.family in families}
    instrument = found.instruments.get(cite.instrument)
    ends_on = instrument.ends_on if instrument else OPEN_END
    holding = Holding(block.text("title"), frozenset(measures), block.words("words"), cite.since, ends_on, cite)
    block.done()
    return holding


_NOWHERE = Citation("", "", "", date.min, "", date.min, True, "")
"""Stands in for a citation that could not be read; the load is refused before anyone sees it."""
