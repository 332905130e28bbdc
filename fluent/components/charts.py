"""Charts: bars of a part and the rest, and a line of percentages. The page shows the same figures as a table."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from fluent import charts
from fluent.components.library import component, register


@register.simple_tag
def bar_chart(bars: Sequence[charts.Bar], label: Any, part: Any, rest: Any) -> SafeString:
    """`part` and `rest` name the filled and the outlined piece in the legend."""
    drawn = charts.drawn_bars(bars)
    return component(
        "bar_chart", bars=drawn, label=label, part=part, rest=rest, width=charts.WIDTH, height=charts.HEIGHT
    )


@register.simple_tag
def line_chart(points: Sequence[charts.Point], label: Any, first: Any, last: Any) -> SafeString:
    """`first` and `last` stand at the two ends of the time axis."""
    return component(
        "line_chart",
        runs=charts.runs(points),
        scale=charts.scale(),
        label=label,
        first=first,
        last=last,
        width=charts.WIDTH,
        height=charts.HEIGHT,
    )
