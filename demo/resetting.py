"""Erases the whole network, so that the demonstration can be built again from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from modelsearch.backends import get_search_backends
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_delete_signal_handler
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import (
    Collection,
    Page,
    ReferenceIndex,
    Site,
    Task,
    Workflow,
    get_translatable_models,
)
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    SegmentOverride,
    String,
    StringSegment,
    StringTranslation,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
    handle_translation_on_delete,
)

from core.models import Document, Image, NationalTag
from demo.models import LoadedContent
from demo.sources import read_table
from exchanges.models import CallbackRequest
from regions.models import Groupement, Mandate, NationalOffice, NetworkPage, Zone
from resources.models import Audience, ContactCategory, Theme
from search.models import QueryCount

# What wagtail-localize keeps of pages, what is protected after what protects it.
LOCALIZED = (
    OverridableSegment,
    RelatedObjectSegment,
    StringSegment,
    TemplateSegment,
    SegmentOverride,
    StringTranslation,
    TranslatableObject,
    TranslationContext,
    String,
    Template,
)


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
    if office.workflow_id:
        workflows.append(office.workflow_id)
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
    CallbackRequest.objects.all().delete()  # the nation’s name no groupement
    Groupement.objects.all().delete()
    Zone.objects.all().delete()
    for model in (Theme, Audience, ContactCategory, NationalTag, Query, QueryCount, LoadedContent):
        model.objects.all().delete()
    emails = [row["email"] for row in read_table("network")["people"]]
    get_user_model().objects.filter(email__in=emails).delete()


def _erase_pages() -> None:
    Site.objects.filter(is_default_site=False).delete()
    root = Page.get_first_root_node()
    Site.objects.update(root_page=root)
    for model in LOCALIZED:
        model.objects.all().delete()
    with _followers_asleep():
        for network in NetworkPage.objects.all():
            network.delete()
    Site.clear_site_root_paths_cache()


@contextmanager
def _followers_asleep() -> Iterator[None]:
    """Clean the indexes once for all pages: page by page, thousands of them take ten minutes."""
    searched = get_indexed_models()
    for model in searched:
        post_delete.disconnect(post_delete_signal_handler, sender=model)
    translatable = get_translatable_models()
    for model in translatable:
        post_delete.disconnect(handle_translation_on_delete, sender=model)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in searched:
            post_delete.connect(post_delete_signal_handler, sender=model)
        for model in translatable:
            post_delete.connect(handle_translation_on_delete, sender=model)
    for backend in get_search_backends(with_auto_update=True):
        for index in backend.all_indexes():
            index.delete_stale_entries()
    pages = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.filter(Q(base_content_type=pages) | Q(to_content_type=pages)).delete()


def _erase_media(collections: list[Collection]) -> None:
    """Delete images and documents one by one: their files go with them."""
    for model in (Image, Document):
        for item in model.objects.filter(collection__in=collections):
            item.delete()
    for collection in collections:
        Collection.objects.get(pk=collection.pk).delete()
