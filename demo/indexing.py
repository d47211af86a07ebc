"""Indexes what a load saves once, at the end, instead of at each of the three saves of a publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models
from django.db.models.signals import post_save
from modelcluster.fields import ParentalKey
from modelsearch.backends import get_search_backends
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

CHUNK = 200


@contextmanager
def indexed_once() -> Iterator[None]:
    """Remember what is saved meanwhile, then give it to the search index and to the index of references."""
    saved: dict[type[models.Model], set] = defaultdict(set)

    def remember(sender, instance, raw: bool = False, **kwargs) -> None:
        saved[sender].add(instance.pk)

    searched = [model for model in get_indexed_models() if getattr(model, "search_auto_update", True)]
    for model in searched:
        post_save.disconnect(post_save_signal_handler, sender=model)
    post_save.connect(remember)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        post_save.disconnect(remember)
        for model in searched:
            post_save.connect(post_save_signal_handler, sender=model)
    for model, keys in saved.items():
        index(model, keys)


def index(model: type[models.Model], keys) -> None:
    """Bring both indexes up to date for these objects of one model."""
    searched = model in get_indexed_models() and model is not Page
    referred = model in ReferenceIndex.tracked_models and not _is_child(model)
    if not searched and not referred:
        return
    keys = sorted(keys)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        if searched:
            found = list(model.get_indexed_objects().filter(pk__in=chunk))
            for backend in get_search_backends(with_auto_update=True):
                backend.add_bulk(model, found)
        if referred:
            for instance in model._default_manager.filter(pk__in=chunk):
                ReferenceIndex.create_or_update_for_object(instance)


def _is_child(model: type[models.Model]) -> bool:
    """Whether the rows of a model are indexed with the page that they belong to."""
    return any(isinstance(field, ParentalKey) for field in model._meta.get_fields())
