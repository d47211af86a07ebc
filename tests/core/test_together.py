"""Querysets read in one statement give the same objects as alone, whatever their columns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Count, DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now
from wagtail.models import Locale, Page, Site

from core.together import read_together
from regions.models import Groupement, Zone
from resources.models import ContactPage, EventPage, GuidePage, Theme
from tests.factories import catalogue, pages
from tests.helpers import count_queries


def columns(row: models.Model) -> dict:
    """Every column of an object as it was read, with its Python type."""
    found = {field.attname: row.__dict__.get(field.attname) for field in row._meta.concrete_fields}
    return {name: (type(value), str(value)) for name, value in found.items()}


@pytest.fixture
def full(world):
    """One page of each type, with all that it can hold."""
    return [catalogue.full_page_of(world, label, catalogue.LOCAL) for label in pages.FACTORIES]


def test_everything_that_visitors_see__read_together__is_the_same_in_every_column(world, full):
    shown = [apps.get_model(label) for label in sorted({*settings.MARA_SHOWN, "core.Rendition"})]
    read_alone = [list(model._base_manager.order_by("pk")) for model in shown]
    together = [model._base_manager.order_by("pk") for model in shown]
    assert count_queries(lambda: read_together(*together)) == 1
    assert sum(map(len, read_alone)) > 100
    for model, alone, now in zip(shown, read_alone, together, strict=True):
        assert [row.pk for row in now] == [row.pk for row in alone], model
        for one, other in zip(now, alone, strict=True):
            assert columns(one).items() - columns(other).items() == set(), model


def test_querysets__filtered_ordered_sliced_and_joined__are_the_same(world, full):
    def asked():
        return [
            GuidePage.objects.filter(live=True).order_by("-title")[:2],
            ContactPage.objects.select_related("category", "locale").order_by("sort_key", "pk"),
            Groupement.objects.select_related("zone", "fallback__site").annotate(double=F("pk") * 2),
            EventPage.objects.defer("body").order_by("pk"),
            Page.objects.values("content_type__model").annotate(count=Count("pk")).order_by("content_type__model"),
            Page.objects.order_by("path").values_list("slug", "translation_key", "first_published_at"),
            Site.objects.values_list("hostname", flat=True),
            Theme.objects.filter(pk__in=[]),
            Zone.objects.filter(name='%s 100 % "c\'est" \\ é'),
        ]

    alone, together = asked(), asked()
    assert count_queries(lambda: read_together(*together)) == 1
    assert count_queries(lambda: [list(found) for found in together]) == 0
    for one, other in zip(alone, together, strict=True):
        assert list(one) == list(other)
    assert [row.double for row in together[2]] == [row.pk * 2 for row in together[2]]
    contact = together[1][0]
    assert count_queries(lambda: (contact.category.name, contact.locale.language_code)) == 0
    assert count_queries(lambda: together[3][0].body) == 1


def test_queryset__with_related_rows__fetches_them_when_it_is_used(world, full):
    contacts, guides = ContactPage.objects.prefetch_related("phones"), GuidePage.objects.all()
    read_together(contacts, guides)
    assert count_queries(lambda: [list(contact.phones.all()) for contact in contacts]) == 1


def test_queryset__filtered_again_afterwards__asks_anew(world):
    locales, sites = Locale.objects.all(), Site.objects.all()
    read_together(locales, sites)
    assert count_queries(lambda: list(locales.filter(language_code="fr"))) == 1


def test_values__that_json_would_lose__come_whole(world):
    wanted = [
        (Value(Decimal("1.10"), models.DecimalField()), Decimal("1.10")),
        (Value(0.1 + 0.2, models.FloatField()), 0.1 + 0.2),
        (Value(dt.time(9, 5, 0, 20), models.TimeField()), dt.time(9, 5, 0, 20)),
        (Value(None, models.UUIDField()), None),
        (Value('é\n"\\ 😀', models.TextField()), 'é\n"\\ 😀'),
        (Value(2**62, models.BigIntegerField()), 2**62),
    ]
    asked = Zone.objects.annotate(**{f"v{rank}": value for rank, (value, _same) in enumerate(wanted)})
    asked = asked.values_list(*(f"v{rank}" for rank in range(len(wanted))))
    read_together(asked, Locale.objects.all())
    assert asked[0] == tuple(same for _value, same in wanted)


def test_moment__read_together__is_in_utc_like_alone(world):
    moments = Zone.objects.annotate(now=Now()).values_list("now", flat=True)
    read_together(moments, Locale.objects.all())
    assert moments[0].tzinfo is dt.UTC


def test_more_columns__than_a_function_takes__are_read(world):
    many = {f"v{rank}": Value(rank) for rank in range(230)}
    numbers = Zone.objects.annotate(**many).values_list(*many)
    read_together(numbers, Locale.objects.all())
    assert numbers[0] == tuple(range(230))


def test_column__of_a_type_that_nobody_described__is_refused(world):
    lasting = Zone.objects.annotate(lasts=ExpressionWrapper(Now() - Now(), output_field=DurationField()))
    with pytest.raises(TypeError, match="DurationField"):
        read_together(lasting, Locale.objects.all())


def test_one_queryset__or_none_left__is_read_as_ever(world):
    locales = Locale.objects.all()
    assert count_queries(lambda: read_together(locales, Theme.objects.none())) == 0
    assert locales._result_cache is None
    list(locales)
    assert count_queries(lambda: read_together(locales)) == 0


def test_statement__is_one__for_the_database_too(world):
    with connection.execute_wrapper(lambda execute, sql, *rest: _one(execute, sql, *rest)):
        read_together(Locale.objects.all(), Site.objects.all())


def _one(execute, sql, params, many, context):
    assert ";" not in sql
    return execute(sql, params, many, context)
