"""The doors of the editing screens: each says whether somebody got through, and keeps what they were shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from tests.factories import pages

DRAFT = "Zqbrouillon"


def news_with_draft(home: Page) -> Page:
    """A published news item of a home, whose title changed in a draft that nobody else may read."""
    page = pages.news(home, "Nouvelle publique", slug=f"nouvelle-{home.slug}")
    page.save_revision()
    page.title = f"{DRAFT} {home.slug}"
    page.save_revision()
    return page


def news_form(title: str, slug: str) -> dict:
    """What the form of a news item sends."""
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "summary": "",
            "published_on": "2026-01-05",
            "image": "",
            "body": streamfield([]),
            "shared_with": "groupement",
            "seo_title": "",
            "search_description": "",
        }
    )


@dataclass
class Visitor:
    """Somebody at the doors of one page; ``seen`` gathers all that they were answered."""

    client: Client
    page: Page
    seen: list[str] = field(default_factory=list)

    def ask(self, name: str, *args, data: dict | None = None, query: dict | None = None):
        """Open a screen, or send a form to it when there is ``data``; say whether it was shown."""
        url = reverse(name, args=args, query=query)
        response = self.client.get(url) if data is None else self.client.post(url, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.seen.append(body.decode(errors="replace") + str(response.headers))
        return response

    def shows(self, name: str, *args, **kwargs) -> bool:
        return self.ask(name, *args, **kwargs).status_code == 200

    def explore(self) -> bool:
        parent = self.page.get_parent()
        if not self.shows("wagtailadmin_explore", parent.pk):
            return False
        return f"/admin/pages/{self.page.pk}/" in self.seen[-1]

    def edit(self) -> bool:
        self.shows("wagtailadmin_pages:edit", self.page.pk)
        return bool(BeautifulSoup(self.seen[-1], "html.parser").select("form[data-edit-form] [name=title]"))

    def add(self) -> bool:
        section = self.page.get_parent()
        slug = f"ajout-{self.page.pk}"
        self.ask("wagtailadmin_pages:add", "resources", "newspage", section.pk, data=news_form("Ajout", slug))
        return Page.objects.child_of(section).filter(slug=slug).exists()

    def publish(self) -> bool:
        data = news_form("Publiée", self.page.slug) | {"action-publish": "1"}
        self.ask("wagtailadmin_pages:edit", self.page.pk, data=data)
        return Page.objects.get(pk=self.page.pk).title == "Publiée"

    def history(self) -> bool:
        return self.shows("wagtailadmin_pages:history", self.page.pk)

    def preview(self) -> bool:
        return self.shows("wagtailadmin_pages:view_draft", self.page.pk)

    def unpublish(self) -> bool:
        self.ask("wagtailadmin_pages:unpublish", self.page.pk, data={})
        return not Page.objects.get(pk=self.page.pk).live

    def delete(self) -> bool:
        self.ask("wagtailadmin_pages:delete", self.page.pk, data={})
        return not Page.objects.filter(pk=self.page.pk).exists()
