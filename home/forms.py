from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from regions import territories

MAX_LENGTH = 60


class FinderForm(forms.Form):
    """Find my groupement: a département, its number, or the first figures of a postcode."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Your département or postcode"),
        max_length=MAX_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "placeholder": "29, 29200, Finistère"}),
        error_messages={"max_length": _("Write a département or a postcode, such as 29 or Finistère.")},
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **{"label_suffix": "", "auto_id": "trouver_%s", **kwargs})

    @property
    def question(self) -> str:
        """What was asked, once cleaned; empty when nothing was, or when it could not be read."""
        return self.cleaned_data.get("q", "") if self.is_bound and self.is_valid() else ""

    @property
    def codes(self) -> list[str]:
        """The codes of the territories that the question may mean."""
        return territories.search(self.question)
