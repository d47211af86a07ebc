"""The form by which a référent announces an event: as little to type as possible."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from regions.admin.page_forms import GuardedPageForm
from resources.events import expansion
from resources.events.recurrence import RuleError
from resources.events.recurrence_field import settle
from resources.events.zones import BY_TERRITORY, Zone, zone_info

USUAL_DURATION = dt.timedelta(hours=2)
# Around a date that is none of the event's, where the nearest ones are looked for.
NEAR = dt.timedelta(days=45)


class EventPageForm(GuardedPageForm):
    """Fills in what the groupement already told, and the end when only the beginning is given."""

    rule = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.starts_at and self.instance.time_zone != Zone.PARIS:
            for name in ("starts_at", "ends_at"):
                if moment := getattr(self.instance, name):
                    self.initial[name] = moment.astimezone(self.instance.zone).replace(tzinfo=None)
        if "ends_at" in self.fields:
            self.fields["ends_at"].required = False
            self.fields["ends_at"].help_text = _("Leave empty for two hours, or for the same day.")
        if self.instance.pk is None and self.parent_page is not None:
            self._suggest_from_groupement()

    def _suggest_from_groupement(self) -> None:
        groupement = getattr(self.parent_page.get_parent().specific, "groupement", None)
        if groupement is None:
            return
        suggestions = {
            "organiser": groupement.name,
            "contact_name": groupement.contact_name,
            "contact_phone": groupement.phone,
            "contact_email": groupement.email,
            "time_zone": next((BY_TERRITORY[code] for code in groupement.departements if code in BY_TERRITORY), ""),
        }
        for name, value in suggestions.items():
            if name in self.fields and value:
                self.initial[name] = value

    def clean(self):
        cleaned = super().clean()
        zone = zone_info(cleaned.get("time_zone") or Zone.PARIS)
        for name in ("starts_at", "ends_at"):
            if cleaned.get(name):
                # What was typed is the clock on the wall where it takes place.
                typed = timezone.localtime(cleaned[name])
                cleaned[name] = expansion.at_wall(typed.date(), typed.time(), zone)
        start = cleaned.get("starts_at")
        if start and cleaned.get("all_day"):
            first, last = (moment.astimezone(zone) for moment in (start, cleaned.get("ends_at") or start))
            cleaned["starts_at"] = expansion.at_wall(first.date(), dt.time.min, zone)
            cleaned["ends_at"] = expansion.at_wall(last.date(), dt.time(23, 59), zone)
        elif start and not cleaned.get("ends_at") and "ends_at" not in self.errors:
            cleaned["ends_at"] = start + USUAL_DURATION
        if "recurrence" in self.fields:
            cleaned["recurrence"] = self._rule_text(cleaned.get("recurrence"), start and start.astimezone(zone).date())
        return cleaned

    def _rule_text(self, rule, start) -> str:
        if rule is None or start is None:
            return ""
        try:
            self.rule = settle(rule, start)
        except forms.ValidationError as error:
            self.add_error(None, error)
            return ""
        except RuleError as error:
            self.add_error("recurrence", str(error))
            return ""
        return self.rule.text()

    def is_valid(self) -> bool:
        valid = super().is_valid()
        return self._check_changes() and valid

    def _check_changes(self) -> bool:
        """Each date that is different is one of the rule's, and is said once."""
        formset = self.formsets.get("changes")
        start = getattr(self, "cleaned_data", {}).get("starts_at")
        if not self.is_bound or formset is None or not start or self.errors:
            return True
        zone = zone_info(self.cleaned_data.get("time_zone") or Zone.PARIS)
        first, seen, right = start.astimezone(zone).date(), set(), True
        for form in formset.forms:
            data = getattr(form, "cleaned_data", None) or {}
            date = data.get("date")
            if not date or data.get("DELETE"):
                continue
            problem = self._problem(date, first, seen)
            seen.add(date)
            if problem:
                form.add_error("date", problem)
                right = False
        return right

    def _problem(self, date: dt.date, first: dt.date, seen: set) -> str:
        if self.rule is None:
            return _("This event does not repeat: use its status, at the end of the form.")
        if date in seen:
            return _("This date is there twice.")
        if date in self.rule.dates(first, since=date, last=date):
            return ""
        near = list(islice(self.rule.dates(first, since=date - NEAR, last=date + NEAR), 3))
        if not near:
            return _("This is not a date of this event.")
        days = ", ".join(date_format(day, "j F Y") for day in near)
        return _("This is not a date of this event. The nearest ones: %(days)s.") % {"days": days}
