"""A crowd of pages: as many of every kind as asked, all on one theme, in the nation, here and elsewhere."""

from __future__ import annotations

import uuid
from itertools import cycle

from django.db import connection
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from regions.models import Groupement
from regions.visibility import owner_of
from tests.factories import catalogue, pages
from tests.factories.world import World

# Of three items that a listing shows, one may come from elsewhere.
OWNERS = ("nation", "nation", "elsewhere")


def grow(world: World, count: int, guide: Page) -> None:
    """Add ``count`` pages of every kind to what the nation shows, and a third as many to a groupement's own.

    Everything is on one theme, so that all pages are related. News and partners have each their image.

    Args:
        guide: the guide that gets ``count`` new chapters.
    """
    with disable_reference_index_auto_update():
        elsewhere = cycle([world.home(world.b), world.home(world.neighbour)])
        for number, owner in zip(range(count), cycle(OWNERS), strict=False):
            pages.chapter(guide, f"Chapitre {number}")
            if owner == "elsewhere":
                _reserved(world.national, number)
                _shared(next(elsewhere), number, shared_with="nation")
                _reserved(world.home(world.a), number)
                _shared(world.home(world.a), number)
                _branch(world, number)
            else:
                _reserved(world.national, number)
                _shared(world.national, number)


def _reserved(home: Page, number: int) -> None:
    """One page of each kind that is never shared between groupements."""
    filed = {"themes": [pages.theme()]}
    pages.guide(home, f"Guide {number}", **filed)
    pages.contact(home, f"Contact {number}", **filed)
    pages.partner(home, f"Partenaire {number}", logo=catalogue.image(f"Logo {number}"), **filed)


def _shared(home: Page, number: int, **sharing) -> None:
    """One page of each kind that a groupement may share."""
    filed = {"themes": [pages.theme()]}
    pages.event(home, f"Rencontre {number}", **filed, **sharing)
    pages.event(home, f"Rencontre passée {number}", in_days=-3, **sharing)
    pages.resource(home, f"Fiche {number}", kind="flyer", file=pages.document(f"Fiche {number}"), **filed, **sharing)
    pages.news(home, f"Nouvelle {number}", image=catalogue.image(f"Photo {number}"), **sharing)


def _branch(world: World, number: int) -> None:
    partner = pages.partner(world.national, f"Partenaire national {number}")
    for groupement in (world.a, world.b):
        pages.branch(world.home(groupement), f"Antenne {number}", partner=partner)


def add_groupements(count: int) -> None:
    """Add groupements to the directory, each covering a département; without their pages."""
    Groupement.objects.bulk_create(
        Groupement(code=f"groupement-{number}", name=f"Groupement {number}", departements=[f"{number:02}"])
        for number in range(1, count + 1)
    )


def answer_alike(complement: Page, count: int) -> list[Groupement]:
    """Add groupements, each with a home and with the answers that another one published; in a few statements.

    Args:
        complement: a page of answers just below its home, hence to a page of text.
    """
    model = owner_of(complement)
    home, network = complement.get_parent().specific, complement.get_parent().get_parent()
    start = Groupement.objects.count()
    added = Groupement.objects.bulk_create(
        Groupement(code=f"g{rank}", name=f"Groupement {rank:04}", status=model.status, zone_id=model.zone_id)
        for rank in range(start, start + count)
    )
    homes, copies = [], []
    for rank, groupement in enumerate(added, start=500 + start):
        path = network._get_path(network.path, home.depth, rank)
        url = f"{network.url_path}{groupement.code}/"
        homes.append(_like(home, path, url, title=groupement.name, slug=groupement.code, numchild=1))
        copies.append(_like(complement, f"{path}0001", f"{url}{complement.slug}/"))
    Page.objects.bulk_create([*homes, *copies])
    with connection.cursor() as cursor:
        _copy_rows(cursor, home, homes, groupement_id=[row.pk for row in added])
        _copy_rows(cursor, complement, copies)
        cursor.execute("UPDATE wagtailcore_page SET numchild = numchild + %s WHERE id = %s", [count, network.pk])
        cursor.execute(
            "WITH made AS (INSERT INTO wagtailcore_revision (object_id, content_type_id, base_content_type_id, "
            "created_at, object_str, content) SELECT unnest(%s)::text, content_type_id, base_content_type_id, "
            "created_at, object_str, content FROM wagtailcore_revision WHERE id = %s RETURNING id, object_id) "
            "UPDATE wagtailcore_page page SET latest_revision_id = made.id, live_revision_id = made.id "
            "FROM made WHERE page.id::text = made.object_id",
            [[row.pk for row in copies], complement.latest_revision_id],
        )
        cursor.execute("ANALYZE")
    return added


def _like(page: Page, path: str, url_path: str, **fields) -> Page:
    """A row of ``wagtailcore_page`` like that of a page, at another place of the tree."""
    fields = {"title": page.title, "slug": page.slug, "depth": page.depth, "live": True, **fields}
    fields |= {"locale_id": page.locale_id, "content_type_id": page.content_type_id, "draft_title": fields["title"]}
    return Page(path=path, url_path=url_path, translation_key=uuid.uuid4(), **fields)


def _copy_rows(cursor, page: Page, copies: list[Page], **others: list[int]) -> None:
    """Write the rows of a page's own type for copies of it, with other values in some columns."""
    columns = {field.column for field in type(page)._meta.local_concrete_fields if not field.primary_key}
    same = ", ".join(f'"{name}"' for name in sorted(columns - set(others)))
    given = ", ".join("unnest(%s)" for _name in ["page_ptr_id", *others])
    cursor.execute(
        f'INSERT INTO "{page._meta.db_table}" ({", ".join(["page_ptr_id", *others])}, {same}) '
        f'SELECT {given}, {same} FROM "{page._meta.db_table}" WHERE page_ptr_id = %s',
        [[row.pk for row in copies], *others.values(), page.pk],
    )
