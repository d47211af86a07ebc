from __future__ import annotations

from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.antispam import VisitorForm
from core.phones import PhoneFormField
from exchanges import consent
from exchanges.models import ABOUT_LENGTH, CallbackRequest


class CallbackForm(VisitorForm):
    """“Être rappelé”: a name, a way to reach the person, what about, and their consent."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name, so that we know whom to ask for.")},
    )
    phone = PhoneFormField(
        label=_("Your telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Or your e-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write an e-mail address such as prenom.nom@example.org.")},
    )
    about = forms.CharField(
        label=_("What would you like to talk about?"),
        help_text=_("A few words are enough, and when you can be reached. Nothing confidential."),
        max_length=ABOUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    consent = forms.BooleanField(
        label=consent.VERSIONS[consent.CURRENT],
        error_messages={"required": _("Tick this box: without it we may not keep your number.")},
    )
    own_fields: ClassVar[tuple[str, ...]] = ("name", "phone", "email", "about")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": "rappel_%s", **kwargs})

    def clean(self):
        data = super().clean()
        if not self.errors.keys() & {"phone", "email"} and not data.get("phone") and not data.get("email"):
            self.add_error("phone", ValidationError(_("Give a telephone number or an e-mail: we need one of them.")))
        return data


class CloseForm(forms.ModelForm):
    """What was done, in a few words."""

    class Meta:
        model = CallbackRequest
        fields: ClassVar[list[str]] = ["note"]
        widgets: ClassVar[dict] = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("What was done (you alone read it, with those who answer here)")
