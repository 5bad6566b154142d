"""Trying a pack out on an invented case: what it would ask for on the day it is opened, and whether stories come out."""

from __future__ import annotations

from datetime import date
from typing import Any

from youwei.engine.classes import BEGIN, opening_facts, tested_names
from youwei.engine.plan import plan
from youwei.engine.sieve import Packs
from youwei.engine.stories import Otherwise, play, read_stories
from youwei.engine.types import Entry, EntryKind, LogFault, Plan
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.pack_types import Pack


def first_plan(packs: Packs, pack: Pack, calendar: WorkCalendar, opened: date) -> Plan:
    """The plan of an invented case on the day it is opened: everything it counts from lies on that day, a period ends a year later."""
    facts = next(iter(opening_facts(pack, tested_names(pack)[0])))
    moved = {name: opened + (value - BEGIN) if isinstance(value, date) else value for name, value in facts.items()}
    entry = Entry(1, EntryKind.OPENED, opened, opened, "", to=str(pack.ref), values=moved)
    return plan({**packs, pack.ref: pack}, [entry], calendar, opened)


def tell(packs: Packs, text: str) -> list[tuple[str, str]]:
    """Each story of a text with what came otherwise; "" where it comes out as written. A text that is no story is told as one that does not."""
    try:
        stories = read_stories(text, "情景")
    except Otherwise as fault:
        return [("情景", str(fault))]
    return [(str(story["scenario"]), _fault(packs, story)) for story in stories] or [("情景", "一个情景也没有写。")]


def _fault(packs: Packs, story: dict[str, Any]) -> str:
    try:
        play(packs, story)
    except (Otherwise, LogFault) as fault:
        return str(fault)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        return f"写得不对：{fault}。请照别的规程的情景核对环节、栏目和日期。"
    return ""
