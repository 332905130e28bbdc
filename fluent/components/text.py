"""Small pieces of text and signs: icon, badge, banner, time, copyable value."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from fluent.components.library import component, register
from fluent.icons import ICONS

# Whole phrases, since units change their case after "ago" in some languages; keys as `timesince` wants them.
AGO: dict[str, Any] = {
    "year": ngettext_lazy("%(num)d year ago", "%(num)d years ago", "num"),
    "month": ngettext_lazy("%(num)d month ago", "%(num)d months ago", "num"),
    "week": ngettext_lazy("%(num)d week ago", "%(num)d weeks ago", "num"),
    "day": ngettext_lazy("%(num)d day ago", "%(num)d days ago", "num"),
    "hour": ngettext_lazy("%(num)d hour ago", "%(num)d hours ago", "num"),
    "minute": ngettext_lazy("%(num)d minute ago", "%(num)d minutes ago", "num"),
}
AHEAD: dict[str, Any] = {
    "year": ngettext_lazy("in %(num)d year", "in %(num)d years", "num"),
    "month": ngettext_lazy("in %(num)d month", "in %(num)d months", "num"),
    "week": ngettext_lazy("in %(num)d week", "in %(num)d weeks", "num"),
    "day": ngettext_lazy("in %(num)d day", "in %(num)d days", "num"),
    "hour": ngettext_lazy("in %(num)d hour", "in %(num)d hours", "num"),
    "minute": ngettext_lazy("in %(num)d minute", "in %(num)d minutes", "num"),
}
BANNER_ICONS = {"info": "info", "success": "check-circle", "warning": "warning", "error": "error"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; decorative unless it has a label."""
    if name not in ICONS:
        message = f"There is no icon {name!r}; the names are in fluent/icons.py"
        raise ValueError(message)
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def badge(text: Any, kind: str = "neutral", icon: str = "") -> SafeString:
    return component("badge", text=text, kind=kind, icon_name=icon)


@register.simple_block_tag
def banner(content: str, kind: str = "info", title: str = "") -> SafeString:
    return component("banner", content=content, kind=kind, title=title, icon_name=BANNER_ICONS[kind])


@register.simple_tag
def copyable(value: Any, label: str = "") -> SafeString:
    return component("copyable", value=value, label=label)


@register.simple_tag
def code_block(text: str, label: str = "") -> SafeString:
    return component("code_block", text=text, label=label)


@register.simple_tag
def avatar(name: str, size: str = "medium") -> SafeString:
    """Initials of a name: the first letters of its first and last word."""
    words = str(name).split() or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return format_html('<span class="avatar avatar-{}" aria-hidden="true">{}</span>', size, letters.upper())


@register.simple_tag
def when(moment: datetime | date | None, format: str = "datetime", empty: str = "—") -> SafeString | str:  # noqa: A002 -- the parameter's name in templates
    """A moment as <time>: UTC as sent, rewritten into the viewer's zone by static/js/fluent.js."""
    if moment is None:
        return empty
    if not isinstance(moment, datetime):
        return format_html(
            '<time datetime="{}" data-when="day">{}</time>', moment.isoformat(), formats.date_format(moment)
        )
    aware = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    utc = aware.astimezone(UTC)
    exact = f"{formats.date_format(utc, 'DATETIME_FORMAT')} UTC"
    shown = {"date": formats.date_format(utc, "DATE_FORMAT"), "relative": relative(utc)}.get(format, exact)
    iso = utc.isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}" data-when="{}">{}</time>', iso, exact, format, shown)


def relative(moment: datetime) -> str:
    """How long ago (or ahead) a moment is, in words."""
    now = timezone.now()
    if abs(now - moment) < timedelta(minutes=1):
        return _("just now")
    if moment > now:
        return timesince(now, moment, time_strings=AHEAD, depth=1)
    return timesince(moment, now, time_strings=AGO, depth=1)
