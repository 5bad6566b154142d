"""``{% load yw %}``: the parts of a page. Each tag renders one small template; none reads the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, FileField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from youwei.ui import words
from youwei.ui.drawings.shapes import Drawing, coordinate
from youwei.ui.icons import known_icons
from youwei.ui.parts import Dialog, Empty, Explanation, Job, Refusal, Stale
from youwei.ui.widgets import Choice

register = template.Library()

CHIP_ICONS = {
    "run": "hourglass",
    "soon": "clock",
    "late": "alert-triangle",
    "done": "check",
    "seal": "lock",
    "block": "ban",
    "wait": "hourglass",
}
NOTE_TONES = {"success": "done", "warning": "soon", "error": "late", "debug": "plain", "info": ""}
NOTE_ICONS = {"done": "circle-check", "soon": "alert-circle", "late": "alert-triangle", "plain": "info-circle"}


@register.simple_tag
@lru_cache(
    maxsize=512
)  # a list draws the same few icons a hundred times; where they lie does not change while the program runs
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; ``size`` is ``s`` or ``l``. An unknown name draws nothing."""
    if name not in known_icons():
        return mark_safe("")
    style = f"yw-i yw-i-{size}" if size else "yw-i"
    address = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', style, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', style, address)


@register.simple_tag
def chip(text: str, tone: str = "", icon_name: str | None = None) -> SafeString:
    """A state: tint, icon and word. Tones: run, soon, late, done, wait, seal, block, plain."""
    name = CHIP_ICONS.get(tone, "") if icon_name is None else icon_name
    style = f"yw-chip is-{tone}" if tone else "yw-chip"
    return format_html('<span class="{}">{}{}</span>', style, icon(name), text)


@register.simple_tag
def due(
    on: date | None,
    today: date | None = None,
    working_days: int | None = None,
    state: str = "",
    note: str = "",
    provisional: bool = False,
) -> SafeString:
    """A due label: the date first, the distance under it. ``note`` replaces the words of the distance."""
    found = words.due_words(on, today, working_days=working_days, state=state, provisional=provisional)
    style = f"yw-due is-{found.tone}" if found.tone in ("late", "soon", "done") else "yw-due"
    if on is None:
        head = format_html("<time>{}</time>", found.text)
        tail = note
    else:
        head = format_html('<time datetime="{}">{}</time>', on.isoformat(), words.cn_date(on, today))
        tail = note or found.text
    return format_html('<span class="{}">{}<span>{}{}</span></span>', style, head, icon(found.icon), tail)


@register.filter(expects_localtime=True)
def cndate(value: Any, today: date | None = None) -> str:
    """2026年11月21日; ``{{ d|cndate:today }}`` leaves out the current year."""
    if isinstance(value, datetime):
        return words.cn_date(value.date(), today)
    return words.cn_date(value if isinstance(value, date) else None, today)


@register.filter(expects_localtime=True)
def cntime(value: Any) -> str:
    """9:05."""
    return words.cn_time(value) if isinstance(value, datetime) else words.DASH


@register.filter
def weekday(value: Any) -> str:
    """星期六."""
    return words.cn_weekday(value) if isinstance(value, date) else ""


@register.simple_tag
def duration(start: date, end: date) -> str:
    """The time between two days in words: 6个月18天."""
    return words.span_words(start, end)


@register.filter
def mask_id(value: Any) -> str:
    """An identity number with only the year of birth."""
    return words.mask_identity(str(value or ""))


@register.filter
def number(value: Any) -> str:
    """1,126 or a dash."""
    return words.number_words(value if isinstance(value, (int, float)) else None)


@register.filter
def percent(value: Any, digits: int = 1) -> str:
    """0.964 as 96.4%, or a dash."""
    return words.percent_words(float(value) if isinstance(value, (int, float)) else None, digits)


@register.simple_tag
def note(text: Any, tone: str = "", icon_name: str = "", role: str = "", url: str = "", act: str = "") -> SafeString:
    """A framed remark. Tones: done, soon, late, plain, or a message level. ``url`` and ``act`` add a link."""
    kind = NOTE_TONES.get(tone, tone)
    context = {"text": text, "kind": kind, "icon": icon_name or NOTE_ICONS.get(kind, "info-circle")}
    return render_to_string("ui/parts/note.html", {**context, "role": role, "url": url, "act": act})


@register.inclusion_tag("ui/parts/crumbs.html")
def crumbs(*items: Any) -> dict[str, Any]:
    """``{% crumbs "回访教育" url "许南舟" %}``: titles and addresses in turn; or a list of pairs."""
    if len(items) == 1 and not isinstance(items[0], str):
        return {"items": list(items[0])}
    pairs = [(items[i], items[i + 1] if i + 1 < len(items) else "") for i in range(0, len(items), 2)]
    return {"items": pairs}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any, param: str = "page") -> dict[str, Any]:
    """The foot of a list: which pages there are. Keeps the rest of the address."""
    request = context.get("request")

    def address(n: int) -> str:
        query = request.GET.copy() if request is not None else None
        if query is None:
            return f"?{param}={n}"
        query[param] = str(n)
        return f"?{query.urlencode()}"

    return {"page": page, "links": [(n, address(n) if n else "") for n in page.numbers()]}


@register.inclusion_tag("ui/parts/sort_head.html", takes_context=True)
def sort_link(context: Context, title: str, key: str, style: str = "", param: str = "sort") -> dict[str, Any]:
    """A table head that sorts by ``key``; ``sort=-key`` in the address means newest or largest first."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    current = query.get(param, "") if query is not None else ""
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    target = key if direction == "descending" else f"-{key}"
    url = f"?{param}={target}"
    if query is not None:
        query[param] = target
        query.pop("page", None)
        url = f"?{query.urlencode()}"
    return {"title": title, "url": url, "direction": direction, "style": style}


def _described(form: BaseForm, name: str, attribute: str) -> str:
    """What a form says about a field beyond Django's own: ``form.hints[name]`` …"""
    found = getattr(form, attribute, None)
    return str(found.get(name, "")) if isinstance(found, Mapping) else ""


@register.simple_tag
def field(bound: BoundField, span: int = 0, hint: str = "", required_note: str = "") -> SafeString:
    """One field in the grid ``yw-fields``: label, 必填, control, help, faults, and a hint that does not block.

    A field that is required only for some answers is marked too: it carries ``asked`` and shows only for those. ``mark`` is its own word for 必填.
    """
    if bound.is_hidden:
        return format_html("{}", bound.as_widget())
    widget = bound.field.widget
    width = span or getattr(bound.field, "span", 0) or getattr(widget, "span", 6)
    at_least = getattr(bound.field, "at_least", 0) or 0
    mark = required_note or (f"至少{at_least}{getattr(bound.field, 'unit', '项')}" if at_least > 1 else "必填")
    wanted = bound.field.required or getattr(bound.field, "asked", False)
    context = {
        "bound": bound,
        "width": width,
        "group": isinstance(widget, Choice) or getattr(widget, "template_name", "") == "ui/widgets/rows.html",
        "mark": getattr(bound.field, "mark", "") or (mark if wanted else ""),
        "hint": hint or _described(bound.form, bound.name, "hints"),
        "control": bound.as_widget(attrs={"aria-invalid": "true"} if bound.errors else {}),
    }
    return render_to_string("ui/field.html", context)


@register.inclusion_tag("ui/fields.html")
def fields(form: BaseForm, *names: str) -> dict[str, Any]:
    """All fields of a form in the grid (or the named ones), without the summary of faults."""
    return {"bounds": [form[name] for name in names] if names else list(form)}


@register.inclusion_tag("ui/parts/faults.html")
def faults(form: BaseForm) -> dict[str, Any]:
    """The faults summed up, with links to the fields."""
    items = [("", "", str(words_)) for words_ in form.non_field_errors()]
    for bound in form:
        items.extend((bound.id_for_label or bound.auto_id, str(bound.label), str(words_)) for words_ in bound.errors)
    return {"items": items}


@register.filter
def has_file(form: BaseForm) -> bool:
    """The form sends files."""
    return any(isinstance(f, FileField) for f in form.fields.values())


@register.simple_tag
def refusal(value: Refusal, heading: str = "h2") -> SafeString:
    """Why not: 原因, 依据, 怎么办."""
    return render_to_string("ui/refusal.html", {"refusal": value, "heading": heading})


@register.simple_tag
def explain(value: Explanation, heading: str = "h2") -> SafeString:
    """为什么是这一天: the reasons, and the counted days. Close it with script, or leave the page it stands on."""
    return render_to_string("ui/explain.html", {"why": value, "heading": heading})


@register.simple_tag
def empty(value: Empty) -> SafeString:
    """An empty state."""
    return render_to_string("ui/empty.html", {"empty": value})


@register.simple_tag(takes_context=True)
def dialog(context: Context, value: Dialog) -> SafeString:
    """The words before a final act, in a dialog opened by ``<button data-dialog="ID">``."""
    return render_to_string("ui/dialog.html", {"dialog": value}, request=context.get("request"))


@register.simple_tag(takes_context=True)
def stale(context: Context, value: Stale) -> SafeString:
    """Two versions side by side."""
    return render_to_string("ui/stale.html", {"stale": value}, request=context.get("request"))


@register.simple_tag
def progress(job: Job) -> SafeString:
    """Long work; asks for itself again every two seconds until it is over."""
    return render_to_string("ui/progress.html", {"job": job})


@register.simple_tag
def drawing(value: Drawing, style: str = "") -> SafeString:
    """A drawing as inline SVG; ``style`` adds classes (``yw-wide``, ``yw-narrow``)."""
    return render_to_string("ui/drawings/drawing.html", {"drawing": value, "style": style})


@register.filter
def xy(value: float) -> str:
    """A coordinate for an SVG attribute, whatever the locale."""
    return coordinate(value)


@register.inclusion_tag("ui/drawings/count_calendar.html")
def count_calendar(value: Any, small: bool = True) -> dict[str, Any]:
    """The counted days as a small calendar."""
    return {"calendar": value, "small": small}


@register.inclusion_tag("ui/drawings/map_list.html")
def map_list(value: Any) -> dict[str, Any]:
    """The procedure map as an ordered list."""
    return {"map": value}


@register.inclusion_tag("ui/chart.html")
def chart(options: Mapping[str, Any], name: str, title: str, size: str = "l") -> dict[str, Any]:
    """A chart beside a table with the same figures. ``options`` are ECharts options without colours."""
    return {"options": options, "name": name, "title": title, "size": size}


@register.simple_tag
def steps(items: Sequence[tuple[str, str]]) -> SafeString:
    """A strip of (title, state) pairs: done, now, or nothing."""
    return render_to_string("ui/parts/steps.html", {"items": items})


@register.simple_tag
def wizard(titles: Sequence[str], current: int) -> SafeString:
    """The steps of a long act; ``current`` counts from 1."""
    items = [(n, title, "done" if n < current else "now" if n == current else "") for n, title in enumerate(titles, 1)]
    return render_to_string("ui/parts/wizard.html", {"items": items})
