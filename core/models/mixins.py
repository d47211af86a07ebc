import datetime as dt
from typing import ClassVar

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from core.phones import PhoneField

validate_postcode = RegexValidator(r"^\d{5}$", _("A postcode has five digits, such as 29200."))
validate_insee = RegexValidator(r"^\w{5}$", _("An INSEE code has five characters, such as 29019 or 2A004."))


class PostalAddressMixin(models.Model):
    """A place in France. Field meanings follow data·inclusion (adresse, code_insee, longitude…).

    ``latitude`` and ``longitude`` are decimal degrees (WGS 84).
    """

    address = models.CharField(_("address"), max_length=255, blank=True, help_text=_("Number and street."))
    address_complement = models.CharField(
        _("address complement"), max_length=255, blank=True, help_text=_("Building, floor, entrance…")
    )
    postcode = models.CharField(_("postcode"), max_length=5, blank=True, validators=[validate_postcode])
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    insee_code = models.CharField(
        _("INSEE code of the commune"),
        max_length=5,
        blank=True,
        validators=[validate_insee],
        help_text=_("Optional. It tells apart two communes of the same name."),
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    address_panels: ClassVar[list] = [
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("address_complement"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("commune")]),
            ],
            heading=_("Address"),
        ),
    ]
    # What few people have at hand: folded, at the end of the form.
    point_panels: ClassVar[list] = [
        MultiFieldPanel(
            [
                FieldPanel("insee_code"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            heading=_("Position on the map (optional)"),
            classname="collapsed",
        )
    ]

    class Meta:
        abstract = True

    @property
    def has_point(self) -> bool:
        """Whether the place can be shown on a map."""
        return self.latitude is not None and self.longitude is not None

    @property
    def one_line_address(self) -> str:
        """The address on one line, without the parts that are not known."""
        town = " ".join(part for part in (self.postcode, self.commune) if part)
        return ", ".join(part for part in (self.address, self.address_complement, town) if part)


class PublicCoordinates(models.Model):
    """Who to call, and how: what a visitor is given for a groupement, a zone or the nation."""

    contact_name = models.CharField(_("person to contact"), max_length=120, blank=True)
    contact_role = models.CharField(
        _("role of that person"), max_length=120, blank=True, help_text=_("For example: référent reconversion.")
    )
    phone = PhoneField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True, validators=[validate_postcode])
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    hours = models.CharField(
        _("when to call or come"), max_length=200, blank=True, help_text=_("For example: mardi et jeudi, 14 h – 17 h.")
    )

    coordinates_panels: ClassVar[list] = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_role")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("commune")]),
                FieldPanel("hours"),
            ],
            heading=_("Public coordinates"),
        )
    ]

    class Meta:
        abstract = True

    @property
    def is_reachable(self) -> bool:
        """Whether a visitor is given at least one way of getting in touch."""
        return bool(self.phone or self.email)


class ReviewMixin(models.Model):
    """Something that goes stale: when it was checked, by whom, and when it is to be checked again."""

    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.CharField(_("checked by"), max_length=120, blank=True)
    next_check_on = models.DateField(_("to be checked again on"), null=True, blank=True)

    review_panels: ClassVar[list] = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("checked_on"), FieldPanel("checked_by"), FieldPanel("next_check_on")])],
            heading=_("Check"),
            help_text=_("Visitors see when this was last checked."),
        )
    ]

    class Meta:
        abstract = True

    @property
    def check_is_overdue(self) -> bool:
        """Whether the date of the next check has passed (today, in Europe/Paris)."""
        return self.next_check_on is not None and self.next_check_on < today()


def checked_page_types() -> list[type]:
    """Every type of page that is checked from time to time, in the order of their names."""
    found = [model for model in apps.get_models() if issubclass(model, ReviewMixin) and issubclass(model, Page)]
    return sorted(found, key=lambda model: model._meta.label)


def today() -> dt.date:
    """Today's date in the project's time zone."""
    return timezone.localdate()
