from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from resources.filters import FilterForm, TermField, TextField
from resources.reference import Audience, Theme


class PartnerFilterForm(FilterForm):
    """What visitors choose among partners."""

    q = TextField(label=_("Words"))
    theme = TermField(Theme, label=_("Theme"))
    audience = TermField(Audience, label=_("For whom"))
