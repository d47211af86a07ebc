"""Publishing a national page costs the same with 3 groupements and with 300, and copies nothing."""

from __future__ import annotations

from wagtail.models import Page

from regions.models import Groupement
from tests.factories import pages
from tests.factories.network import multiply_groupements
from tests.helpers import count_queries, page_html

MANY = 300


def publish_something(world, title: str):
    """Publish a change to a national guide and a new national event, as an editor does."""
    guide = pages.guide(world.national, title)

    def publish() -> None:
        guide.summary = "Revu."
        guide.save_revision().publish()
        pages.event(world.national, title)

    return publish


def test_national_page__published__costs_the_same_with_300_groupements(world, visit):
    # Once before counting: what is read once for a process is not the page's cost.
    count_queries(publish_something(world, "Pour rien"))
    few = count_queries(publish_something(world, "Avec trois"))
    multiply_groupements(world, MANY)
    assert Groupement.objects.filter(roots__isnull=False, site__isnull=False).count() == MANY
    pages_before = Page.objects.count()
    many = count_queries(publish_something(world, "Avec trois cents"))
    assert many == few
    assert Page.objects.count() == pages_before + 2, "the guide and the event, and no copy of either"
    assert "Avec trois cents" in page_html(visit("groupement-290.mara.localhost", "/"))


def test_local_page_view__with_300_groupements__costs_the_same(world, visit):
    pages.guide(world.national, "Se loger", slug="se-loger")
    paths = ("/agenda/", "/annuaire/", "/ressources/")
    host = world.host(world.b)

    def costs() -> dict[str, int]:
        return {path: count_queries(lambda path=path: page_html(visit(host, path))) for path in paths}

    few = costs()
    multiply_groupements(world, MANY)
    assert costs() == few
