"""The frame, the tags and the gallery as the server writes them; nothing inline, no icon unknown."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from youwei.ui.frame import Frame, NavItem
from youwei.ui.htmx import go_to, is_htmx, render_piece, trigger
from youwei.ui.icons import known_icons
from youwei.ui.paging import count_capped, page_of
from youwei.ui.views import gallery

PACKAGE = Path(__file__).resolve().parents[2]
ICON_TAG = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']""")
INLINE = re.compile(
    r"""<[^>]+\s(style|on[a-z]+)\s*=\s*["']|<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)""", re.I
)


def draw(source: str, url: str = "/", **context: object) -> str:
    return engines["django"].from_string("{% load yw %}" + source).render(context, RequestFactory().get(url))


@pytest.fixture
def page_text() -> str:
    return gallery(RequestFactory().get("/gallery/")).content.decode()


def test_the_frame_renders_with_nothing_in_it() -> None:
    text = render_to_string("ui/base.html")
    assert '<main class="yw-main" id="main"' in text
    assert "不得录入国家秘密" in text
    assert "yw-search" not in text


def test_the_frame_shows_only_what_it_is_given() -> None:
    nav = [[NavItem("工作台", "/", "layout-list", 3, current=True)]]
    frame = Frame(
        organ="青溪区纪委监委", user="陈思远", role="经办", search_url="/s/", logout_url="/out/", watermark="陈思远"
    )
    text = render_to_string("ui/base.html", {"nav": nav, "frame": frame}, request=RequestFactory().get("/"))
    assert 'aria-current="page"' in text
    assert 'hx-post="/s/"' in text
    assert 'method="get"' not in text, "what is searched for may be an identity number and stays out of addresses"
    assert re.search(r'<form method="post" action="/out/">.*?csrfmiddlewaretoken', text, re.S)
    assert "yw-watermark" in text


def test_no_template_carries_an_inline_style_or_script() -> None:
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.glob("*/templates/**/*.html")
        if INLINE.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    named = {
        (str(path.relative_to(PACKAGE)), name)
        for path in PACKAGE.glob("*/templates/**/*.html")
        for name in ICON_TAG.findall(path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in named if name not in known_icons()} == set()


def test_the_gallery_has_no_inline_style_or_script(page_text: str) -> None:
    assert INLINE.search(page_text) is None


def test_ids_on_the_gallery_are_unique(page_text: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page_text)
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_what_people_write_cannot_become_markup() -> None:
    assert "<b>" not in draw("{% chip text 'run' %}{% note text %}{% due none note=text %}", text="<b>x</b>", none=None)


def test_an_unknown_icon_draws_nothing() -> None:
    assert draw("{% icon 'no-such-icon' %}") == ""


def test_a_due_label_has_the_date_first_and_the_distance_in_words() -> None:
    text = draw("{% due on today working_days=3 %}", on=date(2026, 10, 9), today=date(2026, 9, 29))
    assert re.sub(r"<[^>]+>", "", text) == "10月9日还有3个工作日"
    assert 'class="yw-due is-late"' in draw("{% due on today %}", on=date(2026, 9, 1), today=date(2026, 9, 29))


def test_the_pager_keeps_the_filters_of_the_address() -> None:
    text = draw("{% pager page %}", "/l/?kind=警告&page=2", page=page_of(list(range(500)), "2"))
    assert "kind=%E8%AD%A6%E5%91%8A" in text
    assert "page=3" in text
    assert '<span aria-current="page">2</span>' in text


def test_sorting_turns_round_and_begins_at_the_first_page() -> None:
    assert 'href="?q=x&amp;sort=-on"' in draw("{% sort_link '日期' 'on' %}", "/?q=x&page=3")
    again = draw("{% sort_link '日期' 'on' %}", "/?sort=-on")
    assert 'aria-sort="descending"' in again
    assert 'href="?sort=on"' in again


@pytest.mark.parametrize("wanted", ["", None, "0", "-1", "99999999", "x", "１", "2.5"])
def test_any_page_number_gives_a_page(wanted: str | None) -> None:
    page = page_of(list(range(60)), wanted)
    assert page.number in (1, 2)
    assert page.rows


def test_an_empty_list_has_one_empty_page() -> None:
    page = page_of([], "3")
    assert (page.number, page.pages, page.first, page.total_words) == (1, 1, 0, "共0条")


def test_a_long_list_is_counted_only_so_far() -> None:
    assert count_capped(list(range(30)), cap=20) == (20, True)
    assert count_capped(list(range(20)), cap=20) == (20, False)


def htmx_request(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"HX-Request": "true", **headers})


def test_htmx_gets_the_piece_and_the_browser_the_page() -> None:
    assert is_htmx(htmx_request())
    assert not is_htmx(htmx_request(**{"HX-History-Restore-Request": "true"}))
    context = {"tokens": [], "refusal": None}
    piece = render_piece(htmx_request(), "ui/error.html", "ui/parts/token_hits.html", context, push="/?q=1")
    assert "没有找到" in piece.content.decode()
    assert piece["HX-Push-Url"] == "/?q=1"
    assert "HX-Request" in piece["Vary"]


def test_htmx_and_browser_are_both_sent_on() -> None:
    assert go_to(htmx_request(), "/next/")["HX-Redirect"] == "/next/"
    plain = go_to(RequestFactory().get("/"), "/next/")
    assert (plain.status_code, plain["Location"]) == (303, "/next/")
    assert trigger(HttpResponse(), "yw:saved")["HX-Trigger"] == "yw:saved"


@pytest.mark.urls("youwei.ui.tests.urls")
def test_the_token_box_of_the_gallery_finds_people() -> None:
    text = Client().get("/gallery/tokens/", {"q": "顾"}).content.decode()
    assert 'data-value="3"' in text


def test_a_moment_is_shown_on_the_day_it_was_here() -> None:
    night = datetime(2026, 9, 28, 17, 5, tzinfo=UTC)
    assert draw("{{ at|cndate }} {{ at|cntime }}", at=night) == "2026年9月29日 1:05"
