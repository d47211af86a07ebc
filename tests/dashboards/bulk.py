"""A network of real size, in a second: rows copied by the database from one that the services made."""

from __future__ import annotations

from django.db import connection

from home.models import GroupementHomePage
from regions.models import Groupement
from resources.frames.answers import Answer
from tests.factories import frames
from tests.factories.world import World


def add_groupements(world: World, count: int) -> None:
    """Groupements that each have a home in the tree, copied from Finistère's."""
    home = world.home(world.a)
    for number in range(count):
        row = Groupement.objects.create(
            code=f"g{number}", name=f"G {number:03}", zone=world.zone_a, status=Groupement.Status.ACTIVE
        )
        copy(home, f"{home.path[:-4]}X{number:03}", groupement_id=row.pk)


def answer(world: World, nationals: list) -> None:
    """Finistère's answer to the first slot of each text, and the same from each of the groupements added."""
    homes = list(GroupementHomePage.objects.filter(groupement__code__regex=r"^g\d+$"))
    for rank, national in enumerate(nationals):
        given = frames.given()
        slot = national.slots[0].id
        given.given = {slot: Answer(slot=slot, kind="text", text="<p>a</p>", written_on=frames.DAY)}
        model = frames.complement(world.home(world.a), national, given)
        for home in homes:
            copy(model, f"{home.path}ZZ{rank:02}0001")


def copy(page, path: str, **fields: int) -> None:
    """Copy a page's two rows to another place of the tree."""
    common = "'id', nextval(pg_get_serial_sequence('wagtailcore_page', 'id')), 'translation_key', gen_random_uuid()"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailcore_page SELECT (jsonb_populate_record(p, jsonb_build_object("
            f"{common}, 'path', %s::text, 'slug', md5(%s)))).* FROM wagtailcore_page p WHERE id = %s RETURNING id",
            [path, path, page.pk],
        )
        own = {"page_ptr_id": cursor.fetchone()[0], **fields}
        pairs = ", ".join(f"'{name}', {value}" for name, value in own.items())
        table = page._meta.db_table
        cursor.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object({pairs}))).* FROM {table} t"
            " WHERE page_ptr_id = %s",
            [page.pk],
        )
