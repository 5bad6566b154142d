"""Measured over the real server: lists, pages, and a step recorded."""

import secrets
import statistics
from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import Count

from bench import floors
from bench.floors import Ask
from bench.inside import GROUP
from bench.marks import Reading
from bench.store import CLERK, CLERKS_AREA, VISITED, City
from bench.web import Client, crowd, p95, processor_seconds
from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.organs.models import Organ

CLIENTS = 4
SECONDS = 4.0
PAGE, HUNDRED = 50, 100
ROUNDS = 60
MOST_RECORDED = 100
LISTED = """
SELECT d.*, p.name, u.name, o.name FROM decisions_decision d LEFT JOIN people_person p ON p.id = d.person_id
LEFT JOIN organs_organ u ON u.id = d.unit_id JOIN organs_organ o ON o.id = d.deciding_organ_id JOIN organs_organ c ON c.id = d.counted_at_id
WHERE d.state <> 'undone' AND c.path LIKE %s ORDER BY d.made_on DESC, d.id DESC LIMIT 100
"""
MEASURED = "SELECT m.*, s.* FROM decisions_measure m LEFT JOIN decisions_period s ON s.measure_id = m.id AND s.current WHERE m.decision_id IN ({})"
LOGGED = """
SELECT e.*, c.sealed FROM journal_log l JOIN journal_entry e ON e.log_id = l.id JOIN journal_entrycontent c ON c.entry_id = e.id
WHERE l.kind = %s AND l.ref = %s ORDER BY e.seq
"""
NAMED = """
SELECT p.*, o.name FROM people_person p JOIN organs_organ o ON o.id = p.organ_id
WHERE p.name LIKE %s AND o.path LIKE %s ORDER BY p.name, p.id LIMIT 24
"""


class Site:
    """The server, and readers signed in to it."""

    def __init__(self, port: int, session: int, city: City) -> None:
        self.city, self.session = city, session
        self.clients = [Client(port) for _ in range(CLIENTS)]
        for client in self.clients:
            client.sign_in(CLERK, city.word)
        self.scope = Organ.objects.get(name=CLERKS_AREA, kind="region").path + "%"

    def busy(self) -> float:
        """Processor seconds the server has used so far; PostgreSQL's own are not among them."""
        return processor_seconds(self.session)

    @property
    def one(self) -> Client:
        return self.clients[0]


def measure_list(site: Site) -> list[Reading]:
    """Pages of the clerk's own district, by four readers at once. A page has fifty rows: two pages are a list of a hundred."""
    decisions = Decision.objects.filter(counted_at__path__startswith=site.scope.rstrip("%")).order_by("-made_on", "-pk")
    pages = max(1, min(decisions.count(), 10_000) // PAGE)
    crowd(site.clients, lambda client, turn: client.get(f"/ledger/?page={turn % pages + 1}"), 1)
    begun = site.busy()
    rate, spent = crowd(site.clients, lambda client, turn: client.get(f"/ledger/?page={turn % pages + 1}"), SECONDS)
    busy = site.busy() - begun
    keys = ", ".join(str(key) for key in decisions.values_list("pk", flat=True)[:HUNDRED])
    floor = floors.median_of(lambda: floors.raw((LISTED, (site.scope,)), (MEASURED.format(keys), ())), 15)
    details = {"pages_per_second": round(rate, 2), "page_p50_ms": _ms(statistics.median(spent)), "page_p95_ms": _ms(p95(spent)),
               "page_processor_ms": _ms(busy / len(spent)),
               "clients": CLIENTS, "rows_in_scope": decisions.count()}  # fmt: skip
    return [Reading("list", rate * PAGE / HUNDRED, 1 / floor, details)]


def measure_search(site: Site) -> list[Reading]:
    """By a name, by pinyin, by a document number in turn."""
    names = list(Decision.objects.exclude(person=None).order_by("pk").values_list("person__name", flat=True)[:ROUNDS])
    asked = (
        [name[:2] for name in names[::3]]
        + ["liu", "shan", "yun", "xie"]
        + [f"{number}号" for number in range(101, 111)]
    )
    paths = [f"/search/?q={_quoted(text)}" for text in asked]
    floor = floors.median_of(lambda: floors.raw((NAMED, (f"{names[0][:2]}%", site.scope))), 15)
    return [_page("search", site, paths, floor)]


def measure_case(site: Site) -> list[Reading]:
    """Return visits of the clerk's district, those with the longest logs."""
    keys = [case for case, _ in _longest(site)]
    asks: list[Ask] = [("SELECT * FROM cases_case WHERE id = %s", (keys[0],)), (LOGGED, ("case", keys[0]))]
    return [_page("case", site, [f"/cases/{key}/" for key in keys], floors.median_of(lambda: floors.raw(*asks), 15))]


def measure_dossier(site: Site) -> list[Reading]:
    """The people of the same visits."""
    keys = [person for _, person in _longest(site)]
    asks: list[Ask] = [
        ("SELECT * FROM people_person WHERE id = %s", (keys[0],)),
        (
            "SELECT * FROM decisions_decision d JOIN decisions_measure m ON m.decision_id = d.id WHERE d.person_id = %s",
            (keys[0],),
        ),
        ("SELECT * FROM decisions_period WHERE person_id = %s", (keys[0],)),
        ("SELECT * FROM cases_case WHERE person_id = %s", (keys[0],)),
        (LOGGED, ("person", keys[0])),
        *((LOGGED, ("case", pk)) for pk in Case.objects.filter(person=keys[0]).values_list("pk", flat=True)),
    ]
    return [
        _page("dossier", site, [f"/people/{key}/" for key in keys], floors.median_of(lambda: floors.raw(*asks), 15))
    ]


def measure_record(site: Site) -> list[Reading]:
    """The first step of visits in the clerk's district; the answer is the redirect after it, the next page is not counted."""
    cases = site.city.take(min(MOST_RECORDED, max(2, len(site.city.free) // 4)), CLERKS_AREA)
    form = {**GROUP, "on": site.city.today.isoformat()}
    spent, begun = [], site.busy()
    for case in cases:
        sent = {**form, "seen": 1, "token": secrets.token_urlsafe(24), "key": ""}
        spent.append(floors.timed(site.one.send, f"/cases/{case.pk}/record/group/", sent))
        site.city.played.grouped[CLERKS_AREA] += 1
    busy = (site.busy() - begun) / len(spent)
    floor = floors.written_and_synced(site.city.ledger.parent, floors.entry_bytes())
    details = {"times": len(spent), "p95_ms": _ms(p95(spent)), "processor_ms": _ms(busy)}
    return [Reading("record", statistics.median(spent) * 1000, floor * 1000, details)]


def _longest(site: Site) -> list[tuple[int, int]]:
    """Cases and their people, the most worked on first."""
    own = Case.objects.filter(organ=site.city.places.office(CLERKS_AREA), procedure=VISITED, person__isnull=False)
    ordered = own.annotate(steps=Count("done")).order_by("-steps", "pk")
    return [(case, person) for case, person, _ in ordered.values_list("pk", "person", "steps")[:ROUNDS] if person]


def _page(name: str, site: Site, paths: Sequence[str], floor: float) -> Reading:
    """One reader, one page after another: the median, in milliseconds."""
    for path in paths[:8]:
        site.one.get(path)
    begun = site.busy()
    spent = [floors.timed(site.one.get, path) for path in paths]
    busy = (site.busy() - begun) / len(spent)
    details = {"times": len(spent), "p95_ms": _ms(p95(spent)), "processor_ms": _ms(busy), "store": connection.vendor}
    return Reading(name, statistics.median(spent) * 1000, floor * 1000, details)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


PAGES: dict[str, Callable[[Site], list[Reading]]] = {
    "list": measure_list, "search": measure_search, "case": measure_case, "dossier": measure_dossier, "record": measure_record,
}  # fmt: skip
