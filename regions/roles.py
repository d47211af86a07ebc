"""Who may do what: the six roles of the network, as data. The only place where rights are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """Where a role is held."""

    GROUPEMENT = "groupement"
    ZONE = "zone"
    NATION = "nation"


class RoleCode(models.TextChoices):
    """The roles, by the code stored with a mandate."""

    REFERENT = "referent", _("référent reconversion")
    CONTRIBUTOR = "contributor", _("contributor")
    ZONE_REFERENT = "zone_referent", _("zone référent")
    NATIONAL_EDITOR = "national_editor", _("national editor")
    NATIONAL_ADMIN = "national_admin", _("national administrator")
    MEMBER = "member", _("member")


@dataclass(frozen=True)
class Role:
    """What one role may do.

    ``pages``: page permissions on the roots of the place (every language).
    ``collection``: permissions on the images and documents of the place.
    ``national_collection``: the same on the nation's images and documents.
    ``models``: model permissions, ``app_label.codename``.
    """

    code: RoleCode
    level: Level
    pages: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    national_collection: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def has_group(self) -> bool:
        """Whether holding the role means belonging to a Wagtail group."""
        return bool(self.pages or self.models)


ACCESS_ADMIN = "wagtailadmin.access_admin"
# What page bodies may point at, and what one may add to the media library.
USE_MEDIA = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
ADD_MEDIA = ("wagtailimages.add_image", "wagtaildocs.add_document", *USE_MEDIA)
KEEP_MEDIA = ("wagtailimages.change_image", "wagtaildocs.change_document", *ADD_MEDIA)

WRITE_PAGES = ("add_page",)
KEEP_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page")


def _all(app_label: str, *models_: str) -> tuple[str, ...]:
    return tuple(
        f"{app_label}.{action}_{model}" for model in models_ for action in ("add", "change", "delete", "view")
    )


REFERENCE_LISTS = (
    *_all("resources", "theme", "audience", "contactcategory", "synonym"),
    *_all("core", "nationaltag"),
    *_all("wagtailsearchpromotions", "searchpromotion"),
)

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            RoleCode.REFERENT,
            Level.GROUPEMENT,
            pages=KEEP_PAGES,
            collection=KEEP_MEDIA,
            national_collection=USE_MEDIA,
            models=(ACCESS_ADMIN,),
        ),
        Role(
            RoleCode.CONTRIBUTOR,
            Level.GROUPEMENT,
            pages=WRITE_PAGES,
            collection=ADD_MEDIA,
            national_collection=USE_MEDIA,
            models=(ACCESS_ADMIN,),
        ),
        Role(
            RoleCode.ZONE_REFERENT,
            Level.ZONE,
            pages=KEEP_PAGES,
            collection=KEEP_MEDIA,
            national_collection=USE_MEDIA,
            models=(ACCESS_ADMIN,),
        ),
        Role(
            RoleCode.NATIONAL_EDITOR,
            Level.NATION,
            pages=KEEP_PAGES,
            national_collection=KEEP_MEDIA,
            models=(ACCESS_ADMIN, *REFERENCE_LISTS, "wagtail_localize.submit_translation"),
        ),
        Role(
            RoleCode.NATIONAL_ADMIN,
            Level.NATION,
            pages=KEEP_PAGES,
            collection=KEEP_MEDIA,
            national_collection=KEEP_MEDIA,
            models=(
                ACCESS_ADMIN,
                *REFERENCE_LISTS,
                *_all("regions", "groupement", "zone", "mandate"),
                "regions.change_nationaloffice",
                "users.add_user",
                "users.change_user",
                "users.view_user",
                "wagtail_localize.submit_translation",
            ),
        ),
        Role(RoleCode.MEMBER, Level.NATION),
    )
}
