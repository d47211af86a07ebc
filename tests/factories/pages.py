"""One factory for each page type: a published page with what its readers need, below a given section."""

from __future__ import annotations

import datetime as dt
import itertools

from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from core.models import Document
from resources.models import ContactCategory, Theme

_numbers = itertools.count(1)

PARAGRAPH = [{"type": "rich_text", "value": "<p>Parlez-en d'abord à un camarade qui l'a vécu.</p>", "id": "p1"}]


def theme(code: str = "emploi-prive") -> Theme:
    return Theme.objects.get_or_create(code=code, defaults={"name": code.replace("-", " ")})[0]


def category(code: str = "association", side: str = "life") -> ContactCategory:
    return ContactCategory.objects.get_or_create(code=code, defaults={"name": code, "side": side})[0]


def document(title: str = "Fiche") -> Document:
    file = ContentFile(b"%PDF-1.4\n%%EOF\n", name=f"{slugify(title)}.pdf")
    return Document.objects.create(title=title, file=file)


def section(home: Page, slug: str) -> Page:
    """The section of a home, by its fixed address."""
    return home.get_children().get(slug=slug).specific


def _add(parent: Page, model_name: str, title: str, defaults: dict, fields: dict) -> Page:
    model = apps.get_model(model_name)
    values = {"title": title, "slug": f"{slugify(title)[:40]}-{next(_numbers)}", "locale": parent.locale}
    live = fields.pop("live", True)
    themes = fields.pop("themes", None)
    # treebeard instances go stale: children are added to the parent as it is now.
    page = parent.specific_class.objects.get(pk=parent.pk).add_child(
        instance=model(**(values | defaults | fields | {"live": live}))
    )
    if themes is not None:
        page.themes.set(themes)
        page.save()
    return page


def guide(home: Page, title: str = "Se loger", **fields) -> Page:
    return _add(section(home, "guides"), "resources.GuidePage", title, {"summary": "Trouver un toit."}, fields)


def chapter(guide_page: Page, title: str = "Choisir sa ville", **fields) -> Page:
    return _add(guide_page, "resources.GuideChapterPage", title, {"body": PARAGRAPH}, fields)


def contact(home: Page, title: str = "Maison de l'emploi", **fields) -> Page:
    defaults = {"service": "Conseil et ateliers.", "commune": "Brest", "postcode": "29200"}
    fields.setdefault("category", category())
    phones = fields.pop("phones", ["+33199000001"])
    page = _add(section(home, "annuaire"), "resources.ContactPage", title, defaults, fields)
    for number in phones:
        page.phones.create(number=number)
    if phones:
        page.save()  # rows of a page are written with it
    return page


def partner(home: Page, title: str = "Défense Mobilité", **fields) -> Page:
    defaults = {"mission": "<p>Accompagner les départs.</p>"}
    return _add(section(home, "partenaires"), "resources.PartnerPage", title, defaults, fields)


def branch(home: Page, title: str = "Antenne de Brest", **fields) -> Page:
    defaults = {"commune": "Brest", "phone": "+33199000002"}
    return _add(section(home, "partenaires"), "resources.PartnerBranchPage", title, defaults, fields)


def event(home: Page, title: str = "Café reconversion", *, in_days: float = 3, hours: float = 2, **fields) -> Page:
    start = timezone.now() + dt.timedelta(days=in_days)
    defaults = {"starts_at": start, "ends_at": start + dt.timedelta(hours=hours), "commune": "Brest"}
    return _add(section(home, "agenda"), "resources.EventPage", title, defaults, fields)


def resource(home: Page, title: str = "Fiche entretien", **fields) -> Page:
    defaults = {"kind": "link", "link_url": "https://example.org/fiche"}
    return _add(section(home, "ressources"), "resources.ResourcePage", title, defaults, fields)


def news(home: Page, title: str = "Une nouvelle", **fields) -> Page:
    return _add(section(home, "actualites"), "resources.NewsPage", title, {"body": PARAGRAPH}, fields)


def standard(home: Page, title: str = "Qui sommes-nous", **fields) -> Page:
    return _add(home, "resources.StandardPage", title, {"body": PARAGRAPH}, fields)


# Page types that a section holds, each with its factory; homes and sections are made by provisioning.
FACTORIES = {
    "resources.GuidePage": guide,
    "resources.GuideChapterPage": lambda home, **fields: chapter(guide(home), **fields),
    "resources.ContactPage": contact,
    "resources.PartnerPage": partner,
    "resources.PartnerBranchPage": branch,
    "resources.EventPage": event,
    "resources.ResourcePage": resource,
    "resources.NewsPage": news,
    "resources.StandardPage": standard,
}
