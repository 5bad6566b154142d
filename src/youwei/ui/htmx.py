"""Answers for htmx: is it asking, which piece does it want, what address should the browser show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def is_htmx(request: HttpRequest) -> bool:
    """The request was made by htmx for a piece of a page (not for a restored history entry)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def render_piece(
    request: HttpRequest,
    page: str,
    piece: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    push: str = "",
) -> HttpResponse:
    """The fragment template ``piece`` for htmx, the whole ``page`` for everyone else. ``push`` becomes the address."""
    asked = is_htmx(request)
    response = render(request, piece if asked else page, dict(context or {}), status=status)
    patch_vary_headers(response, ("HX-Request",))
    return push_url(response, push) if asked and push else response


def push_url(response: HttpResponse, url: str) -> HttpResponse:
    """Let the browser show this address."""
    response["HX-Push-Url"] = url
    return response


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the reader to another page, whether htmx asked or the browser did."""
    if is_htmx(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    response = HttpResponse(status=303)
    response["Location"] = url
    return response


def trigger(response: HttpResponse, *events: str) -> HttpResponse:
    """Tell the page that something happened (``yw:saved`` …)."""
    response["HX-Trigger"] = ", ".join(events)
    return response
