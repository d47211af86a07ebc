"""A network of many groupements, written in bulk."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Site

from home.models import GroupementHomePage
from regions.models import Groupement


def multiply_groupements(world, total: int) -> None:
    """Add groupements, each with its Site and its home, until there are ``total``.

    Rows are written as provisioning would leave them, without going through it: it takes a third of a second for each.
    """
    network = world.national.get_parent()
    codes = [f"groupement-{number}" for number in range(Groupement.objects.count(), total)]
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
