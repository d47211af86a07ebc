"""What else may interest the reader of a page: items on the same themes, shown at the same place."""

from __future__ import annotations

from django.apps import apps

from regions import visibility
from regions.places import Place

COUNT = 4


def related(page, place: Place) -> dict[str, list]:
    """Return the events, contacts, partners and resources that share a theme with ``page``, nearest first.

    Models are looked up by name: the slices never import each other.
    """
    themes = [theme.pk for theme in page.themes.all()]
    if not themes:
        return {"related_events": [], "related_contacts": [], "related_partners": [], "related_resources": []}
    event, contact, partner, resource = (
        apps.get_model("resources", name) for name in ("EventPage", "ContactPage", "PartnerPage", "ResourcePage")
    )

    def on_theme(queryset, *order: str) -> list:
        rows = visibility.visible(queryset, place).filter(themes__in=themes).exclude(pk=page.pk)
        # A page with two of the themes would come twice: take a few more, and keep the first of each.
        unique = {row.pk: row for row in rows.order_by(*order)[: COUNT * 4]}
        return visibility.present(visibility.nearest_first(unique.values(), place)[:COUNT], place)

    return {
        "related_events": event.on_next_dates(on_theme(event.objects.soonest_first(), "next_starts_at")),
        "related_contacts": on_theme(
            contact.objects.filter(path__startswith=place.home.path)
            .select_related("category")
            .prefetch_related("phones"),
            "sort_key",
        ),
        "related_partners": on_theme(partner.objects.select_related("logo"), "sort_key"),
        "related_resources": on_theme(resource.objects.select_related("file"), "sort_key"),
    }
