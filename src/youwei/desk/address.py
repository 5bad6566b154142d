"""What an address asks for, read so that nothing typed into it can break a page: unknown words fall back, bad dates are said in words."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from youwei.organs.policy import Reader
from youwei.people.queries import tells_identity
from youwei.ui.dates import DateFault, parse_date

CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
MOST_DIGITS = 15


def reader_of(request: HttpRequest) -> Reader:
    """Who is asking; set by `@permission`."""
    return request.reader  # type: ignore[attr-defined,no-any-return]


def words(query: Mapping[str, str], name: str, most: int = 60) -> str:
    """A text without control characters, not longer than `most`."""
    return CONTROL.sub("", query.get(name, "")).strip()[:most]


View = Callable[..., HttpResponse]


def no_identity_in_address(view: View) -> View:
    """An identity number has no place in an address, which is kept in logs and histories: the page is opened without it. Forms ask `find`."""

    @wraps(view)
    def kept_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if tells_identity(request.GET.get("q", "")):
            return redirect(request.path)
        return view(request, *args, **kwargs)

    return kept_out


def one_of(query: Mapping[str, str], name: str, allowed: Iterable[str], default: str = "") -> str:
    """One of the allowed words, or the default."""
    found = query.get(name, "")
    return found if found in set(allowed) else default


def whole(query: Mapping[str, str], name: str) -> int | None:
    """A positive whole number, or nothing."""
    found = query.get(name, "")
    return int(found) if found.isascii() and found.isdigit() and len(found) <= MOST_DIGITS else None


def day(query: Mapping[str, str], name: str, label: str, today: date) -> tuple[date | None, str]:
    """A day in any common form, and why it is none when something else was typed."""
    found = words(query, name, 40)
    if not found:
        return None, ""
    try:
        return parse_date(found, today), ""
    except DateFault as fault:
        return None, f"{label}：{fault}"


def past_day(query: Mapping[str, str], today: date) -> tuple[date | None, str]:
    """The earlier day an address asks for with `on` (截至某日), and why it is none when something else was typed."""
    asked, fault = day(query, "on", "截至", today)
    if asked is not None and asked > today:
        return None, "截至：不能晚于今天，现在显示的是今天的情况。"
    return (asked if asked != today else None), fault
