"""Reading packs: every folder ``<procedure>/<version>/pack.yaml`` below a directory, strictly, all faults at once.

Other rooms import from here; the parts are in the ``pack_*`` modules beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from youwei.rulebook.pack_build import make_pack
from youwei.rulebook.pack_faultlist import Fault, FaultList, PackFaults
from youwei.rulebook.pack_kinds import KIND_TITLES
from youwei.rulebook.pack_merge import explicit, merge
from youwei.rulebook.pack_names import check_between, check_pack
from youwei.rulebook.pack_order import arrange
from youwei.rulebook.pack_parts import Choice
from youwei.rulebook.pack_shapes import Shapes
from youwei.rulebook.pack_types import (
    Condition,
    Field,
    FieldType,
    Kind,
    Name,
    Outcome,
    Pack,
    PackRef,
    Repeat,
    RepeatKind,
    Role,
    Span,
    Stage,
    Step,
    Term,
)
from youwei.rulebook.pack_yaml import Node, read_nodes

__all__ = [
    "KIND_TITLES",
    "PACKS",
    "Choice",
    "Condition",
    "Fault",
    "Field",
    "FieldType",
    "Kind",
    "Name",
    "Outcome",
    "Pack",
    "PackFaults",
    "PackRef",
    "Repeat",
    "RepeatKind",
    "Role",
    "Span",
    "Stage",
    "Step",
    "Term",
    "load_packs",
    "read_pack_text",
    "read_packs",
    "released_packs",
]
PACKS = Path(__file__).resolve().parent.parent / "packs"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a directory holds, sound or not."""

    packs: Mapping[PackRef, Pack]
    faults: tuple[Fault, ...]


def load_packs(folder: Path, more: Iterable[tuple[str, str]] = ()) -> Mapping[PackRef, Pack]:
    """The packs below a directory, and of further texts with the files they would be; raises PackFaults with every fault when any cannot be used."""
    loaded = read_packs(folder, more)
    if loaded.faults:
        raise PackFaults(loaded.faults)
    return loaded.packs


@lru_cache(maxsize=1)
def released_packs() -> Mapping[PackRef, Pack]:
    """The packs that come with the product."""
    return load_packs(PACKS)


def read_packs(folder: Path, more: Iterable[tuple[str, str]] = ()) -> Loaded:
    """Reads everything and says everything: the packs that could be made and all faults of all files."""
    faults = FaultList()
    sources = []
    for path in sorted(folder.glob("*/*/pack.yaml")):
        label = path.relative_to(folder).as_posix()
        try:
            sources.append((label, path.read_text("utf-8")))
        except UnicodeDecodeError:
            faults.add((label, 0), "文件", "不是 UTF-8 编码。", "请用 UTF-8 另存。")
    loaded = _read((*sources, *more))
    found = sorted((*faults.found, *loaded.faults), key=lambda fault: (fault.file, fault.line))
    return Loaded(loaded.packs, (*found, *_misplaced(loaded.packs)))


@lru_cache(maxsize=4)
def _read(sources: tuple[tuple[str, str], ...]) -> Loaded:
    """The same texts are the same packs: taking YAML apart is by far the longest part of reading."""
    return read_pack_text(sources)


def _misplaced(packs: Mapping[PackRef, Pack]) -> Iterable[Fault]:
    for ref, pack in packs.items():
        wanted = f"{ref.procedure}/{ref.version}/pack.yaml"
        if pack.file != wanted:
            yield Fault(pack.file, 1, "规程", f"所在文件夹与编号、版本不一致，应放在 {wanted}。")


def read_pack_text(sources: Iterable[tuple[str, str]]) -> Loaded:
    """Packs from texts, each with the name to report it under. A file may hold several documents."""
    faults = FaultList()
    documents: dict[PackRef, Node] = {}
    for label, content in sources:
        for node in read_nodes(content, label, faults):
            _take(node, documents, faults)
    packs: dict[PackRef, Pack] = {}
    for ref in documents:
        if (whole := _whole(ref, documents, faults, ())) is not None:
            packs[ref] = _finish(whole, faults)
    check_between(packs, faults)
    found = sorted(faults.found, key=lambda fault: (fault.file, fault.line))
    return Loaded(MappingProxyType(packs), tuple(found))


def _take(node: Node, documents: dict[PackRef, Node], faults: FaultList) -> None:
    if not node.is_map():
        faults.add(node.where, "文件", "规程应是“键: 值”的表。")
        return
    Shapes(faults, child="extends" in node.value).block(node, "pack", "")
    procedure, version = node.get("procedure"), node.get("version")
    if procedure is None or version is None:
        return
    ref = PackRef(procedure.raw, version.raw)
    if ref in documents:
        other = documents[ref]
        faults.add(node.where, "规程", f"{ref} 已在 {other.file} 第 {other.line} 行写过。", "请换一个版本。")
        return
    documents[ref] = node


def _whole(
    ref: PackRef, documents: Mapping[PackRef, Node], faults: FaultList, trail: tuple[PackRef, ...]
) -> Node | None:
    """The document with everything it inherits, or None when its parents cannot be followed."""
    node = documents[ref]
    parent_node = node.get("extends")
    if parent_node is None:
        return node
    parent = PackRef.parse(parent_node.raw)
    if ref in trail:
        ring = " → ".join(map(str, (*trail[trail.index(ref) :], ref)))
        faults.add(parent_node.where, "extends", f"沿用成了一圈：{ring}。", "请断开其中一处。")
        return None
    if parent not in documents:
        known = "、".join(map(str, documents))
        faults.add(parent_node.where, "extends", f"没有“{parent_node.raw}”。", f"请写明规程和版本；现有：{known}。")
        return None
    above = _whole(parent, documents, faults, (*trail, ref))
    if above is None:
        return None
    merged = merge(explicit(above), node, faults)
    Shapes(faults).block(merged, "pack", "")
    return merged


def _finish(node: Node, faults: FaultList) -> Pack:
    pack, ring = arrange(make_pack(node))
    if ring:
        first = pack.steps[ring[0]]
        faults.add(
            (pack.file, first.line),
            f"steps.{ring[0]}",
            f"环节互相等待，成了一圈：{' → '.join(ring)}。",
            "请去掉其中一个 after、when 或日期里的名称；重来一轮应由结局另启事项。",
        )
    check_pack(pack, faults)
    return replace(pack, digest=pack_digest(node))


def pack_digest(node: Node) -> str:
    """SM3 over the canonical form of the whole (merged) pack."""
    canonical = json.dumps(node.plain(), ensure_ascii=False, sort_keys=False, default=_plain, separators=(",", ":"))
    return hashlib.new("sm3", canonical.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, (date, Decimal)):
        return str(value)
    raise TypeError(f"cannot be written: {value!r}")
