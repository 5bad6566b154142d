"""Checklists of the demonstration city, worked off item by item, whatever procedure they belong to."""

from datetime import timedelta
from typing import Any

from youwei.cases.commands import refresh
from youwei.cases.logs import pack_of
from youwei.config.demo.stories import Player, StoryOver
from youwei.engine.types import EntryKind
from youwei.rulebook.pack_order import is_parallel
from youwei.rulebook.packs import Field, FieldType, Kind, Pack, Step

STORIES = ("worked off", "late", "does not apply", "left", "untouched")
RECENT = timedelta(days=400)
MOST_STEPS = 60
PROOF = "云执〔2026〕{}号"
SAYINGS = {FieldType.TEXT: "已按规定办理。", FieldType.YESNO: True}


def is_listed(player: Player) -> bool:
    return is_parallel(pack_of(player.case))


def work_off(player: Player, story: str) -> None:
    """Up to today: everything that begins at once, one item a day or two; `late` waits two months, `left` stops half-way.

    Old lists are worked off whole, whatever the story: nobody leaves one lying for years.
    """
    pack = pack_of(player.case)
    old = player.case.opened_on < player.today - RECENT
    if story == "untouched" and not old:
        return
    try:
        if old:
            _finish(player, pack)
        else:
            _work_off(player, pack, story)
    except StoryOver:
        return


def _finish(player: Player, pack: Pack) -> None:
    """All that is asked for to this day, one after another in the order of their days."""
    day = player.after(3)
    for number in range(1, MOST_STEPS):
        refresh([player.case], today=player.today)  # the index stands as of the day of the last act
        asked = player.case.open_steps.filter(scheduled=False, optional=False).order_by("due_on", "pk").first()
        if asked is None:
            return
        step = pack.steps[asked.step]
        wanted = player.after(-3, asked.due_on) if asked.due_on else player.after(1, day)
        day = min(max(day, asked.starts_on or day, wanted), player.today)
        by = player.leader if pack.roles[step.by].held_by == "leader" else player.by
        player.record(
            step.id, day, _values(step, number), key=asked.key, by=by,
            behalf="" if by is player.leader else _behalf(player, pack, step),
        )  # fmt: skip


def _work_off(player: Player, pack: Pack, story: str) -> None:
    day, number = player.after(45 if story == "late" else 3), 0
    for step in pack.steps.values():
        if step.after or step.repeat is not None or not _asked(player, step):
            continue
        number += 1
        if story == "left" and number > 4:
            said = {"ground": "单位原因"}
            player.enter(EntryKind.NOT_DONE, day, step=step.id, values=said, reason="单位正在改制，手续尚未办妥")
            return
        if story != "worked off" and step.exempt is not None and number % 2 == 0:
            values = {"ground": step.exempt.grounds[0]}
            player.enter(
                EntryKind.EXEMPT, day, step=step.id, values=values, reason="经核实，情况属实", behalf=player.leader.name
            )
        else:
            player.record(step.id, day, _values(step, number), behalf=_behalf(player, pack, step))
        day = player.after(1, day)


def _asked(player: Player, step: Step) -> bool:
    return player.case.open_steps.filter(step=step.id, scheduled=False).exists()


def _behalf(player: Player, pack: Pack, step: Step) -> str:
    """What a unit or a department does is entered by the office for it."""
    role = pack.roles[step.by]
    return "" if role.held_by == "case_officer" else f"{player.case.subject_organ.name}（{role.title}）"


def _values(step: Step, number: int) -> dict[str, Any]:
    """Everything that must be filled in; of an item the number of the document that shows it."""
    values = {field.id: _value(field) for field in step.form.values() if field.required and field.when is None}
    if step.kind in (Kind.ITEM, Kind.LETTER):
        values["number"] = PROOF.format(100 + number)
    return values


def _value(field: Field) -> Any:
    if field.choices:
        return [field.choices[0].id] if field.many else field.choices[0].id
    return SAYINGS.get(field.type, "已按规定办理。")
