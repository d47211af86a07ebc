"""The form of every page type opens, in French, for whoever keeps it, and for nobody else."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from regions.models import NetworkPage
from tests import html
from tests.factories import catalogue, pages

KEEPERS = {catalogue.NATION: "editor", catalogue.LOCAL: "referent_a"}
STRANGERS = {catalogue.NATION: ("referent_a", "member"), catalogue.LOCAL: ("referent_b", "editor", "member")}
every_place = pytest.mark.parametrize(("label", "place"), catalogue.READ_AT)


@every_place
def test_edit_form__who_keeps_the_page__opens_in_french(world, signed_in, label, place):
    page = catalogue.full_page_of(world, label, place)
    soup = html.parse(signed_in(KEEPERS[place]).get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    form = soup.select_one("form[data-edit-form]")
    assert soup.html["lang"] == "fr"
    assert form.select_one("[name=title]")["value"] == page.title
    assert form.select_one("[name=action-publish]"), "whoever keeps a page publishes it"
    assert not form.select("[name=code], [name=folded], [name=sort_key]")


@every_place
def test_edit_form__somebody_else__never_sees_the_page(world, signed_in, label, place):
    page = catalogue.page_of(world, label, place)
    for name in STRANGERS[place]:
        response = signed_in(name).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert response.status_code in {302, 403, 404}, f"{name} opens {label}"
        assert not BeautifulSoup(response.content, "html.parser").select("form[data-edit-form]")


@pytest.mark.parametrize("label", sorted(pages.FACTORIES))
def test_new_page_form__in_its_section__opens_for_the_referent(world, signed_in, label):
    page = catalogue.page_of(world, label, catalogue.LOCAL)
    address = reverse("wagtailadmin_pages:add", args=[*label.lower().split("."), page.get_parent().pk])
    soup = html.parse(signed_in("referent_a").get(address))
    assert soup.html["lang"] == "fr"
    assert soup.select_one("form[data-edit-form] [name=title]")
    assert signed_in("referent_b").get(address).status_code in {302, 403, 404}


def test_edit_form__network_page__opens_for_administrators_only(world, signed_in):
    address = reverse("wagtailadmin_pages:edit", args=[NetworkPage.objects.get().pk])
    html.parse(signed_in("admin").get(address))
    for name in ("editor", "zone_a", "referent_a", "contributor_a", "member"):
        assert signed_in(name).get(address).status_code in {302, 403, 404}, name
