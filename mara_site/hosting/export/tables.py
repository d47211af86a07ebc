"""What a groupement holds that is no page, as tables: people, requests, registrations, consents, label, redirects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect

from core.models import Document, Image
from core.spreadsheets import csv_lines
from dashboards.models import Label, LabelEvent
from dashboards.rules import sentences
from exchanges import consent as callback_consent
from exchanges.registrations import consent as registration_consent
from regions.models import Groupement, GroupementRecord, Invitation, Mandate

# A key opens somebody's page without a password: it leaves with nobody.
_KEYS = ("key", "token", "secret", "digest", "hash")


def tables_of(groupement: Groupement) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The name of each CSV file, and its pieces."""
    yield "personnes", _table(Mandate, Mandate.objects.filter(groupement=groupement).select_related("person"), _person)
    yield "invitations", _table(Invitation, Invitation.objects.filter(groupement=groupement))
    for model in _records():
        yield slugify(str(model._meta.verbose_name_plural)), _table(model, model.objects.held_at(groupement))
    yield "consentements", _consents()
    yield "label", _table(Label, Label.objects.filter(groupement=groupement), _reasons, without="reasons")
    history = LabelEvent.objects.filter(groupement=groupement)
    yield "label-historique", _table(LabelEvent, history, _reasons, without="reasons")
    if groupement.site_id:
        redirects = Redirect.objects.filter(site=groupement.site_id).select_related("redirect_page")
        yield "redirections", _table(Redirect, redirects.order_by("old_path"), _destination)
    for name, media in (("images", Image), ("documents", Document)):
        yield name, _table(media, media.objects.filter(collection=groupement.collection))


def media_of(groupement: Groupement) -> Iterator[str]:
    """The names, in the storage, of the files of a groupement's collection."""
    for media in (Image, Document):
        yield from media.objects.filter(collection=groupement.collection).values_list("file", flat=True)


def _records() -> list[type[GroupementRecord]]:
    return [model for model in apps.get_models() if issubclass(model, GroupementRecord)]


def _consents() -> Iterable[bytes]:
    """The words that the versions named in the other tables stand for."""
    rows = [
        (what, version, text)
        for what, versions in (
            (_("Call-back"), callback_consent.VERSIONS),
            (_("Registration"), registration_consent.VERSIONS),
        )
        for version, text in versions.items()
    ]
    return csv_lines((_("What"), _("Version"), _("Words agreed to")), rows)


def _person(mandate: Mandate) -> dict[str, Any]:
    return {str(_("Name")): mandate.person.get_full_name(), str(_("E-mail")): mandate.person.email}


def _reasons(row: Label | LabelEvent) -> dict[str, Any]:
    return {str(_("Reason")): " ; ".join(sentences(row.reasons))}


def _destination(redirect: Redirect) -> dict[str, Any]:
    return {str(_("Leads to")): redirect.link}


def _table(
    model: type[models.Model],
    rows: models.QuerySet,
    more: Callable[[Any], dict[str, Any]] | None = None,
    without: str = "",
) -> Iterable[bytes]:
    fields = [field for field in model._meta.get_fields() if _is_told(field) and field.name != without]
    found = list(rows)
    header = [str(field.verbose_name) for field in fields]
    if more and found:
        header = [*more(found[0]), *header]
    return csv_lines(header, ([*(more(row).values() if more else ()), *_cells(row, fields)] for row in found))


def _is_told(field: Any) -> bool:
    if isinstance(field, ForeignObjectRel) or not getattr(field, "concrete", False) or field.many_to_many:
        return False
    return not any(word in field.name.lower() for word in _KEYS)


def _cells(row: models.Model, fields: list[models.Field]) -> list[Any]:
    cells = []
    for field in fields:
        value = getattr(row, field.name)
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif field.choices and value:
            value = getattr(row, f"get_{field.name}_display")()
        elif isinstance(value, dt.datetime):
            value = timezone.localtime(value).strftime("%d/%m/%Y %H:%M")
        cells.append(value)
    return cells
