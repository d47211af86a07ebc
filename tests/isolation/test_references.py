"""A form refuses to point at what its author may not choose, and never shows its title."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from regions import rights
from tests.factories import catalogue, pages
from tests.html import parse

TITLE = "Photo réservée"


def foreign(world, kind: str):
    """Something of groupement B's, or a draft of the nation's, with a title to look for."""
    collection = world.b.collection
    if kind == "image":
        return catalogue.image(TITLE, collection=collection)
    if kind == "document":
        document = pages.document(TITLE)
        document.collection = collection
        document.save()
        return document
    if kind == "partner":
        return pages.partner(world.national, TITLE, live=False)
    return pages.contact(world.home(world.b), TITLE, live=False)


def image_block(thing):
    return ("image_block", {"image": str(thing.pk), "alt_text": "Une photo", "decorative": "", "caption": ""})


def text(thing, entity: str):
    html = {
        "page": f'<p>Voir <a linktype="page" id="{thing.pk}">ici</a> sans faute.</p>',
        "document": f'<p>Voir <a linktype="document" id="{thing.pk}">ici</a> sans faute.</p>',
    }[entity]
    return rich_text(html, features=["link", "document-link"])


WAYS = {
    "a field": ("image", "resources.NewsPage", "image", lambda thing: str(thing.pk)),
    "an image of a stream": ("image", "resources.NewsPage", "body", lambda thing: streamfield([image_block(thing)])),
    "a document of a stream": (
        "document",
        "resources.NewsPage",
        "body",
        lambda thing: streamfield([("document_block", {"document": str(thing.pk), "title": ""})]),
    ),
    "a card of a stream": (
        "contact",
        "resources.NewsPage",
        "body",
        lambda thing: streamfield([("contact_card", {"contact": str(thing.pk), "note": ""})]),
    ),
    "a text of a stream": (
        "contact",
        "resources.NewsPage",
        "body",
        lambda thing: streamfield([("rich_text", text(thing, "page"))]),
    ),
    "a text of a list of a stream": (
        "document",
        "resources.NewsPage",
        "body",
        lambda thing: streamfield([("callout", {"tone": "tip", "title": "", "text": text(thing, "document")})]),
    ),
    "a text": ("contact", "resources.PartnerPage", "mission", lambda thing: text(thing, "page")),
    "a row": (
        "document",
        "resources.EventPage",
        "documents",
        lambda thing: inline_formset([{"document": str(thing.pk), "title": "", "phase": "before"}]),
    ),
    "a page of a field": ("partner", "resources.PartnerBranchPage", "partner", lambda thing: str(thing.pk)),
}


def form_data(page, **changes):
    """The fields that every form of these page types needs; the rest of an invalid form is not looked at."""
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": "",
        "published_on": "01/02/2026",
        "shared_with": "groupement",
        "body": streamfield([]),
        "mission": rich_text("<p>Aider.</p>"),
        "documents": inline_formset([]),
        "phones": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(data | changes)


@pytest.mark.parametrize("way", WAYS)
def test_page_form__something_out_of_reach__is_refused_without_its_title(world, signed_in, contexts, way):
    kind, label, name, value = WAYS[way]
    thing = foreign(world, kind)
    page = catalogue.page_of(world, label, catalogue.LOCAL)
    count = page.revisions.count()
    response = signed_in("referent_a").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_data(page, **{name: value(thing)}) | {"action-publish": "1"},
    )
    body = parse(response)
    form = response.context["form"]
    rows = form.formsets[name].errors if name in form.formsets else form.errors.get(name)
    assert "autre groupement" in str(rows), f"{way}: {form.errors}"
    assert TITLE not in str(body)
    assert thing.pk not in {int(pk) for pk in _chosen(body, name)}
    assert page.revisions.count() == count
    if "text" in way:
        assert "sans faute" in str(body), "what was written is kept"


def _chosen(body, name: str) -> list[str]:
    return [control["value"] for control in body.select(f"input[name={name}][value]") if control["value"].isdigit()]


@pytest.mark.parametrize("where", ["national", "own"])
def test_page_form__what_the_author_may_choose__is_published(world, signed_in, contexts, where):
    collection = rights.national_collection() if where == "national" else world.a.collection
    image = catalogue.image("Une rade", collection=collection)
    contact = pages.contact(world.national if where == "national" else world.home(world.a))
    page = pages.news(world.home(world.a))
    body = streamfield([image_block(image), ("rich_text", text(contact, "page"))])
    response = signed_in("referent_a").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_data(page, image=str(image.pk), body=body) | {"action-publish": "1"},
    )
    assert response.status_code == 302, response.context["form"].errors
    page.refresh_from_db()
    assert page.image_id == image.pk


def test_page_form__what_somebody_with_more_rights_put_there__stays(world, signed_in, contexts):
    image = foreign(world, "image")
    page = pages.news(world.home(world.a), image=image)
    response = signed_in("referent_a").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page, image=str(image.pk))
    )
    assert response.status_code == 302, response.context["form"].errors


def test_preview__something_out_of_reach__is_not_rendered(world, signed_in):
    image = foreign(world, "image")
    page = pages.news(world.home(world.a))
    client = signed_in("referent_a")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(address, form_data(page, image=str(image.pk))).json()["is_valid"] is False
    assert not image.renditions.exists()
