"""The source tree as the structural tests read it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "youwei"

# Route order: a room may know those before it.
ROOMS = (
    "rulebook",
    "engine",
    "ui",
    "journal",
    "organs",
    "people",
    "intake",
    "decisions",
    "cases",
    "documents",
    "voting",
    "desk",
    "statistics",
    "config",
)
DATA = ("law", "packs")


@dataclass(frozen=True)
class Source:
    path: Path
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        """The room of a file of the package, or the folder of any other."""
        if self.path.is_relative_to(PACKAGE):
            return self.path.relative_to(PACKAGE).parts[0]
        return self.path.relative_to(ROOT).parts[0]

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def is_test(self) -> bool:
        return bool({"tests", "migrations"} & set(self.path.relative_to(ROOT).parts)) or self.path.name == "conftest.py"


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


@cache
def sources() -> tuple[Source, ...]:
    found = []
    for path in files():
        if path.suffix == ".py" or path == ROOT / "youwei":
            text = path.read_text(encoding="utf-8")
            found.append(Source(path, ast.parse(text), text.count("\n") + 1))
    return tuple(found)


def product_sources() -> Iterator[Source]:
    """The product's own code: no tests, no migrations."""
    return (source for source in sources() if not source.is_test)


def templates() -> list[Path]:
    return [path for path in files() if path.is_relative_to(PACKAGE) and "templates" in path.parts]


def imported_modules(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module, with `from a import b` given as both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
