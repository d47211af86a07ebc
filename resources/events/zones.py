"""The time zones of France: an event's hour is that of the clock on the wall where it takes place."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class Zone(models.TextChoices):
    """The clocks of the Republic, by their names in the IANA time zone database."""

    PARIS = "Europe/Paris", _("mainland France (Paris)")
    GUADELOUPE = "America/Guadeloupe", _("Guadeloupe, Saint-Martin, Saint-Barthélemy")
    MARTINIQUE = "America/Martinique", _("Martinique")
    CAYENNE = "America/Cayenne", _("French Guiana")
    REUNION = "Indian/Reunion", _("Réunion")
    MAYOTTE = "Indian/Mayotte", _("Mayotte")
    MIQUELON = "America/Miquelon", _("Saint-Pierre-et-Miquelon")
    NOUMEA = "Pacific/Noumea", _("New Caledonia")
    TAHITI = "Pacific/Tahiti", _("French Polynesia (Tahiti)")
    WALLIS = "Pacific/Wallis", _("Wallis and Futuna")


# The clock of each overseas département or territory, by the code under which a groupement covers it.
BY_TERRITORY = {
    "971": Zone.GUADELOUPE,
    "977": Zone.GUADELOUPE,
    "978": Zone.GUADELOUPE,
    "972": Zone.MARTINIQUE,
    "973": Zone.CAYENNE,
    "974": Zone.REUNION,
    "975": Zone.MIQUELON,
    "976": Zone.MAYOTTE,
    "986": Zone.WALLIS,
    "987": Zone.TAHITI,
    "988": Zone.NOUMEA,
}


@lru_cache(32)
def zone_info(name: str) -> ZoneInfo:
    """The zone of an event; Paris for a name that is not one of ours."""
    return ZoneInfo(name if name in Zone.values else Zone.PARIS)
