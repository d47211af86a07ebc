"""Whatever changes what visitors see has it seen at once, on every site; what changes nothing costs nothing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Revision, Site

from core.models import PublicChange, PublicGeneration
from dashboards.models import Label
from exchanges.models import CallbackRequest
from regions import mandates
from regions.models import Groupement, NationalOffice
from resources.models import LocalNote
from tests.factories import catalogue, frames, pages
from tests.factories.network import multiply_groupements
from tests.helpers import count_queries

GUIDE, EVENT, NEWS = "/guides/se-loger-ici/", "/agenda/cafe-ici/", "/actualites/une-nouvelle-ici/"


class Scene:
    """What the changes below are made to. Each change says where it is seen, and what is read there afterwards."""

    def __init__(self, world) -> None:
        self.world = world
        self.here, self.there = world.host(world.a), world.host(world.b)
        self.nation = world.national_host
        theme = pages.theme("emploi")
        self.guide = pages.guide(world.national, "Se loger", slug="se-loger-ici", themes=[theme])
        self.chapter = frames.published(
            pages.chapter(self.guide, "La ville", slug="la-ville", body=[frames.slot("s1")])
        )
        self.event = pages.event(world.national, "Café", slug="cafe-ici")
        self.news = pages.news(world.home(world.a), "Une nouvelle", slug="une-nouvelle-ici")

    @property
    def everywhere(self) -> tuple[str, ...]:
        return (self.nation, self.here, self.there)


def publish_national(scene):
    scene.guide.title = "Se loger autrement"
    scene.guide.save_revision().publish()
    return [(host, GUIDE, "Se loger autrement") for host in scene.everywhere]


def publish_new(scene):
    pages.event(scene.world.national, "Forum de Toulon", in_days=1)
    return [(host, "/agenda/", "Forum de Toulon") for host in scene.everywhere]


def unpublish(scene):
    scene.guide.unpublish()
    return [(host, "/guides/", "!Se loger") for host in scene.everywhere]


def delete(scene):
    scene.event.delete()
    return [(host, "/agenda/", "!Café") for host in scene.everywhere]


def move(scene):
    scene.news.move(pages.section(scene.world.home(scene.world.b), "actualites"), pos="last-child")
    return [(scene.here, "/actualites/", "!Une nouvelle"), (scene.there, "/actualites/", "Une nouvelle")]


def expire(scene):
    Page.objects.filter(pk=scene.news.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("publish_scheduled")
    return [(scene.here, "/actualites/", "!Une nouvelle")]


def publish_at_an_hour(scene):
    scene.news.title = "Une nouvelle attendue"
    scene.news.save_revision(approved_go_live_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("publish_scheduled")
    return [(scene.here, NEWS, "Une nouvelle attendue")]


def change_address(scene):
    scene.guide.slug = "autre-adresse"
    scene.guide.save_revision().publish()
    return [(host, "/guides/", "/guides/autre-adresse/") for host in scene.everywhere]


def reserve(scene):
    PageViewRestriction.objects.create(page=scene.event, restriction_type="groups")
    return [(host, "/agenda/", "!Café") for host in scene.everywhere]


def rename_theme(scene):
    pages.theme("emploi").__class__.objects.filter(code="emploi").update(name="Métiers nouveaux")
    return [(host, "/guides/", "Métiers nouveaux") for host in scene.everywhere]


def coordinates_of_the_nation(scene):
    office = NationalOffice.load()
    office.phone = "+33199887766"
    office.save()
    return [(scene.nation, "/", "01 99 88 77 66")]


def coordinates_of_a_groupement(scene):
    Groupement.objects.filter(pk=scene.world.a.pk).update(contact_name="Madame Nouvelle")
    return [(scene.here, "/", "Madame Nouvelle")]


def colour(scene):
    Groupement.objects.filter(pk=scene.world.a.pk).update(accent="bruyere")
    return [(scene.here, "/", "bruyere")]


def vacancy(scene):
    Groupement.objects.filter(pk=scene.world.a.pk).update(status=Groupement.Status.VACANT)
    return [(scene.here, "/", "Zone O")]


def host_name(scene):
    Site.objects.filter(hostname=scene.here).update(hostname="nouveau.mara.localhost")
    return [(scene.here, "/", "!Finistère"), ("nouveau.mara.localhost", "/", "Finistère")]


def answer_of_a_frame(scene):
    answers = frames.given({"s1": "À Brest, demandez Yann."})
    frames.complement(scene.world.home(scene.world.a), scene.chapter, answers)
    return [(scene.here, f"{GUIDE}la-ville/", "demandez Yann"), (scene.there, f"{GUIDE}la-ville/", "!demandez Yann")]


def local_note(scene):
    calendar = pages.section(scene.world.home(scene.world.a), "agenda")
    LocalNote.objects.create(
        page=calendar, event_key=scene.event.translation_key, text="Covoiturage au départ de Brest"
    )
    return [(scene.here, EVENT, "Covoiturage"), (scene.there, EVENT, "!Covoiturage")]


CHANGES = [
    publish_national,
    publish_new,
    unpublish,
    delete,
    move,
    expire,
    publish_at_an_hour,
    change_address,
    reserve,
    rename_theme,
    coordinates_of_the_nation,
    coordinates_of_a_groupement,
    colour,
    vacancy,
    host_name,
    answer_of_a_frame,
    local_note,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_change__of_what_is_public__is_seen_at_once_everywhere(world, visitors, change):
    scene = Scene(world)
    visitors.commit()
    paths = ("/", "/guides/", GUIDE, f"{GUIDE}la-ville/", "/agenda/", EVENT, "/actualites/", NEWS)
    for host in scene.everywhere:
        for path in paths:
            visitors.get(host, path)
    assert visitors.status(scene.here, GUIDE) == "hit"
    before = PublicGeneration.objects.get().number
    seen = change(scene)
    visitors.commit()
    assert PublicGeneration.objects.get().number > before
    for host, path, words in seen:
        text = visitors.get(host, path).content.decode()
        assert (words[1:] not in text) if words.startswith("!") else (words in text), f"{host}{path}: {words}"


def _mandate(world):
    mandates.end_mandate_now(mandate=world.people["referent_a"].mandates.first())


def _document(world):
    pages.document("Fiche")


def _image(world):
    catalogue.image("Photo")


def _closed_collection(world):
    collection = Collection.get_first_root_node().add_child(name="Réservée")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups")


def _label(world):
    Label.objects.create(groupement=world.a, state=Label.State.HELD, awarded_on=timezone.localdate())


def _redirect(world):
    Redirect.objects.create(old_path="/ancienne", redirect_link="/guides/")


@pytest.mark.parametrize("change", [_mandate, _document, _image, _closed_collection, _label, _redirect])
def test_change__of_other_things_that_pages_show__moves_the_generation(world, visitors, change):
    visitors.commit()
    before = PublicGeneration.objects.get().number
    change(world)
    visitors.commit()
    assert PublicGeneration.objects.get().number > before


def _draft(scene):
    scene.guide.title = "Brouillon"
    scene.guide.save_revision()


def _visitor_s_request(scene):
    CallbackRequest.objects.create(key=uuid.uuid4(), name="Jean", phone="+33600000000")


def _sign_in(scene):
    person = scene.world.people["referent_a"]
    person.last_login = timezone.now()
    person.save()


def _same_value(scene):
    Groupement.objects.filter(pk=scene.world.a.pk).update(name=scene.world.a.name)
    scene.guide.refresh_from_db()
    type(scene.guide).objects.filter(pk=scene.guide.pk).update(summary=scene.guide.summary)


def _revisions(scene):
    Revision.objects.filter(object_id=str(scene.guide.pk)).delete()


@pytest.mark.parametrize("change", [_draft, _visitor_s_request, _sign_in, _same_value, _revisions])
def test_change__that_no_visitor_sees__moves_nothing(world, visitors, change):
    scene = Scene(world)
    scene.guide.save_revision()
    visitors.commit()
    before = PublicGeneration.objects.get().number
    change(scene)
    visitors.commit()
    assert PublicGeneration.objects.get().number == before


def test_change__undone_before_its_commit__moves_nothing(world, visitors):
    from django.db import transaction

    visitors.commit()
    before = PublicGeneration.objects.get().number
    with transaction.atomic():
        Groupement.objects.filter(pk=world.a.pk).update(contact_name="Défait")
        transaction.set_rollback(True)
    visitors.commit()
    assert PublicGeneration.objects.get().number == before
    assert not PublicChange.objects.exists()


def test_change__line_of_sql__moves_the_generation(world, visitors):
    visitors.commit()
    before = PublicGeneration.objects.get().number
    with connection.cursor() as cursor:
        cursor.execute("UPDATE regions_zone SET name = name || ' bis'")
    visitors.commit()
    assert PublicGeneration.objects.get().number > before


def test_change__with_three_groupements_or_with_a_hundred__costs_the_same(world, visitors):
    guide = pages.guide(world.national, "Se loger")

    def publish(title: str):
        def action():
            guide.title = title
            guide.save_revision().publish()
            visitors.commit()

        return action

    count_queries(publish("Une fois"))
    few = count_queries(publish("Deux fois"))
    multiply_groupements(world, 100)
    visitors.commit()
    assert count_queries(publish("Trois fois")) == few
