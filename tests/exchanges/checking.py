"""Rounds of “Toujours exact ?” to test with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from urllib.parse import urlsplit

from django.utils import timezone

from exchanges.checking import links, services
from exchanges.checking.models import CheckItem, CheckRound
from tests.factories import frames, pages

OLD = dt.date(2020, 1, 1)


def published(page, person=None):
    """The page with a published revision, as the editing screens leave it."""
    page.save_revision(user=person).publish(user=person)
    return type(page).objects.get(pk=page.pk)


def contact(home, title="Maison de l'emploi", **fields):
    return published(pages.contact(home, title, **{"checked_on": OLD, **fields}))


def local_text(world, groupement, words="Le bureau logement de la base."):
    """A groupement's published answer to a national frame; its page."""
    national = frames.frame(world.national)
    given = frames.given({"s1": words})
    given.given["s1"] = dataclasses.replace(given.given["s1"], written_on=OLD)
    return frames.complement(world.home(groupement), national, given)


def open_round(groupement) -> CheckRound:
    round_ = services.open_round(groupement)
    assert round_ is not None
    return round_


def item_of(page) -> CheckItem:
    return CheckItem.objects.get(page=page.pk)


def path_for(world, groupement, person="referent_a") -> str:
    """The path of a person's link to the only round of a groupement."""
    round_ = CheckRound.objects.get(groupement=groupement)
    return urlsplit(links.make(round_, world.people[person].mandates.get())).path


def sent(item: CheckItem, choice: str = "exact", note: str = "", step: str = "send") -> dict:
    return {f"p{item.pk}-choice": choice, f"p{item.pk}-note": note, "step": step}


def long_ago(days: int):
    return timezone.now() - dt.timedelta(days=days)
