"""What somebody answers: one small form for each thing, on the page without sign-in and on the editing side."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exchanges.checking.models import NOTE_LENGTH, CheckItem

State = CheckItem.State


class AnswerForm(forms.Form):
    """One thing: still right, to correct, does not exist any more, or no answer for now."""

    CHOICES = (
        (State.EXACT, _("Still right")),
        (State.NOTE, _("To correct")),
        (State.GONE, _("Does not exist any more")),
    )

    choice = forms.ChoiceField(
        choices=CHOICES,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the three answers.")},
    )
    note = forms.CharField(
        label=_("What is to be corrected?"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(
            {"rows": 3, "placeholder": " "}
        ),  # an empty one tells the style sheet that nothing is typed
        error_messages={
            "max_length": _("This is too long: %(limit_value)d characters at most, you wrote %(show_value)d.")
        },
    )

    def __init__(self, *args, item: CheckItem, **kwargs) -> None:
        super().__init__(*args, prefix=f"p{item.pk}", **kwargs)
        self.item = item

    def clean(self):
        data = super().clean()
        choice, note = data.get("choice", ""), data.get("note", "")
        if note and not choice and "choice" not in self.errors:
            data["choice"] = State.NOTE.value  # who writes what is wrong has answered
        if choice == State.NOTE and not note and "note" not in self.errors:
            self.add_error("note", gettext("Say in a few words what is to be corrected."))
        return data

    @property
    def chosen(self) -> str:
        """The answer given, valid or not: what the page shows ticked."""
        return self["choice"].value() or ""

    @property
    def is_answered(self) -> bool:
        return bool(self.cleaned_data.get("choice"))


class AnswerSheet:
    """The forms of all that waits in a round.

    Args:
        items: what waits, each with its ``thing``.
        data: what was sent, if anything was.
        rest_is_exact: whatever has no answer is still right.
    """

    def __init__(self, items: Iterable[CheckItem], data=None, *, rest_is_exact: bool = False) -> None:
        items = list(items)
        if data is not None and rest_is_exact:
            data = data.copy()
            for item in items:
                name = f"p{item.pk}"
                if not data.get(f"{name}-choice") and not data.get(f"{name}-note", "").strip():
                    data[f"{name}-choice"] = State.EXACT.value
        self.forms = [AnswerForm(data, item=item) for item in items]
        self.error = ""

    def is_valid(self) -> bool:
        """Whether there is an answer at least, and none is half given."""
        if not all([form.is_valid() for form in self.forms]):  # noqa: C419 – each of them says its errors
            self.error = gettext("Look at what is marked below, then go on.")
        elif not self.answers:
            self.error = gettext("You have not answered anything yet: choose an answer for one thing at least.")
        return not self.error

    @property
    def answers(self) -> list[AnswerForm]:
        return [form for form in self.forms if form.is_answered]
