from __future__ import annotations

import datetime as dt
import re
from functools import cached_property

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.geo import communes
from core.geo.communes import Commune
from core.text import fold
from resources.filters import FilterForm, TermField, TextField
from resources.reference import Audience, Theme

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2100
RADII = (10, 20, 50, 100)
USUAL_RADIUS = 50  # kilometres
CANDIDATES = 6


class MonthField(forms.Field):
    """A month written ``YYYY-MM``; its first day once read. Years from 2000 to 2100."""

    widget = forms.HiddenInput

    def to_python(self, value):
        if not value:
            return None
        match = _MONTH.fullmatch(value)
        if match:
            year, month = int(match[1]), int(match[2])
            if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
                return dt.date(year, month, 1)
        raise forms.ValidationError(_("Write a month as 2027-03."), code="invalid")


class WeekField(forms.Field):
    """A day written ``YYYY-MM-DD``; the Monday of its week once read. Years from 2000 to 2100."""

    widget = forms.HiddenInput

    def to_python(self, value):
        if not value:
            return None
        match = _DAY.fullmatch(value)
        try:
            day = dt.date(*(int(part) for part in match.groups())) if match else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year < LAST_YEAR:
            raise forms.ValidationError(_("Write a day as 2027-03-15."), code="invalid")
        return monday(day)


def monday(day: dt.date) -> dt.date:
    """The first day of a week."""
    return day - dt.timedelta(days=day.weekday())


class EventFilterForm(FilterForm):
    """What visitors choose among events."""

    q = TextField(label=_("Words"))
    place = TextField(label=_("Near which town"))
    radius = forms.TypedChoiceField(
        label=_("Within"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", f"{USUAL_RADIUS} km"), *((km, f"{km} km") for km in RADII if km != USUAL_RADIUS)],
    )
    theme = TermField(Theme, label=_("Theme"))
    audience = TermField(Audience, label=_("For whom"))
    mode = forms.ChoiceField(
        label=_("Where"),
        required=False,
        choices=[("", _("On site or online")), ("onsite", _("On site")), ("online", _("Online"))],
    )
    period = forms.ChoiceField(label=_("When"), required=False, choices=[("", _("To come")), ("past", _("Past"))])
    view = forms.ChoiceField(
        label=_("View"),
        required=False,
        choices=[("", _("List")), ("list", _("List")), ("month", _("Month")), ("week", _("Week"))],
        widget=forms.HiddenInput,
    )
    month = MonthField(label=_("Month"), required=False)
    week = WeekField(label=_("Week"), required=False)

    @cached_property
    def candidates(self) -> list[Commune]:
        """The communes that the visitor may mean, likeliest first."""
        text = self.chosen("place") or ""
        if not text:
            return []
        found = [one for one in communes.find(text, CANDIDATES) if one.has_point]
        exact = [one for one in found if fold(one.name) == fold(text)]
        return exact if len(exact) == 1 and not text.isdigit() else found

    @property
    def centre(self) -> Commune | None:
        """The commune around which events are looked for."""
        return self.candidates[0] if self.candidates else None

    @property
    def other_communes(self) -> list[Commune]:
        """What else the same words may mean."""
        return self.candidates[1:]

    @property
    def kilometres(self) -> int:
        """How far from the commune."""
        return self.chosen("radius") or USUAL_RADIUS

    @property
    def remarks(self) -> list[str]:
        """What was understood, and could not be done: one sentence each."""
        if self.chosen("place") and not self.centre:
            return [gettext("No town of this name is known: events are shown wherever they take place.")]
        if self.centre:
            return [
                gettext("Events within %(count)d km of %(town)s. Those online, or of unknown place, are left out.")
                % {"count": self.kilometres, "town": self.centre.label}
            ]
        return []

    @property
    def first_day(self) -> dt.date:
        """The first day of the month to show; of this month when none was asked for."""
        return self.chosen("month") or timezone.localdate().replace(day=1)

    @property
    def first_weekday(self) -> dt.date:
        """The Monday of the week to show; of this week when none was asked for."""
        return self.chosen("week") or monday(timezone.localdate())

    @property
    def shown_as(self) -> str:
        """How events are shown: ``list``, ``month`` or ``week``."""
        return self.chosen("view") or "list"
