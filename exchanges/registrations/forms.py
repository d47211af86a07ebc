from __future__ import annotations

import re
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.antispam import FormDoor, VisitorForm
from exchanges.registrations import consent
from exchanges.registrations.models import MOST_PEOPLE

DOOR = FormDoor("exchanges.registration", limit=30)
_LINK = re.compile(r"https?:|www\.|[<>\[\]{}]", re.IGNORECASE)


class RegistrationForm(VisitorForm):
    """A name, an e-mail, how many come, and their consent."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name: it is on the list at the door.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("The confirmation and the link to cancel are sent there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail: the confirmation is sent there."),
            "invalid": _("Write an e-mail address such as prenom.nom@example.org."),
        },
    )
    count = forms.IntegerField(
        label=_("How many of you come, yourself included?"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--short"}),
        error_messages={
            "required": _("Write how many of you come: 1 if you come alone."),
            "invalid": _("Write a number, for example 2."),
            "min_value": _("Write 1 if you come alone."),
            "max_value": _("Ten people at most. For more, call the organiser."),
        },
    )
    consent = forms.BooleanField(
        label=consent.VERSIONS[consent.CURRENT],
        error_messages={"required": _("Tick this box: without it we may not keep your name.")},
    )
    own_fields: ClassVar[tuple[str, ...]] = ("name", "email", "count")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": "inscription_%s", **kwargs})

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if _LINK.search(name):
            raise ValidationError(_("Write only your name here."))
        return name


class MessageForm(forms.Form):
    """What the organiser writes to all."""

    subject = forms.CharField(label=_("Subject"), max_length=120)
    text = forms.CharField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))
    with_waiting = forms.BooleanField(label=_("Also to those on the waiting list"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", "auto_id": "message_%s", **kwargs})
        for name in ("subject", "text"):
            self.fields[name].error_messages["required"] = _("Write something here.")
