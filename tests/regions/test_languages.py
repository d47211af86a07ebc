"""The network in two languages: each address answers in one, and says where the other is."""

from __future__ import annotations

import pytest

from tests import html
from tests.factories import english, pages
from tests.helpers import page_html


@pytest.fixture
def in_english(world):
    """The national home and a guide in English; Finistère in English too, Lot-et-Garonne not."""
    guide = pages.guide(world.national, "Se loger", slug="se-loger")
    chapter = pages.chapter(guide, "Quitter", slug="quitter")
    english.national(world.national)
    english.translate(guide, "Finding a home")
    english.translate(chapter, "Leaving")
    english.groupement(world.a)
    return world


def alternates(soup) -> dict[str, str]:
    return {tag["hreflang"]: tag["href"] for tag in soup.select('link[rel="alternate"][hreflang]')}


def switches(soup) -> dict[str, str]:
    return {tag["hreflang"]: tag["href"] for tag in soup.select("header a[hreflang]")}


def test_english__before_there_is_any__is_not_found_anywhere(world, visit):
    for host in (world.national_host, world.host(world.a)):
        for path in ("/en/", "/en/guides/", "/en/agenda/"):
            assert visit(host, path).status_code == 404
    soup = html.parse(visit(world.national_host))
    assert alternates(soup) == {}
    assert switches(soup) == {}


def test_english__on_a_host_without_it__is_not_found(in_english, visit):
    host = in_english.host(in_english.b)
    for path in ("/en/", "/en/guides/", "/en/guides/se-loger/"):
        assert visit(host, path).status_code == 404
    assert switches(html.parse(visit(host))) == {}


def test_home__in_each_language__names_the_other(in_english, visit):
    root = f"http://{in_english.national_host}"
    for path, language in (("/", "fr"), ("/en/", "en")):
        soup = html.parse(visit(in_english.national_host, path))
        assert html.metadata(soup)["lang"] == language
        assert alternates(soup) == {"fr": f"{root}/", "en": f"{root}/en/"}
        assert html.metadata(soup)["canonical"] == f"{root}{path}"
    assert switches(html.parse(visit(in_english.national_host, "/"))) == {"en": "/en/"}
    assert switches(html.parse(visit(in_english.national_host, "/en/"))) == {"fr": "/"}


def test_page__translated__is_switched_to_itself(in_english, visit):
    host, root = in_english.national_host, f"http://{in_english.national_host}"
    soup = html.parse(visit(host, "/guides/se-loger/quitter/"))
    assert switches(soup) == {"en": "/en/guides/se-loger/quitter/"}
    assert alternates(soup)["en"] == f"{root}/en/guides/se-loger/quitter/"
    pages.guide(in_english.national, "Pas traduit", slug="pas-traduit")
    soup = html.parse(visit(host, "/guides/pas-traduit/"))
    assert switches(soup) == {"en": "/en/"}
    assert alternates(soup) == {}
    assert visit(host, "/en/guides/pas-traduit/").status_code == 404


def test_national_english_guide__english_local_subsite__opens_inside(in_english, visit):
    host = in_english.host(in_english.a)
    soup = html.parse(visit(host, "/en/guides/se-loger/"))
    assert soup.h1.get_text(strip=True) == "Finding a home"
    assert html.metadata(soup)["lang"] == "en"
    national = f"http://{in_english.national_host}"
    assert html.metadata(soup)["canonical"] == f"{national}/en/guides/se-loger/"
    assert alternates(soup) == {"en": f"{national}/en/guides/se-loger/", "fr": f"{national}/guides/se-loger/"}
    assert soup.select('main a[href="/en/guides/se-loger/quitter/"]')
    assert not soup.select('main a[href^="/guides/"]')
    assert "Finistère" in soup.header.get_text()


def test_english_listing__local_host__mixes_no_languages(in_english, visit):
    pages.guide(in_english.home(in_english.a), "Guide breton")
    listing = page_html(visit(in_english.host(in_english.a), "/en/guides/"))
    assert "Finding a home" in listing
    assert "Se loger" not in listing
    assert "Guide breton" not in listing
    french = page_html(visit(in_english.host(in_english.a), "/guides/"))
    assert "Guide breton" in french
    assert "Finding a home" not in french


def test_english_event__shared_by_an_english_home__is_seen_in_english_only(in_english, visit):
    home = in_english.a.roots.get(locale__language_code="en")
    pages.event(home, "Coffee in Brest", shared_with="nation")
    assert "Coffee in Brest" in page_html(visit(in_english.national_host, "/en/agenda/"))
    assert "Coffee in Brest" not in page_html(visit(in_english.national_host, "/agenda/"))
    assert "Coffee in Brest" not in page_html(visit(in_english.host(in_english.b), "/agenda/"))


def test_groupement_code__english_address__leads_to_its_english_home(in_english, visit):
    response = visit(in_english.national_host, "/en/groupements/finistere/")
    assert response["Location"] == "http://finistere.mara.localhost/en/"
    response = visit(in_english.national_host, "/en/groupements/lot-et-garonne/")
    assert response["Location"] == "http://lot-et-garonne.mara.localhost/"
