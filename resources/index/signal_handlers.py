"""What has the index follow: the end of a transaction that changed pages, documents, groupements or synonyms."""

from __future__ import annotations

from django.apps import apps
from django.db.models import F
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, ReferenceIndex
from wagtail.signals import page_published, page_slug_changed, post_page_move

from core.models import Document
from regions.models import Groupement, NetworkPage
from resources.index import following, starter, triggers
from resources.index.models import IndexState, Synonym


def follow_page(sender, **kwargs) -> None:
    """The triggers have noted which pages: read them again once the transaction has committed."""
    if issubclass(sender, Page) or sender is PageViewRestriction:
        following.follow_after_commit()


def follow_move(sender, **kwargs) -> None:
    """A page moved, or its address changed: those below it have been noted too."""
    following.follow_after_commit()


def follow_document(sender, instance, created: bool = False, **kwargs) -> None:
    """The pages that show a document are found by its title."""
    if not created:
        _note_pages_that_show([instance])


def follow_closed_collection(sender, instance, **kwargs) -> None:
    """The files of a collection that closes or opens no longer, or again, lead to the pages that show them."""
    collections = instance.collection.get_descendants(inclusive=True)
    _note_pages_that_show(Document.objects.filter(collection__in=collections))


def _note_pages_that_show(documents) -> None:
    for document in documents:
        references = ReferenceIndex.get_references_to(document)
        following.note(
            int(pk)
            for pk, model in references.values_list("object_id", "base_content_type__model")
            if model == "page" and pk.isdigit()
        )
    following.follow_after_commit()


def follow_groupement(sender, instance, created: bool = False, **kwargs) -> None:
    """A groupement's home is found by its name, its territory and whom it names."""
    if not created:
        following.note(instance.roots.values_list("pk", flat=True))
        following.follow_after_commit()


def follow_synonym(sender, **kwargs) -> None:
    """Every process reads the list again before its next search."""
    following.state()
    IndexState.objects.update(synonyms=F("synonyms") + 1)


def follow_network(sender, created: bool, raw: bool = False, **kwargs) -> None:
    """A network begins with a list of synonyms."""
    if created and not raw:
        starter.ensure_starter_synonyms()


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    uid = "resources.index"
    for signal in (post_save, post_delete):
        signal.connect(follow_page, dispatch_uid=uid)
        signal.connect(follow_closed_collection, sender=CollectionViewRestriction, dispatch_uid=f"{uid}.collection")
        signal.connect(follow_groupement, sender=Groupement, dispatch_uid=f"{uid}.groupement")
        signal.connect(follow_synonym, sender=Synonym, dispatch_uid=uid)
    post_save.connect(follow_document, sender=Document, dispatch_uid=uid)
    pre_delete.connect(follow_document, sender=Document, dispatch_uid=uid)  # while it is known where it is shown
    post_save.connect(follow_network, sender=NetworkPage, dispatch_uid=f"{uid}.network")
    page_published.connect(follow_page, dispatch_uid=uid)  # regions.planting saves without saying so
    page_slug_changed.connect(follow_move, dispatch_uid=uid)
    post_page_move.connect(follow_move, dispatch_uid=uid)
    post_migrate.connect(triggers.create_for_page_types, sender=apps.get_app_config("resources"), dispatch_uid=uid)
