"""What a visitor may ask, as read from the address of a page of results."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Groupement
from resources.filters import FilterForm, TermField, TextField
from resources.index.declaration import Kind
from resources.reference import Audience, Theme

LEVELS = [("nation", _("National")), ("zone", _("My zone")), ("groupement", _("Groupements"))]
MOMENTS = [("upcoming", _("To come")), ("month", _("This month")), ("past", _("Past"))]
SORTS = [("", _("Relevance")), ("date", _("Date")), ("distance", _("Distance"))]


class QuestionField(TextField):
    """The words searched: a text field in a form that says itself that it is a search."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # ARIA gives a field of type “search” no other role; this one becomes a combobox.
        self.widget.attrs |= {"type": "text"}


class SearchForm(FilterForm):
    """A search: words, and what narrows it."""

    q = QuestionField(label=_("Words"))
    kind = forms.MultipleChoiceField(label=_("Type"), required=False, choices=Kind.choices)
    theme = TermField(Theme, label=_("Theme"))
    audience = TermField(Audience, label=_("For whom"))
    groupement = TermField(Groupement, label=_("Groupement"))
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", ""), *LEVELS])
    when = forms.ChoiceField(label=_("When"), required=False, choices=[("", ""), *MOMENTS])
    sort = forms.ChoiceField(label=_("Sort"), required=False, choices=SORTS)
    near = TextField(label=_("Near (town or postcode)"))
    network = forms.ChoiceField(label=_("Search the whole network"), required=False, choices=[("", ""), ("1", "1")])

    # What narrows a search, in the order it is told; each is a parameter of the address.
    FILTERS: ClassVar[tuple[str, ...]] = ("kind", "theme", "audience", "groupement", "level", "when", "near")

    @property
    def text(self) -> str:
        return self.chosen("q") or ""

    @property
    def whole_network(self) -> bool:
        return self.chosen("network") == "1"

    @property
    def is_narrowed(self) -> bool:
        """Whether something else than words was asked for."""
        return any(self.chosen(name) for name in self.FILTERS)

    def code_of(self, name: str) -> str:
        """What was chosen for a filter, as it is written in an address; empty for nothing."""
        value = self.chosen(name)
        return getattr(value, "code", value) or ""

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What was understood, in one order: the parameters of the search's address, its page left out."""
        found = [("q", self.text)]
        for name in (*self.FILTERS, "sort", "network"):
            value = self.chosen(name)
            found += [(name, one) for one in value or ()] if name == "kind" else [(name, self.code_of(name))]
        return [(name, value) for name, value in found if value]
