"""The house in order: small files and functions, told rooms, honest locks, documents whose links lead somewhere."""

import ast
import os
import re
from pathlib import Path

import pytest

from tests.support.tree import PACKAGE, ROOMS, ROOT, Source, files, product_sources, sources, templates

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ADDRESS = re.compile(r"https?://|file://")
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ENVIRONMENT_NAME = re.compile(r"\bYOUWEI_[A-Z_]+\b")
INLINE = re.compile(r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\ssrc=)""")
REQUIREMENT = re.compile(r"[A-K]\d{1,2}")
TEXT = {".py", ".md", ".html", ".yaml", ".yml", ".toml", ".json", ".css", ".js", ".txt", ".lock", ".svg", ""}


def test_files_and_functions_stay_small() -> None:
    wrong = []
    for source in product_sources():
        if source.lines > LONGEST_FILE:
            wrong.append(f"{source.name}: {source.lines} lines")
        wrong += [
            f"{source.name}:{node.lineno} {node.name}" for node in functions(source) if length(node) > LONGEST_FUNCTION
        ]
    assert not wrong


def functions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_nothing_is_imported_inside_a_function() -> None:
    wrong = []
    for source in sources():
        for function in functions(source):
            if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function)):
                wrong.append(f"{source.name}:{function.lineno} {function.name}")
    assert not wrong


def test_no_exception_is_caught_without_its_name() -> None:
    handlers = (
        (source, node) for source in sources() for node in ast.walk(source.tree) if isinstance(node, ast.ExceptHandler)
    )
    assert [f"{source.name}:{node.lineno}" for source, node in handlers if node.type is None] == []


@pytest.mark.parametrize("room", [room for room in ROOMS if (PACKAGE / room).exists()])
def test_each_room_says_what_is_born_here_what_it_takes_and_what_it_must_never_do(room: str) -> None:
    told = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    for words in ("Born here:", "Takes:", "(Must n|N)ever:"):
        assert re.search(words, told), f"the docstring of {room} lacks “{words} …”"


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", ".npmrc", "pyproject.toml"]
)
def test_a_lock_works_with_any_index_because_it_names_none(name: str) -> None:
    assert not ADDRESS.search((ROOT / name).read_text(encoding="utf-8"))


def test_the_front_end_lock_records_no_download_address() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_locked_package_has_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert pinned
    assert [line for line in pinned if "--hash=sha256:" not in line] == []


def test_the_lock_for_tests_holds_all_of_the_products_lock() -> None:
    pins = [
        {line.split(" ")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] <= pins[1]


def test_links_in_the_documents_lead_somewhere() -> None:
    wrong = []
    for path in files():
        if path.suffix != ".md":
            continue
        for link in MARKDOWN_LINK.findall(path.read_text(encoding="utf-8")):
            target = link.split("#")[0]
            if target and not ADDRESS.match(link) and not (path.parent / target).exists():
                wrong.append(f"{path.relative_to(ROOT)}: {link}")
    assert not wrong


def test_every_setting_of_the_environment_is_described_where_running_it_is() -> None:
    read = set()
    for source in product_sources():
        read |= set(ENVIRONMENT_NAME.findall(source.path.read_text(encoding="utf-8")))
    described = set(ENVIRONMENT_NAME.findall((ROOT / "docs" / "running.md").read_text(encoding="utf-8")))
    assert read == described


def test_pages_carry_no_script_or_style_of_their_own_and_no_foreign_address() -> None:
    wrong = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html" and (INLINE.search(text) or ADDRESS.search(text.replace("http://www.w3.org/", ""))):
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


def test_requirements_are_named_the_way_the_mission_names_them() -> None:
    wrong = []
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
                names = [argument.value if isinstance(argument, ast.Constant) else "" for argument in node.args]
                if not names or not all(REQUIREMENT.fullmatch(str(name)) for name in names):
                    wrong.append(f"{source.name}:{node.lineno}")
    assert not wrong


def test_the_tree_names_no_folder_of_the_machine_it_was_written_on() -> None:
    folders = [f"{os.sep}{name}{os.sep}" for name in ("work", "root")]
    wrong = []
    for path in files():
        if path.suffix in TEXT and any(has_folder(path, folder) for folder in folders):
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


def has_folder(path: Path, folder: str) -> bool:
    """The folder at the start of a path, not in the middle of an address or another path."""
    return (
        re.search(rf"""(?<![\w.>}}-]){re.escape(folder)}""", path.read_text(encoding="utf-8", errors="ignore"))
        is not None
    )
