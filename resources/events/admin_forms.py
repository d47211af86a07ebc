"""The form by which a référent announces an event: as little to type as possible."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.admin.page_forms import GuardedPageForm

USUAL_DURATION = dt.timedelta(hours=2)


class EventPageForm(GuardedPageForm):
    """Fills in what the groupement already told, and the end when only the beginning is given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
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
        }
        for name, value in suggestions.items():
            if name in self.fields and value:
                self.initial[name] = value

    def clean(self):
        cleaned = super().clean()
        start = cleaned.get("starts_at")
        if start and cleaned.get("all_day"):
            day = timezone.localtime(start)
            cleaned["starts_at"] = day.replace(hour=0, minute=0, second=0, microsecond=0)
            last = timezone.localtime(cleaned.get("ends_at") or start)
            cleaned["ends_at"] = last.replace(hour=23, minute=59, second=0, microsecond=0)
        elif start and not cleaned.get("ends_at") and "ends_at" not in self.errors:
            cleaned["ends_at"] = start + USUAL_DURATION
        return cleaned
