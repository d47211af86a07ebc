from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class Sharing(models.TextChoices):
    """With whom a groupement shares what it publishes."""

    GROUPEMENT = "groupement", _("Our groupement only")
    ZONE = "zone", _("The groupements of our zone")
    NATION = "nation", _("All groupements")


class SharedPage(models.Model):
    """A page that a groupement may show to its zone or to the whole network."""

    shared_with = models.CharField(
        _("shown to"),
        max_length=10,
        choices=Sharing,
        default=Sharing.GROUPEMENT,
        help_text=_("The page stays yours; the others only show it."),
    )

    sharing_panels: ClassVar[list] = [FieldPanel("shared_with")]

    class Meta:
        abstract = True
