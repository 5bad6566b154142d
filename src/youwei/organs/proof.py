"""Organs, roles, settings and notices as their logs say they are. Acts on one organ change others, so all are folded once every log was read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from youwei.journal.proof import Table, Told, compare, plain, readable, strays
from youwei.journal.queries import Finding, Record
from youwei.organs.models import Account, Grant, HolidayNotice, Organ, OrganName, Setting

ORGANS = Table(
    Organ, "机关",
    {"name": "名称", "kind": "类别", "level": "级别", "parent_id": "上级机关", "path": "位置", "managed_by_id": "干部管理机关",
     "starts_on": "启用日期", "ends_on": "终止日期", "merged_into_id": "并入", "withdrawn": "随导入撤回"},
)  # fmt: skip
NAMES = Table(OrganName, "机关曾用名", {"organ_id": "机关", "name": "名称", "ends_on": "截止日期"})
GRANTS = Table(
    Grant, "岗位授权",
    {"account_id": "账号", "role": "角色", "organ_id": "机关", "starts_on": "开始日期", "ends_on": "截止日期", "granted_by": "授权人",
     "covers_id": "代理谁的岗位"},
    {"account_id": lambda row: row.account.username, "covers_id": lambda row: str(_covered(row))},
)  # fmt: skip
ACCOUNTS = Table(
    Account, "账号", {"username": "账号", "name": "姓名", "is_active": "启用", "changed_on": "停用启用日期", "why": "停用启用理由"}
)  # fmt: skip
SETTINGS = Table(
    Setting,
    "设置",
    {"name": "项目", "value": "取值", "reason": "理由", "by": "更改人", "by_account": "更改账号", "at": "更改时间"},
)
NOTICES = Table(
    HolidayNotice, "放假安排", {"year": "年份", "source": "依据", "days": "日期", "by": "录入人", "at": "录入时间"}
)
TABLES = (ORGANS, NAMES, GRANTS, ACCOUNTS, SETTINGS, NOTICES)
ONE_DAY = timedelta(days=1)
ROOM = ("organ.", "grant.", "cover.", "account.", "setting.", "notice.")


class Prover:
    """Keeps what the logs of organs tell, and folds it at the end in the order in which it was entered."""

    def __init__(self) -> None:
        self.records: list[tuple[int, Record]] = []
        self.read: set[int] = set()
        self.told: dict[Table, list[Told]] = {table: [] for table in TABLES}
        self.organs: dict[int, Told] = {}
        self.accounts: dict[str, Told] = {}

    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterable[Finding]:
        if kind == "organ":
            self.read |= logs.keys()
            self.records += [(ref, each) for ref, found in logs.items() for each in found if each.kind.startswith(ROOM)]
        return ()

    def close(self) -> Iterator[Finding]:
        for ref, record in sorted(self.records, key=lambda each: each[1].id):
            ACTS.get(record.kind, _nothing)(self, ref, record)
        self._say_paths()
        self.told[ORGANS], self.told[ACCOUNTS] = list(self.organs.values()), list(self.accounts.values())
        for table, key in KEYS.items():
            rows = table.model._base_manager.order_by("pk")
            if table is ACCOUNTS:  # an account without a role has done nothing and no log names it
                rows = rows.filter(username__in=list(self.accounts))
            if table is GRANTS:
                rows = rows.select_related("account", "covers__account")
            if table is ORGANS:
                yield from strays(ORGANS, "pk", "organ")
                rows = rows.filter(pk__in=self.read)
            found, broken = readable(table, rows)
            yield from broken
            yield from compare(table, [(plain_key(key, row), row) for row in found], self.told[table])

    def say(self, table: Table, ref: int, record: Record, key: tuple[Any, ...], **values: Any) -> Told:
        told = Told(("organ", ref), tuple(plain(each) for each in key))
        told.say(record, **values)
        self.told[table].append(told)
        return told

    def move(self, record: Record, organs: Iterable[int], **values: Any) -> None:
        for pk in organs:
            if pk in self.organs:
                self.organs[pk].say(record, **values)

    def account(self, ref: int, record: Record, **values: Any) -> None:
        name = record.content["account"]
        if name not in self.accounts:
            self.accounts[name] = Told(("organ", ref), (name,))
            self.accounts[name].say(record, username=name, is_active=True, changed_on=None, why="")
        self.accounts[name].say(record, **values)

    def _say_paths(self) -> None:
        """Where an organ stands follows from what it is below."""
        for pk, told in self.organs.items():
            chain, above = [pk], told.value("parent_id")
            while above in self.organs and above not in chain:
                chain.append(above)
                above = self.organs[above].value("parent_id")
            if above is None:
                told.columns["path"] = (f"/{'/'.join(map(str, reversed(chain)))}/", told.columns["parent_id"][1])


def plain_key(key: Sequence[str], row: Any) -> tuple[Any, ...]:
    return tuple(plain(_named(row, name)) for name in key)


def _named(row: Any, name: str) -> Any:
    """A column as the logs know it: accounts by their names, lent roles by what they stand on."""
    if name == "account":
        return row.account.username
    return _covered(row) if name == "covers" else getattr(row, name)


def _covered(row: Grant) -> str:
    """The grant that a cover stands on, as the logs name it; "" of a role of one's own."""
    lent = row.covers
    return "" if lent is None else _spelled(lent.account.username, lent.role, lent.organ_id, lent.starts_on)


def _spelled(account: str, role: str, organ: int, starts_on: Any) -> str:
    return f"{account} {role} {organ} {plain(starts_on) or ''}"


def _said(said: Mapping[str, Any], ref: int) -> str:
    """The same from an entry."""
    lent = said.get("covers")
    return _spelled(lent["account"], said["role"], ref, lent["starts_on"]) if lent else ""


#: How the logs know a row: an organ by its number, the others by what makes them one.
KEYS: Mapping[Table, tuple[str, ...]] = {
    ORGANS: ("pk",), NAMES: ("organ_id", "name", "ends_on"), GRANTS: ("account", "role", "organ_id", "starts_on", "covers"),
    ACCOUNTS: ("username",), SETTINGS: ("name", "at"), NOTICES: ("year", "at"),
}  # fmt: skip


def _nothing(prover: Prover, ref: int, record: Record) -> None:
    pass


def _created(prover: Prover, ref: int, record: Record) -> None:
    said = record.content
    prover.organs[ref] = told = Told(("organ", ref), (ref,))
    told.say(
        record, name=said["name"], kind=said["kind"], level=said["level"], parent_id=said["parent"], managed_by_id=said.get("managed_by"),
        starts_on=said.get("starts_on"), ends_on=None, merged_into_id=None, withdrawn=False,
    )  # fmt: skip


def _renamed(prover: Prover, ref: int, record: Record) -> None:
    prover.move(record, [ref], name=record.content["to"])
    named = {"organ_id": ref, "name": record.content["from"], "ends_on": record.on - ONE_DAY}
    prover.say(NAMES, ref, record, tuple(named.values()), **named)


def _placed(prover: Prover, ref: int, record: Record) -> None:
    said = record.content
    prover.move(record, [ref], parent_id=said["parent"]["to"], managed_by_id=said["managed_by"]["to"])


def _merged(prover: Prover, ref: int, record: Record) -> None:
    into = record.content["into"]
    before = [pk for pk, told in prover.organs.items() if told.value("merged_into_id") == ref]
    prover.move(record, [ref], ends_on=record.on - ONE_DAY)
    prover.move(record, [ref, *before], merged_into_id=into)
    prover.move(record, record.content["children"], parent_id=into)
    prover.move(record, record.content["manages"], managed_by_id=into)


def _split(prover: Prover, ref: int, record: Record) -> None:
    prover.move(record, record.content["children"], parent_id=record.content["into"])


def _abolished(prover: Prover, ref: int, record: Record) -> None:
    prover.move(record, [ref], ends_on=record.on - ONE_DAY)


def _withdrawn(prover: Prover, ref: int, record: Record) -> None:
    prover.move(record, [ref], withdrawn=True)


def _granted(prover: Prover, ref: int, record: Record) -> None:
    said = record.content
    given = {"account_id": said["account"], "role": said["role"], "organ_id": ref, "starts_on": record.on}
    lent = _said(said, ref)
    prover.say(
        GRANTS,
        ref,
        record,
        (*given.values(), lent),
        **given,
        ends_on=said["ends_on"],
        granted_by=record.by,
        covers_id=lent,
    )
    prover.account(ref, record, **({"name": said["name"]} if "name" in said else {}))


def _ended(prover: Prover, ref: int, record: Record) -> None:
    """The role that ends: the entry names its first day."""
    said = record.content
    last = said["ends_on"]
    for told in prover.told[GRANTS]:
        named = (told.value("account_id"), told.value("role"), told.value("organ_id"), told.value("covers_id"))
        meant = said.get("starts_on", told.value("starts_on")) == told.value("starts_on")
        runs_on = told.value("ends_on") is None or told.value("ends_on") > last
        if named == (said["account"], said["role"], ref, _said(said, ref)) and meant and runs_on:
            told.say(record, ends_on=last)


def _switched(prover: Prover, ref: int, record: Record) -> None:
    active = record.kind == "account.reopened"
    prover.account(ref, record, is_active=active, changed_on=record.on, why=record.content["reason"])


def _set(prover: Prover, ref: int, record: Record) -> None:
    said = record.content
    prover.say(
        SETTINGS, ref, record, (said["name"], record.at), name=said["name"], value=said["value"], reason=said["reason"],
        by=record.by, by_account=record.by_id, at=record.at,
    )  # fmt: skip


def _announced(prover: Prover, ref: int, record: Record) -> None:
    said = record.content
    prover.say(
        NOTICES, ref, record, (said["year"], record.at), year=said["year"], source=said["source"], days=said["days"],
        by=record.by, at=record.at,
    )  # fmt: skip


ACTS = {
    "organ.created": _created, "organ.renamed": _renamed, "organ.placed": _placed, "organ.merged": _merged, "organ.split": _split,
    "organ.abolished": _abolished, "organ.withdrawn": _withdrawn, "grant.given": _granted, "cover.given": _granted, "grant.ended": _ended,
    "account.closed": _switched,
    "account.reopened": _switched, "setting.changed": _set, "notice.entered": _announced,
}  # fmt: skip
