"""Reads of partners and their local branches."""

from __future__ import annotations

from django.apps import apps

from core.models import resized
from regions import visibility
from regions.places import HOME_PATH_LENGTH, Place
from resources.filters import folded_match

# The size in which cards show the logo, as written in their template.
CARD_LOGO = "max-320x120"


def partners(place: Place, form):
    """The partners shown at a place for these filters, in alphabetical order."""
    model = apps.get_model("resources", "PartnerPage")
    items = visibility.standing(model.objects.prefetch_related(resized("logo", CARD_LOGO)), place)
    if theme := form.chosen("theme"):
        items = items.filter(themes=theme)
    if audience := form.chosen("audience"):
        items = items.filter(audiences=audience)
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items.order_by("sort_key", "pk")


def attach_local_branches(partners_: list, place: Place) -> None:
    """Give each partner of a page its ``local_branches`` at this place, in one query."""
    model = apps.get_model("resources", "PartnerBranchPage")
    keys = {partner.translation_key: partner for partner in partners_}
    branches = (
        visibility.own(model.objects.all(), place).filter(partner__translation_key__in=keys).order_by("sort_key")
    )
    by_key: dict = {}
    for branch in visibility.present(branches.select_related("partner"), place):
        by_key.setdefault(branch.partner.translation_key, []).append(branch)
    for key, partner in keys.items():
        partner.local_branches = by_key.get(key, [])


def branch_context(partner, place: Place) -> dict:
    """The branches of a partner: this place's own, then the others' by groupement."""
    model = apps.get_model("resources", "PartnerBranchPage")
    network = model.objects.live().filter(
        partner__translation_key=partner.translation_key, path__startswith=place.network_path
    )
    for path in visibility.restricted_paths(place):
        network = network.exclude(path__startswith=path)
    branches = visibility.present(network.order_by("sort_key", "pk"), place)
    mine = [branch for branch in branches if branch.path.startswith(place.home.path)]
    others: dict[str, dict] = {}
    for branch in branches:
        if branch in mine:
            continue
        key = branch.path[:HOME_PATH_LENGTH]
        others.setdefault(key, {"groupement_label": branch.origin.label, "branches": []})["branches"].append(branch)
    return {
        "local_branches": mine,
        "other_branches": sorted(others.values(), key=lambda group: group["groupement_label"]),
    }


def partner_of(branch, place: Place):
    """The published profile of a branch's partner, in this language, with its address here."""
    if branch.partner_id is None:
        return None
    model = apps.get_model("resources", "PartnerPage")
    found = (
        visibility.visible(model.objects.all(), place).filter(translation_key=branch.partner.translation_key).first()
    )
    return visibility.present_one(found, place) if found else None
