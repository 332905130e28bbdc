"""What somebody chooses for a mail address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from security.mails.services import Choices
from security.metrics import Measure
from security.wording import MEASURES

_TARGET = 100


def _days() -> list[tuple[Any, Any]]:
    return [("", _("No weekly summary")), *WEEKDAYS.items()]


class ChoicesForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of the mails"), choices=lambda: settings.LANGUAGES)
    weekly_on = forms.TypedChoiceField(
        label=_("Weekly summary"),
        help_text=_("Sent in the morning (UTC) of that day, once its snapshot was taken."),
        choices=_days,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for measure in Measure:
            self.fields[f"below_{measure}"] = forms.IntegerField(
                label=_("Alert below, in percent: %(figure)s") % {"figure": MEASURES[measure]},
                help_text=_("Empty: no alert about this figure."),
                min_value=1,
                max_value=_TARGET,
                initial=_TARGET,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and cleaned["weekly_on"] is None and not self._thresholds():
            raise forms.ValidationError(_("Choose a weekly summary or at least one alert."), code="nothing")
        return cleaned

    @property
    def choices(self) -> Choices:
        cleaned = self.cleaned_data
        return Choices(cleaned["language"], cleaned["weekly_on"], self._thresholds())

    def _thresholds(self) -> Mapping[Measure, int]:
        given = {measure: self.cleaned_data[f"below_{measure}"] for measure in Measure}
        return {measure: percent for measure, percent in given.items() if percent is not None}


class SubscribeForm(ChoicesForm):
    address = forms.EmailField(
        label=_("Mail address"),
        help_text=_("A link is mailed there. Nothing else is sent before it was followed and confirmed."),
        max_length=254,
    )
    field_order = ["address"]


def initial_choices(choices: Choices) -> dict[str, Any]:
    thresholds = {f"below_{measure}": choices.thresholds.get(measure) for measure in Measure}
    return {"language": choices.language, "weekly_on": choices.weekly_on, **thresholds}
