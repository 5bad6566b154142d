"""From the journal's records to the engine's entries, and the packs a log names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from youwei.cases.models import Case, PackVersion
from youwei.engine.saved import FROZEN
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind, Standing, Via
from youwei.journal.queries import Record, records, records_of
from youwei.rulebook import areas as rulebook_areas
from youwei.rulebook.areas import Area
from youwei.rulebook.pack_faultlist import Fault, PackFaults
from youwei.rulebook.pack_ready import unready
from youwei.rulebook.pack_types import Pack, PackRef
from youwei.rulebook.packs import load_packs


class Here(NamedTuple):
    """A version put in force here, as `look` has seen it."""

    pk: int
    ref: PackRef
    digest: str
    ended_on: date | None


class _Seen:
    """What this process last saw of the versions put in force here."""

    versions: tuple[Here, ...] = ()


def look() -> None:
    """See which versions are in force here by now. One query; every request, job and command begins with it."""
    rows = PackVersion.objects.filter(state=PackVersion.State.RELEASED).order_by("pk")
    _Seen.versions = tuple(
        Here(row.pk, PackRef(row.procedure, row.version), row.digest, row.ended_on) for row in rows.defer("text")
    )


@lru_cache(maxsize=4)
def _loaded(folder: str, here: tuple[Here, ...]) -> Mapping[PackRef, Pack]:
    """Raises PackFaults: neither a frozen pack that was altered is let in, nor one whose keys would silently do nothing."""
    found = dict(load_packs(Path(folder), texts(each.pk for each in here)))
    lacking = [fault for pack in found.values() for fault in unready(pack)]
    for each in here:
        pack = found.get(each.ref)
        if pack is not None and pack.digest != each.digest:
            lacking.append(Fault(pack.file, 1, f"规程{each.ref}", *FROZEN))
        elif pack is not None and each.ended_on is not None:
            found[each.ref] = replace(pack, in_force_to=min(each.ended_on, pack.in_force_to or each.ended_on))
    if lacking:
        raise PackFaults(tuple(lacking))
    return found


def texts(keys: Iterable[int]) -> list[tuple[str, str]]:
    """The texts of versions written here, each with the file it would be."""
    wanted = list(keys)
    rows = PackVersion.objects.filter(pk__in=wanted).exclude(text="") if wanted else ()
    return [(f"{row.procedure}/{row.version}/pack.yaml", row.text) for row in rows]


def packs() -> Mapping[PackRef, Pack]:
    """Every released pack, by procedure and version: those on disk, and those written and put in force here."""
    return _loaded(str(settings.PACKS), _Seen.versions)


def areas() -> tuple[Area, ...]:
    """Under which lines of the navigation cases stand."""
    return rulebook_areas.areas(packs().values(), Path(settings.PACKS))


def pack_of(case: Case) -> Pack:
    return packs()[PackRef(case.procedure, case.version)]


def versions(procedure: str) -> list[Pack]:
    """Every version of a procedure, the newest first."""
    found = [pack for ref, pack in packs().items() if ref.procedure == procedure]
    return sorted(found, key=lambda pack: (pack.in_force_from, pack.ref.version), reverse=True)


def title_of(procedure: str) -> str:
    """What a procedure is called in its newest version; its id where it is not there."""
    titles = [pack.title for ref, pack in sorted(packs().items()) if ref.procedure == procedure]
    return titles[-1] if titles else procedure


def outcome_title(procedure: str, outcome: str) -> str:
    """What an end of a procedure is called, in whichever version has it."""
    ends = [
        pack.outcomes[outcome]
        for ref, pack in packs().items()
        if ref.procedure == procedure and outcome in pack.outcomes
    ]
    return ends[-1].title if ends else "提前终止" if outcome == "terminated" else outcome


def entry(record: Record) -> Entry:
    """One record as the engine reads it."""
    content = record.content
    return Entry(
        seq=record.seq, kind=EntryKind(record.kind), on=record.on, at=timezone.localdate(record.at), by=record.by, behalf=record.behalf,
        step=record.step, key=record.key, part=record.part, to=record.to, target=record.target,
        values=content.get("values", {}), reason=str(content.get("reason", "")),
        via=Via(*content["via"]) if "via" in content else None, paper=str(content.get("paper", "")),
    )  # fmt: skip


def log(case: Case) -> list[Entry]:
    """The log of a case, oldest first."""
    return [entry(record) for record in records("case", case.pk)]


def logs(cases: Iterable[Case]) -> dict[int, list[Entry]]:
    """The logs of many cases with one query."""
    return {
        ref: [entry(record) for record in found]
        for ref, found in records_of("case", [case.pk for case in cases]).items()
    }


def begun(entries: Sequence[Entry], seq: int) -> Standing | None:
    """The standing record that an entry of a log began, in its corrected form."""
    records = (record for found in sieve(packs(), entries).records.values() for record in found.values())
    return next((record for record in records if record.seq == seq), None)
