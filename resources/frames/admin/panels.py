"""What the ordinary editing form shows of a frame."""

from __future__ import annotations

import functools

from wagtail.admin.compare import StreamFieldComparison
from wagtail.admin.panels import MultiFieldPanel, Panel

from resources.frames import changes


class AnswersPanel(Panel):
    """On a groupement's page: its answers, to read; the history and the screen of two texts compare them.

    Args:
        field_name: the field of the answers.
    """

    def __init__(self, field_name: str, **kwargs) -> None:
        super().__init__(**kwargs)
        self.field_name = field_name

    def clone_kwargs(self):
        return super().clone_kwargs() | {"field_name": self.field_name}

    class BoundPanel(Panel.BoundPanel):
        template_name = "resources/admin/frames/answers_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.given)

        def get_comparison(self):
            field = self.instance._meta.get_field(self.panel.field_name)
            return [functools.partial(StreamFieldComparison, field)]


class ChangePanel(MultiFieldPanel):
    """On the nation's page: whose answers a change touches, and what it asks of them."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "resources/admin/frames/change_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.form and "change_importance" in self.form.fields)

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            return context | {"answering": changes.concerned(self.instance) if self.instance.pk else None}
