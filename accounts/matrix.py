"""The matrix as the settings make it, and which row a path belongs to."""

from functools import lru_cache

from django.conf import settings

from accounts.access import AREAS, DEMO_AREAS, Area, Preset, under_preset

Segments = tuple[str, ...]
_DEMO = DEMO_AREAS if settings.DEMO else ()  # once, as the addresses of its pages


def segments(path: str) -> Segments | None:
    """Split a once-decoded path into whole segments; None when it has an empty, `.` or `..` segment.

    `/` is the empty path. Such paths are refused before anything else looks at them, because other layers
    (proxies, file systems) would read them as a different path.
    """
    if path == "/":
        return ()
    first, *parts = path.split("/")
    if first or any(part in {"", ".", ".."} for part in parts):
        return None
    return tuple(parts)


@lru_cache(maxsize=16)
def _index(areas: tuple[Area, ...]) -> dict[Segments, Area]:
    return {segments(prefix) or (): area for area in areas for prefix in area.prefixes}


def find_area(areas: tuple[Area, ...], path: Segments) -> Area | None:
    """Return the row with the longest prefix of whole segments, or None: refused. `/` is a prefix of itself only."""
    index = _index(areas)
    if not path:
        return index.get(())
    for length in range(len(path), 0, -1):
        if area := index.get(path[:length]):
            return area
    return None


def live_areas() -> tuple[Area, ...]:
    """Return the routed rows under the settings ACCESS_PRESET and MFA_MAXIMUM_AGE."""
    return _live(settings.ACCESS_PRESET, settings.MFA_MAXIMUM_AGE)


@lru_cache(maxsize=8)
def _live(preset: str, maximum_age: object) -> tuple[Area, ...]:
    return under_preset((*AREAS, *_DEMO), Preset(preset), settings.MFA_MAXIMUM_AGE)
