"""What must follow a change made elsewhere: by Wagtail, or by wagtail-localize."""

from __future__ import annotations

from django.apps import apps
from django.db.models.signals import post_save

from regions import rights, services
from regions.blueprint import GROUPEMENT_HOME_MODEL, HOME_MODEL
from regions.models import NationalOffice


def follow_groupement_root(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    """Rights do not follow a translation by themselves: a new root gets its groupement's."""
    if created and not raw:
        services.follow_new_root(instance)


def follow_national_home(sender, instance, created: bool, raw: bool = False, **kwargs) -> None:
    """The national roles hold the national home in every language."""
    if created and not raw and NationalOffice.load().collection_id:
        rights.sync_nation()
        services.ensure_national_workflow()


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    post_save.connect(
        follow_groupement_root,
        sender=apps.get_model(GROUPEMENT_HOME_MODEL),
        dispatch_uid="regions.follow_groupement_root",
    )
    post_save.connect(
        follow_national_home, sender=apps.get_model(HOME_MODEL), dispatch_uid="regions.follow_national_home"
    )
