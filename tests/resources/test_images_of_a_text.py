"""Drawing pictures asks the database nothing of each: neither those of a list, nor those of a text."""

from __future__ import annotations

import re
import uuid
from unittest import mock

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from core.models import Image, Rendition
from regions.places import relative_path
from tests.factories import catalogue, crowd, pages
from tests.helpers import count_in_database, count_queries, page_html

FEW, MANY = 3, 12
MOST = 10
WITH_TEXT = [label for label in catalogue.SERVED if hasattr(apps.get_model(label), "body")]


def figure(image: Image, decorative: bool = False) -> dict:
    value = {"image": image.pk, "alt_text": "La rade", "decorative": decorative, "caption": ""}
    return {"type": "image_block", "value": value, "id": str(uuid.uuid4())}


def optional(image: Image) -> dict:
    """A part that a groupement may leave out, with its picture."""
    return {"type": "optional", "value": {"title": "En base", "body": [figure(image)]}, "id": str(uuid.uuid4())}


def illustrate(page: Page, blocks: list[dict]) -> None:
    """Give a page a text with these pictures."""
    page = page.specific_class.objects.get(pk=page.pk)
    page.body = [*pages.PARAGRAPH, *blocks]
    page.save()


def read(host: str, address: str) -> str:
    return page_html(Client(headers={"host": host}).get(address))


def queries(host: str, address: str) -> int:
    """How many a page asks, once the copies of its pictures are made."""
    read(host, address)
    return count_queries(lambda: read(host, address))


@pytest.fixture
def images(db):
    return [catalogue.image(f"Photo {number}") for number in range(10)]


def test_pages_with_pictures__counts_kept_in_the_database__ask_as_little_for_many_as_for_one(world, images, settings):
    count_in_database(settings)
    guide = pages.guide(world.national)
    asked = []
    for more, pictures in ((FEW, images[:1]), (MANY - FEW, images)):
        crowd.grow(world, more, guide)
        illustrate(guide, [figure(image) for image in pictures])
        asked.append([queries(world.host(world.a), address) for address in ("/", f"/{relative_path(guide)}")])
    assert asked[0] == asked[1]
    assert max(asked[1]) <= MOST, asked


@pytest.mark.parametrize("label", WITH_TEXT)
def test_text__ten_times_more_pictures__costs_the_same_wherever_it_is_read(world, images, label):
    places = [place for one, place in catalogue.READ_AT if one == label]
    texts = {place: catalogue.page_of(world, label, place) for place in places}
    read_at = {(catalogue.host_of(world, place), f"/{relative_path(page)}") for place, page in texts.items()}
    read_at |= {(world.host(world.a), address) for _host, address in read_at if label not in catalogue.STRUCTURAL}
    asked = []
    for pictures in (images[:1], images):
        for page in texts.values():
            illustrate(page, [figure(image) for image in pictures])
        assert all(read(*where).count(' alt="La rade"') == len(pictures) for where in read_at)
        asked.append({where: queries(*where) for where in read_at})
    assert asked[0] == asked[1]


def test_frame__ten_times_more_pictures_in_its_parts__costs_the_same(world, images):
    chapter = pages.chapter(pages.guide(world.national))
    read_at = [(host, f"/{relative_path(chapter)}") for host in (world.national_host, world.host(world.a))]
    asked = []
    for pictures in (images[:1], images):
        illustrate(chapter, [optional(image) for image in pictures])
        asked.append([queries(*where) for where in read_at])
        assert [read(*where).count(' alt="La rade"') for where in read_at] == [len(pictures)] * 2
    assert asked[0] == asked[1]


def test_text__with_pictures__says_of_each_what_is_said_of_it_alone(world, images):
    first, second = images[:2]
    page = pages.news(world.national)
    illustrate(page, [figure(first), figure(second, decorative=True), figure(first)])
    alone = {"alt": "La rade", "loading": "lazy"}
    expected = [
        Image.objects.get(pk=image.pk).get_rendition("width-1000").img_tag(alone | more)
        for image, more in ((first, {}), (second, {"alt": ""}), (first, {}))
    ]
    for _time in ("copies made just now", "copies read"):
        html = read(world.national_host, f"/{relative_path(page)}")
        assert re.findall(r"<img [^>]*loading=\"lazy\"[^>]*>", html) == expected


def test_copies__drawn_by_the_editor_too__are_not_made_again(world, signed_in, images):
    page = pages.news(world.national)
    illustrate(page, [figure(image) for image in images])
    read(world.national_host, f"/{relative_path(page)}")
    address, client = reverse("wagtailadmin_pages:edit", args=[page.pk]), signed_in("admin")
    page_html(client.get(address))
    made = set(Rendition.objects.values_list("file", flat=True))
    with mock.patch.object(Image, "generate_rendition_file", side_effect=AssertionError("made once already")):
        page_html(client.get(address))
    assert set(Rendition.objects.values_list("filter_spec", flat=True)) >= {"width-1000", "max-165x165"}
    assert set(Rendition.objects.values_list("file", flat=True)) == made
