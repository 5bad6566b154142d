"""What of a case may come back on paper: scans for records made earlier, and signatures given by hand."""

from django.db.models import QuerySet

from youwei.cases.queries import View
from youwei.desk.cases import acting
from youwei.desk.cases.holding import holds
from youwei.documents.models import Paper
from youwei.engine.types import Act, Item, Standing, Status, Who
from youwei.journal.actors import own_name
from youwei.organs.policy import Reader
from youwei.rulebook.pack_types import Kind
from youwei.ui.words import cn_date


def may_add_scans(who: Reader, view: View, record: Standing) -> bool:
    """The office that keeps the paper file, and whoever might have written the record."""
    item = acting.item_of(view, record.step, record.key)
    own = item is not None and acting.may_record(who, view.case, view.pack, item)
    return own or acting.handles(who, view.case)


def scanned_to(who: Reader, view: View) -> frozenset[int]:
    """The entries whose records scans may be added to."""
    standing = (record for records in view.standing.values() for record in records.values())
    return frozenset(record.seq for record in standing if may_add_scans(who, view, record))


def withdrawable(who: Reader, view: View) -> frozenset[int]:
    """The signatures on paper that still stand and the reader's office has entered."""
    if not acting.handles(who, view.case):
        return frozenset()
    standing = (record for records in view.standing.values() for record in records.values())
    return frozenset(sign.seq for record in standing for sign in record.signs.values() if sign.behalf)


def papers(view: View, rows: QuerySet[Paper]) -> list[tuple[Paper, str]]:
    """Papers, the newest first, each with the record it tells: of several of one name only that says which is which."""
    told = {record.seq: record for records in view.standing.values() for record in records.values()}
    found = []
    for paper in rows.order_by("-issued_at", "-pk"):
        record = told.get(paper.entry_seq)
        found.append(
            (paper, f"{view.pack.steps[record.step].title} {cn_date(record.on)}" if record is not None else "")
        )
    return found


def on_paper(who: Reader, view: View, item: Item | None) -> tuple[Who, ...]:
    """Those who are asked to sign or approve now, and for whom the reader may enter a signature on paper: the office does, where the pack
    lets it, and nobody for a role of one's own; but under a text of one's own somebody else signs, who may have no account."""
    step = view.pack.steps[item.step] if item is not None else None
    if item is None or step is None or not step.on_paper or not acting.handles(who, view.case):
        return ()
    if Act.SIGN in item.may:
        asked = item.signers
    elif step.kind is Kind.APPROVAL and item.status is Status.OPEN and Act.RECORD in item.may:
        asked = (item.who,)
    else:
        return ()
    own = _wrote(who, view, item)
    return tuple(each for each in asked if own or not holds(who, view.case, view.pack.roles.get(each.role), each))


def _wrote(who: Reader, view: View, item: Item) -> bool:
    """Whether the text to be signed is the reader's own."""
    record = view.standing.get(item.step, {}).get(item.key)
    return record is not None and not record.behalf and own_name(record.by) == who.account.name
