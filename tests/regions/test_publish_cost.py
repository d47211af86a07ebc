"""Publishing a national page costs the same with 3 groupements and with 300, and copies nothing."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Site

from home.models import GroupementHomePage
from regions.models import Groupement
from tests.factories import pages
from tests.helpers import count_queries, page_html

MANY = 300


def multiply_groupements(world, total: int) -> None:
    """Add groupements, each with its Site and its home, until there are ``total``.

    Rows are written as provisioning would leave them, without going through it: it takes a third of a second for each.
    """
    network = world.national.get_parent()
    codes = [f"groupement-{number}" for number in range(total - Groupement.objects.count())]
    locale_id, position = world.national.locale_id, network.numchild
    kind = ContentType.objects.get_for_model(GroupementHomePage)
    roots = Page.objects.bulk_create(
        Page(
            title=code,
            draft_title=code,
            slug=code,
            locale_id=locale_id,
            content_type=kind,
            path=Page._get_path(network.path, network.depth + 1, position + rank),
            depth=network.depth + 1,
            url_path=f"{network.url_path}{code}/",
        )
        for rank, code in enumerate(codes, start=1)
    )
    sites = Site.objects.bulk_create(
        Site(hostname=f"{root.slug}.mara.localhost", port=80, root_page=root) for root in roots
    )
    groupements = Groupement.objects.bulk_create(
        Groupement(code=code, name=code, zone=world.zone_a, site=site) for code, site in zip(codes, sites, strict=True)
    )
    for root, groupement in zip(roots, groupements, strict=True):
        home = GroupementHomePage(page_ptr=root, groupement=groupement)
        home.__dict__.update({name: root.__dict__[name] for name in ("title", "slug", "path", "depth", "url_path")})
        home.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=network.pk).update(numchild=position + len(codes))


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
