"""What a ledger says of the check that comes before holding somebody to account: one cell, in few fixed ways of writing."""

import re
from typing import Any

from youwei.intake.cells import NOTHING, UNKNOWN, closed

CASE, UNFIT, NOT_HELD, HISTORY, OWED = "case", "unfit", "not_held", "history", "owed"
OPENINGS = {UNFIT: "不适用容错", NOT_HELD: "不属于问责"}
"""How an answer that needs a reason begins; after a colon stands the reason."""
WRITTEN = "写“事项12”（已办结的容错审核事项编号）、“不适用容错：理由”或者“不属于问责：理由”；还不清楚的写“待补”"
_CASE = re.compile(r"(?:容错)?(?:审核)?事项(?:编号)?[：:]?(\d{1,15})|(\d{1,15})", re.ASCII)
_REASONED = re.compile(
    r"(不适用容错|不适用|不符合容错条件|不予容错|未容错|不属于问责|不是问责|非问责)[：:，,；;]\s*(.+)", re.DOTALL
)
_NOT_HELD = ("不属于问责", "不是问责", "非问责")
LONGEST = 500


def read_precheck(text: str) -> dict[str, Any] | None:
    """The answer a cell gives, as it may lie among staged values; None for a blank cell. What it cannot tell is owed, and its words are kept."""
    said = closed(text)
    if said in ("待补", "待核"):
        return {"kind": OWED}
    if said in NOTHING or said in UNKNOWN or not said:
        return None
    if said in ("历史", "历史决定"):
        return {"kind": HISTORY}
    if found := _CASE.fullmatch(said.replace(" ", "")):
        return {"kind": CASE, "case": int(found[1] or found[2])}
    if found := _REASONED.fullmatch(said):
        return {"kind": NOT_HELD if found[1] in _NOT_HELD else UNFIT, "why": found[2].strip()[:LONGEST]}
    return {"kind": OWED, "why": said[:LONGEST], "unread": True}


def cell(kind: str, why: str = "", case: int | None = None) -> str:
    """The cell that says so."""
    if kind == CASE:
        return f"事项{case}" if case is not None else ""
    if kind in OPENINGS:
        return f"{OPENINGS[kind]}：{why}" if why.strip() else ""
    return {HISTORY: "历史", OWED: "待补"}.get(kind, "")
