from __future__ import annotations

from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.phones import PhoneFormField
from exchanges import consent
from exchanges.models import ABOUT_LENGTH, CallbackRequest


class CallbackForm(forms.Form):
    """“Être rappelé”: a name, a way to reach the person, what about, and their consent."""

    use_required_attribute = False
    error_css_class = "has-error"

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
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    # A field that people do not see and that robots fill in. Its name must not look like a trap.
    company_site = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    own_fields: ClassVar[tuple[str, ...]] = ("name", "phone", "email", "about")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", "auto_id": "rappel_%s", **kwargs})

    def clean(self):
        data = super().clean()
        if not self.errors.keys() & {"phone", "email"} and not data.get("phone") and not data.get("email"):
            self.add_error("phone", ValidationError(_("Give a telephone number or an e-mail: we need one of them.")))
        if data.get("company_site"):
            self.add_error("company_site", ValidationError(_("This field must stay empty: empty it and send again.")))
        return data

    @property
    def caught(self) -> bool:
        """Whether the hidden field was filled in: it is then shown, for a person to empty it."""
        return self.is_bound and "company_site" in self.errors


class CloseForm(forms.ModelForm):
    """What was done, in a few words."""

    class Meta:
        model = CallbackRequest
        fields: ClassVar[list[str]] = ["note"]
        widgets: ClassVar[dict] = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("What was done (you alone read it, with those who answer here)")
