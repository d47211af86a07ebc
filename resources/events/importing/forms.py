"""The form of an import: a name, and a file or an address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.outbound import UnfetchableError, checked
from core.outbound.addresses import MAX_LENGTH
from resources.events.importing.comparing import found_at_once
from resources.events.importing.models import EventSource
from resources.events.importing.reading import UnreadableCalendarError, check_size
from resources.events.importing.refreshing import own_hosts

MAX_SOURCES = 30


class SourceForm(forms.Form):
    """A partner's calendar."""

    title = forms.CharField(
        label=_("Whose calendar is it?"),
        max_length=120,
        help_text=_("The partner's name. Drafts are marked with it, and named as organised by it."),
    )
    file = forms.FileField(
        label=_("A calendar file"),
        required=False,
        max_length=255,
        help_text=_("Its name ends in .ics."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    address = forms.CharField(
        label=_("Or the address of the calendar"),
        required=False,
        max_length=MAX_LENGTH,
        help_text=_("It begins with https:// or webcal://. The site reads it again every six hours."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, section, groupement, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.groupement = section, groupement
        self.found: list | None = None
        self.raw: bytes | None = None  # of a file that takes too long to be read at once

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if not address:
            return ""
        try:
            return checked(address, own_hosts=own_hosts())
        except UnfetchableError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        file, address = cleaned.get("file"), cleaned.get("address")
        if bool(file) == bool(address):
            raise forms.ValidationError(_("Give a file or an address: one of the two."))
        sources = EventSource.objects.filter(section=self.section)
        if address and (same := sources.filter(address=address).first()):
            self.add_error(
                "address", _("This address is followed already, under the name “%(name)s”.") % {"name": same.title}
            )
        elif file:
            self._read(file)
        return cleaned

    @property
    def same_file_source(self) -> EventSource | None:
        """The source of that name which is a file: the same calendar, sent again."""
        sources = EventSource.objects.filter(section=self.section, address="")
        return sources.filter(title__iexact=self.cleaned_data["title"]).first()

    def _read(self, file) -> None:
        """Read the file; its size first."""
        try:
            check_size(file.size)
            raw = file.read()
            self.found = found_at_once(raw, EventSource(groupement=self.groupement))
            self.raw = raw if self.found is None else None
        except UnreadableCalendarError as error:
            self.add_error("file", str(error))
