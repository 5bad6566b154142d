"""Decisions, their measures and their periods as the logs say they are: of a person in that person's log, of a stub in that of its organ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from youwei.decisions import series_proof
from youwei.decisions.altering import ALTERATIONS
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.prechecks import ANSWERED
from youwei.decisions.schedule import digest_of
from youwei.journal.proof import Table, Told, compare, readable, strays
from youwei.journal.queries import Finding, Place, Record

DECISIONS = Table(
    Decision, "处分决定",
    {"person_id": "人员", "number": "决定文号", "deciding_organ_id": "决定机关", "counted_at_id": "统计地区", "unit_id": "单位",
     "post": "职务", "rank": "职级", "managed_by": "干部管理权限", "born_year": "出生年份", "made_on": "决定日期", "effective_on": "生效日期",
     "form": "四种形态", "problem": "问题类别", "facts_sealed": "主要事实", "weight": "轻重", "acts_until": "违纪行为止于", "secret": "是否涉密",
     "young": "作出决定时未满35周岁", "mode": "现行或历史", "state": "状态", "import_id": "所属导入", "import_row": "导入的行",
     "recorded_at": "登记时间", "version": "第几次改动", "altered_at": "改动时间", "withdrawn_on": "撤销之日", "told": "导入时所写",
     "precheck": "容错审核", "precheck_case": "容错审核事项", "precheck_why_sealed": "容错审核理由",
     "replaces_id": "代替的登记"},
    {"facts_sealed": lambda row: row.facts(), "precheck_why_sealed": lambda row: row.precheck_why()},
)  # fmt: skip
MEASURES = Table(
    Measure, "处分处理",
    {"decision_id": "决定", "kind": "种类", "label": "名称", "family": "类别", "weight": "轻重", "first_kind": "原种类",
     "first_label": "原名称", "changed_on": "变更之日", "changes": "变更次数", "restored_on": "恢复权利之日", "months": "机关确定的月数",
     "last_day_by_hand": "人工核定的最后一日", "basis_by_hand": "人工核定的依据", "struck": "是否划去"},
)  # fmt: skip
PERIODS = Table(
    Period, "期间",
    {"measure_id": "处分处理", "person_id": "人员", "version": "版本", "span": "段", "current": "是否现行", "starts_on": "开始日期",
     "last_day": "最后一日", "first_eligible_on": "最早日期", "months": "月数", "permanent": "是否永久",
     "by_hand": "是否人工核定", "computed": "按规定推算的最后一日", "until": "各项限制止于",
     "unsettled": "待核事项", "reasons": "计算理由", "basis": "计算依据", "why": "重新计算的原因", "recorded_at": "登记时间"},
    {"reasons": lambda row: digest_of(row.reasons), "basis": lambda row: digest_of(row.basis)},
)  # fmt: skip
TABLES = (DECISIONS, MEASURES, PERIODS, *series_proof.TABLES)
AS_KEPT = {
    "organ": "deciding_organ_id",
    "counted_at": "counted_at_id",
    "unit": "unit_id",
    "facts": "facts_sealed",
    "import": "import_id",
    "precheck_why": "precheck_why_sealed",
}
KEPT = (
    "number", "organ", "counted_at", "unit", "post", "rank", "managed_by", "born_year", "made_on", "effective_on", "form", "problem", "facts",
    "weight", "acts_until", "secret", "mode", "import", "import_row",
)  # fmt: skip
OF_A_PERIOD = (
    "version", "span", "starts_on", "last_day", "first_eligible_on", "months", "permanent", "until", "unsettled", "reasons", "basis", "why",
)  # fmt: skip
UNCHANGED: dict[str, Any] = {
    "first_kind": "", "first_label": "", "changed_on": None, "changes": 0, "restored_on": None, "months": None,
    "last_day_by_hand": None, "basis_by_hand": "", "struck": False,
}  # fmt: skip
SAID_SINCE: dict[str, Any] = {"struck": False, "months": None, "last_day_by_hand": None, "basis_by_hand": ""}
"""What older entries of an alteration do not say of a measure."""


class Prover:
    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
        if kind not in ("person", "organ"):
            return
        fold = _Fold()
        for ref, records in logs.items():
            for record in records:
                fold.read((kind, ref), record)
        fold.close()
        for table, rows in _rows(kind, list(logs), fold.unnumbered).items():
            found, broken = readable(table, rows)
            yield from broken
            yield from compare(table, [(row.pk, row) for row in found], fold.told(table))
        if kind == "organ":
            yield from series_proof.check(logs)

    def close(self) -> Iterable[Finding]:
        yield from strays(DECISIONS, "person_id", "person")
        stubs = Decision.objects.filter(person=None)
        yield from strays(DECISIONS, "deciding_organ_id", "organ", stubs)
        yield from strays(series_proof.SERIES, "organ_id", "organ")


def _rows(kind: str, refs: list[int], unnumbered: set[int]) -> dict[Table, QuerySet[Any]]:
    """The rows whose log is one of these; an entry of an earlier version does not number the measures and periods of its decision."""
    where = {"person__in": refs} if kind == "person" else {"person": None, "deciding_organ__in": refs}
    measures = Measure._base_manager.filter(**{f"decision__{name}": value for name, value in where.items()})
    periods = (
        Period.objects.filter(person__in=refs) if kind == "person" else Period.objects.filter(measure__in=measures)
    )
    return {
        DECISIONS: Decision.objects.filter(**where),
        MEASURES: measures.exclude(decision__in=unnumbered),
        PERIODS: periods.exclude(measure__decision__in=unnumbered),
    }


class _Fold:
    """What some logs say, entry by entry."""

    def __init__(self) -> None:
        self.decisions: dict[int, Told] = {}
        self.measures: dict[int, Told] = {}
        self.periods: dict[int, Told] = {}
        self.unnumbered: set[int] = set()

    def told(self, table: Table) -> list[Told]:
        return list({DECISIONS: self.decisions, MEASURES: self.measures, PERIODS: self.periods}[table].values())

    def read(self, place: Place, record: Record) -> None:
        said = record.content
        if record.kind == "decision.recorded":
            self._recorded(place, record)
        elif record.kind == "decision.undone" and said["decision"] in self.decisions:
            self.decisions[said["decision"]].say(record, state=Decision.State.UNDONE)
        elif record.kind == ANSWERED and said["decision"] in self.decisions:
            self.decisions[said["decision"]].say(
                record, **{AS_KEPT.get(name, name): value for name, value in said["after"].items()}
            )
        elif record.kind in ALTERATIONS and said["decision"] in self.decisions:
            self._altered(place, record)
        if record.kind in ("decision.recorded", "period.set", *ALTERATIONS):
            for each in said.get("periods", ()):
                self._period(place, record, each)

    def close(self) -> None:
        """A period is in force that is the newest of a measure which still stands."""
        newest: dict[int, int] = {}
        for told in self.periods.values():
            measure, version = told.value("measure_id"), told.value("version")
            newest[measure] = max(newest.get(measure, 0), version)
        for told in self.periods.values():
            measure = self.measures.get(told.value("measure_id"))
            if measure is not None:
                decision = self.decisions[measure.value("decision_id")]
                stands = not measure.value("struck") and decision.value("state") != Decision.State.UNDONE
                record = max(measure.last, decision.last, told.last, key=lambda each: each.id)
                told.say(record, current=stands and told.value("version") == newest[told.value("measure_id")])

    def _recorded(self, place: Place, record: Record) -> None:
        said, pk = record.content, record.content["decision"]
        self.decisions[pk] = decision = Told(place, pk)
        decision.say(
            record, person_id=place[1] if place[0] == "person" else None, young=said.get("young", False), state=Decision.State.STANDING,
            recorded_at=record.at, version=1, altered_at=None, withdrawn_on=None, told=None,
            replaces_id=said.get("replaces"),
            precheck=said.get("precheck", ""), precheck_case=said.get("precheck_case"), precheck_why_sealed=said.get("precheck_why", ""),
            **{AS_KEPT.get(name, name): said[name] for name in KEPT if name in said},
        )  # fmt: skip
        if any("measure" not in each for each in said["measures"]):
            self.unnumbered.add(pk)
            return
        for each in said["measures"]:
            self.measures[each["measure"]] = measure = Told(place, each["measure"])
            measure.say(record, **{"decision_id": pk, **UNCHANGED, **_but(each, "measure")})

    def _altered(self, place: Place, record: Record) -> None:
        said, decision = record.content, self.decisions[record.content["decision"]]
        if decision.value("told") is None:
            before = said["before"]
            decision.say(record, told={
                "number": before.get("number", decision.value("number")),
                "made_on": before.get("made_on", decision.value("made_on")) or "",
                "form": before.get("form", decision.value("form")),
                "kinds": sorted(each["kind"] for each in before["measures"]),
            })  # fmt: skip
        after = {AS_KEPT.get(name, name): value for name, value in said["after"].items() if name != "measures"}
        weight = {"weight": said["weight"]} if "weight" in said else {}
        decision.say(record, version=said["version"], altered_at=record.at, **weight, **after)
        if decision.key in self.unnumbered:
            return
        given = {each["measure"]: each for each in said["after"]["measures"]}
        for pk, each in given.items():
            measure = self.measures.setdefault(pk, Told(place, pk))
            measure.say(record, **{"decision_id": decision.key, **SAID_SINCE, **_but(each, "measure")})
        for pk, measure in self.measures.items():
            if measure.value("decision_id") == decision.key and pk not in given:
                measure.say(record, struck=True)

    def _period(self, place: Place, record: Record, said: Mapping[str, Any]) -> None:
        if "period" not in said:
            return
        self.periods[said["period"]] = period = Told(place, said["period"])
        period.say(
            record, measure_id=said["of"], person_id=place[1], recorded_at=record.at,
            by_hand=said.get("by_hand", False), computed=said.get("computed"),
            **{name: said[name] for name in OF_A_PERIOD},
        )  # fmt: skip


def _but(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key != name}
