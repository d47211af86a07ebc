"""The forms of an import: the file, what its columns are, what is done with each line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.contacts.importing.columns import FIELDS, SEVERAL
from resources.contacts.importing.models import Action, ContactImport
from resources.contacts.importing.reading import UnreadableFileError, check_size, describe
from resources.reference import ContactCategory

ACCEPTED = ".csv,.txt,.xlsx"
NEED_COLUMN = _("Say which column holds the name of each body.")


class FileForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=_("Your file"),
        max_length=255,
        help_text=_("An Excel file (.xlsx) or a .csv file: one line for each contact, headings on the first line."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self):
        """The file, its content read; by its size first."""
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
            self.raw = file.read()
            self.described = describe(self.raw)
        except UnreadableFileError as error:
            raise forms.ValidationError(str(error)) from error
        return file


class ColumnsForm(forms.Form):
    """What each column of the file is."""

    def __init__(self, *args, origin: ContactImport, **kwargs):
        super().__init__(*args, **kwargs)
        self.origin = origin
        choices = [("", _("Do not use")), *FIELDS.items()]
        for number, heading in enumerate(origin.headers):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=heading or _("(no heading)"),
                required=False,
                choices=choices,
                initial=origin.mapping.get(str(number), ""),
            )
        self.fields["default_category"] = forms.ModelChoiceField(
            ContactCategory.objects.all(),
            label=_("Category of the lines that give none"),
            required=False,
            initial=origin.default_category_id,
            empty_label=_("None: these lines will not be used"),
        )

    @property
    def columns(self) -> list:
        """The fields of the columns, in the order of the file."""
        return [self[f"column-{number}"] for number in range(len(self.origin.headers))]

    @property
    def mapping(self) -> dict[str, str]:
        chosen = {str(number): self.cleaned_data.get(f"column-{number}") for number in range(len(self.origin.headers))}
        return {number: code for number, code in chosen.items() if code}

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        codes = list(self.mapping.values())
        if "title" not in codes:
            raise forms.ValidationError(NEED_COLUMN)
        twice = {code for code in codes if codes.count(code) > 1 and code not in SEVERAL}
        if twice:
            names = ", ".join(str(FIELDS[code]) for code in sorted(twice))
            raise forms.ValidationError(
                _("Two columns cannot both be: %(names)s. Keep one of them.") % {"names": names}
            )
        if "category" not in codes and not cleaned.get("default_category"):
            raise forms.ValidationError(_("Choose the category of the contacts, or the column that gives it."))
        return cleaned


DECISIONS = {
    Action.MERGE: _("Complete the contact that is there"),
    Action.CREATE: _("Make another contact of it"),
    Action.IGNORE: _("Do nothing"),
}


def decisions_of(row) -> list[tuple[str, str]]:
    """What a person may decide of a line that looks like a contact that is there."""
    merges = [] if row.match_id is None or not row.changes else [Action.MERGE]
    return [(action.value, str(DECISIONS[action])) for action in (*merges, Action.CREATE, Action.IGNORE)]
