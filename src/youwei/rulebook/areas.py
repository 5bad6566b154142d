"""The lines of the navigation under which cases stand: packs name theirs, a list beside the packs gives their order and icons."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_types import Pack
from youwei.rulebook.pack_yaml import read_nodes

ICON = "folder"


class Area(NamedTuple):
    """One line: its name, its icon, and the procedures whose cases stand under it."""

    title: str
    icon: str
    procedures: frozenset[str]


def areas(packs: Iterable[Pack], folder: Path) -> tuple[Area, ...]:
    """The areas that some open pack names, those of the list first. A sealed pack stands under none: its name would tell."""
    found: dict[str, set[str]] = {}
    for pack in packs:
        if pack.area and not pack.sealed_to:
            found.setdefault(pack.area, set()).add(pack.ref.procedure)
    icons = _listed(folder)
    places = {title: place for place, title in enumerate(icons)}
    ordered = sorted(found, key=lambda title: (places.get(title, len(places)), title))
    return tuple(Area(title, icons.get(title, ICON), frozenset(found[title])) for title in ordered)


@lru_cache(maxsize=4)
def _listed(folder: Path) -> dict[str, str]:
    """Names and icons in their order; nothing where the folder has no list."""
    path = folder / "areas.yaml"
    if not path.is_file():
        return {}
    return {
        title: icon.raw
        for node in read_nodes(path.read_text("utf-8"), path.name, FaultList())
        for title, icon in node.items()
    }
