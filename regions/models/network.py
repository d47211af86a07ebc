from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from core.models import PublicCoordinates
from regions.territories import CHOICES, TERRITORIES

# A code is the first label of a host name: RFC 1035, at most 63 characters.
validate_code = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
    _("Only lower-case letters without accents, figures and hyphens, such as lot-et-garonne."),
)


class Accent(models.TextChoices):
    """The eight tones among which a groupement chooses its own; their colours are in tokens.css."""

    GARANCE = "garance", _("garance (red)")
    HORIZON = "horizon", _("horizon (blue)")
    OLIVE = "olive", _("olive (green)")
    OCRE = "ocre", _("ocre (gold)")
    PRUNE = "prune", _("prune (purple)")
    LAGON = "lagon", _("lagon (teal)")
    ARDOISE = "ardoise", _("ardoise (slate)")
    BRUYERE = "bruyere", _("bruyère (mauve)")


class Zone(PublicCoordinates):
    """The level between the nation and the groupements, which pilots several of them."""

    code = models.CharField(_("code"), max_length=63, unique=True, validators=[validate_code])
    name = models.CharField(_("name"), max_length=120, unique=True)

    panels: ClassVar[list] = [FieldPanel("name"), FieldPanel("code"), *PublicCoordinates.coordinates_panels]

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Groupement(PublicCoordinates):
    """A local branch of the association: the tenant. Pages, Site, groups and collection point at it."""

    class Status(models.TextChoices):
        SETUP = "setup", _("being set up")
        ACTIVE = "active", _("active")
        DORMANT = "dormant", _("dormant")
        VACANT = "vacant", _("vacant")

    code = models.CharField(
        _("code"),
        max_length=63,
        unique=True,
        validators=[validate_code],
        help_text=_("The beginning of its web address: finistere gives finistere.example.org."),
    )
    name = models.CharField(_("name"), max_length=120, unique=True)
    departements = ArrayField(
        models.CharField(max_length=3, choices=CHOICES),
        verbose_name=_("départements"),
        default=list,
        blank=True,
    )
    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="groupements", verbose_name=_("zone")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SETUP)
    fallback = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands_in_for",
        verbose_name=_("stand-in groupement"),
        help_text=_("Who answers while this groupement is vacant. Without one: the zone, then the nation."),
    )
    accent = models.CharField(_("colour"), max_length=10, choices=Accent, default=Accent.HORIZON)
    site = models.OneToOneField(
        "wagtailcore.Site", on_delete=models.PROTECT, null=True, editable=False, related_name="groupement"
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection", on_delete=models.PROTECT, null=True, editable=False, related_name="groupement"
    )
    workflow = models.OneToOneField(
        "wagtailcore.Workflow", on_delete=models.PROTECT, null=True, editable=False, related_name="groupement"
    )

    class Meta:
        verbose_name = _("groupement")
        verbose_name_plural = _("groupements")
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.fallback_id and self.fallback_id == self.pk:
            raise ValidationError({"fallback": _("A groupement cannot stand in for itself.")})

    @property
    def territory_names(self) -> list[str]:
        """The names of its départements, in the order they were chosen."""
        return [TERRITORIES[code] for code in self.departements if code in TERRITORIES]

    @property
    def answers_itself(self) -> bool:
        """Whether visitors call the groupement itself rather than its stand-in."""
        return self.status != self.Status.VACANT and self.is_reachable

    @classmethod
    def answering(cls) -> "models.QuerySet[Groupement]":
        """Those that visitors call themselves (:attr:`answers_itself`)."""
        return cls.objects.exclude(status=cls.Status.VACANT).exclude(phone="", email="")


@register_setting(icon="home")
class NationalOffice(PublicCoordinates, BaseGenericSetting):
    """The national cell: who answers where nobody nearer does, and the nation's images and documents."""

    collection = models.OneToOneField(
        "wagtailcore.Collection", on_delete=models.PROTECT, null=True, editable=False, related_name="national_office"
    )
    workflow = models.OneToOneField(
        "wagtailcore.Workflow", on_delete=models.PROTECT, null=True, editable=False, related_name="national_office"
    )

    panels: ClassVar[list] = PublicCoordinates.coordinates_panels

    class Meta:
        verbose_name = _("national cell")

    def __str__(self) -> str:
        return str(_("National cell"))
