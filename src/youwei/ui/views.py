"""The gallery: every part of a page on one page. Not mounted in the product; tests and developers mount it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from youwei.ui import gallery as samples
from youwei.ui.drawings import procedure_map, timeline


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All components with invented data."""
    line, chart = samples.sample_timeline(), samples.sample_map()
    context = {
        **samples.sample_frame(),
        **samples.sample_parts(),
        "today": samples.TODAY,
        "form": samples.filled_form(),
        "wide": timeline.draw_wide(line),
        "narrow": timeline.draw_narrow(line),
        "map": chart,
        "map_drawing": procedure_map.draw(chart),
        "why": samples.sample_why(),
        "stages": [
            ("准备", "done"),
            ("及时访", "done"),
            ("帮带", "done"),
            ("全面访", "now"),
            ("延伸访", ""),
            ("结论", ""),
        ],
        "dates": {"late": date(2026, 9, 23), "later": date(2026, 10, 9)},
        "import_steps": ["选文件", "对列", "核对", "写入"],
    }
    return render(request, "ui/gallery.html", context)


@require_safe
def gallery_tokens(request: HttpRequest) -> HttpResponse:
    """What the token box of the gallery finds."""
    found = samples.Names().like(request.GET.get("q", ""))
    return render(request, "ui/parts/token_hits.html", {"tokens": found})
