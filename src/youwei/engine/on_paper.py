"""A signature or an approval given on paper and entered for whoever gave it."""

from __future__ import annotations

from youwei.engine.types import Entry, EntryKind, Fault
from youwei.rulebook.pack_types import Kind, Step


def on_paper_faults(step: Step, entry: Entry) -> list[Fault]:
    """Entered for somebody else, a signature is one on paper: only where the pack lets it be, and with the name of that paper."""
    judges = entry.kind is EntryKind.SIGN or bool(entry.part) or step.kind is Kind.APPROVAL
    if not judges or not entry.behalf:
        return []
    if not step.on_paper:
        message = f"规程规定“{step.title}”由本人在系统里签署，不能补录纸面签署。"
        return [Fault("behalf", message, "请本人登录后签署。", "on paper")]
    if not entry.paper.strip():
        return [Fault("paper", "没有写明签在哪份材料上。", "请写明材料名称，并附上扫描件。", "paper")]
    return []
