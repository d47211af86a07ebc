"""Rows of listings drawn once for each kind: Wagtail's own to the letter, and none costs a query of its own."""

from __future__ import annotations

import datetime
import re
from urllib.parse import quote

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.tables.pages import PageTable
from wagtail.admin.widgets import Button
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.models import Translation, TranslationSource

from regions.admin.scoped import pages as screens
from regions.admin.scoped import rows
from tests.factories import english, pages
from tests.factories import world as world_module
from tests.factories.network import multiply_groupements
from tests.helpers import count_queries, page_html

HOOK = "register_page_listing_more_buttons"
TITLE = "L'« été » <b>& 1987 \\1 %(title)s"


@pytest.fixture
def varied(world):
    """A groupement's guides of every kind, the national home in English, translated texts kept in step."""
    english.national(world.national)
    home = world.home(world.a)
    section = home.get_children().get(slug="guides").specific
    for number in range(4):
        pages.guide(home, f"{TITLE} {number}")
    draft = pages.guide(home, "Brouillon", live=False)
    Page.objects.filter(pk=draft.pk).update(latest_revision_created_at=None)
    waiting = pages.guide(home, "Modifiée")
    waiting.title = "Modifiée depuis"
    waiting.save_revision()
    kept = pages.guide(home, "Réservée")
    PageViewRestriction.objects.create(page=kept, restriction_type=PageViewRestriction.LOGIN)
    for person in ("admin", "referent_a"):
        locked = pages.guide(home, f"Verrouillée par {person}")
        Page.objects.filter(pk=locked.pk).update(locked=True, locked_by=world.people[person])
    later = pages.guide(home, "Bientôt", live=False)
    later.save_revision(approved_go_live_at=timezone.now() + datetime.timedelta(days=2))
    Page.objects.filter(pk=pages.guide(home, "Expirée", live=False).pk).update(expired=True)
    english.groupement(world.a)
    for number in range(2):
        source, _made = TranslationSource.get_or_create_from_instance(pages.guide(home, f"Traduite {number}"))
        Translation.objects.create(source=source, target_locale=english.locale())
    pages.guide(home, "Autre langue").copy_for_translation(english.locale(), alias=True)
    return section


def table(client, address: str) -> str:
    """The listing, without what follows: the forms below it have their own tokens."""
    return re.search(r'<table class="listing.*?</table>', page_html(client.get(address)), re.DOTALL)[0]


def both(client, address: str, monkeypatch) -> tuple[str, str]:
    # Days ago: a minute may pass between the two.
    written = Page.objects.filter(latest_revision_created_at__isnull=False)
    written.update(latest_revision_created_at=F("latest_revision_created_at") - datetime.timedelta(days=3))
    ours = table(client, address)
    with monkeypatch.context() as patched:
        for view in (screens.ScopedExplorableIndexView, screens.ScopedContentTypeUseView):
            patched.setattr(view, "table_class", PageTable)
        return ours, table(client, address)


@pytest.mark.parametrize("person", ["admin", "editor", "zone_a", "referent_a", "contributor_a"])
def test_rows__of_every_kind__are_those_of_wagtail(varied, world, signed_in, monkeypatch, person):
    client = signed_in(person)
    opened = 0
    home = world.home(world.a)
    listed = [varied.pk, world.national.pk, home.get_parent().pk]
    english_home = Page.objects.get(translation_key=home.translation_key, locale=english.locale())
    listed += [english_home.get_children().get(slug="guides").pk]
    addresses = [reverse("wagtailadmin_explore", args=[pk]) for pk in listed]
    addresses += [f"{addresses[0]}?q=guide&search_all=1", f"{addresses[0]}?ordering=ord"]
    addresses += [reverse("wagtailadmin_pages:type_use", args=["resources", "guidepage"])]
    for address in addresses:
        if client.get(address).status_code != 200 or b'<table class="listing' not in client.get(address).content:
            continue
        ours, wagtails = both(client, address, monkeypatch)
        assert ours == wagtails, address
        opened += ours.count("<tr") > 2
    assert opened >= 2


def test_rows__drawn_once__hold_no_mark_and_are_all_there(varied, signed_in):
    html = table(signed_in("admin"), reverse("wagtailadmin_explore", args=[varied.pk]))
    assert not rows.LEFT_OVER.search(html.replace("1987", ""))
    assert html.count("<tr") == varied.specific_class.objects.get(pk=varied.pk).get_children().count() + 1


@pytest.mark.parametrize("name", ["admin", "referent_a", "contributor_a"])
def test_rows__more_of_the_same_kind__cost_no_query(world, signed_in, name):
    section = world.home(world.a).get_children().get(slug="guides")
    address = reverse("wagtailadmin_explore", args=[section.pk])
    client = signed_in(name)
    for number in range(3):
        pages.guide(world.home(world.a), f"Guide {number}")
    client.get(address)
    few = count_queries(lambda: client.get(address))
    for number in range(20):
        pages.guide(world.home(world.a), f"Autre {number}")
    assert count_queries(lambda: client.get(address)) == few


def test_rows__homes_of_a_network__cost_the_queries_of_a_few(world, signed_in):
    address = reverse("wagtailadmin_explore", args=[world.national.get_parent().pk])
    client = signed_in("admin")
    client.get(address)
    multiply_groupements(world, 5)
    few = count_queries(lambda: client.get(address))
    multiply_groupements(world_module.load(), 25)
    assert count_queries(lambda: client.get(address)) == few


ASKED = {
    "field": lambda page: page.slug,
    "number": lambda page: Page.objects.filter(pk=page.pk).values_list("slug", flat=True).first(),
    "key": lambda page: (
        Page.objects.filter(translation_key=page.translation_key).values_list("slug", flat=True).first()
    ),
    "title": lambda page: Page.objects.filter(title=page.get_admin_display_title()).count(),
}


@pytest.mark.parametrize("what", ASKED)
def test_rows__hook_that_asks_for_something_else__are_drawn_by_wagtail(world, signed_in, monkeypatch, what):
    def says_it(page, user, next_url=None):
        yield Button(f"Version {ASKED[what](page)}", "/", priority=1)

    for number in range(3):
        section = pages.guide(world.home(world.a), f"Guide {number}").get_parent()
    client, address = signed_in("admin"), reverse("wagtailadmin_explore", args=[section.pk])
    with hooks.register_temporarily(HOOK, says_it):
        ours, wagtails = both(client, address, monkeypatch)
    assert ours == wagtails
    assert "Version None" not in ours
    assert "Version 0" not in ours


WRITTEN_OTHERWISE = {
    "number": lambda page: f"{page.pk:,}",
    "capitals": lambda page: page.get_admin_display_title().upper(),
    "shortened": lambda page: page.get_admin_display_title()[:3],
    "coded": lambda page: quote(page.get_admin_display_title()),
    "day": lambda page: f"{page.latest_revision_created_at:%Y}" if page.latest_revision_created_at else "",
}


@pytest.mark.parametrize("way", WRITTEN_OTHERWISE)
def test_rows__text_that_is_written_otherwise__are_drawn_by_wagtail(world, signed_in, monkeypatch, way):
    def says_it(page, user, next_url=None):
        yield Button(WRITTEN_OTHERWISE[way](page), "/", priority=1)

    for number in range(3):
        section = pages.guide(world.home(world.a), f"{TITLE} {number}").get_parent()
    client, address = signed_in("admin"), reverse("wagtailadmin_explore", args=[section.pk])
    with hooks.register_temporarily(HOOK, says_it):
        ours, wagtails = both(client, address, monkeypatch)
    assert ours == wagtails
