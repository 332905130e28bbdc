"""Charts as geometry: values in, whole units of a fixed view box out. No colours, no markup, no request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 308, 136
_TOP, _FLOOR = 10, 110
_LEFT = 34  # of a line chart, where the scale is written
_SCALE = (0, 50, 100)


@dataclass(frozen=True, slots=True)
class Bar:
    """`part` of `whole` is filled. `label` stands below the bar, `title` says the whole of it."""

    label: str
    title: str
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Point:
    """A percentage, or None where there is no value: the line has a gap there."""

    title: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class DrawnBar:
    bar: Bar
    x: int
    width: int
    middle: int
    part_top: int
    part_height: int
    rest_top: int
    rest_height: int


@dataclass(frozen=True, slots=True)
class Dot:
    point: Point
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale."""

    percent: int
    y: int


def drawn_bars(bars: Sequence[Bar]) -> list[DrawnBar]:
    """Bars side by side, the highest as high as the chart; the filled part stands on the floor, the rest on it."""
    slot = WIDTH // max(len(bars), 1)
    width = slot * 2 // 3
    highest = max((bar.whole for bar in bars), default=0) or 1
    return [_drawn(bar, number * slot + (slot - width) // 2, width, highest) for number, bar in enumerate(bars)]


def _drawn(bar: Bar, x: int, width: int, highest: int) -> DrawnBar:
    part, rest = _height(bar.part, highest), _height(bar.whole - bar.part, highest)
    return DrawnBar(
        bar=bar,
        x=x,
        width=width,
        middle=x + width // 2,
        part_top=_FLOOR - part,
        part_height=part,
        rest_top=_FLOOR - part - rest,
        rest_height=rest,
    )


def _height(amount: int, highest: int) -> int:
    """What is there is seen, however little of the whole it is."""
    return max(2, amount * (_FLOOR - _TOP) // highest) if amount else 0


def runs(points: Sequence[Point]) -> list[list[Dot]]:
    """The dots of each stretch without a gap, from left to right."""
    found: list[list[Dot]] = []
    before: int | None = None
    for number, dot in _dots(points):
        if before is None or number != before + 1:
            found.append([])
        found[-1].append(dot)
        before = number
    return found


def _dots(points: Sequence[Point]) -> Iterator[tuple[int, Dot]]:
    last = max(len(points) - 1, 1)
    for number, point in enumerate(points):
        if point.percent is not None:
            x = _LEFT + number * (WIDTH - _LEFT - 6) // last
            yield number, Dot(point, x, _y(point.percent))


def scale() -> list[Mark]:
    return [Mark(percent, _y(percent)) for percent in _SCALE]


def _y(percent: int) -> int:
    return _FLOOR - percent * (_FLOOR - _TOP) // 100
