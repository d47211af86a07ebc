"""The ordinary editing form of a page that may be a frame."""

from __future__ import annotations

from core.blocks import StoryBlock
from core.fields import StoryField
from regions.admin.page_forms import GuardedPageForm
from resources.frames import changes, keeping
from resources.frames.answers import raw_story

# Each of these buttons publishes the page, or asks somebody to.
APPROVE = "approve"  # so Wagtail names this action of a reviewer
GOES_PUBLIC = ("action-publish", "action-submit", "action-restart-workflow")
NATIONAL_FIELDS = ("change_importance", "change_note", "must_be_completed")


class FramePageForm(GuardedPageForm):
    """The nation is offered slots, and asked what its changes ask of the groupements; a groupement is not."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.is_national = self.instance.is_the_nations
        if not self.is_national:
            for name in NATIONAL_FIELDS:
                self.fields.pop(name, None)
            if "body" in self.fields and not self.instance.is_frame:
                self.fields["body"] = _without_frame_blocks(self.fields["body"])
        elif not self.instance.has_unpublished_changes and not self.is_bound:
            # What was said of the last change has been said.
            self.initial |= {"change_importance": "", "change_note": ""}

    def clean(self):
        cleaned = super().clean()
        if "slug" in self.changed_data and not self.is_national and not self.instance.only_completes:
            # A person who gives a page another address means it to stand by itself, or beside another page.
            self.instance.completes = None
        if self.is_national and self._goes_public():
            if cleaned.get("body") is not None:
                for name, words in keeping.missing(self.instance, cleaned).items():
                    self.add_error(name, words)
            if not cleaned.get("change_importance"):
                self._ask_importance(cleaned)
        return cleaned

    def _goes_public(self) -> bool:
        approves = self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == APPROVE
        return bool(approves) or any(self.data.get(name) for name in GOES_PUBLIC)

    def _ask_importance(self, cleaned) -> None:
        """Before a change that touches groupements is published: minor, or to read again?"""
        if "change_importance" not in self.fields or not self.instance.live or not cleaned.get("body"):
            return
        before = changes.published_text(self.instance)
        after = changes.Text(raw_story(cleaned["body"]), changes.other_texts(self.instance, cleaned))
        if found := changes.concerned(self.instance, changes.difference(before, after).touched):
            self.add_error("change_importance", found.question)


def _without_frame_blocks(field):
    """The same form field with the blocks of every page, and no other."""
    plain = StoryField(StoryBlock(), blank=True, verbose_name=field.label).formfield()
    plain.required, plain.help_text = field.required, field.help_text
    return plain
