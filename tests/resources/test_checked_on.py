"""“Vérifié le”: what visitors read of when a contact, or a partner's branch, was last checked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests import html
from tests.factories import pages

CHECKED, SAID = dt.date(2026, 10, 5), "vérifié le 5 octobre 2026"
AGAIN = "à revérifier"


@pytest.fixture
def words(world, visit):
    """What visitors of the first groupement read at an address, in one part of the page: ``words("/annuaire/")``."""

    def read(path: str, part: str = "main", groupement=None) -> str:
        soup = html.parse(visit(world.host(groupement or world.a), path))
        return " ".join(found.get_text(" ", strip=True) for found in soup.select(part)).replace("\xa0", " ")

    return read


@pytest.fixture
def contact(world):
    return pages.contact(world.home(world.a), "Mission locale", checked_on=CHECKED)


@pytest.fixture
def branch(world):
    partner = pages.partner(world.national, "Défense Mobilité")
    return pages.branch(world.home(world.a), "Antenne de Brest", partner=partner, checked_on=CHECKED)


def test_contact__checked__says_when_on_its_page_in_the_directory_and_on_the_home(words, contact):
    assert SAID in words(f"/annuaire/{contact.slug}/")
    assert SAID in words("/annuaire/", ".card--contact")
    assert SAID in words("/", ".card--contact")


def test_contact__never_checked__says_nothing_of_it(world, words):
    contact = pages.contact(world.home(world.a), "Mission locale", checked_on=None)
    for path in (f"/annuaire/{contact.slug}/", "/annuaire/", "/"):
        assert "vérifié" not in words(path)


def test_contact__its_next_check_has_passed__says_so_beside_the_date(words, contact):
    assert AGAIN not in words(f"/annuaire/{contact.slug}/")
    contact.next_check_on = timezone.localdate() - dt.timedelta(days=1)
    contact.save_revision().publish()
    text = words(f"/annuaire/{contact.slug}/")
    assert SAID in text
    assert AGAIN in text
    assert AGAIN in words("/annuaire/", ".card--contact")


def test_branch__checked__says_when_on_its_page_and_on_its_partner_s(words, branch):
    assert words(f"/partenaires/{branch.slug}/").count(SAID) == 1
    assert SAID in words(f"/partenaires/{branch.partner.slug}/", ".fact-box")


def test_branch__of_a_neighbour__is_not_said_of_ours(world, words, branch):
    pages.branch(world.home(world.b), "Antenne d’Agen", partner=branch.partner)
    assert "vérifié" not in words(f"/partenaires/{branch.partner.slug}/", ".fact-box", world.b)


def test_branch__its_next_check_has_passed__says_so(words, branch):
    branch.next_check_on = timezone.localdate() - dt.timedelta(days=1)
    branch.save_revision().publish()
    assert AGAIN in words(f"/partenaires/{branch.slug}/")
    assert AGAIN in words(f"/partenaires/{branch.partner.slug}/", ".fact-box")


def test_branch__never_checked__says_nothing_of_it(world, words):
    branch = pages.branch(world.home(world.a), partner=pages.partner(world.national), checked_on=None)
    assert "vérifié" not in words(f"/partenaires/{branch.slug}/")
