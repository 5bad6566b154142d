"""Every address of the site with the permission its view declares, and the names of what views ask of a query."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from tests.support.tree import product_sources

ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")
ASKED = re.compile(r"""(?:\.get|\.getlist|GET|POST|asked|query|data)[(\[]\s*["']([a-z_]+)["']""")
FIELD = re.compile(r"^    ([a-z_]+) = (?:forms\.)?\w*Field\(", re.MULTILINE)
# A number no row bears, and a word no step or kind bears.
SAMPLES = {
    "int": "999999999",
    "str": "none",
    "slug": "none",
    "path": "none",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


@dataclass(frozen=True)
class Address:
    route: str
    permission: str
    module: str

    @property
    def has_arguments(self) -> bool:
        return "<" in self.route

    @property
    def room(self) -> str:
        return self.module.split(".")[1]

    @property
    def path(self) -> str:
        return "/" + ARGUMENT.sub(lambda found: SAMPLES.get(found.group(1) or "str", "none"), self.route)


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(sorted(walk(get_resolver(), ""), key=lambda address: address.route))


def walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for item in resolver.url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from walk(item, route)
        elif isinstance(item, URLPattern):
            view = inspect.unwrap(item.callback)
            yield Address(route, getattr(item.callback, "permission", ""), view.__module__)


@cache
def asked_names(room: str) -> tuple[str, ...]:
    """Whatever the code of a room reads by name: from an address, from a form, from a mapping made of either."""
    found: set[str] = set()
    for source in product_sources():
        if source.room == room:
            text = source.path.read_text(encoding="utf-8")
            found |= {*ASKED.findall(text), *FIELD.findall(text)}
    return tuple(sorted(found))
