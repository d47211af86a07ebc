from http import HTTPMethod
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.forms import BasePageForm

SUMMARY_MAX_LENGTH = 300


class BasePage(Page):
    """Every page of the network: Wagtail's page, plus the short text shown on cards and in searches."""

    summary = models.TextField(
        _("summary"),
        max_length=SUMMARY_MAX_LENGTH,
        blank=True,
        help_text=_("One or two sentences. Shown on cards, in searches and when the page is shared."),
    )

    # Filled on every save (core.signal_handlers): PostgreSQL neither sorts nor compares French text
    # without accents unless an extension or a locale is installed.
    folded = models.TextField(editable=False, blank=True, default="")
    sort_key = models.CharField(editable=False, blank=True, default="", max_length=255, db_index=True)

    base_form_class = BasePageForm
    # Pages are read; whatever is sent to the site has a view of its own.
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]

    # A page is open to everyone, or reserved to groups that an administrator chose. Wagtail's
    # "any signed-in user" would open it to every other groupement, so it is not offered.
    private_page_options: ClassVar[list[str]] = ["groups"]

    search_fields: ClassVar[list] = [*Page.search_fields, index.SearchField("summary")]

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("summary")]
    promote_panels: ClassVar[list] = [
        MultiFieldPanel(
            [
                FieldPanel("slug", heading=_("Address of the page")),
                FieldPanel("seo_title", heading=_("Title for search engines")),
                FieldPanel("search_description", heading=_("Description for search engines")),
            ],
            heading=_("For search engines"),
        ),
    ]

    # The address stays the same in every language, so that a complement of a national page and the
    # page itself go on matching after a translation.
    override_translatable_fields: ClassVar[list] = [
        SynchronizedField("slug"),
        SynchronizedField("folded"),
        SynchronizedField("sort_key"),
    ]

    class Meta:
        abstract = True

    def folded_source(self) -> list[str]:
        """The texts by which visitors look this page up in a listing."""
        return [self.title, self.summary]

    @property
    def description(self) -> str:
        """The sentence that describes the page to search engines and to those it is shared with."""
        return self.search_description or self.summary
