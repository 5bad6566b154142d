"""What the pages of cases show, made from the case as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Q
from django.forms import Form
from django.http import QueryDict
from django.urls import reverse

from youwei.cases import distress
from youwei.cases import queries as cases
from youwei.cases.codes import code_of
from youwei.cases.commands import StaleForm
from youwei.cases.logs import areas, packs, title_of, versions
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.cases.remarks import Told
from youwei.cases.remarks import told as told_remarks
from youwei.cases.reporting import report
from youwei.cases.telling import known_facts, on_title, readable, told
from youwei.cases.texts import to_heed
from youwei.cases.voted import by_vote
from youwei.desk.address import words
from youwei.desk.altering.acting import page_of_step
from youwei.desk.cases import acting, chaining, handing, papering, sealing, signing
from youwei.desk.cases.announced import offered
from youwei.desk.cases.batch_links import batches_of, step_address
from youwei.desk.cases.doubling import mentored, naming
from youwei.desk.cases.forms import BEHALF, ON, PAPER, plain
from youwei.desk.cases.instead import astray, idle
from youwei.desk.cases.listing import listed
from youwei.desk.cases.mapping import procedure_map
from youwei.desk.cases.reading import Reading, reading
from youwei.desk.cases.shown import shown
from youwei.desk.days import late_note, working_days_left
from youwei.desk.guiding.queries import from_case
from youwei.desk.names.queries import asked_by_rows, asked_of, by_rows, list_field
from youwei.documents.models import Attachment, Paper
from youwei.engine.pausing import meets
from youwei.engine.types import Act, Entry, Item, Reason, Status
from youwei.engine.wording import sentence, window_sentences
from youwei.organs import queries as organs
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, may, visible
from youwei.people import queries as people
from youwei.rulebook.calendar import DayKind
from youwei.rulebook.packs import Kind, Step
from youwei.ui.drawings import count_calendar
from youwei.ui.drawings.procedure_map import draw
from youwei.ui.paging import page_of
from youwei.ui.parts import Stale, VersionRow
from youwei.ui.words import cn_date
from youwei.voting import queries as votes

LONGEST_COUNT = 120
STATES = dict(Case.State.choices)
PROCEDURE_FILTER, COUNTED_FILTER = 64, 120
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "token", "seen", "key", "step", "target"})


def case_list(who: Reader, asked: Mapping[str, str]) -> dict[str, Any]:
    """Cases by state, procedure and name; fifty a page."""
    rows = visible(who, "case.view", Case.objects.select_related("person__organ", "subject_organ", "organ"))
    state = asked.get("state", "open")
    if state in STATES:
        rows = rows.filter(state=state)
    kinds = {each.title: each for each in areas()}
    area = kinds.get(words(asked, "area", PROCEDURE_FILTER))
    if area:
        rows = rows.filter(procedure__in=sorted(area.procedures))
    procedure = words(asked, "procedure", PROCEDURE_FILTER)
    if procedure:
        rows = rows.filter(procedure=procedure)
    counted = words(asked, "counted", COUNTED_FILTER)
    if counted:
        rows = rows.filter(counted=counted)
    text = words(asked, "q")
    if text:
        rows = rows.filter(Q(person__in=people.find(text).values("pk")) | Q(decision__number__contains=text))
    titles = {ref.procedure: pack.title for ref, pack in sorted(packs().items()) if not pack.sealed_to}
    page = replace(page_of(rows.order_by("-opened_on", "-pk"), asked.get("page")), unit="件")
    return {
        "page": page,
        "may_read": bool(may(who, "case.read")),
        "may_record": bool(may(who, "case.record")),
        "state": state,
        "states": Case.State.choices,
        "procedure": procedure,
        "area": area.title if area else "",
        "procedures": sorted(
            (each, title) for each, title in titles.items() if area is None or each in area.procedures
        ),
        "counted": counted,
        "counts": sorted(
            {
                each.counts
                for pack in packs().values()
                for each in pack.outcomes.values()
                if each.counts and not pack.sealed_to
            }
        ),
        "q": text,
    }


@dataclass(frozen=True, slots=True)
class Why:
    """为什么是这一天: the sentences, and the counted days as a calendar where they are few enough to draw."""

    day: date
    sentences: tuple[str, ...]
    calendar: Any


def case_page(who: Reader, view: View, step: str, key: str, part: str = "", *, past: bool = False) -> dict[str, Any]:
    """Everything the page of one case shows; of a past day without what is only there to act on. A fixed number of queries, and up to four more
    once there is a record to look at."""
    read = reading(who, view)
    only = {} if read.whole else {"entry_seq__in": read.entries}
    open_to = sealing.open_to(who, view)
    item = _item(view, who, read, step, key)
    own_text = "" if past else signing.own_text(who, view, item)
    files = list(Attachment.objects.filter(case=view.case, **only).defer("sealed").order_by("-uploaded_at", "-pk"))
    found = view.pack.steps.get(item.step) if item else None
    drawing, as_list = procedure_map(view, item), listed(who, view, read)
    return {
        "case": view.case,
        "may_open_person": view.case.person is not None and bool(may(who, "person.view", view.case.person)),
        "pack": view.pack,
        "drawing": draw(drawing),
        "map": drawing,
        "whole": read.whole,
        "item": item,
        "astray": astray(item, step, key),
        "idle": None if past else idle(view, item, read),
        "step": found,
        "stage": view.pack.stages[found.stage].title if found else "",
        **({"may_record": False} if own_text else _recording(who, view, item, found)),
        "opens_title": title_of(found.procedure) if found and found.procedure else "",
        "known": known_facts(view.pack, view.plan.facts) if read.whole else [],
        "chain": chaining.neighbours(who, view.case),
        "batches": batches_of(who, view.case),
        "signing": signing.signing(view, item, open_to),
        "signer": None if own_text else signing.may_sign(who, view, item, part),
        "own_text": own_text,
        "sign_form": None,
        **_standing(item, who.on, past=past),
        "listed": as_list,
        "open_lines": [line for line in _open_lines(view, item, read) if line.optional or as_list is None],
        "lines": [
            replace(line, files=_files_of(line.seq, files))
            for line in reversed(cases.lines(view.case, view.records, open_to, cases.spans(view)))
            if line.seq in read.entries
        ],
        "aside": {seq: sentence(reason) for seq, reason in view.plan.aside.items()},
        "remarks": to_look_at(who, view) if read.whole and not past else [],
        **_beside(who, view, item, found),
        "heeded": to_heed(view, view.pack.steps) if read.whole and view.plan.outcome is None else [],
        "notes": [sentence(reason) for reason in view.plan.notes],
        "papers": papering.papers(
            view, Paper.objects.filter(case=view.case, **only).select_related("case__decision").defer("sealed")
        ),
        "attachments": files,
        **_on_paper(who, view, item, found, past=past),
        "acts": _acts(view, who, item, found) + handing.links(who, view) + from_case(who, view.case, view.pack),
        "may_steer": acting.may_steer(who, view.case),
        "may_care": distress.may_report(who, view.case),
        "meets": found is not None and meets(found),
        "broken_off": view.broken_off if read.whole else "",
        "token": acting.new_token(),
        "seen": view.head,
        "form": None,
    }


def _beside(who: Reader, view: View, item: Item | None, found: Step | None) -> dict[str, Any]:
    """What stands beside the form: the figures of a report, and what was written before."""
    open_now = item is not None and item.status in (Status.OPEN, Status.SCHEDULED)
    return {
        "reported": report(view, found, item.key) if item is not None else None,
        "may_count": bool(may(who, "figures.view")),
        "shown": shown(who, view, found, item.key) if item is not None and open_now else [],
    }


def _standing(item: Item | None, today: date, *, past: bool) -> dict[str, Any]:
    """How the step in hand stands: with whom, why, by when. From when and by whom it may be done the page of today says itself."""
    told = [reason for reason in item.why if past or reason.rule != "before start"] if item else []
    return {
        "who": item.who.title if item else "",
        "waits_for": {reason.rule for reason in item.why} if item else set(),
        "state_why": [sentence(reason) for reason in told],
        "why": why(item, today) if item else None,
        "working_days": working_days_left(item.window.due, today, organs.calendar()) if item else None,
        "late_note": late_note(item.window.due, item.window.late_from, today) if item else "",
    }


def to_look_at(who: Reader, view: View) -> list[Told]:
    """What whoever works on an open case is asked to look at in its newest records before they are approved."""
    if view.plan.outcome is not None or not acting.may_steer(who, view.case):
        return []
    return told_remarks(who, [(view, view.pack.steps)]).get(view.case.pk, [])


def _on_paper(who: Reader, view: View, item: Item | None, step: Step | None, *, past: bool) -> dict[str, Any]:
    """The paper way of the step in hand, and what of the case was given on paper; of a past day nobody is pointed to."""
    return {
        "doubled": mentored(who, view.pack, view.case.person_id, view.case.pk)
        if item and item.step in naming(view.pack) and not past
        else [],
        "code": code_of(view.case.pk, item.step, item.key) if item and not by_vote(step) else "",
        "tally_url": _tally(view, item) if item and by_vote(step) else "",
        "voting": votes.running(view.case, item.step, item.key) if item and by_vote(step) else None,
        "on_paper": papering.on_paper(who, view, item),
        "scannable": papering.scanned_to(who, view),
        "withdrawable": papering.withdrawable(who, view),
    }


def _recording(who: Reader, view: View, item: Item | None, step: Step | None) -> dict[str, Any]:
    """Whether the reader records the step here, or at which address: that of the decision, or of the batch whose members it concerns."""
    if (
        item is None
        or step is None
        or Act.RECORD not in item.may
        or not acting.may_record(who, view.case, view.pack, item)
    ):
        return {"may_record": False}
    if by_vote(step):
        return {"may_record": False, "vote_url": f"{reverse('case-vote', args=[view.case.pk, step.id])}?key={item.key}"}
    if (
        name := "case-names"
        if list_field(step) is not None
        else "case-rows"
        if by_rows(step) and asked_by_rows(step)
        else ""
    ):
        return {"may_record": False, "names_url": reverse(name, args=[view.case.pk, step.id])}
    if batch_url := step_address(view.case, step, item):
        return {"may_record": False, "batch_url": batch_url}
    if step.kind is not Kind.ALTERATION:
        return {"may_record": True, "rulebook_says": asked_of(who, view, step), "decisions": offered(who, step)}
    allowed = view.case.decision is not None and may(who, "decision.change", view.case.decision)
    return {"may_record": False, "alter_url": page_of_step(view.case, step) if allowed else ""}


def _tally(view: View, item: Item) -> str:
    """The table of an appraisal that has been held."""
    held = item.key in view.standing.get(item.step, {})
    return f"{reverse('vote-tally', args=[view.case.pk, item.step])}?key={item.key}" if held else ""


def _item(view: View, who: Reader, read: Reading, step: str, key: str) -> Item | None:
    """The item asked for, else the first of the reader's own, else of those entered for others, else of all open; of those shown to the reader."""
    chosen = acting.item_of(view, step, key)
    if chosen is not None and read.shows(chosen.step):
        return chosen
    open_items = [item for item in view.plan.open_items() if not item.optional and read.shows(item.step)]
    mine = [item for item in open_items if _mine(who, view, item)]
    own = [item for item in mine if not acting.needs_behalf(who, view.case, view.pack, item)]
    best = own or mine or open_items
    return min(best, key=lambda item: (item.status is not Status.OPEN, item.window.due or date.max), default=None)


def not_yours(step: Step | None, item: Item | None) -> str:
    """Why nothing was recorded: whose the step is, by what rule, and what is to be done instead."""
    if step is None or item is None:
        return "没有记录：规程里没有这一环节。现在的情况见下。"
    organ = item.who.organ or ""
    where = Organ.objects.filter(pk=int(organ)).first() if organ.isdigit() else None
    parts = [f"没有记录：“{step.title}”由{f'{where.name}的' if where else ''}{item.who.title}办理，您的岗位不能办"]
    parts += [f"依据：{'、'.join(step.basis)}"] if step.basis else []
    return "。".join([*parts, step.help.rstrip("。")] if step.help else parts) + "。"


def _files_of(seq: int, files: Sequence[Attachment]) -> tuple[tuple[str, str], ...]:
    """What hangs on one entry, in the order it was added."""
    return tuple(
        (file.filename, reverse("attachment", args=[file.pk])) for file in reversed(files) if file.entry_seq == seq
    )


def _mine(who: Reader, view: View, item: Item) -> bool:
    if signing.own_text(who, view, item):
        return False
    if Act.SIGN in item.may:
        return signing.may_sign(who, view, item) is not None
    return acting.may_record(who, view.case, view.pack, item)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A step that may be done now, beside the one in hand."""

    title: str
    url: str
    due: date | None
    starts: date | None
    optional: bool
    current: bool
    who: str


def _open_lines(view: View, current: Item | None, read: Reading) -> list[OpenLine]:
    return [
        OpenLine(
            title=f"会签：{item.title}" if item.signers else item.title, url=step_url(view.case, item), due=item.window.due,
            starts=item.window.start if item.status is Status.SCHEDULED else None, optional=item.optional,
            current=current is not None and (item.step, item.key) == (current.step, current.key),
            who="、".join(place.title for place in item.signers) or item.who.title,
        )
        for item in view.plan.open_items()
        if read.shows(item.step)
    ]  # fmt: skip


def step_url(case: Case, item: Item) -> str:
    return f"{reverse('case', args=[case.pk])}?step={item.step}&key={item.key}#step"


def _acts(view: View, who: Reader, item: Item | None, step: Step | None) -> list[tuple[str, str]]:
    """The acts this reader may do on the case and the step in hand, as links."""
    if not acting.may_steer(who, view.case):
        return []
    base = [("resume", "恢复计时")] if view.plan.held else [("hold", "中止计时")] if view.pack.hold else []
    found = [(reverse("case-act", args=[view.case.pk, kind]), title) for kind, title in [*base, ("note", "加备注")]]
    if view.case.sealed:
        found.append((reverse("case-admissions", args=[view.case.pk]), "知情范围"))
    if view.plan.outcome is None and not view.case.sealed and len(versions(view.pack.ref.procedure)) > 1:
        found.append((f"{reverse('pack-move', args=list(view.pack.ref))}?case={view.case.pk}", "转入其他版本"))
    if item is None or step is None or item.status not in (Status.OPEN, Status.SCHEDULED):
        return found
    asked = f"?step={item.step}&key={item.key}"
    wanted = [
        ("return", "退回", acting.may_return(who, view, step, item.key)),
        ("exempt", "免办", step.exempt is not None),
        ("not_done", "说明没有办", Act.NOT_DONE in item.may),
        ("prolong", "延长期限", step.prolong is not None),
    ]
    return [
        (reverse("case-act", args=[view.case.pk, kind]) + asked, title) for kind, title, fits in wanted if fits
    ] + found


def why(item: Item, today: date) -> Why | None:
    """The reasons of the planner, told; never a second calculation."""
    due = item.window.due or item.window.start
    if due is None or not item.window.because:
        return None
    return Why(due, tuple(window_sentences(item.window)), _counted(item.window.because, today, due))


def _counted(reasons: tuple[Reason, ...], today: date, due: date) -> Any:
    """The calendar of the working days that were counted to the due day."""
    reason = next((each for each in reasons if each.days and len(each.days) <= LONGEST_COUNT), None)
    if reason is None:
        return None
    numbers = {day: place for place, day in enumerate(reason.days, start=1)}
    known = organs.calendar()
    start = reason.anchor or min(reason.days)
    days = []
    for offset in range((max(reason.days) - start).days + 1):
        day = start + timedelta(days=offset)
        kind = known.kind(day)
        name = known.name(day).removesuffix("放假") if kind is DayKind.HOLIDAY else ""
        days.append(count_calendar.Day(day, str(kind), numbers.get(day), name))
    return count_calendar.build(days, today=today, due=due, start=reason.anchor)


def stale_page(case: Case, step: Step, stale: StaleForm, form: Form) -> dict[str, Any]:
    """One record in two versions, and the two ways on. Mine becomes a correction of theirs, with a reason."""
    sent, theirs = cast(QueryDict, form.data), stale.theirs
    kept = [(name, str(value)) for name in sent if name not in NOT_KEPT for value in sent.getlist(name)]
    sides = Stale(
        who="您" if stale.again else theirs.by, at=cn_date(theirs.at), rows=_versions(step, theirs, form.cleaned_data),
        action=reverse("case-act", args=[case.pk, "correct"]),
        hidden=[*kept, ("target", str(theirs.seq)), ("seen", str(stale.head)), ("token", acting.new_token())],
        mine_label="用我的内容更正", theirs_url=reverse("case", args=[case.pk]),
    )  # fmt: skip
    return {"case": case, "step": step, "stale": sides}


def _versions(step: Step, theirs: Entry, mine: Mapping[str, Any]) -> list[VersionRow]:
    """The day, every field that either has filled in, and for whom it was entered."""
    fields = [
        VersionRow(field.title, told(field, theirs.values.get(name)), told(field, plain(mine[name])))
        for name, field in readable(step)
        if name in mine
    ]
    day = VersionRow(on_title(step), cn_date(theirs.on), cn_date(mine[ON]))
    behalf = VersionRow("代谁录入", theirs.behalf, mine.get(BEHALF, theirs.behalf))
    paper = VersionRow("依据哪份材料", theirs.paper, mine.get(PAPER, theirs.paper))
    return [day, *(row for row in (*fields, behalf, paper) if row.theirs or row.mine)]
