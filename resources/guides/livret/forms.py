"""What a visitor chooses for a livret."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.filters import FilterForm

A4, A5 = "a4", "a5"
NORMAL, LARGE = "normal", "large"


class LivretForm(FilterForm):
    """How the livret is laid out. What is not understood is left out: A4, in ordinary letters."""

    format = forms.ChoiceField(
        label=_("To read or to fold"),
        required=False,
        initial=A4,
        widget=forms.RadioSelect,
        choices=[(A4, _("A4 pages, to read on a screen or print")), (A5, _("A5 booklet, to print and fold"))],
    )
    size = forms.ChoiceField(
        label=_("Letters"),
        required=False,
        initial=NORMAL,
        widget=forms.RadioSelect,
        choices=[(NORMAL, _("Ordinary letters")), (LARGE, _("Large letters"))],
    )

    @property
    def is_booklet(self) -> bool:
        return self.chosen("format") == A5

    @property
    def is_large(self) -> bool:
        return self.chosen("size") == LARGE
