"""The tables of the visitors' search: one row for each page, what is left to read again, and the synonyms."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel


def codes(**kwargs) -> ArrayField:
    """A short list of codes, compared as they are."""
    return ArrayField(models.CharField(max_length=60), default=list, **kwargs)


class IndexEntry(models.Model):
    """One published page as the search knows it: the truth from which each machine's index is made.

    Addresses and names of groupements are not here: they are read when results are shown. A page that is
    no longer published keeps its row, marked ``gone``, for the machines that have not heard of it yet.
    """

    page_id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(db_index=True)
    gone = models.BooleanField(default=False)
    digest = models.CharField(max_length=32)  # of everything below: the same digest, nothing to do

    # Where it is, and who reads it. Tree paths are Wagtail's.
    path = models.CharField(max_length=255, db_index=True)
    home = models.CharField(max_length=12, db_index=True)
    shared = models.CharField(max_length=10)  # a value of regions.models.Sharing
    base_id = models.BigIntegerField(null=True, db_index=True)  # the national page that it completes
    base_path = models.CharField(max_length=255, blank=True)
    completed_in = codes(blank=True)  # the homes whose page stands for this one there
    shown_from = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    # What it is filed under.
    kind = models.CharField(max_length=20)
    model = models.CharField(max_length=60)  # the model's name: its verbose name is what visitors read
    language = models.CharField(max_length=12)
    themes = codes(blank=True)
    audiences = codes(blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    date = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    # What is shown of it.
    title = models.CharField(max_length=255)
    context = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)

    # What is looked up in it, as resources.index.analysis writes it.
    title_words = models.TextField(blank=True)
    main_words = models.TextField(blank=True)
    body_words = models.TextField(blank=True)
    joined_words = models.TextField(blank=True)
    spellings = models.TextField(blank=True)
    # Of a complement, which is read inside the national page: the same without that page's words.
    own_words = models.TextField(blank=True)
    vector = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes: ClassVar[list] = [GinIndex(fields=["vector"], name="resources_entry_vector")]

    def __str__(self) -> str:
        return self.title


class IndexPending(models.Model):
    """A page to be read again. Rows are written by triggers of the database: no change goes unseen."""

    page_id = models.BigIntegerField()
    # Of a national page that has been read: those that complete it are to be read, from this number on.
    beyond = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("page to index")
        verbose_name_plural = _("pages to index")

    def __str__(self) -> str:
        return str(self.page_id)


class IndexState(models.Model):
    """One row: how far the entries have got. Locked by whoever writes entries, so that versions come in order."""

    generation = models.UUIDField(default=uuid.uuid4)  # changes when machines must begin again from nothing
    version = models.BigIntegerField(default=0)
    synonyms = models.BigIntegerField(default=0)  # changes with the list of synonyms
    analysis = models.PositiveIntegerField(default=0)  # the analysis with which the entries were written

    class Meta:
        verbose_name = _("state of the search index")
        verbose_name_plural = _("state of the search index")

    def __str__(self) -> str:
        return f"{self.generation} {self.version}"


class Synonym(models.Model):
    """Words that lead to others: kept by national editors. One expression on each line."""

    class Direction(models.TextChoices):
        BOTH = "both", _("each leads to the other")
        ONE_WAY = "one_way", _("the first leads to the second only")

    class Language(models.TextChoices):
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    terms = models.TextField(
        _("what people type"), help_text=_("One expression on each line. Accents and capitals do not matter.")
    )
    expansions = models.TextField(_("what to look for as well"), help_text=_("One expression on each line."))
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, default=Direction.BOTH)
    is_acronym = models.BooleanField(
        _("acronym"), default=False, help_text=_("Typed with dots or spaces too: “V.A.E.”, “v a e”.")
    )
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.FRENCH)

    panels: ClassVar[list] = [
        FieldPanel("terms"),
        FieldPanel("expansions"),
        FieldRowPanel([FieldPanel("direction"), FieldPanel("language")]),
        FieldPanel("is_acronym"),
    ]

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering: ClassVar[list[str]] = ["language", "terms"]

    def __str__(self) -> str:
        return f"{', '.join(self.term_list)} → {', '.join(self.expansion_list)}"

    @property
    def term_list(self) -> list[str]:
        """The expressions typed, one by one."""
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    @property
    def expansion_list(self) -> list[str]:
        """The expressions looked for as well, one by one."""
        return [line.strip() for line in self.expansions.splitlines() if line.strip()]

    def clean(self) -> None:
        for name, lines in (("terms", self.term_list), ("expansions", self.expansion_list)):
            if any(len(line.split()) > 8 for line in lines):
                raise ValidationError({name: _("An expression has eight words at most.")})
            if len(lines) > 30:
                raise ValidationError({name: _("Thirty expressions at most.")})
