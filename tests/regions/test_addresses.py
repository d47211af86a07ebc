"""One address, one page: what happens when a local page takes the address of a national one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.factories import pages
from tests.helpers import page_html


def test_contact__address_of_a_national_one__refused(world):
    pages.contact(world.national, "Apec", slug="apec")
    local = pages.contact(world.home(world.a), "Apec de Brest", slug="apec-brest")
    local.slug = "apec"
    with pytest.raises(ValidationError) as refusal:
        local.full_clean()
    assert "slug" in refusal.value.message_dict


def test_guide__address_of_a_national_one__accepted_as_its_complement(world):
    pages.guide(world.national, "Se loger", slug="se-loger")
    local = pages.guide(world.home(world.a), "Se loger ici", slug="se-loger-ici")
    local.slug = "se-loger"
    local.full_clean()


def test_event__national_one_takes_its_address_later__local_page_keeps_it(world, visit):
    pages.event(world.home(world.a), "Café local", slug="cafe")
    pages.event(world.national, "Café national", slug="cafe")
    assert "Café local" in page_html(visit(world.host(world.a), "/agenda/cafe/"))
    assert "Café national" in page_html(visit(world.host(world.b), "/agenda/cafe/"))


def test_new_contact__form__refuses_the_national_address_in_words(world, signed_in):
    pages.contact(world.national, "Apec", slug="apec")
    section = pages.section(world.home(world.a), "annuaire")
    data = {"title": "Apec", "slug": "apec", "category": pages.category().pk, "phones-TOTAL_FORMS": "0"}
    data |= {"phones-INITIAL_FORMS": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    client = signed_in("referent_a")
    response = client.post(f"/admin/pages/add/resources/contactpage/{section.pk}/", data)
    assert "Une page nationale a déjà cette adresse" in page_html(response)
    assert section.get_children().count() == 0
    response = client.post(f"/admin/pages/add/resources/contactpage/{section.pk}/", data | {"slug": ""})
    assert section.get_children().filter(slug="apec").count() == 0
