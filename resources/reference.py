"""The nation's closed lists: themes, audiences, contact categories. Kept by national editors."""

from typing import ClassVar

from django import forms
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail_localize.fields import SynchronizedField


class Term(models.Model):
    """One entry of a closed list."""

    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("Appears in addresses; never changes."))
    name = models.CharField(_("name"), max_length=120, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels: ClassVar[list] = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("code"), FieldPanel("order")]

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["order", "name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, in French where it was not translated."""
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class Theme(Term):
    """What a page is about."""

    class Meta(Term.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class Audience(Term):
    """Whom a page is for."""

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class ContactCategory(Term):
    """What kind of body a contact is, and on which side of the project: daily life or work."""

    class Side(models.TextChoices):
        LIFE = "life", _("bassin de vie")
        WORK = "work", _("bassin d'emploi")

    side = models.CharField(_("side"), max_length=4, choices=Side)

    panels: ClassVar[list] = [*Term.panels, FieldPanel("side")]

    class Meta(Term.Meta):
        verbose_name = _("contact category")
        verbose_name_plural = _("contact categories")
        ordering: ClassVar[list[str]] = ["side", "order", "name"]


class ThemedPage(models.Model):
    """A page filed under the national themes and audiences."""

    themes = ParentalManyToManyField(Theme, blank=True, verbose_name=_("themes"), related_name="+")
    audiences = ParentalManyToManyField(Audience, blank=True, verbose_name=_("audiences"), related_name="+")

    filing_panels: ClassVar[list] = [
        FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
        FieldPanel("audiences", widget=forms.CheckboxSelectMultiple),
    ]
    override_translatable_fields: ClassVar[list] = [SynchronizedField("themes"), SynchronizedField("audiences")]

    class Meta:
        abstract = True

    def asked_first(self, place, complement) -> list[models.QuerySet]:
        """Its themes and audiences too, which each page tells in two or three places; a preview has them."""
        asked = super().asked_first(place, complement)
        known = self.__dict__.setdefault("_prefetched_objects_cache", {})  # where Django looks for them
        for name in ("themes", "audiences"):
            rows = getattr(self, name).all()
            if isinstance(rows, models.QuerySet):
                asked.append(known.setdefault(name, rows))
        return asked
