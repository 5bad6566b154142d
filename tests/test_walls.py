"""Walls that an import linter cannot see: foreign keys by name, templates, signals, shelves of other rooms, the clock, the journal."""

import ast
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from django.apps import apps

from tests.support.tree import DATA, PACKAGE, ROOMS, ROOT, Source, imported_modules, product_sources, templates

# What one room may take from another. The rooms without a store are open: rulebook, engine and ui.
PUBLIC_SHELVES = {"models", "queries", "commands", "policy", "sealing", "clock", "actors", "proof"}
# Staged rows are plain values: what they hold is intake's public face too.
ALSO_PUBLIC = {
    "journal": {"digests", "stores"},
    "organs": {"roster", "changes", "standing_in"},
    "intake": {"cells", "workbook", "matching", "identity", "parse", "columns", "fields", "faults", "prechecks"},
    "decisions": {"altering", "prechecks", "probation", "replacing", "series", "settling"},
    "cases": {
        "admitting",
        "asking",
        "rows",
        "guiding",
        "prechecking",
        "codes",
        "distress",
        "texts",
        "by_hand",
        "drafting",
        "handing",
        "leaving",
        "moving",
        "readmitting",
        "recounting",
        "taking",
        "undoing",
        "redating",
        "following",
        "places",
        "telling",
        "logs",
        "succession",
        "many",
        "batches",
        "landed",
        "candidates",
        "progress",
        "cohort",
        "checklist",
        "voted",
        "remarks",
        "reporting",
        "replacing",
        "settling",
        "facts",
    },
    "documents": {"blank", "blank_word", "signing", "issuing", "bulk", "landing", "carrying", "retracting"},
}
OPEN_ROOMS = {"rulebook", "engine", "ui"}
DOMAIN_SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}
CLOCK_READS = {"today", "now", "utcnow", "localdate", "localtime", "time_ns"}
CONVERSIONS = {"localdate", "localtime"}  # with a moment given they only convert it
CLOCK_OWNERS = {"date", "datetime", "timezone", "time"}
THE_CLOCK = PACKAGE / "organs" / "clock.py"
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
TEMPLATE_LINK = re.compile(r"""\{%\s*(?:extends|include)\s+["']([^"']+)["']""")
TEMPLATE_LOAD = re.compile(r"\{%\s*load\s+(.+?)\s*%\}")


def test_every_folder_of_the_package_is_a_room_or_data_of_the_route() -> None:
    found = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert found <= {*ROOMS, *DATA}


def test_the_linter_and_these_tests_know_the_same_route() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    layers = re.search(r"name = A room imports.*?layers =\n(.*?)\nignore", text, re.DOTALL)
    assert layers
    linted = [line.strip(" ()") for line in layers.group(1).splitlines()]
    assert [room for room in reversed(linted) if room not in DATA] == list(ROOMS)


def test_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_foreign_keys_point_back_along_the_route() -> None:
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        for field in model._meta.get_fields():
            target = field.related_model
            if room not in ROOMS or field.auto_created or not isinstance(target, type):
                continue
            other = target._meta.app_label
            if other in ROOMS and ROOMS.index(other) > ROOMS.index(room):
                wrong.append(f"{room}.{model.__name__}.{field.name} → {other}")
    assert not wrong


def test_a_template_draws_only_on_its_own_room_and_on_ui() -> None:
    wrong = []
    for path in templates():
        room = path.relative_to(PACKAGE).parts[0]
        for link in TEMPLATE_LINK.findall(path.read_text(encoding="utf-8")):
            if link.split("/")[0] not in {room, "ui", "django"}:
                wrong.append(f"{path.relative_to(ROOT)}: {link}")
    assert not wrong


def test_a_template_loads_only_tags_of_its_own_room_of_ui_and_of_libraries() -> None:
    owner = {path.stem: path.parent.parent.name for path in PACKAGE.glob("*/templatetags/*.py")}
    wrong = []
    for path in templates():
        room = path.relative_to(PACKAGE).parts[0]
        for loaded in TEMPLATE_LOAD.findall(path.read_text(encoding="utf-8")):
            for library in loaded.split(" from ")[-1].split():
                if owner.get(library, "ui") not in {room, "ui"}:
                    wrong.append(f"{path.relative_to(ROOT)}: {library}")
    assert not wrong


def test_a_room_keeps_its_templates_under_its_own_name() -> None:
    roots = {(path.relative_to(PACKAGE).parts[0], path.relative_to(PACKAGE).parts[2]) for path in templates()}
    whole_site = {"404.html", "403.html", "400.html", "500.html"}
    assert {(room, folder) for room, folder in roots if folder != room and folder not in whole_site} == set()


def test_a_room_takes_from_another_only_its_public_shelves() -> None:
    wrong = []
    for source in product_sources():
        if source.path.is_relative_to(PACKAGE) and source.room != "config":
            wrong += [
                f"{source.name}:{line} {module}"
                for module, line in imported_modules(source.tree)
                if is_private(module, source.room)
            ]
    assert not wrong


def is_private(module: str, room: str) -> bool:
    parts = module.split(".")
    if len(parts) < 3 or parts[0] != "youwei" or parts[1] in {room, *OPEN_ROOMS}:
        return False
    return parts[2] not in PUBLIC_SHELVES | ALSO_PUBLIC.get(parts[1], set())


def test_views_and_helpers_of_another_room_are_private_and_its_commands_are_not() -> None:
    assert is_private("youwei.cases.views", "desk")
    assert is_private("youwei.cases.index.keep", "statistics")
    assert not is_private("youwei.cases.commands.record", "desk")
    assert not is_private("youwei.desk.frame", "desk")
    assert not is_private("youwei.rulebook.days", "cases")


def test_no_domain_work_hangs_on_model_signals() -> None:
    wrong = []
    for source in product_sources():
        for module, line in imported_modules(source.tree):
            if module.rpartition(".")[2] in DOMAIN_SIGNALS:
                wrong.append(f"{source.name}:{line} {module}")
    assert not wrong


def test_only_the_clock_module_reads_the_clock() -> None:
    wrong = []
    for source in product_sources():
        if source.path.is_relative_to(PACKAGE) and source.path != THE_CLOCK:
            wrong += [f"{source.name}:{line}" for line in clock_reads(source)]
    assert not wrong


def clock_reads(source: Source) -> list[int]:
    """Lines that mention `date.today`, `timezone.now` and the like, called or handed on; a column may note when its row was made."""
    columns = (node for node in ast.walk(source.tree) if isinstance(node, ast.keyword) and node.arg == "default")
    stamps = {id(node.value) for node in columns if source.path.name == "models.py"}
    converted = {id(node.func) for node in ast.walk(source.tree) if isinstance(node, ast.Call) and node.args}
    return [
        node.lineno
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCK_READS
        and isinstance(node.value, ast.Name)
        and node.value.id in CLOCK_OWNERS
        and not (node.attr in CONVERSIONS and id(node) in converted)
        and id(node) not in stamps
    ]


def test_entries_are_written_only_by_the_journal() -> None:
    wrong = []
    for source in product_sources():
        stored = stored_entry_names(source)
        if source.room != "journal" and stored:
            wrong += [f"{source.name}:{node.lineno}" for node in ast.walk(source.tree) if writes_to(node, stored)]
    assert not wrong


def stored_entry_names(source: Source) -> set[str]:
    """What a file calls the journal's tables."""
    return {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "youwei.journal.models"
        for alias in node.names
        if alias.name in {"Entry", "EntryContent"}
    }


def writes_to(node: ast.AST, models: set[str]) -> bool:
    """`Entry(...)` or `Entry.objects.create(...)` and its kin."""
    if not isinstance(node, ast.Call):
        return False
    spelled = ast.unparse(node.func).split(".")
    return spelled[0] in models and (len(spelled) == 1 or spelled[-1] in WRITES)


def source_of(text: str) -> Source:
    return Source(PACKAGE / "desk" / "example.py", ast.parse(text), text.count("\n") + 1)


def test_the_watch_over_the_clock_sees_calls_and_defaults_and_lets_conversions_pass() -> None:
    text = (
        "a = date.today()\nb = Field(default=timezone.now)\nc = timezone.localdate(moment)\nd = timezone.localdate()\n"
    )
    assert sorted(clock_reads(source_of(text))) == [1, 2, 4]


def test_the_watch_over_the_journal_sees_writing_and_lets_reading_pass() -> None:
    text = (
        "from youwei.journal.models import Entry as E\nE(seq=1)\nE.objects.bulk_create([])\nE.objects.filter(seq=1)\n"
    )
    source = source_of(text)
    stored = stored_entry_names(source)
    assert [node.lineno for node in ast.walk(source.tree) if writes_to(node, stored)] == [2, 3]


def test_shelves_stand_in_their_order_in_the_linter() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    order = ["(urls)", "(views)", "(forms)", "(commands)", "(queries)", "(models)"]
    assert all(text.index(first) < text.index(second) for first, second in pairwise(order))
