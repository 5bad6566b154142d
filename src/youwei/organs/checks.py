"""A view without a declared permission does not start."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver):
            yield from patterns(item, prefix + str(item.pattern))
        else:
            yield prefix + str(item.pattern), item


@register()
def every_view_declares_its_permission(**_: Any) -> list[Error]:
    return [
        Error(f"/{route} 的视图没有声明权限", hint='用 @permission("…") 或 @public 声明', id="organs.E001")
        for route, item in patterns(get_resolver())
        if not hasattr(item.callback, "permission")
    ]
