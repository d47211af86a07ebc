"""What a groupement proposes, and what the nation answers."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchanges.corrections import texts
from exchanges.corrections.models import ANSWER_LENGTH, WORDS_LENGTH, Correction
from resources.frames.answers import digest_of

State = Correction.State


class ProposalForm(forms.Form):
    """Another wording of one block, or a remark about it.

    Args:
        block: the raw block, as it is published.
    """

    proposed = forms.CharField(
        required=False,
        max_length=WORDS_LENGTH,
        label=gettext_lazy("The text you propose"),
        widget=forms.Textarea({"rows": 8}),
    )
    remark = forms.CharField(
        required=False,
        max_length=WORDS_LENGTH,
        label=gettext_lazy("Your remark, or why"),
        help_text=gettext_lazy("What is wrong, and how you know: a date, an address, somebody to ask."),
        widget=forms.Textarea({"rows": 4}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, block: dict) -> None:
        self.block, self.now = block, texts.to_type(block)
        initial = {"proposed": self.now, "key": uuid.uuid4(), "seen": digest_of(block)}
        super().__init__(data, initial=initial, auto_id="correction_%s")
        if texts.may_be_typed(block):
            self.fields["proposed"].help_text = _("Change the words below as they should read.")
            if block["type"] == texts.HEADING:
                self.fields["proposed"].widget = forms.Textarea({"rows": 2})
        else:
            self.fields["proposed"].help_text = _("If you have one. Otherwise your remark is enough.")

    @property
    def is_of_another_text(self) -> bool:
        """Whether the block was rewritten after this form was shown."""
        return bool(self.data) and self.data.get("seen") != digest_of(self.block)

    def clean(self):
        cleaned = super().clean()
        proposed = (cleaned.get("proposed") or "").strip()
        if texts.says_the_same(proposed, self.now):
            proposed = ""
        cleaned["proposed"], cleaned["remark"] = proposed, (cleaned.get("remark") or "").strip()
        if not self.errors and not proposed and not cleaned["remark"]:
            raise forms.ValidationError(_("Change the text, or write a remark: nothing is different yet."))
        if proposed and self.block["type"] == texts.HEADING and len(" ".join(proposed.split())) > texts.HEADING_LENGTH:
            words = _("A heading holds %(number)s characters at most.") % {"number": texts.HEADING_LENGTH}
            self.add_error("proposed", words)
        return cleaned


class AnswerForm(forms.Form):
    """What the nation answers; a refusal and a delay are explained."""

    state = forms.ChoiceField(label=gettext_lazy("Your answer"), widget=forms.RadioSelect)
    words = forms.CharField(
        required=False,
        max_length=ANSWER_LENGTH,
        label=gettext_lazy("In a few words"),
        help_text=gettext_lazy("The groupement reads it. A reason is needed to decline, a word to put off."),
        widget=forms.Textarea({"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, correction: Correction) -> None:
        answer = correction.answer if correction.state in Correction.ANSWERS else ""
        initial = {"seen": correction.state, "state": correction.state, "words": answer}
        super().__init__(data, initial=initial, auto_id="answer_%s")
        self.fields["state"].choices = [
            (State.ACCEPTED.value, _("Accepted: thank you, the text will be changed")),
            (State.LATER.value, _("Later: it is kept, and will be looked at")),
            (State.DECLINED.value, _("Declined")),
        ]

    def clean(self):
        cleaned = super().clean()
        cleaned["words"] = (cleaned.get("words") or "").strip()
        if cleaned.get("state") in {State.DECLINED, State.LATER} and not cleaned["words"]:
            self.add_error("words", _("Say why in a few words: somebody took the trouble to write to you."))
        return cleaned
