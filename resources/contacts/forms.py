from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.filters import FilterForm, TermField, TextField
from resources.reference import ContactCategory, Theme


class ContactFilterForm(FilterForm):
    """What visitors choose among contacts."""

    q = TextField(label=_("Words"))
    place = TextField(label=_("Town or postcode"))
    side = forms.ChoiceField(
        label=_("For"), required=False, choices=[("", _("Home and work")), *ContactCategory.Side.choices]
    )
    category = TermField(ContactCategory, label=_("Kind of body"))
    theme = TermField(Theme, label=_("Theme"))
