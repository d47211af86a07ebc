"""Reads for the homes and the directory of the network."""

from __future__ import annotations

from django.db.models import CharField, Count, F, Func, QuerySet, Value
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from home import finder, missing
from regions import parts, territories
from regions.models import Groupement, Zone
from regions.places import Place
from resources import selectors as content
from resources.enums import Situation
from resources.standard.selectors import pages_asked_of_each, pages_of_each_groupement, rows_of_each

SITUATION_SENTENCES = {
    Situation.REFLECT: gettext_noop("To leave or to stay: take the time to weigh it."),
    Situation.TRAIN: gettext_noop("Take stock, learn, have your experience recognised."),
    Situation.SEARCH: gettext_noop("CV, network, interviews: meet those who recruit."),
    Situation.CREATE: gettext_noop("Found or take over a company, step by step."),
    Situation.IN_POST: gettext_noop("Settle in, and lend a hand in your turn."),
}


def groupement_list() -> list[Groupement]:
    """Every groupement with its zone and site, in alphabetical order."""
    return list(Groupement.objects.select_related("zone", "site", "fallback").order_by("name"))


def site_address(groupement: Groupement) -> str:
    """The address of a groupement's site, or an empty text before it has one."""
    return f"{groupement.site.root_url}/" if groupement.site_id else ""


def covering_groupements() -> QuerySet[Groupement]:
    """The groupement of each territory (its code: ``covers``): the last one by name where there are several.

    At most as many rows as there are territories, however many groupements.
    """
    codes = Func(F("departements"), function="unnest", output_field=CharField(), set_returning=True)
    rows = Groupement.objects.annotate(covers=codes).order_by("covers", "-name").distinct("covers")
    return rows.only("name", "status", "accent")


def covered_by(groupements: list[Groupement]) -> dict[str, Groupement]:
    """By the territory's code, from every groupement in alphabetical order: the last one where there are several."""
    return {code: groupement for groupement in groupements for code in groupement.departements}


def territory_list(covering: dict[str, Groupement], place: Place) -> list[dict]:
    """Every département and overseas territory with the groupement that covers it, if any.

    Each leads to the finder's answer: who to call there, and the nation where nobody is nearer.
    """
    entries = []
    for code, name in territories.TERRITORIES.items():
        groupement = covering.get(code)
        entries.append(
            {
                "code": code,
                "name": name,
                "overseas": code in territories.OVERSEAS,
                "groupement": groupement,
                "url": f"{place.base_path}groupements/?q={code}#reponse",
                "status": groupement.status if groupement else "",
                "accent": groupement.accent if groupement else "",
            }
        )
    return entries


def situations(place: Place) -> list[dict]:
    """The entries by situation: each leads to the guides filed under it."""
    return [
        {
            "code": situation.value,
            "label": situation.label,
            "sentence": _(SITUATION_SENTENCES[situation]),
            "url": f"{place.base_path}guides/?situation={situation.value}",
        }
        for situation in Situation
    ]


def national_home(place: Place) -> dict:
    """The variables of the national home."""
    covering = covering_groupements()
    answering = Groupement.answering().order_by().values(all=Value(1)).annotate(count=Count("pk"))
    return {
        **content.lists(place, [covering, answering], latest=3, next_events=4, guides=6),
        "situations": situations(place),
        "territories": territory_list({row.covers: row for row in covering}, place),
        "figures": {"groupements": sum(row["count"] for row in answering)},
    }


def groupement_home(page, place: Place) -> dict:
    """The variables of a groupement's home."""
    counts, own_pages = content.unread_counts(place), rows_of_each(place)
    return {
        **content.lists(place, [counts, own_pages], latest=3, next_events=4, contacts=6, guides=12, partners=6),
        "person": place.person_to_call,
        "marks": parts.parts(parts.Spot.HOME, place.groupement) if place.groupement else [],
        "own_pages": pages_of_each_groupement(place, own_pages),
        "situations": situations(place),
        "missing": missing.sentences(page, content.own_count(place, counts)),
    }


def network(place: Place, form) -> dict:
    """The variables of the directory: the map, the groupements by zone, and the answer of the finder."""
    groupements = groupement_list()
    return {
        "finder": form,
        **finder.answer(form.question, groupements, place),
        "territories": territory_list(covered_by(groupements), place),
        "zones": by_zone(groupements),
        "asked_of_each": pages_asked_of_each(place),
    }


def by_zone(groupements: list[Groupement]) -> list[dict]:
    """The groupements under their zone, those without a zone last."""
    groups = [
        {
            "zone": zone,
            "groupements": [_card(groupement) for groupement in groupements if groupement.zone_id == zone.pk],
        }
        for zone in Zone.objects.order_by("name")
    ]
    alone = [_card(groupement) for groupement in groupements if groupement.zone_id is None]
    if alone:
        groups.append({"zone": None, "groupements": alone})
    return [group for group in groups if group["groupements"]]


def _card(groupement: Groupement) -> dict:
    return {
        "groupement": groupement,
        "url": site_address(groupement),
        "status": groupement.status,
        "status_label": groupement.get_status_display(),
        "territories": groupement.territory_names,
    }


def groupement_url(code: str, locale) -> str:
    """The address of a groupement's home, in the reader's language where it has one.

    Raises:
        Http404: when no groupement has this code, or it has no site yet.
    """
    if "\x00" in code:
        raise Http404
    groupement = Groupement.objects.filter(code=code).select_related("site").first()
    if groupement is None or groupement.site is None:
        raise Http404
    translated = groupement.roots.filter(locale=locale, live=True).exclude(pk=groupement.site.root_page_id).exists()
    return site_address(groupement) + (f"{locale.language_code}/" if translated else "")
