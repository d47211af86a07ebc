from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.enums import Situation
from resources.filters import FilterForm, TermField, TextField
from resources.reference import Audience, Theme


class GuideFilterForm(FilterForm):
    """What visitors choose among guides."""

    q = TextField(label=_("Words"))
    situation = forms.ChoiceField(
        label=_("My situation"), required=False, choices=[("", _("All")), *Situation.choices]
    )
    theme = TermField(Theme, label=_("Theme"))
    audience = TermField(Audience, label=_("For whom"))
