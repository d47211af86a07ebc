"""The index follows every change, whatever makes it; several processes follow each other."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from regions.models import Groupement
from resources.index import analysis, following, local
from resources.index.models import IndexState
from resources.models import IndexEntry, NewsPage, Synonym
from tests.factories import pages
from tests.resources.index.helpers import ask, titles

pytestmark = pytest.mark.django_db


def test_following__a_page_published_changed_withdrawn_deleted__is_followed_at_once(world):
    host, page = world.host(world.a), pages.news(world.home(world.a), "Girouette")
    assert titles(host, "girouette") == ["Girouette"]
    page.title = "Anémomètre"
    page.save_revision().publish()
    assert (titles(host, "girouette"), titles(host, "anemometre")) == ([], ["Anémomètre"])
    page.title = "Brouillon"
    page.save_revision()
    assert titles(host, "anemometre") == ["Anémomètre"], "a draft changes nothing"
    page.unpublish()
    assert titles(host, "anemometre") == []
    page.refresh_from_db()
    page.save_revision().publish()
    assert titles(host, "brouillon") == ["Brouillon"]
    page.delete()
    assert titles(host, "brouillon") == []


def test_following__a_line_of_sql_or_a_bulk_update__is_followed_too(world):
    page = pages.news(world.home(world.b), "Boussole")
    assert titles(world.host(world.a), "boussole") == []
    NewsPage.objects.filter(pk=page.pk).update(shared_with="nation")
    assert titles(world.host(world.a), "boussole") == ["Boussole"]
    Page.objects.filter(pk=page.pk).update(live=False)
    assert titles(world.host(world.a), "boussole") == []


def test_following__an_address_above_or_a_move__changes_where_results_lead(world):
    guide = pages.guide(world.national, "Gréement", slug="greement")
    other = pages.guide(world.national, "Accastillage", slug="accastillage")
    chapter = pages.chapter(guide, "Le hauban", slug="hauban")
    (hit,) = ask(world.host(world.a), "hauban").hits
    assert (hit.href, hit.context) == ("/guides/greement/hauban/", "Gréement")
    guide.refresh_from_db()
    guide.slug, guide.title = "grande-voile", "Grande voile"
    guide.save_revision().publish()
    (hit,) = ask(world.host(world.a), "hauban").hits
    assert (hit.href, hit.context) == ("/guides/grande-voile/hauban/", "Grande voile")
    chapter.refresh_from_db()
    chapter.move(other, pos="last-child")
    (hit,) = ask(world.host(world.a), "hauban").hits
    assert (hit.href, hit.context) == ("/guides/accastillage/hauban/", "Accastillage")


def test_following__a_groupement_renamed__is_found_and_shown_under_its_new_name(world):
    pages.news(world.home(world.a), "Cabestan")
    groupement = Groupement.objects.get(pk=world.a.pk)
    groupement.name = "Penn-ar-Bed"
    groupement.save()
    assert ask(world.host(world.a), "cabestan").hits[0].origin.label == "Penn-ar-Bed"
    assert ask(world.national_host, "penn ar bed", kinds=("groupement",)).total == 1


def test_following__another_language__is_found_when_asked_for_only(world):
    pages.news(world.home(world.a), "Sextant")
    assert ask(world.host(world.a), "sextant", language="en").total == 0
    assert ask(world.host(world.a), "sextant", language="xx").total == 0
    assert ask(world.host(world.a), "sextant", language="fr").total == 1


def test_synonyms__of_the_editors_list__are_followed_at_once(world):
    pages.news(world.home(world.a), "Le gabier")
    assert titles(world.host(world.a), "matelot") == []
    row = Synonym.objects.create(terms="matelot", expansions="gabier", direction="one_way")
    assert titles(world.host(world.a), "matelot") == ["Le gabier"]
    row.delete()
    assert titles(world.host(world.a), "matelot") == []


def test_verify__after_an_entry_was_lost_or_left__says_so_and_rebuilding_mends_it(world):
    page = pages.news(world.home(world.a), "Octant")
    following.follow()
    output = io.StringIO()
    call_command("rebuild_index", verify=True, stdout=output, stderr=io.StringIO())
    IndexEntry.objects.filter(pk=page.pk).update(digest="autre")
    with pytest.raises(CommandError):
        call_command("rebuild_index", verify=True, stdout=output, stderr=io.StringIO())
    assert str(page.pk) in output.getvalue()
    IndexEntry.objects.filter(pk=page.pk).delete()
    assert titles(world.host(world.a), "octant") == [] or local.forget() is None
    call_command("rebuild_index", stdout=output, stderr=io.StringIO())
    assert titles(world.host(world.a), "octant") == ["Octant"]
    call_command("rebuild_index", verify=True, stdout=output, stderr=io.StringIO())


def test_look__entries_of_an_older_analysis__are_all_read_again_once(world):
    pages.news(world.home(world.a), "Octant")
    following.follow()
    page_id = ask(world.host(world.a), "octant").hits[0].page_id
    IndexEntry.objects.filter(pk=page_id).update(title_words="ancien", digest="d'une autre analyse")
    IndexState.objects.update(analysis=analysis.VERSION - 1)
    assert titles(world.host(world.a), "octant") == ["Octant"]
    following.follow()
    assert IndexEntry.objects.get(pk=page_id).title_words == "octant"
    assert IndexState.objects.get().analysis == analysis.VERSION
    assert following.look()[1] is False


def test_two_openers__of_one_folder__read_what_either_wrote(world, tmp_path):
    page = pages.news(world.home(world.a), "Astrolabe")
    following.follow()
    one, two = (local.LocalIndex(tmp_path / "index", "generation") for _opener in range(2))
    assert one.build()
    assert two.build()
    assert (one.version, one.searcher.num_docs) == (two.version, two.searcher.num_docs)
    page.delete()
    following.follow()
    assert two.build()
    assert one.build()
    assert (one.version, one.searcher.num_docs) == (two.version, two.searcher.num_docs)
    with local.lock_of(tmp_path / "index") as mine:
        assert mine
        assert not one.build(), "one writer at a time"
