"""What a browser would post from the form of a news item."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.html import parse


def news_fields(page: Page | None = None, **fields) -> dict:
    """The fields of the form; those of ``page`` where there is one."""
    data = {
        "title": "Une nouvelle",
        "slug": "une-nouvelle",
        "summary": "En bref.",
        "published_on": "01/03/2026",
        "shared_with": "groupement",
        "image": "",
        "body": streamfield([]),
        "comments": inline_formset([]),
    }
    if page is not None:
        data |= {"title": page.title, "slug": page.slug, "summary": page.summary}
    return nested_form_data(data | fields)


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def loaded(client: Client, page: Page) -> dict:
    """The version that the form says it was filled from, when it is opened now."""
    soup = parse(client.get(edit_address(page)))
    return {
        name: soup.select_one(f"input[name={name}]")["value"]
        for name in ("loaded_revision_id", "loaded_revision_created_at")
    }
