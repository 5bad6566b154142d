"""Geometry and words of the drawings."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from youwei.ui.drawings import count_calendar, procedure_map, timeline
from youwei.ui.drawings.shapes import Circle, Drawing, Line, Link, Path, Rect, Text, clip_text, text_width, wrap_text
from youwei.ui.drawings.timeline_model import Scale

TODAY = date(2026, 9, 29)
BAR = timeline.Bar("党内严重警告", date(2026, 3, 12), date(2027, 9, 11), "一年六个月，止2027年9月11日")


def texts(drawing: Drawing) -> list[str]:
    found = []
    for shape in drawing.shapes:
        parts = shape.shapes if isinstance(shape, Link) else [shape]
        found.extend(part.text for part in parts if isinstance(part, Text))
    return found


def rects(drawing: Drawing, style: str) -> list[Rect]:
    return [shape for shape in drawing.shapes if isinstance(shape, Rect) and shape.style == style]


def sample(*bars: timeline.Bar, flag: timeline.Flag | None = None, today: date = TODAY) -> timeline.Timeline:
    return timeline.Timeline([timeline.Row(bar.label, [bar]) for bar in bars], today, "影响期", flag, "t")


def test_a_day_stands_in_proportion_on_the_axis() -> None:
    # 100 days from the first to the last, 1,000 wide: ten a day.
    scale = Scale(date(2026, 1, 1), date(2026, 4, 10), 0, 1000)
    assert scale.at(date(2026, 1, 1)) == 0
    assert scale.at(date(2026, 1, 11)) == 100
    assert scale.at(date(2026, 4, 11)) == 1000


def test_a_bar_covers_its_last_day_and_meets_the_flag_of_the_next() -> None:
    drawing = timeline.draw_wide(sample(BAR, flag=timeline.Flag(date(2027, 9, 12), "最早可提拔2027年9月12日")))
    pole = next(s for s in drawing.shapes if isinstance(s, Line) and s.style == "flag-l")
    assert rects(drawing, "b-rest")[0].right == pytest.approx(pole.x1, abs=0.2)


def test_the_elapsed_part_ends_at_today() -> None:
    drawing = timeline.draw_wide(sample(BAR))
    now = next(s for s in drawing.shapes if isinstance(s, Line) and s.style == "now")
    assert rects(drawing, "b-past")[0].right == pytest.approx(now.x1, abs=0.2)
    assert "已过6个月18天" in texts(drawing)


def test_an_ended_and_a_coming_period_have_no_elapsed_part() -> None:
    ended = timeline.Bar("诫勉", date(2025, 6, 3), date(2025, 12, 2))
    coming = timeline.Bar("记过", date(2027, 1, 1), date(2027, 12, 31))
    drawing = timeline.draw_wide(sample(ended, coming))
    assert len(rects(drawing, "b-ended")) == 1
    assert len(rects(drawing, "b-next")) == 1
    assert rects(drawing, "b-past") == []


@pytest.mark.parametrize("draw", [timeline.draw_wide, timeline.draw_narrow])
def test_the_drawing_says_its_dates_in_words(draw: object) -> None:
    drawing = draw(sample(BAR, flag=timeline.Flag(date(2027, 9, 12), "最早可提拔")))  # type: ignore[operator]
    assert drawing.title == "影响期"
    assert drawing.description == (
        "党内严重警告，2026年3月12日至2027年9月11日（一年六个月，止2027年9月11日）；最早可提拔，2027年9月12日；今天是2026年9月29日。"
    )
    assert "党内严重警告" in texts(drawing)


@pytest.mark.parametrize("years", [0, 1, 3, 10, 40])
def test_nothing_leaves_the_sheet_however_long_the_time(years: int) -> None:
    bar = timeline.Bar("撤销党内职务", TODAY, TODAY + timedelta(days=365 * years + 3), "止于很久以后的某一天，已经写明")
    flag = timeline.Flag(bar.last_day + timedelta(days=1), "最早可以重新担任领导职务的日子，见决定书第二页")
    for drawing in (timeline.draw_wide(sample(bar, flag=flag)), timeline.draw_narrow(sample(bar, flag=flag))):
        for shape in drawing.shapes:
            if isinstance(shape, Rect):
                assert shape.x >= 0
                assert shape.right <= drawing.width
            if isinstance(shape, Circle):
                assert 0 <= shape.x <= drawing.width
            if isinstance(shape, Text):
                width = text_width(shape.text)
                start = shape.x - (width if "t-e" in shape.style else 0)
                assert start >= -2
                assert start + width <= drawing.width + 30
                assert 0 < shape.y < drawing.height


def test_months_named_on_the_axis_do_not_touch() -> None:
    for days in (30, 200, 900, 4000, 20_000):
        scale = Scale(TODAY, TODAY + timedelta(days=days), 150, 1068)
        places = [scale.at(day) for day, _ in scale.ticks(72)]
        assert all(b - a >= 65 for a, b in pairwise(places))


def test_the_words_of_two_marks_on_near_days_do_not_cover_each_other() -> None:
    marks = [timeline.Mark(TODAY + timedelta(days=n), f"第{n}次回访的说明") for n in (0, 12, 24)]
    line = timeline.Timeline([timeline.Row("回访", marks=marks), timeline.Row("期间", [BAR])], TODAY, "回访", id="t")
    labels = [s for s in timeline.draw_wide(line).shapes if isinstance(s, Text) and "次回访" in s.text]
    spans = [(s.y, s.x, s.x + text_width(s.text, 12)) for s in labels]
    for n, (y, start, end) in enumerate(spans):
        assert all(y != y2 or end <= a or start >= b for y2, a, b in spans[n + 1 :])


STAGES = [procedure_map.Stage(f"s{n}", f"阶段{n}", "done" if n == 0 else "next") for n in range(3)]
BOXES = [
    procedure_map.Box("a", "s0", "建档", "3月16日", "done", "/a/"),
    procedure_map.Box("b", "s1", "回访", "10月9日前", "now", "/b/"),
    procedure_map.Box("c", "s2", "结论", state="next", condition="表现良好"),
]
EDGES = [
    procedure_map.Edge("a", "b"),
    procedure_map.Edge("b", "c"),
    procedure_map.Edge("c", "a", "重新建档", back=True),
    procedure_map.Edge("c", "nowhere"),
]
MAP = procedure_map.ProcedureMap(STAGES, BOXES, EDGES, "程序图", "m")


def test_each_box_is_a_link_with_its_state_in_words() -> None:
    links = [s for s in procedure_map.draw(MAP).shapes if isinstance(s, Link)]
    assert [(link.url, link.label) for link in links] == [
        ("/a/", "建档，已办，3月16日"),
        ("/b/", "回访，当前，10月9日前"),
    ]


def test_columns_follow_the_stages_and_conditions_stand_over_their_boxes() -> None:
    drawing = procedure_map.draw(MAP)
    stages = [s for s in drawing.shapes if isinstance(s, Rect) and s.style.startswith("yw-map-stage")]
    assert [s.x for s in stages] == sorted(s.x for s in stages)
    box = next(s for s in drawing.shapes if isinstance(s, Rect) and s.style == "yw-map-box is-next")
    condition = next(s for s in drawing.shapes if isinstance(s, Text) and s.text == "表现良好")
    assert box.y - 16 < condition.y < box.y
    assert "重新建档" in texts(drawing)
    assert drawing.description == "共3个阶段、3个环节；当前：回访。"


def test_edges_to_unknown_steps_are_left_out() -> None:
    paths = [s for s in procedure_map.draw(MAP).shapes if isinstance(s, Path) and s.style.startswith("yw-map-edge")]
    assert len(paths) == 3


@pytest.mark.parametrize("count", [1, 6, 7, 13])
def test_many_stages_go_on_in_bands_inside_the_sheet(count: int) -> None:
    stages = [procedure_map.Stage(f"s{n}", f"第{n}阶段的名称相当长") for n in range(count)]
    boxes = [procedure_map.Box(f"b{n}", f"s{n}", f"第{n}步，名称也很长需要换行显示", url="/") for n in range(count)]
    edges = [procedure_map.Edge(f"b{n}", f"b{n + 1}") for n in range(count - 1)]
    edges.append(procedure_map.Edge(f"b{count - 1}", "b0", "退回", back=True))
    drawing = procedure_map.draw(procedure_map.ProcedureMap(stages, boxes, edges, "程序图"))
    assert drawing.width <= 1078
    for shape in drawing.shapes:
        for part in shape.shapes if isinstance(shape, Link) else [shape]:
            if isinstance(part, Rect):
                assert part.right <= drawing.width
                assert part.y + part.height <= drawing.height


def test_an_empty_procedure_is_drawn_empty() -> None:
    assert (
        procedure_map.draw(procedure_map.ProcedureMap([], [], [], "空")).description == "共0个阶段、0个环节；当前：无。"
    )


def count_days() -> list[count_calendar.Day]:
    return [
        count_calendar.Day(date(2026, 9, 24), "work"),
        count_calendar.Day(date(2026, 9, 25), "holiday", name="中秋"),
        count_calendar.Day(date(2026, 9, 26), "holiday"),
        count_calendar.Day(date(2026, 9, 27), "holiday"),
        count_calendar.Day(date(2026, 9, 28), "work", 1),
        count_calendar.Day(date(2026, 9, 29), "work", 2),
    ]


def test_counted_days_stand_under_their_weekday_with_their_number() -> None:
    calendar = count_calendar.build(
        count_days(), today=date(2026, 9, 28), due=date(2026, 9, 29), start=date(2026, 9, 24)
    )
    first, second = calendar.weeks
    assert [cell and cell.figure for cell in first.cells] == [None, None, None, "24", "25", "26", "27"]
    assert first.cells[3].corner == "起"  # type: ignore[union-attr]
    assert (first.cells[4].corner, first.cells[4].small) == ("休", "中秋")  # type: ignore[union-attr]
    assert (second.cells[0].corner, second.cells[0].small) == ("今", "1")  # type: ignore[union-attr]
    assert second.cells[1].style == "is-in is-end"  # type: ignore[union-attr]
    assert calendar.description.startswith("从2026年9月28日起数2天，到2026年9月29日；")


def test_a_long_count_shows_its_first_and_last_weeks() -> None:
    days = [count_calendar.Day(date(2026, 1, 5) + timedelta(days=n)) for n in range(7 * 20)]
    weeks = count_calendar.build(days, today=None).weeks
    assert len(weeks) == 8
    assert [week.gap_before for week in weeks] == [0, 0, 0, 0, 12, 0, 0, 0]


def test_words_are_clipped_and_wrapped_to_their_room() -> None:
    assert clip_text("回访", 100) == "回访"
    assert clip_text("反馈所在单位党组织", 60) == "反馈所…"
    assert wrap_text("反馈所在单位党组织和区委组织部", 100) == ["反馈所在单位党", "组织和区委组…"]
