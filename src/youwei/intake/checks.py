"""What must hold between the cells of one row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from youwei.intake.dates import ReadDate, day_of
from youwei.intake.faults import Fault
from youwei.intake.fields import BY_KEY, MONTHS_OF
from youwei.intake.identity import ReadIdentity, born_with
from youwei.intake.prechecks import HISTORY, OWED, WRITTEN
from youwei.intake.reading import Rules

_VILLAGE = re.compile(r"^(?:原|时任)?(?:村|社区)|村(?:委会)?(?:主任|书记|委员|会计)|(?:村|居)委会|村干部|网格员")
_VILLAGE_SEAT = re.compile(r"(?:村|社区)(?:村?民?委员会|居民委员会|村委会|居委会)?$|(?:村|居)委会$")
_VILLAGE_POST = re.compile(
    r"(?:原|时任)?(?:村|社区)?(?:党委|党总支|总支|党支部|支部|村委会|居委会|村民委员会|居民委员会)?副?(?:书记|主任|委员|会计|出纳|文书)"
    r"(?:[、，,兼]|$)"
)
VILLAGE_KIND = "村干部"
_HEAVY_WORDS = ("降级", "撤职", "开除")
_MEMBER = re.compile(r"中共|党员")
_LATE_DAYS = 366


@dataclass(slots=True)
class Found:
    """Faults, warnings and notes of a row while it is being checked."""

    titles: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, key: str, message: str, remedy: str, code: str, written: str = "") -> None:
        self.faults.append(Fault(self._column(key), key, message, remedy, code, written))

    def warn(self, key: str, message: str, remedy: str, code: str = "other", written: str = "") -> None:
        self.warnings.append(Fault(self._column(key), key, message, remedy, code, written))

    def _column(self, key: str) -> str:
        """The header as the ledger has it; the field's own title where no column has it."""
        return self.titles.get(key) or BY_KEY[key].title


def check_row(
    values: dict[str, Any], decided: ReadDate, effective: ReadDate, identity: ReadIdentity, found: Found, rules: Rules
) -> None:
    """Check a row's values against each other; completes `values` with the dates and what the identity number tells."""
    faulty = {each.field for each in found.faults}
    if not values.get("name") and "name" not in faulty:
        found.fault("name", "没有姓名", "补上姓名", "name")
    _check_dates(values, decided, effective, found, rules, faulty)
    _check_identity(values, identity, found)
    if not values["measures"] and not any(each.code == "measure" for each in found.faults):
        found.fault("measures", "没有写任何处分或处理", "补上处分或处理的种类；若没有处理，删去这一行", "no_measure")
    _check_measures(values, found, rules)
    _check_missing(values, found)


def _check_dates(
    values: dict[str, Any], decided: ReadDate, effective: ReadDate, found: Found, rules: Rules, faulty: set[str]
) -> None:
    made = _day_of("decided_on", "决定日期", values, decided, found, rules, faulty)
    if made is None:
        if effective.on is not None:
            values["effective_on"] = effective.iso
        return
    values["decided_on"] = made
    if effective.blank or effective.unknown:
        values["effective_on"] = made
        values["effective_assumed"] = True
        found.notes.append("没有写生效日期，按决定日期算")
        return
    if effective.problem:
        return
    if effective.on is None:
        found.warn("effective_on", "生效日期只写到月，按决定日期算", "补上是哪一天", "date", effective.iso)
        values["effective_on"] = made
        values["effective_assumed"] = True
        return
    values["effective_on"] = effective.iso
    if decided.on is not None and effective.on < decided.on:
        found.fault(
            "effective_on",
            f"生效日期（{effective.iso}）早于决定日期（{made}）",
            "核对决定书，改正其中一个",
            "order",
            effective.iso,
        )
    elif decided.on is not None and (effective.on - decided.on).days > _LATE_DAYS:
        found.warn(
            "effective_on",
            f"生效日期比决定日期晚一年以上（{made} 至 {effective.iso}）",
            "核对决定书",
            "date",
            effective.iso,
        )


def _day_of(
    key: str, title: str, values: dict[str, Any], read: ReadDate, found: Found, rules: Rules, faulty: set[str]
) -> str | None:
    if read.on is not None:
        return read.iso
    if read.problem or key in faulty:
        return None
    if rules.history:
        if read.iso:
            values[f"{key}_partly"] = read.iso
        said = f"只知道是{read.iso}" if read.iso else "没有写"
        found.warn(key, f"{title}{said}，历史台账按不详收入", "知道时补上", "date", read.iso)
    else:
        said = f"只写到{'月' if len(read.iso) > 4 else '年'}" if read.iso else "没有写"
        found.fault(key, f"{title}{said}", "补上是哪一天；若是历史台账且查不到，导入时选“历史”", "date", read.iso)
    return None


def _check_identity(values: dict[str, Any], identity: ReadIdentity, found: Found) -> None:
    if not identity.number:
        return
    values["id_number"] = identity.number
    born, sex = values.get("born"), values.get("sex")
    values["born"] = born_with(born or "", identity)
    if not born:
        found.notes.append("出生年月按身份证号补上")
    elif identity.born[: min(len(born), 7)] != born[:7]:
        found.warn(
            "born", f"出生年月（{born}）与身份证号里的（{identity.born[:7]}）不一致", "对照证件核对", "identity", born
        )
    if not sex:
        values["sex"] = identity.sex
    elif sex != identity.sex:
        found.warn("sex", f"性别（{sex}）与身份证号里的（{identity.sex}）不一致", "对照证件核对", "identity", sex)


def _check_measures(values: dict[str, Any], found: Found, rules: Rules) -> None:
    measures = values["measures"]
    if not measures:
        return
    form = values.get("form")
    misfit = rules.book.form_fits(form, [each["id"] for each in measures]) if form else ""
    if misfit:
        found.warn("form", misfit, "核对四种形态；不改也可以导入", "form", str(form))
    families = {each["family"] for each in measures}
    politics = values.get("politics", "")
    if "party" in families and politics and not _MEMBER.search(politics):
        found.warn("party", f"政治面貌是“{politics}”，却有党纪处分", "核对政治面貌或处分", "other", politics)
    _check_precheck(values, found, rules)
    _check_person(values, found, rules)
    _check_months(values, found, rules)


def _check_precheck(values: dict[str, Any], found: Found, rules: Rules) -> None:
    """A decision that holds somebody to account says what became of the check before it; history is marked as such, all else stays owed."""
    given = values.get("precheck")
    kinds = [each["id"] for each in values["measures"]]
    why = rules.book.holds(kinds, values.get("category", ""), day_of(values.get("decided_on")))
    if rules.history and why and given is None:
        found.notes.append("属于问责，容错审核按历史决定记")
        return
    if not rules.history and given is not None and given["kind"] == HISTORY:
        values["precheck"] = given = {"kind": OWED}
        found.warn("precheck", "现行的决定不能写“历史”，容错审核按待补收入", WRITTEN, "precheck")
    elif why and (given is None or given["kind"] == OWED) and "precheck" not in {each.code for each in found.warnings}:
        found.warn("precheck", f"{why}，没有写容错审核，按待补收入", WRITTEN, "precheck")


def _check_months(values: dict[str, Any], found: Found, rules: Rules) -> None:
    """Months an organ chose itself belong to the one measure of their family; the law says how many they can be."""
    on = day_of(values.get("effective_on") or values.get("decided_on")) or rules.today
    for family, key in MONTHS_OF.items():
        months = values.get(key)
        if months is None:
            continue
        own = [each for each in values["measures"] if each["family"] == family]
        if len(own) != 1:
            why = "填了月数，而同一类处分不止一项，不知是哪一项的" if own else "填了月数，却没有这一类的处分"
            found.fault(key, why, "删去月数，或者核对处分种类", "other", str(months))
            continue
        why, remedy = rules.book.unfit_months(own[0]["id"], months, on, day_of(values.get("acts_until")))
        if why:
            found.fault(key, why, remedy, "other", str(months))
        values["measures"] = [each | {"months": months} if each is own[0] else each for each in values["measures"]]


def _check_person(values: dict[str, Any], found: Found, rules: Rules) -> None:
    """What this kind of person cannot receive is refused; in a ledger of the past it is taken as it is, and marked."""
    if (
        not values.get("kind")
        and _VILLAGE_SEAT.search(values.get("unit", ""))
        and _VILLAGE_POST.match(values.get("post", ""))
    ):
        values["kind"] = VILLAGE_KIND
        found.notes.append(f"没有写人员类别，按单位和职务记为{VILLAGE_KIND}")
    on = day_of(values.get("effective_on") or values.get("decided_on")) or rules.today
    for each in values["measures"]:
        why, remedy = rules.book.unfit(values.get("kind", ""), each["id"], on)
        if why and rules.history:
            found.warn(each["family"], why, "核对决定书；历史决定照原样收入", "person_kind", each["label"])
        elif why:
            found.fault(each["family"], why, remedy, "person_kind", each["label"])
    heavy = [
        each["label"]
        for each in values["measures"]
        if each["family"] == "administrative" and any(word in each["label"] for word in _HEAVY_WORDS)
    ]
    if heavy and not values.get("kind") and _may_be_village(values):
        message = f"村（社区）管理人员只适用警告、记过、记大过（政务处分法第二十二条），这里是{heavy[0]}"
        found.warn("administrative", message, "核对人员类别和决定书", "person_kind", heavy[0])


def _may_be_village(values: Mapping[str, Any]) -> bool:
    return bool(_VILLAGE.search(values.get("post", "")) or _VILLAGE_SEAT.search(values.get("unit", "")))


def _check_missing(values: dict[str, Any], found: Found) -> None:
    said = {each.field for each in (*found.faults, *found.warnings)}
    for key, title in (("unit", "单位"), ("number", "决定文号"), ("deciding_organ", "决定机关"), ("form", "四种形态")):
        if not values.get(key) and key not in said and not (key == "unit" and "unit_post" in said):
            found.warn(key, f"没有写{title}", "知道时补上", "missing")
    born, made = values.get("born", ""), values.get("decided_on", "")
    if born and made and int(made[:4]) - int(born[:4]) < 16:
        found.warn("born", f"作出决定时不满16岁（{born}）", "核对出生年月", "date", born)
