"""The forms of the calendar's buttons: what is different on one date, a local note."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.events.notes import LONGEST, LocalNote
from resources.events.rows import EventChange

Kind = EventChange.Kind
FIELDS = {
    Kind.CANCELLED: ("note",),
    Kind.MOVED: ("new_date", "new_time", "new_end_time", "place_name", "note"),
    Kind.NOTE: ("note",),
}


class DateForm(forms.ModelForm):
    """What is different on one date: cancelled, moved, or with something to say. ``instance.kind`` says which."""

    class Meta:
        model = EventChange
        fields = ("new_date", "new_time", "new_end_time", "place_name", "note")
        # The browser's own fields: they work without JavaScript, and on a telephone.
        widgets = {
            "new_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "new_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "new_end_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(FIELDS[self.instance.kind]):
            del self.fields[name]
        if self.instance.kind == Kind.CANCELLED:
            self.fields["note"].label = _("A sentence for visitors, if you like")
        elif self.instance.kind == Kind.NOTE:
            self.fields["note"].help_text = _("For example: apportez votre dernier bulletin de solde.")


class NoteForm(forms.ModelForm):
    """A groupement's note on an event of others."""

    url = forms.URLField(label=_("Address of a page to read"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = LocalNote
        fields = ("text", "contact", "url")
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST})}
        help_texts = {"text": _("For example: covoiturage depuis Brest, départ à 7 h devant la gare.")}
