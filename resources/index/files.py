"""The files that pages give to read: a page is found by their titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import ForeignKey, Q
from wagtail.models import CollectionViewRestriction, Page

from core.models import Document


def titles_of_files(pages: Sequence[Page]) -> dict[int, list[str]]:
    """For each page, the titles of the documents in its texts, in order; those of closed collections left out.

    Three queries at most, whatever the number of pages. What is read is the page itself: Wagtail's table of references
    may be that of a draft.
    """
    wanted = {page.pk: keys for page in pages if (keys := list(dict.fromkeys(_keys(page))))}
    if not wanted:
        return {}
    closed = Q()
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        closed |= Q(collection__path__startswith=path)
    documents = Document.objects.filter(pk__in={key for keys in wanted.values() for key in keys})
    titles = dict((documents.exclude(closed) if closed else documents).values_list("pk", "title"))
    return {pk: [titles[key] for key in keys if key in titles] for pk, keys in wanted.items()}


def _keys(page: Page) -> Iterable[int]:
    for field in page._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            if field.related_model is Document and (key := getattr(page, field.attname)):
                yield key
        elif hasattr(field, "extract_references"):
            for model, key, _model_path, _content_path in field.extract_references(getattr(page, field.attname)):
                if model is Document and str(key).isdigit():
                    yield int(key)
