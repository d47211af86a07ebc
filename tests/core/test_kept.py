"""Statements of which the text is kept ask, with any values, what Django writes for these values."""

from __future__ import annotations

import datetime as dt
import random
from uuid import UUID

import pytest
from django.db.models import Q
from django.test import Client
from wagtail.models import Locale, Page, Site

from core import kept as module
from core.kept import Kept, kept
from core.together import read_together, statement_of
from regions.places import relative_path
from resources.models import ContactPage, EventPage
from tests.factories import catalogue, pages
from tests.helpers import count_queries

MOMENT = dt.datetime(2027, 3, 2, 14, 30, tzinfo=dt.UTC)


def below(path: str) -> object:
    return Page.objects.filter(path__startswith=path).order_by("path")


def of_each_type(word: str, key: UUID, number: int, day: dt.date, moment: dt.datetime, numbers: tuple[int, ...]):
    same = Q(slug=word, title__startswith=word, translation_key=key, capacity=number, registration_deadline__lte=day)
    return EventPage.objects.filter(same | Q(starts_at__lt=moment) | Q(pk__in=numbers) | Q(owner_id=number))


def first(count: int):
    return Locale.objects.all()[:count]


def among(numbers: tuple[int, ...]):
    return Locale.objects.filter(pk__in=numbers)


def with_phones():
    return ContactPage.objects.prefetch_related("phones")


def asked(one: Kept) -> tuple:
    statement = one.statement
    return statement.expression, list(statement.params)


def written(queryset) -> tuple:
    statement = statement_of(queryset)
    return statement.expression, list(statement.params)


def random_value(kind: type, rng: random.Random):
    return {
        str: lambda: "".join(rng.choices("abc09%_\\é'\"", k=rng.randint(1, 12))),
        int: lambda: rng.randint(1, 10**6),
        dt.date: lambda: dt.date(2027, 1, 1) + dt.timedelta(days=rng.randint(0, 900)),
        dt.datetime: lambda: MOMENT + dt.timedelta(minutes=rng.randint(0, 10**6)),
        UUID: lambda: UUID(int=rng.getrandbits(128)),
        type(None): lambda: None,
    }[kind]()


def test_text__with_values_of_each_type__is_what_django_writes(db):
    values = ("mot", UUID(int=5), 3, MOMENT.date(), MOMENT, (4, 5))
    others = ("100 %_\\ d'«é»", UUID(int=9), 12, dt.date(2030, 1, 1), MOMENT + dt.timedelta(days=1), (8, 7))
    for given in (values, others):
        assert asked(kept(of_each_type, *given)) == written(of_each_type(*given))
        assert [type(param) for param in kept(of_each_type, *given).statement.params] == [
            type(param) for param in statement_of(of_each_type(*given)).params
        ]


def test_rows__of_another_value__are_its_own(world):
    for home in (world.home(world.a), world.home(world.b)):
        assert list(kept(below, home.path)) == list(below(home.path)) != []


def test_rows__read_with_others__cost_one_query_and_alone_one_too(world):
    home = world.home(world.a)
    pages_, sites = kept(below, home.path), Site.objects.all()
    assert count_queries(lambda: read_together(pages_, sites)) == 1
    assert count_queries(lambda: (list(pages_), list(pages_), list(sites))) == 0
    alone = kept(below, home.path)
    assert count_queries(lambda: read_together(alone)) == 0
    assert count_queries(lambda: (list(alone), list(alone))) == 1


def test_related_rows__to_be_fetched_beforehand__are(world):
    contact = pages.contact(world.home(world.a), "Mairie", phones=["+33298000000"])
    for _time in range(2):
        found = list(kept(with_phones))
        assert [one.pk for one in found] == [contact.pk]
        assert count_queries(lambda rows=found: list(rows[0].phones.all())) == 0


def test_how_many_values_there_are__is_another_text__and_none_is_no_query(world):
    numbers = tuple(Locale.objects.values_list("pk", flat=True))
    for wanted in (numbers, numbers[:1], ()):
        assert count_queries(lambda few=wanted: list(kept(among, few))) == bool(wanted)
        assert sorted(row.pk for row in kept(among, wanted)) == sorted(wanted)


def test_value__on_which_the_text_depends__is_not_kept(world):
    assert [len(kept(first, count)) for count in (1, 0)] == [1, 0]
    assert not isinstance(kept(first, 1), Kept)
    assert isinstance(kept(first, shape=(1,)), Kept)


def test_value__of_a_type_that_nobody_described__is_refused(db):
    with pytest.raises(KeyError):
        kept(among, [1])


def test_every_text_of_the_site__with_any_values__is_what_django_writes(world):
    module._texts.clear()
    made = {key: catalogue.full_page_of(world, *key) for key in catalogue.READ_AT if key[0] in pages.FACTORIES}
    hosts = [world.national_host, world.host(world.a), world.host(world.b)]
    for path in ["", *(relative_path(page) for page in made.values())]:
        for host in hosts:
            Client(headers={"host": host}).get(f"/{path}")
    rng = random.Random(97)
    assert len(module._texts) > 20
    for (build, shape, forms), text in module._texts.items():
        assert text is not None, f"{build} {shape} depends on its values"
        for _time in range(3):
            values = [
                tuple(random_value(kind, rng) for kind in form) if isinstance(form, tuple) else random_value(form, rng)
                for form in forms
            ]
            assert text.says(build(*shape, *values), module._flat(values)), (build, shape, values)
