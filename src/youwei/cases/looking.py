"""When a process looks which versions of procedures are in force here: before every page that somebody has signed in for, and before every job."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django_tasks.signals import task_started

from youwei.cases.logs import look


class Looking:
    """Middleware. Public pages know of no procedure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if request.user.is_authenticated and getattr(view, "permission", "public") != "public":
            look()


def _job(**_: Any) -> None:
    look()


task_started.connect(_job)
