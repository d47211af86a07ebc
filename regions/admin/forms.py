from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from regions.models import Groupement
from regions.territories import CHOICES


class GroupementForm(WagtailAdminModelForm):
    """A groupement as the national administrator sees it."""

    departements = forms.MultipleChoiceField(
        label=_("Départements"),
        choices=CHOICES,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("Hold Ctrl (or Cmd) to choose several."),
    )

    class Meta:
        model = Groupement
        fields = (
            "name",
            "code",
            "status",
            "zone",
            "departements",
            "fallback",
            "accent",
            "contact_name",
            "contact_role",
            "phone",
            "email",
            "address",
            "postcode",
            "commune",
            "hours",
        )


class NewGroupementForm(GroupementForm):
    """A groupement to be made; it gets its own domain here, or an address under the national one."""

    hostname = forms.RegexField(
        regex=r"^[a-z0-9.-]+\.[a-z]{2,}$",
        max_length=253,
        label=_("Its own domain"),
        required=False,
        help_text=_("Leave empty for an address under the national one."),
        error_messages={"invalid": _("Write a domain such as anciens-finistere.fr.")},
    )

    def clean_hostname(self):
        from wagtail.models import Site

        hostname = self.cleaned_data["hostname"]
        if hostname and Site.objects.filter(hostname=hostname).exists():
            raise forms.ValidationError(_("Another site already answers at this domain."))
        return hostname


class GroupementCodeLockedForm(GroupementForm):
    """An existing groupement: its code is part of its address and no longer changes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = True
