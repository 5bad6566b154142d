"""`{% load figures %}`: addresses of other views of the same figures."""

from typing import Any

from django import template

from youwei.statistics.forms import Wish

register = template.Library()


@register.simple_tag
def other(view: Wish, **changes: Any) -> str:
    """The query of this view with changes: `?{% other view opened="" organ=line.organ %}`."""
    return view.address(**changes)
