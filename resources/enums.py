"""Closed lists that the code itself depends on, shared by two slices or more."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Situation(models.TextChoices):
    """Where an officer stands: the entries of the home page."""

    REFLECT = "reflechir", _("I am thinking about it")
    TRAIN = "former", _("I am training")
    SEARCH = "chercher", _("I am looking for a job")
    CREATE = "creer", _("I am starting a business")
    IN_POST = "en-poste", _("I am in post")


class AgreementStatus(models.TextChoices):
    """How far an agreement or a local charter has got."""

    NONE = "none", _("no agreement")
    DISCUSSION = "discussion", _("under discussion")
    SIGNED = "signed", _("signed")
    RENEWAL = "renewal", _("being renewed")
    ENDED = "ended", _("ended")
