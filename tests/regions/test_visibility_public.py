"""What a visitor sees from each place: own, zone's, nation's, shared; and nothing else."""

from __future__ import annotations

from tests.factories import pages
from tests.helpers import page_html


def test_guides__local_host__lists_national_and_own_not_others(world, visit):
    pages.guide(world.national, "Guide de la nation")
    pages.guide(world.home(world.a), "Guide breton")
    pages.guide(world.home(world.b), "Guide gascon")
    html = page_html(visit(world.host(world.a), "/guides/"))
    assert "Guide de la nation" in html
    assert "Guide breton" in html
    assert "Guide gascon" not in html


def test_guides__national_host__lists_only_national(world, visit):
    pages.guide(world.national, "Guide de la nation")
    pages.guide(world.home(world.a), "Guide breton")
    html = page_html(visit(world.national_host, "/guides/"))
    assert "Guide de la nation" in html
    assert "Guide breton" not in html


def test_national_guide__local_host__opens_inside_with_canonical(world, visit):
    guide = pages.guide(world.national, "Se loger", slug="se-loger")
    pages.chapter(guide, "Quitter", slug="quitter")
    html = page_html(visit(world.host(world.a), "/guides/se-loger/"))
    assert f'<link rel="canonical" href="http://{world.national_host}/guides/se-loger/">' in html
    assert 'href="/guides/se-loger/quitter/"' in html
    assert "Finistère" in html
    assert page_html(visit(world.host(world.a), "/guides/se-loger/quitter/"))


def test_complement__same_address__shown_with_the_national_page(world, visit):
    guide = pages.guide(world.national, "Se loger", slug="se-loger")
    pages.chapter(guide, "Quitter", slug="quitter")
    story = [{"type": "rich_text", "value": "<p>Ici à Brest, voyez la mairie.</p>", "id": "x"}]
    local = pages.guide(world.home(world.a), "Se loger en Finistère", slug="se-loger", body=story)
    pages.chapter(local, "Les quartiers", slug="quartiers")
    html = page_html(visit(world.host(world.a), "/guides/se-loger/"))
    assert "Ici à Brest" in html
    assert 'href="/guides/se-loger/quitter/"' in html
    assert 'href="/guides/se-loger/quartiers/"' in html
    assert page_html(visit(world.host(world.a), "/guides/se-loger/quartiers/"))
    elsewhere = page_html(visit(world.host(world.b), "/guides/se-loger/"))
    assert "Ici à Brest" not in elsewhere
    assert visit(world.host(world.b), "/guides/se-loger/quartiers/").status_code == 404


def test_events__shared_with_zone__seen_in_zone_only(world, visit):
    pages.event(world.home(world.a), "Pour nous", shared_with="groupement")
    pages.event(world.home(world.a), "Pour la zone", shared_with="zone")
    pages.event(world.home(world.a), "Pour tous", shared_with="nation")
    near = page_html(visit(world.host(world.neighbour), "/agenda/"))
    far = page_html(visit(world.host(world.b), "/agenda/"))
    national = page_html(visit(world.national_host, "/agenda/"))
    assert [name in near for name in ("Pour nous", "Pour la zone", "Pour tous")] == [False, True, True]
    assert [name in far for name in ("Pour nous", "Pour la zone", "Pour tous")] == [False, False, True]
    assert [name in national for name in ("Pour nous", "Pour la zone", "Pour tous")] == [False, False, True]


def test_unknown_host__any_path__clear_404(world, visit):
    for host in ("inconnu.mara.localhost", "example.org"):
        response = visit(host, "/guides/")
        assert response.status_code == 404
        assert world.national_host in response.content.decode()


def test_groupement_code__national_host__leads_to_its_site(world, visit):
    response = visit(world.national_host, "/groupements/finistere/")
    assert (response.status_code, response["Location"]) == (302, "http://finistere.mara.localhost/")
    assert visit(world.national_host, "/groupements/inconnu/").status_code == 404


def test_single_national_page__local_host__opens_inside(world, visit):
    pages.standard(world.national, "Mentions légales", slug="mentions-legales")
    html = page_html(visit(world.host(world.a), "/mentions-legales/"))
    assert f'href="http://{world.national_host}/mentions-legales/"' in html


def test_draft_and_restricted__nowhere(world, visit):
    from wagtail.models import PageViewRestriction

    pages.event(world.home(world.a), "Brouillon secret", live=False, shared_with="nation")
    private = pages.event(world.home(world.a), "Comité fermé", shared_with="nation", slug="comite")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.GROUPS)
    for host in (world.host(world.a), world.host(world.b), world.national_host):
        html = page_html(visit(host, "/agenda/"))
        assert "Brouillon secret" not in html
        assert "Comité fermé" not in html
