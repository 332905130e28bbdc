"""Charts as geometry: nothing that is there is invisible, nothing that is not there is drawn."""

from fluent.charts import Bar, Point, drawn_bars, runs


def test_the_filled_part_stands_on_the_floor_and_the_rest_on_it() -> None:
    (bar,) = drawn_bars([Bar("Mon", "", 5, 10)])
    assert (bar.part_top, bar.part_height) == (60, 50)
    assert (bar.rest_top, bar.rest_height) == (10, 50)


def test_bars_are_as_high_as_their_share_of_the_highest() -> None:
    high, low = drawn_bars([Bar("Mon", "", 0, 200), Bar("Tue", "", 0, 100)])
    assert (high.rest_height, low.rest_height) == (100, 50)


def test_one_of_a_million_is_seen_and_none_is_not() -> None:
    one, _all, nothing = drawn_bars([Bar("", "", 1, 1), Bar("", "", 0, 1_000_000), Bar("", "", 0, 0)])
    assert one.part_height == 2
    assert (nothing.part_height, nothing.rest_height) == (0, 0)


def test_a_chart_of_nothing_is_flat() -> None:
    assert [bar.rest_height for bar in drawn_bars([Bar("", "", 0, 0)] * 7)] == [0] * 7
    assert drawn_bars([]) == []


def test_a_day_without_a_value_parts_the_line() -> None:
    parts = runs([Point("", 0), Point("", 100), Point("", None), Point("", 50)])
    assert [[dot.y for dot in part] for part in parts] == [[110, 10], [60]]
    assert (parts[0][0].x, parts[1][0].x) == (34, 302)
