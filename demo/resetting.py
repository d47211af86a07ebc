"""Erases the whole network, so that the demonstration can be built again from nothing."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Collection, Page, Site, Task, Workflow
from wagtail_localize.models import String, TranslatableObject, TranslationContext

from core.models import Document, Image, NationalTag
from demo.models import LoadedContent
from demo.sources import read_table
from regions.models import Groupement, Mandate, NationalOffice, NetworkPage, Zone
from resources.models import Audience, ContactCategory, Theme


@transaction.atomic
def erase() -> None:
    """Delete pages, sites but the default one, groups of roles, media, mandates, reference lists, accounts.

    Accounts other than the demonstration's stay; they lose their mandates.
    """
    workflows = list(Groupement.objects.filter(workflow__isnull=False).values_list("workflow", flat=True))
    office = NationalOffice.load()
    collections = list(Collection.objects.filter(groupement__isnull=False))
    if office.collection_id:
        collections.append(office.collection)
    # Each of these protects the next: untie first.
    Groupement.objects.update(site=None, collection=None, workflow=None, fallback=None)
    office.delete()
    _erase_pages()
    _erase_media(collections)
    tasks = list(Task.objects.filter(workflow_tasks__workflow__in=workflows))
    Workflow.objects.filter(pk__in=workflows).delete()
    for task in tasks:
        task.delete()
    Mandate.objects.all().delete()
    Group.objects.filter(role_group__isnull=False).delete()
    Groupement.objects.all().delete()
    Zone.objects.all().delete()
    for model in (Theme, Audience, ContactCategory, NationalTag, LoadedContent):
        model.objects.all().delete()
    emails = [row["email"] for row in read_table("network")["people"]]
    get_user_model().objects.filter(email__in=emails).delete()


def _erase_pages() -> None:
    Site.objects.filter(is_default_site=False).delete()
    root = Page.get_first_root_node()
    Site.objects.update(root_page=root)
    for network in NetworkPage.objects.all():
        network.delete()
    # What wagtail-localize keeps of a page outlives it.
    for model in (TranslatableObject, TranslationContext, String):
        model.objects.all().delete()
    Site.clear_site_root_paths_cache()


def _erase_media(collections: list[Collection]) -> None:
    """Delete images and documents one by one: their files go with them."""
    for model in (Image, Document):
        for item in model.objects.filter(collection__in=collections):
            item.delete()
    for collection in collections:
        Collection.objects.get(pk=collection.pk).delete()
