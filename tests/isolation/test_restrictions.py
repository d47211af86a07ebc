"""Pages and files reserved to groups: for these groups only, in every language, in no cache, in no list."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction

from regions import restrictions, rights, services
from regions.models import NetworkPage
from regions.roles import RoleCode
from tests.factories import pages


@pytest.fixture
def english(world):
    locale = Locale.objects.create(language_code="en")
    NetworkPage.objects.get().copy_for_translation(locale).save_revision().publish()
    world.national.copy_for_translation(locale).save_revision().publish()
    services.ensure_translated_home(world.a, locale)
    return locale


def reserve(page, *groups, kind="groups") -> PageViewRestriction:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind)
    restriction.groups.set(groups)
    return restriction


def own_group(world):
    return rights.group_for(RoleCode.REFERENT, groupement=world.a)


def read(world, person: str | None, page: Page):
    client = Client(headers={"host": world.host(world.a)})
    if person:
        client.force_login(world.people[person])
    return client.get(page.get_url_parts()[2])


def test_reserved_page__each_reader__reads_it_or_learns_nothing(world):
    page = pages.news(world.home(world.a), "Réservée")
    reserve(page, own_group(world))
    assert read(world, "referent_a", page).status_code == 200
    assert read(world, "referent_a", page).headers["Cache-Control"] == "private, no-store"
    for person in ("member", "referent_b", "editor", "admin"):
        assert read(world, person, page).status_code == 404, person
    anonymous = read(world, None, page)
    assert anonymous.status_code == 302
    assert anonymous.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("kind", ["login", "password"])
def test_reserved_page__another_kind_of_restriction__opens_to_nobody(world, kind):
    page = pages.news(world.home(world.a))
    reserve(page, kind=kind)
    for person in (None, "member", "referent_a", "referent_b"):
        assert read(world, person, page).status_code == 404, person
    found = [error.id for error in run_checks(tags=["database"], databases=["default"])]
    assert "mara.E013" in found


def test_reserved_page__permanent_address__does_not_tell_its_title(world):
    page = pages.news(world.home(world.a), "Fusion des groupements")
    reserve(page, own_group(world))
    client = Client(headers={"host": world.host(world.a)})
    response = client.get(reverse("permanent_link", args=[page.pk]))
    assert "fusion" not in response.headers["Location"]
    client.force_login(world.people["member"])
    assert client.get(reverse("permanent_link", args=[page.pk])).status_code == 404


def test_reserved_chapter__guide_open_to_all__is_not_in_its_contents_nor_its_print(world, visit):
    guide = pages.guide(world.home(world.a), "Se loger")
    pages.chapter(guide, "Chapitre ouvert")
    reserved = pages.chapter(
        guide, "Chapitre fermé", body=[{"type": "rich_text", "value": "<p>Entre nous</p>", "id": "1"}]
    )
    reserve(reserved, own_group(world))
    path = guide.get_url_parts()[2]
    for address in (path, path + "imprimer/"):
        body = visit(world.host(world.a), address).content.decode()
        assert "Chapitre fermé" not in body
        assert "Entre nous" not in body
    assert "Chapitre ouvert" in visit(world.host(world.a), path).content.decode()


def test_reserved_complement__national_page__is_shown_without_it(world, visit):
    guide = pages.guide(world.national, "Se loger", slug="se-loger")
    mine = pages.guide(world.home(world.a), "Se loger ici", slug="se-loger", body=pages.PARAGRAPH)
    path = f"/guides/{guide.slug}/"
    assert "camarade" in visit(world.host(world.a), path).content.decode()
    reserve(mine, own_group(world))
    body = visit(world.host(world.a), path).content.decode()
    assert "camarade" not in body
    assert guide.title in body


def test_page_reserved_after_its_translation__other_language__is_reserved_too(world, english):
    page = pages.news(world.home(world.a), "Réservée")
    twin = page.copy_for_translation(english)
    twin.save_revision().publish()
    group = own_group(world)
    restriction = reserve(page, group)
    copy = PageViewRestriction.objects.get(page=twin)
    assert list(copy.groups.all()) == [group]
    other = rights.group_for(RoleCode.CONTRIBUTOR, groupement=world.a)
    restriction.groups.add(other)
    assert set(copy.groups.all()) == {group, other}
    restriction.delete()
    assert not PageViewRestriction.objects.filter(page=twin).exists()


def test_reserved_page__translated_afterwards__keeps_its_groups_in_both_languages(world, english):
    page = pages.guide(world.home(world.a), "Guide réservé")
    reserve(page, own_group(world))
    translated = page.copy_for_translation(english, copy_parents=True)
    PageViewRestriction.objects.get_or_create(page=translated, restriction_type="groups")
    for one in (page, translated):
        [restriction] = one.get_view_restrictions()
        assert list(restriction.groups.all()) == [own_group(world)]


def test_page_reserved__deleted_in_one_language__stays_reserved_in_the_other(world, english):
    page = pages.news(world.home(world.a), "Réservée")
    twin = page.copy_for_translation(english)
    reserve(page, own_group(world))
    Page.objects.get(pk=page.pk).delete()
    assert PageViewRestriction.objects.filter(page=twin).exists()


def test_reserved_file__each_reader__reads_it_or_learns_nothing(world):
    document = pages.document("Procès-verbal")
    document.collection = world.a.collection
    document.save()
    restriction = CollectionViewRestriction.objects.create(collection=world.a.collection, restriction_type="groups")
    restriction.groups.add(own_group(world))

    def fetch(person):
        client = Client(headers={"host": world.national_host})
        if person:
            client.force_login(world.people[person])
        response = client.get(document.url)
        if response.streaming:
            list(response.streaming_content)  # reading it to the end closes the file
        return response

    assert fetch("referent_a").status_code == 200
    assert fetch("referent_a").headers["Cache-Control"] == "private, no-store"
    assert fetch("referent_b").status_code == fetch("member").status_code == 404
    assert fetch(None).status_code == 302


def test_privacy_dialog__referent__offers_own_groups_and_takes_no_other(world, signed_in):
    page = pages.news(world.home(world.a))
    foreign = rights.group_for(RoleCode.REFERENT, groupement=world.b)
    client = signed_in("referent_a")
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    offered = client.get(address).json()["html"]
    assert foreign.name not in offered
    assert "password" not in offered
    for data in (
        {"restriction_type": "groups", "groups": [foreign.pk]},
        {"restriction_type": "login"},
        {"restriction_type": "password", "password": "sesame"},
    ):
        client.post(address, data)
        assert not PageViewRestriction.objects.exists(), data
    client.post(address, {"restriction_type": "groups", "groups": [own_group(world).pk]})
    assert PageViewRestriction.objects.get().page_id == page.pk


def test_privacy_dialog__groups_given_by_others__are_kept(world, signed_in):
    page = pages.news(world.home(world.a))
    zone = rights.group_for(RoleCode.ZONE_REFERENT, zone=world.zone_a)
    restriction = reserve(page, zone)
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    signed_in("referent_a").post(address, {"restriction_type": "groups", "groups": [own_group(world).pk]})
    assert set(restriction.groups.all()) == {zone, own_group(world)}


def test_check__page_type_that_offers_more__is_refused(monkeypatch):
    from resources.models import NewsPage

    assert restrictions.only_groups_are_offered(None) == []
    monkeypatch.setattr(NewsPage, "private_page_options", ["groups", "login"])
    assert [error.id for error in restrictions.only_groups_are_offered(None)] == ["mara.E010"]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("WAGTAIL_PRIVATE_PAGE_OPTIONS", {"SHARED_PASSWORD": True}, "mara.E011"),
        ("WAGTAIL_PRIVATE_PAGE_OPTIONS", {}, "mara.E011"),
        ("WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS", {"SHARED_PASSWORD": True}, "mara.E011"),
        ("WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE", True, "mara.E012"),
    ],
)
def test_check__setting_that_opens_more__is_refused(settings, name, value, found):
    setattr(settings, name, value)
    assert [error.id for error in restrictions.only_groups_are_offered(None)] == [found]


@pytest.mark.parametrize("name", ["WAGTAIL_PRIVATE_PAGE_OPTIONS", "WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE"])
def test_check__setting_left_to_its_default__is_refused(settings, name):
    delattr(settings, name)
    assert len(restrictions.only_groups_are_offered(None)) == 1


def test_translation__of_a_published_page__waits_for_its_texts(
    world, english, signed_in, visit, django_capture_on_commit_callbacks
):
    for section in world.national.get_children().specific():
        section.copy_for_translation(english).save_revision().publish()
    page = pages.news(world.national, "Texte français", slug="texte-francais")
    page.save_revision().publish()
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    with django_capture_on_commit_callbacks(execute=True):  # it would be published then
        signed_in("editor").post(address, {"locales": [english.pk]})
    translation = page.get_translation(english)
    assert not translation.live, "its text is still in French"
    assert visit(world.national_host, translation.get_url_parts()[2]).status_code == 404
