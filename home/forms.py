from __future__ import annotations

from django import forms
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MAX_LENGTH = 80


class FinderForm(forms.Form):
    """Find my groupement: a commune, a postcode, a département or its number."""

    use_required_attribute = False

    q = forms.CharField(
        label=_("Your commune or postcode"),
        max_length=MAX_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "placeholder": "Brest, 29200, Finistère…"}),
        error_messages={"max_length": _("Write a commune or a postcode, such as Brest or 29200.")},
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **{"label_suffix": "", "auto_id": "trouver_%s", **kwargs})
        self.fields["q"].widget.attrs |= {
            "data-combobox": static("mara/js/combobox.js"),
            "data-source": f"{reverse('communes')}?q=",
            "data-list-label": _now("Communes"),
            "data-one": ngettext("%(count)s suggestion", "%(count)s suggestions", 1) % {"count": 1},
            "data-many": ngettext("%(count)s suggestion", "%(count)s suggestions", 2) % {"count": "{n}"},
            "data-submit": True,
        }

    @property
    def question(self) -> str:
        """What was asked, once cleaned; empty when nothing was, or when it could not be read."""
        return self.cleaned_data.get("q", "") if self.is_bound and self.is_valid() else ""
