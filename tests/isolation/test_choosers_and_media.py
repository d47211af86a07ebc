"""Choosers and libraries: one's own, what the nation lends, and nothing of another groupement's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import Document, Image
from regions.rights import national_collection
from tests.factories import catalogue, pages
from tests.isolation.doors import DRAFT, news_with_draft

OWNERS = ("own", "nation", "other")


@pytest.fixture
def media(world):
    """One image and one document of each owner, named after them."""
    collections = dict(zip(OWNERS, (world.a.collection, national_collection(), world.b.collection), strict=True))
    made = {}
    for owner, collection in collections.items():
        picture = catalogue.image(f"Zqimage{owner}", collection=collection)
        file = pages.document(f"Zqdocument{owner}")
        Document.objects.filter(pk=file.pk).update(collection=collection)
        made[owner] = (picture, file)
    return made


def shown(client, address: str, marker: str, **query) -> tuple[bool, ...]:
    """Whether an address shows what is own, the nation's, another's."""
    response = client.get(address, query)
    assert response.status_code == 200
    return tuple(f"{marker}{owner}" in response.content.decode() for owner in OWNERS)


def test_page_chooser__draft_of_another__is_in_no_list(world, signed_in):
    page = news_with_draft(world.home(world.b))
    unpublished = pages.news(world.home(world.b), "Zqinedit", live=False)
    own_draft = pages.news(world.home(world.a), "Zqnotre", live=False)
    section = page.get_parent()
    for name in ("referent_a", "contributor_a", "zone_a", "editor"):
        client = signed_in(name)
        for address, query in (
            (reverse("wagtailadmin_choose_page"), {}),
            (reverse("wagtailadmin_choose_page_child", args=[section.pk]), {}),
            (reverse("wagtailadmin_choose_page_search"), {"q": "Zqinedit"}),
            (reverse("wagtailadmin_choose_page_search"), {"q": "Nouvelle"}),
        ):
            body = client.get(address, query).content.decode()
            assert DRAFT not in body, f"{name}: {address}"
            assert unpublished.title not in body.replace("q=Zqinedit", ""), f"{name}: {address}"
    mine = reverse("wagtailadmin_choose_page_child", args=[own_draft.get_parent().pk])
    assert "Zqnotre" in signed_in("referent_a").get(mine).content.decode()


def test_page_chooser__published_national_page__may_be_linked_to(world, signed_in):
    guide = pages.guide(world.national, "Zqguide")
    pages.guide(world.national, "Zqpasencore", live=False)
    address = reverse("wagtailadmin_choose_page_child", args=[guide.get_parent().pk])
    body = signed_in("referent_a").get(address).content.decode()
    assert "Zqguide" in body
    assert "Zqpasencore" not in body


@pytest.mark.parametrize(
    ("kind", "chooser", "marker"),
    [("wagtailimages", "wagtailimages_chooser", "Zqimage"), ("wagtaildocs", "wagtaildocs_chooser", "Zqdocument")],
)
def test_library_and_chooser__referent__show_own_and_national_never_anothers(
    world, signed_in, media, kind, chooser, marker
):
    for name, expected in (("referent_a", (True, True, False)), ("contributor_a", (True, True, False))):
        client = signed_in(name)
        assert shown(client, reverse(f"{chooser}:choose"), marker) == expected, name
        listed = shown(client, reverse(f"{kind}:index"), marker)
        assert not listed[2], f"{name} sees what is another's in the library"
        if name == "referent_a":
            assert listed[0]
    found = signed_in("referent_a").get(reverse(f"{chooser}:choose_results"), {"q": f"{marker}other"})
    # The empty answer repeats the words that were looked for; nothing else may hold them.
    assert f"<em>{marker}other</em>" in found.content.decode()
    assert found.content.decode().count(f"{marker}other") == 1


@pytest.mark.parametrize("position", [0, 1], ids=["image", "document"])
def test_media__referent__changes_own_only(world, signed_in, media, position):
    name = ("wagtailimages", "wagtaildocs")[position]
    client = signed_in("referent_a")
    statuses = {}
    for owner in OWNERS:
        one = media[owner][position]
        statuses[owner] = client.get(reverse(f"{name}:edit", args=[one.pk])).status_code
        client.post(reverse(f"{name}:delete", args=[one.pk]))
    assert statuses["own"] == 200
    for owner in ("nation", "other"):
        assert statuses[owner] in {302, 403, 404}, owner
        one = media[owner][position]
        assert type(one).objects.filter(pk=one.pk).exists()
        response = client.post(reverse(f"{name}:edit", args=[one.pk]), {"title": "Volé"})
        assert response.status_code in {302, 403, 404}
        assert type(one).objects.get(pk=one.pk).title == one.title


def test_media__new_file_sent_into_anothers_collection__is_refused(world, signed_in, media):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in("referent_a")
    before = Document.objects.filter(collection=world.b.collection).count()
    for collection in (world.b.collection, national_collection()):
        client.post(
            reverse("wagtaildocs:add_multiple"),
            {
                "title": "Intrus",
                "collection": collection.pk,
                "files[]": SimpleUploadedFile("intrus.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf"),
            },
        )
        assert not Document.objects.filter(title="Intrus", collection=collection).exists()
    assert Document.objects.filter(collection=world.b.collection).count() == before
    assert Image.objects.filter(collection=world.b.collection).count() == 1
