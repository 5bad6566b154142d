"""What is wrong with the first entry of a log, and with the facts it is given then or later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from youwei.engine.sieve import Packs
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.engine.values import is_empty, read_facts
from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_types import WITH, FieldType, PackRef


def opening_faults(packs: Packs, entry: Entry) -> list[Fault]:
    """A log begins with an opening under a known pack, in force on the day or on that of its entry."""
    if entry.kind is not EntryKind.OPENED:
        return [Fault("", "事项还没有立项。", "请先立项。", "log")]
    pack = packs.get(PackRef.parse(entry.to))
    if pack is None:
        return [Fault("to", f"没有规程“{entry.to}”。", "请选择现有的规程。", "pack")]
    if not pack.in_force(entry.on) and not pack.in_force(entry.at):
        return [Fault("to", f"规程“{pack.title}”{pack.ref.version}版不在施行期内。", "请选择施行中的版本。", "pack")]
    return fact_faults(entry.values)


def fact_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Facts are named by the closed catalogue (or given by the opener); dates must be dates."""
    faults = []
    for name, value in read_facts(values).items():
        fact = FACTS.get(name)
        if fact is None and not name.startswith(f"{WITH}."):
            faults.append(Fault(name, f"没有“{name}”这项事实。", "请从事实目录中选用。", "fact"))
        elif fact is not None and fact.type is FieldType.DATE and not is_empty(value) and not isinstance(value, date):
            faults.append(Fault(name, f"“{fact.title}”不是日期。", "请按 2024-03-15 填写。", "type"))
    return faults
