from __future__ import annotations

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from resources.filters import FilterForm, TermField, TextField
from resources.reference import Theme


class LibraryFilterForm(FilterForm):
    """What visitors choose in the library."""

    q = TextField(label=_("Words"))
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    theme = TermField(Theme, label=_("Theme"))
    level = forms.ChoiceField(label=_("Level"), required=False)

    def __init__(self, data, **kwargs):
        model = apps.get_model("resources", "ResourcePage")
        self.base_fields["kind"].choices = [("", _("All")), *model.Kind.choices]
        self.base_fields["level"].choices = [("", _("All")), *model.LearningLevel.choices]
        super().__init__(data, **kwargs)
