"""What a groupement proposes, and what the nation answers."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchanges.corrections import texts
from exchanges.corrections.models import ANSWER_LENGTH, WORDS_LENGTH, Correction
from exchanges.corrections.passages import Passage, passages
from resources.frames.answers import digest_of

State = Correction.State


class ProposalForm(forms.Form):
    """Another wording of one block, or a remark about it.

    Args:
        block: the raw block, as it is published.
    """

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
        self.block, self.passages = block, passages(block)
        super().__init__(data, initial={"key": uuid.uuid4(), "seen": digest_of(block)}, auto_id="correction_%s")
        typed = {self.name_of(passage): self._field(passage) for passage in self.passages}
        if not typed:
            typed["proposed"] = forms.CharField(
                required=False,
                max_length=WORDS_LENGTH,
                label=_("The text you propose"),
                help_text=_("If you have one. Otherwise your remark is enough."),
                widget=forms.Textarea({"rows": 4}),
            )
        self.fields.update(typed)
        self.order_fields(typed)

    def name_of(self, passage: Passage) -> str:
        """The name of the field in which a text is typed."""
        return "proposed" if len(self.passages) == 1 else passage.field_name

    def _field(self, passage: Passage) -> forms.CharField:
        is_alone = len(self.passages) == 1
        rows = 2 if passage.is_line else min(8, 3 + len(passage.text) // 120)
        return forms.CharField(
            required=False,
            max_length=passage.max_length or WORDS_LENGTH,
            label=_("The text you propose") if is_alone else passage.label,
            help_text=_("Change the words below as they should read.") if passage == self.passages[0] else "",
            initial=passage.text,
            widget=forms.Textarea({"rows": 8 if is_alone and not passage.is_line else rows}),
        )

    @property
    def is_of_another_text(self) -> bool:
        """Whether the block was rewritten after this form was shown."""
        return bool(self.data) and self.data.get("seen") != digest_of(self.block)

    def clean(self):
        cleaned = super().clean()
        changed = {}
        for passage in self.passages:
            words = (cleaned.get(self.name_of(passage)) or "").strip()
            if not texts.says_the_same(words, passage.text):
                changed[passage] = words
        if len(self.passages) == 1:
            changed = {passage: words for passage, words in changed.items() if words}
        for passage, words in changed.items():
            if not words and passage.is_required and not self.has_error(self.name_of(passage)):
                refusal = _("Leave these words, and say in your remark that they should go.")
                self.add_error(self.name_of(passage), refusal)
        cleaned["passages"] = {passage.path: words for passage, words in changed.items()}
        if self.passages:
            cleaned["proposed"] = self._readable(changed)
        cleaned["proposed"] = (cleaned.get("proposed") or "").strip()
        cleaned["remark"] = (cleaned.get("remark") or "").strip()
        if not self.errors and not changed and not cleaned["proposed"] and not cleaned["remark"]:
            raise forms.ValidationError(_("Change the text, or write a remark: nothing is different yet."))
        return cleaned

    def _readable(self, changed: dict[Passage, str]) -> str:
        """What is proposed, as it is told in lists and mails."""
        if len(self.passages) == 1:
            return next(iter(changed.values()), "")
        rows = (
            _("%(label)s: %(words)s") % {"label": passage.label, "words": words} for passage, words in changed.items()
        )
        return "\n\n".join(rows)


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
