"""What else may interest the reader of a page: items on the same themes, shown at the same place."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from core.together import read_together
from regions import visibility
from regions.places import Place

COUNT = 4


def related(page, place: Place, themes: Iterable | None = None) -> dict[str, list]:
    """Return the events, contacts, partners and resources that share a theme with ``page``, nearest first.

    Models are looked up by name: the slices never import each other.

    Args:
        themes: those of the page, when they were read with other things.
    """
    themes = [theme.pk for theme in (page.themes.all() if themes is None else themes)]
    event, contact, partner, resource = (
        apps.get_model("resources", name) for name in ("EventPage", "ContactPage", "PartnerPage", "ResourcePage")
    )

    own_contacts = contact.objects.filter(path__startswith=place.home.path)
    asked = {
        "related_events": event.objects.soonest_first().order_by("next_starts_at"),
        "related_contacts": own_contacts.select_related("category").prefetch_related("phones").order_by("sort_key"),
        "related_partners": partner.objects.select_related("logo").order_by("sort_key"),
        "related_resources": resource.objects.select_related("file").order_by("sort_key"),
    }
    # A page with two of the themes would come twice: take a few more, and keep the first of each.
    rows = {
        name: visibility.visible(queryset, place).filter(themes__in=themes).exclude(pk=page.pk)[: COUNT * 4]
        for name, queryset in asked.items()
    }
    read_together(*rows.values())
    found = {
        name: visibility.nearest_first({row.pk: row for row in few}.values(), place)[:COUNT]
        for name, few in rows.items()
    }
    visibility.present([row for few in found.values() for row in few], place)
    return found | {"related_events": event.on_next_dates(found["related_events"])}
