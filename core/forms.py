"""The form by which every page is edited."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm


class BasePageForm(WagtailAdminPageForm):
    """A page's form. Its address may be left empty: it then follows the title."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Wagtail's script usually fills it in while one types; a page must not be refused for a slow one.
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The end of the page's web address, without accents or spaces. Leave empty: it follows the title."
            )
        # A new page has no place in the tree yet: its own checks may need to know where it is going.
        self.instance._parent_for_form = self.parent_page
