"""The forms of the answer screen: one for each slot and each optional part, one for the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.documents import get_document_model
from wagtail.documents.widgets import AdminDocumentChooser

from core.blocks.text import RICH_TEXT_FEATURES
from core.phones import PhoneField
from regions.admin import references
from regions.admin.page_forms import REFUSED
from resources.frames import content
from resources.frames.answers import PERSON, WHOLE_PAGE, Answer, Answers, LeftOut, Slot
from resources.frames.blocks import SlotKind
from resources.frames.merging import Frame, Part
from resources.frames.services import reuse

CHOICES_SHOWN = 40
WORDS = ("text", *PERSON)
THEIRS = "theirs"


class _ReasonForm(forms.Form):
    """Leaving something out asks for a reason."""

    leave_out = forms.BooleanField(required=False)
    reason = forms.CharField(
        required=False, max_length=500, label=gettext_lazy("For what reason?"), widget=forms.Textarea({"rows": 2})
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("leave_out") and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Say why in a few words: the nation reads it, visitors do not."))
        return cleaned

    def left_out(self, key: str) -> LeftOut | None:
        if not self.cleaned_data["leave_out"]:
            return None
        return LeftOut(slot=key, reason=self.cleaned_data["reason"].strip())


class OptionalForm(_ReasonForm):
    """A part of the national text that may be left out."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leave_out"].label = _("Do not show this part on our site")


class WholePageForm(_ReasonForm):
    """The whole page."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leave_out"].label = _("This page does not concern our groupement")


class SlotForm(_ReasonForm):
    """One slot, by what it asks for, and by what it was answered when it asked for something else.

    Args:
        former: the groupement's answer as it is, if there is one.
    """

    def __init__(self, *args, slot: Slot, place, former: Answer | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.slot = slot
        self.former = former or Answer(slot=slot.id, kind=slot.kind)
        self.fields["leave_out"].label = _("This does not concern our groupement")
        if slot.kind == SlotKind.PERSON or self.former.person_name:
            self._person_fields()
        if slot.kind == SlotKind.DOCUMENT or self.former.document:
            self.fields["document"] = forms.ModelChoiceField(
                get_document_model().objects.all(), required=False, label=_("Document"), widget=AdminDocumentChooser
            )
        if slot.is_automatic:
            self._choice_fields(place)
        text = _("A word with it, if you wish") if slot.kind != SlotKind.TEXT else _("Our answer")
        widget = get_rich_text_editor_widget("default", features=RICH_TEXT_FEATURES)
        self.fields["text"] = forms.CharField(required=False, label=text, widget=widget)

    def _person_fields(self) -> None:
        names = (("person_name", _("Name"), 120), ("person_role", _("Role"), 120))
        for name, label, length in names:
            self.fields[name] = forms.CharField(required=False, label=label, max_length=length)
        self.fields["person_name"].help_text = _("Only with that person’s agreement.")
        self.fields["person_phone"] = PhoneField(blank=True).formfield(label=_("Phone"), required=False)
        self.fields["person_email"] = forms.EmailField(required=False, label=_("E-mail"))

    def _choice_fields(self, place) -> None:
        self.fields["pinned"] = forms.MultipleChoiceField(
            choices=choices(self.slot, place),
            required=False,
            label=_("Show these first"),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["emptied"] = forms.BooleanField(required=False, label=_("Show none of them here"))

    def answer(self) -> Answer:
        """What was typed; what this form does not ask for stays as it was."""
        data = self.cleaned_data
        typed: dict[str, Any] = {name: str(data[name] or "") for name in WORDS if name in data}
        if "document" in data:
            typed["document"] = data["document"].pk if data["document"] else None
        if "pinned" in data:
            typed |= {"pinned": tuple(int(pk) for pk in data["pinned"]), "emptied": data["emptied"]}
        return dataclasses.replace(self.former, slot=self.slot.id, kind=self.slot.kind, **typed)


class KeptForm(forms.Form):
    """An answer whose slot is gone: put it back to use, or let it be."""

    into = forms.ChoiceField(required=False, label=gettext_lazy("Use it again in"))

    def __init__(self, *args, kept: Answer, slots: Iterable[Slot], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        slots = [slot for slot in slots if slot.kind in {SlotKind.TEXT, kept.kind}]
        self.document = get_document_model().objects.filter(pk=kept.document).first() if kept.document else None
        nowhere = [("", _("nowhere for now: keep it aside"))]
        self.fields["into"].choices = nowhere + [(slot.id, slot.title) for slot in slots]


def choices(slot: Slot, place) -> list[tuple[str, str]]:
    """What the groupement has published that the slot may show."""
    if place is None:
        return []
    if slot.kind == SlotKind.CONTACTS:
        rows = content.own_contacts(place, slot.categories).order_by("sort_key", "pk")[:CHOICES_SHOWN]
        return [(str(row.pk), f"{row.title} – {row.commune}" if row.commune else row.title) for row in rows]
    dates = list(content.own_events(place)[: content.EVENTS_READ])
    return [(str(row.event_id), row.event.title) for row in dates if not slot.theme or slot.theme in row.themes][
        :CHOICES_SHOWN
    ]


@dataclass
class Field:
    """One part of the screen: the national part, its form if it has one, and what another person wrote since."""

    part: Part
    form: Any = None
    theirs: Answer | LeftOut | None = None
    differs: bool = False
    slot_is_outdated: bool = False
    beside: list = dataclasses.field(default_factory=list)  # components of rooms above, for a national block


@dataclass
class NationalText:
    """A national text that is not in the body of the page: a partner's mission. ``id``: the name of its field."""

    id: str
    title: str
    text: str
    beside: list = dataclasses.field(default_factory=list)


class AnswerScreen:
    """All the forms of one page.

    Args:
        frame: the merge of the national page and the newest version of the groupement's.
        given: the answers shown, those of that version.
        data: what was sent, if anything was.
        files: the same.
    """

    def __init__(self, frame: Frame, given: Answers, data=None) -> None:
        self.frame, self.given, self.data = frame, given, data
        self.texts = [NationalText(row["name"], row["title"], row["text"]) for row in frame.page.national_texts]
        self.fields = [Field(part, self._form(part)) for part in frame.parts]
        self.whole = WholePageForm(data, prefix="page", initial=_reason(given.whole_page))
        slots = frame.page.slots
        self.kept = [
            (answer, KeptForm(data, prefix=f"kept-{answer.slot}", kept=answer, slots=slots)) for answer in frame.kept
        ]

    def _form(self, part: Part):
        prefix = f"b-{part.id}"
        left_out = _reason(self.given.left_out.get(part.id))
        if part.is_optional:
            return OptionalForm(self.data, prefix=prefix, initial=left_out)
        if part.slot is None:
            return None
        answer = self.given.given.get(part.id)
        initial = left_out | (vars(answer) | {"pinned": [str(pk) for pk in answer.pinned]} if answer else {})
        place = self.frame.place
        return SlotForm(self.data, prefix=prefix, initial=initial, slot=part.slot, place=place, former=answer)

    @property
    def forms(self) -> list:
        return [
            *(field.form for field in self.fields if field.form),
            self.whole,
            *(form for _answer, form in self.kept),
        ]

    @property
    def media(self):
        media = forms.Media()
        for form in self.forms:
            media += form.media
        return media

    def is_valid(self, user) -> bool:
        """Whether all is right, and points only at what the person may use."""
        valid = not any([not form.is_valid() for form in self.forms])  # noqa: C419 – each of them says its errors
        return self._refuse_references(user) and valid

    def typed(self) -> Answers:
        """The answers as they were typed; those whose slot is gone stay."""
        typed = Answers()
        for field in self.fields:
            if isinstance(field.form, SlotForm):
                typed.given[field.part.id] = field.form.answer()
            if field.form and (left := field.form.left_out(field.part.id)):
                typed.left_out[field.part.id] = left
        if whole := self.whole.left_out(WHOLE_PAGE):
            typed.left_out[WHOLE_PAGE] = whole
        slots = {slot.id: slot for slot in self.frame.page.slots}
        shown = {*slots, *(field.part.id for field in self.fields), WHOLE_PAGE}
        # What this screen does not show is not its to lose.
        typed.given |= {key: answer for key, answer in self.given.given.items() if key not in shown}
        typed.left_out |= {key: left for key, left in self.given.left_out.items() if key not in shown}
        for answer, form in self.kept:
            if into := form.cleaned_data.get("into"):
                typed = reuse(typed, answer.slot, slots[into])
        return typed

    def _refuse_references(self, user) -> bool:
        """Put an error where something out of reach is pointed at; what was there already may stay."""
        from regions.reach import reach_of

        reach, model_field = reach_of(user), type(self.frame.page)._meta.get_field("answers")
        if reach.everything:
            return True
        already = _pointed_at(model_field, self.given)
        fine = True
        for field in self.fields:
            if not isinstance(field.form, SlotForm) or not field.form.is_valid():
                continue
            typed = Answers({field.part.id: field.form.answer()})
            refused = [
                reference
                for reference in _references(model_field, typed)
                if reference.key not in already and not references.is_within(reach, reference)
            ]
            if refused:
                name = "document" if "document" in field.form.fields else "text"
                field.form.add_error(name, REFUSED)
                if name == "document":
                    field.form.fields["document"].bound_data = _nothing
                fine = False
        return fine

    def compare(self, theirs: Answers, mine: Answers, base: Answers | None = None) -> bool:
        """Beside each answer typed, what another person saved meanwhile; whether anything differs."""
        found = False
        for field in self.fields:
            key = field.part.id
            other = theirs.given.get(key)
            typed = mine.given.get(key)
            same_words = typed.says_the_same(other) if typed else other is None
            other_out, typed_out = theirs.left_out.get(key), mine.left_out.get(key)
            same_reason = (other_out.reason if other_out else "") == (typed_out.reason if typed_out else "")
            field.differs = field.form is not None and not (same_words and same_reason)
            field.theirs = (other_out or other) if field.differs else None
            found = found or field.differs
        return found

    def taking(self, theirs: Answers, mine: Answers) -> Answers:
        """Mine, less what the person chose to take of the other's, answer by answer."""
        for field in self.fields:
            key = field.part.id
            if field.form and self.data.get(f"keep-{key}") == THEIRS:
                for ours, others in ((mine.given, theirs.given), (mine.left_out, theirs.left_out)):
                    ours.pop(key, None)
                    if key in others:
                        ours[key] = others[key]
        return mine


def _reason(left: LeftOut | None) -> dict:
    return {"leave_out": True, "reason": left.reason} if left else {}


def _nothing(data, initial):
    return None


def _references(model_field, given: Answers):
    from resources.frames.answers import write

    yield from references.of_value(model_field, model_field.stream_block.to_python(write(given)))


def _pointed_at(model_field, given: Answers) -> set:
    return {reference.key for reference in _references(model_field, given)}
