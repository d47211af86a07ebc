"""What a visitor may ask of the directory."""

from __future__ import annotations

from functools import cached_property

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.geo import communes
from core.geo.communes import Commune
from core.text import fold
from resources.filters import FilterForm, TermField, TextField
from resources.reference import ContactCategory, Theme

RADII = (5, 10, 20, 50, 100)
CANDIDATES = 6
NOW, PERHAPS = "maintenant", "peut-etre"


class ContactFilterForm(FilterForm):
    """What visitors choose among contacts. A commune that is recognised sorts them by distance."""

    q = TextField(label=_("Words"))
    place = TextField(label=_("Town or postcode"))
    radius = forms.TypedChoiceField(
        label=_("Within"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any distance")), *((km, f"{km} km") for km in RADII)],
    )
    side = forms.ChoiceField(
        label=_("For"), required=False, choices=[("", _("Home and work")), *ContactCategory.Side.choices]
    )
    category = TermField(ContactCategory, label=_("Kind of body"))
    theme = TermField(Theme, label=_("Theme"))
    open = forms.ChoiceField(
        label=_("Open"),
        required=False,
        choices=[
            ("", _("At any time")),
            (NOW, _("Open now")),
            (PERHAPS, _("Open now, or hours unknown")),
        ],
    )

    @cached_property
    def candidates(self) -> list[Commune]:
        """The communes that the visitor may mean, likeliest first; none for a département's first figures."""
        text = self.chosen("place") or ""
        if text.isascii() and text.isdigit() and len(text) < 5:
            return []
        found = [one for one in communes.find(text, CANDIDATES) if one.has_point]
        exact = [one for one in found if fold(one.name) == fold(text)]
        # « Brest » is Brest: Brestot is not what was meant.
        return exact if len(exact) == 1 and not text.isdigit() else found

    @property
    def centre(self) -> Commune | None:
        """The commune from which distances are reckoned."""
        return self.candidates[0] if self.candidates else None

    @property
    def other_communes(self) -> list[Commune]:
        """What else the same words may mean."""
        return self.candidates[1:]

    @property
    def remarks(self) -> list[str]:
        """What was understood, and could not be done: one sentence each."""
        said = []
        text = self.chosen("place")
        if text and not self.centre and not text.isdigit():
            said.append(
                gettext("No town of this name is known: contacts that mention it are listed, without distances.")
            )
        if self.chosen("radius") and not self.centre:
            said.append(gettext("The distance needs a town: it has been left out."))
        return said

    @property
    def summary(self) -> list[str]:
        """What was chosen, in words: printed above the directory."""
        said = []
        for name, field in self.fields.items():
            value = self.chosen(name)
            if not value:
                continue
            shown = dict(field.choices).get(value, value) if isinstance(field, forms.ChoiceField) else value
            if name == "place" and self.centre:
                shown = self.centre.label
            said.append(f"{field.label} : {shown}")
        return said
