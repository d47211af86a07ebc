"""What whoever edits an imported event reads above its form: where it comes from, and what is new there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from resources.events.importing.models import ImportedEvent


class ImportedPanel(Panel):
    """Shown for imported events only."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"heading": _("Imported"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "resources/admin/events/panel.html"

        def __init__(self, **kwargs) -> None:
            super().__init__(**kwargs)
            pk = getattr(self.instance, "pk", None)
            rows = ImportedEvent.objects.filter(page_id=pk).select_related("source")
            self.entry = rows.first() if pk else None

        def is_shown(self) -> bool:
            return self.entry is not None and super().is_shown()

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"entry": self.entry}
