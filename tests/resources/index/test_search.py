"""What a question finds, in which order, and what it never finds; asked to both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from core.page_cache import generation
from resources.index.query import Question, search
from tests.factories import pages
from tests.resources.index.helpers import ask, place_of, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["local", "postgres"], autouse=True)
def engine(request, settings, tmp_path, caplog):
    """This machine's own index; or PostgreSQL, because the folder of the index is a file."""
    if request.param == "postgres":
        settings.MARA_SEARCH_DIR = tmp_path / "file"
        settings.MARA_SEARCH_DIR.write_text("")
    yield request.param
    said = [
        record for record in caplog.get_records("call") if "local search index does not answer" in record.getMessage()
    ]
    assert bool(said) is (request.param == "postgres"), "the engine that was to answer did not"


def test_search__same_page_here_and_in_the_nation__puts_ours_first(world):
    pages.resource(world.national, "Fiche permutation")
    pages.resource(world.home(world.a), "Fiche permutation locale")
    pages.resource(world.home(world.b), "Fiche permutation ailleurs")
    found = ask(world.host(world.a), "permutation")
    assert [hit.title for hit in found.hits] == ["Fiche permutation locale", "Fiche permutation"]
    assert found.total == 2
    assert [hit.origin.label for hit in found.hits] == ["Finistère", "National"]
    assert titles(world.national_host, "permutation") == ["Fiche permutation"]


def test_search__better_match_in_the_nation__comes_between_ours_about_it_and_ours_that_mentions_it(world):
    home, ours = world.home(world.a), "Notre page sur la permutation entre deux garnisons"
    pages.guide(world.national, "Permutation", summary="La permutation, les permutations, permuter.")
    pages.guide(home, ours, summary="Lisez.")
    pages.guide(home, "Divers", summary="On y parle aussi de permutation.")
    assert titles(world.host(world.a), "permutation") == [ours, "Permutation", "Divers"]


def test_search__what_others_share__comes_after_ours_with_its_origin(world):
    pages.news(world.home(world.b), "Zouave partagé à tous", shared_with="nation")
    pages.news(world.home(world.neighbour), "Zouave partagé à la zone", shared_with="zone")
    pages.news(world.home(world.b), "Zouave gardé")
    pages.news(world.home(world.a), "Zouave d'ici")
    found = ask(world.host(world.a), "zouave")
    assert [hit.title for hit in found.hits] == ["Zouave d'ici", "Zouave partagé à la zone", "Zouave partagé à tous"]
    assert [hit.origin.kind for hit in found.hits] == ["groupement", "zone", "groupement"]
    assert found.hits[2].href.startswith("http://lot-et-garonne.")
    assert set(titles(world.host(world.b), "zouave")) == {"Zouave gardé", "Zouave partagé à tous"}
    assert titles(world.national_host, "zouave") == ["Zouave partagé à tous"]
    everywhere = titles(world.host(world.a), "zouave", whole_network=True)
    assert len(everywhere) == 4
    assert everywhere[0] == "Zouave d'ici"


def test_search__drafts_expired_reserved_or_not_yet_due__are_never_found(world):
    home, now = world.home(world.a), timezone.now()
    pages.resource(home, "Quartz brouillon", live=False)
    pages.resource(home, "Quartz expiré", expire_at=now - dt.timedelta(minutes=1))
    pages.news(home, "Quartz de demain", published_on=timezone.localdate() + dt.timedelta(days=1))
    reserved = pages.resource(home, "Quartz réservé")
    PageViewRestriction.objects.create(page=reserved, restriction_type="groups")
    pages.resource(home, "Quartz ouvert")
    for whole_network in (False, True):
        assert titles(world.host(world.a), "quartz", whole_network=whole_network) == ["Quartz ouvert"]
    PageViewRestriction.objects.all().delete()
    assert set(titles(world.host(world.a), "quartz")) == {"Quartz ouvert", "Quartz réservé"}


def test_search__expiry_passing__is_followed_without_anything_being_saved(world):
    page = pages.resource(world.home(world.a), "Éphémère", expire_at=timezone.now() + dt.timedelta(hours=1))
    assert titles(world.host(world.a), "ephemere") == ["Éphémère"]
    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - dt.timedelta(seconds=1))
    assert titles(world.host(world.a), "ephemere") == []


def test_search__words_of_a_complement__lead_to_the_national_guide_read_here(world):
    guide = pages.guide(world.national, "Se loger", slug="se-loger")
    pages.chapter(guide, "Louer", slug="louer")
    local = pages.guide(world.home(world.a), "Notre complément", slug="se-loger", summary="Autour de Recouvrance.")
    pages.chapter(local, "Louer chez nous", slug="louer", summary="Les propriétaires de Kerbonne.")
    found = ask(world.host(world.a), "recouvrance")
    assert [(hit.title, hit.href) for hit in found.hits] == [("Se loger", "/guides/se-loger/")]
    (hit,) = ask(world.host(world.a), "kerbonne").hits
    assert (hit.title, hit.href, hit.context) == ("Louer", "/guides/se-loger/louer/", "Se loger")
    assert ask(world.host(world.a), "se loger", kinds=("guide",)).total == 2, "the guide and its chapter, once each"
    assert titles(world.host(world.b), "recouvrance kerbonne") == []
    hrefs = {hit.title: hit.href for hit in ask(world.host(world.b), "louer").hits}
    assert hrefs["Louer"] == "/guides/se-loger/louer/"


def test_search__complement_reserved_or_withdrawn__gives_its_place_back_to_the_national_page(world):
    pages.guide(world.national, "Se former", slug="se-former")
    local = pages.guide(world.home(world.a), "Se former ici", slug="se-former")
    PageViewRestriction.objects.create(page=local, restriction_type="groups")
    assert titles(world.host(world.a), "se former") == ["Se former"]
    PageViewRestriction.objects.all().delete()
    local.unpublish()
    (hit,) = ask(world.host(world.a), "se former").hits
    assert (hit.title, hit.origin.kind) == ("Se former", "nation")


def test_search__national_page_reserved__hides_its_complement_too(world):
    guide = pages.guide(world.national, "Secret Zibeline", slug="zibeline")
    pages.guide(world.home(world.a), "Complément", slug="zibeline", summary="Zibeline encore.")
    PageViewRestriction.objects.create(page=guide, restriction_type="groups")
    assert titles(world.host(world.a), "zibeline") == []
    assert titles(world.host(world.b), "zibeline", whole_network=True) in ([], ["Complément"])


def test_search__home_of_a_groupement__is_found_from_everywhere(world):
    (hit,) = ask(world.national_host, "lot et garonne", kinds=("groupement",)).hits
    assert hit.href.startswith("http://lot-et-garonne.")


def test_facets__counts__are_those_of_what_one_click_would_leave(world):
    theme = pages.theme("transmission")
    pages.resource(world.national, "Ébène un", themes=[theme])
    pages.resource(world.national, "Ébène deux")
    pages.news(world.home(world.a), "Ébène trois")
    pages.event(world.home(world.a), "Ébène à venir", in_days=2, themes=[theme])
    pages.event(world.home(world.a), "Ébène passé", in_days=-9)
    pages.event(world.home(world.neighbour), "Ébène de la zone", in_days=40, shared_with="zone")
    pages.event(world.home(world.b), "Ébène ailleurs", in_days=2)

    def counted(**chosen):
        found = ask(world.host(world.a), "ebene", **chosen)
        facets = {facet.name: {value.code: value.count for value in facet.values} for facet in found.facets}
        return found.total, facets

    total, facets = counted()
    assert total == 6
    assert facets["kind"] == {"event": 3, "resource": 2, "news": 1}
    assert facets["theme"] == {"transmission": 2}
    assert facets["level"] == {"groupement": 3, "nation": 2, "zone": 1}
    assert facets["groupement"] == {"finistere": 3, "morbihan": 1}
    assert facets["when"]["upcoming"] == 2
    assert facets["when"]["past"] == 1
    for name, field in (("kind", "kinds"), ("theme", "theme"), ("level", "level"), ("groupement", "groupement")):
        for code, count in facets[name].items():
            chosen = {field: (code,) if field == "kinds" else code}
            total, again = counted(**chosen)
            assert total == count, (name, code)
            assert again[name] == facets[name], "the other choices of a facet stay"
    assert counted(when="past")[0] == 1
    assert counted(kinds=("event",), level="zone")[0] == 1
    assert counted(theme="inconnu")[0] == 0


def test_sorts__by_date_and_by_distance__are_followed(world):
    home = world.home(world.a)
    pages.event(home, "Ajonc loin", in_days=1, latitude=43.46, longitude=3.42)
    pages.event(home, "Ajonc près", in_days=9, latitude=48.39, longitude=-4.49)
    pages.event(home, "Ajonc nulle part", in_days=5)
    pages.event(home, "Ajonc fini", in_days=-5, latitude=48.39, longitude=-4.49)
    host = world.host(world.a)
    assert titles(host, "ajonc", when="upcoming", sort="date") == ["Ajonc loin", "Ajonc nulle part", "Ajonc près"]
    assert titles(host, "ajonc", sort="date")[-1] == "Ajonc fini"
    assert titles(host, "ajonc")[-1] == "Ajonc fini", "what is over comes last"
    found = ask(host, "ajonc", when="upcoming", sort="distance", near=(48.4, -4.5))
    assert [hit.title for hit in found.hits] == ["Ajonc près", "Ajonc loin", "Ajonc nulle part"]
    assert found.hits[0].distance_km < 2
    assert found.hits[2].distance_km is None
    assert titles(host, "ajonc", sort="distance", near=(48.4, -4.5), page_size=2, page=2) != []


def test_pages__of_results__follow_each_other_without_gap_or_repeat(world):
    for number in range(7):
        pages.resource(world.national, f"Mistral {number}")
    host = world.host(world.a)
    seen = [title for page in (1, 2, 3, 4) for title in titles(host, "mistral", page=page, page_size=3)]
    assert sorted(seen) == [f"Mistral {number}" for number in range(7)]


def test_pages__of_what_is_about_the_words_mentions_them_or_is_over__keep_one_order_however_long_they_are(world):
    home, others = world.home(world.a), world.home(world.b)
    for number, where in enumerate((home, world.national)):
        pages.event(where, f"Tramontane finie {number}", in_days=-5 - number)
        pages.event(where, f"Vent fini {number}", summary="De la tramontane.", in_days=-15 - number)
        pages.resource(where, f"Tramontane {number}")
        pages.resource(where, f"Brise {number}", summary="Et tramontane.")
        pages.guide(where, f"Souffle {number}", body=[("rich_text", "<p>Parfois la tramontane.</p>")])
    pages.news(others, "Tramontane d'ailleurs", shared_with="nation")
    whole = titles(world.host(world.a), "tramontane", page_size=50)
    assert whole[:5] == ["Tramontane 0", "Tramontane 1", "Tramontane d'ailleurs", "Brise 0", "Brise 1"]
    assert set(whole[5:7]) == {"Souffle 0", "Souffle 1"}
    assert whole[7:] == ["Tramontane finie 0", "Tramontane finie 1", "Vent fini 0", "Vent fini 1"]
    for size in (1, 2, 3, 4):
        read = [ask(world.host(world.a), "tramontane", page=page, page_size=size) for page in range(1, 12 // size + 2)]
        assert [hit.title for found in read for hit in found.hits] == whole
        assert {found.total for found in read} == {len(whole)}


def test_search__of_our_own_once_the_network_is_known__asks_as_little_however_much_is_found(world, engine, settings):
    settings.MARA_REMEMBER = True
    home, host = world.home(world.a), world.host(world.a)

    def grow(count: int) -> None:
        for number in range(count):
            pages.resource(home, f"Embrun {count} {number}")
        ask(host, "embrun")  # what is new is read, and the network remembered
        generation.forget()

    def own() -> int:
        place = place_of(host)
        assert place.restricted_paths is not None
        with CaptureQueriesContext(connection) as captured:
            assert search(place, Question(text="embrun", groupement=world.a.code)).hits
        return len(captured)

    grow(1)
    few = own()
    grow(12)
    assert own() == few
    if engine == "local":
        assert few == 2, "whether something is new, and the rows shown"


def test_search__without_words__browses_what_the_place_shows(world):
    pages.resource(world.home(world.a), "À parcourir")
    pages.resource(world.home(world.b), "Ailleurs")
    found = ask(world.host(world.a), kinds=("resource",))
    assert [hit.title for hit in found.hits] == ["À parcourir"]
