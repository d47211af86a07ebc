"""The forms of a team's screen. The roles that they accept are those that the person may give."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from regions.roles import RoleCode


class RoleForm(forms.Form):
    """One role among those that a person may give."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args, roles: tuple[RoleCode, ...], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]


class InvitationForm(RoleForm):
    """Whom, to which role, until when. Without any role to give, it has no field."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    ends_on = forms.DateField(
        label=_("Last day of the mandate"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Leave empty when no end is known."),
    )

    field_order = ("email", "role", "ends_on")

    def __init__(self, *args, roles: tuple[RoleCode, ...], **kwargs) -> None:
        super().__init__(*args, roles=roles, **kwargs)
        if RoleCode.CONTRIBUTOR in roles:
            self.fields["role"].initial = RoleCode.CONTRIBUTOR
        if not roles:
            self.fields.clear()

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is past."))
        return day
