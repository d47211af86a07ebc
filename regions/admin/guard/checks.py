"""Is this number mine? One small question for each kind of object that an address may name."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from wagtail.admin.models import EditingSession
from wagtail.models import Page, Revision, TaskState, UploadedFile, WorkflowState

from regions import scope
from regions.reach import KEEP, Reach

# PostgreSQL's largest integer: beyond it a look-up is an error instead of an absence.
LARGEST = 2**31 - 1


def number(value) -> int | None:
    """The number written in an address or a form; ``None`` when it is none that a row may have."""
    text = str(value)
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > LARGEST:
        return None
    return int(text)


def _path_of(value) -> str | None:
    pk = number(value)
    return Page.objects.filter(pk=pk).values_list("path", flat=True).first() if pk is not None else None


def own_page(reach: Reach, value, kwargs: Mapping) -> bool:
    """A page of the person's own trees, at any depth."""
    path = _path_of(value)
    return path is not None and reach.holds_path(path)


def reviewed_page(reach: Reach, value, kwargs: Mapping) -> bool:
    """An own page, or one that waits for the person's approval: a vacant groupement's, say."""
    return own_page(reach, value, kwargs) or _within(reach.to_review, value)


def page_on_the_way(reach: Reach, value, kwargs: Mapping) -> bool:
    """An own page, or a node above one."""
    path = _path_of(value)
    return path is not None and (reach.holds_path(path) or reach.is_above(path))


def linkable_page(reach: Reach, value, kwargs: Mapping) -> bool:
    """A page to which the person may link."""
    return _within(reach.linkable, value)


def browsable_page(reach: Reach, value, kwargs: Mapping) -> bool:
    """A page that the person may open in a chooser."""
    return _within(reach.browsable, value)


def used_image(reach: Reach, value, kwargs: Mapping) -> bool:
    return _within(reach.images(), value)


def kept_image(reach: Reach, value, kwargs: Mapping) -> bool:
    return _within(reach.images(KEEP), value)


def used_document(reach: Reach, value, kwargs: Mapping) -> bool:
    return _within(reach.documents(), value)


def kept_document(reach: Reach, value, kwargs: Mapping) -> bool:
    return _within(reach.documents(KEEP), value)


def own_upload(reach: Reach, value, kwargs: Mapping) -> bool:
    """A file that the person has just sent, and not described yet."""
    return _within(UploadedFile.objects.filter(uploaded_by_user=reach.user), value)


def own_groupement(reach: Reach, value, kwargs: Mapping) -> bool:
    """A groupement whose coordinates the person keeps."""
    return _within(scope.managed_groupements(reach.user), value)


def own_task(reach: Reach, value, kwargs: Mapping) -> bool:
    """A task of a workflow through which the person's own pages go."""
    return _within(reach.tasks, value)


def own_session(reach: Reach, value, kwargs: Mapping) -> bool:
    """An editing session of the person; the number 0 or an unknown one begins a new session."""
    pk = number(value)
    return pk is not None and not EditingSession.objects.filter(pk=pk).exclude(user=reach.user).exists()


def of_same_page(*names: str):
    """A check that a row belongs to the page named beside it in the address."""
    parents = ("page_id", "pk", *names)

    def rows(model, kwargs, field: str):
        page = next((kwargs[name] for name in parents if name in kwargs), None)
        return model.objects.filter(**{field: str(page)})

    def revision(reach: Reach, value, kwargs: Mapping) -> bool:
        if value in {"live", "latest", "earliest"}:
            return True
        return _within(rows(Revision, kwargs, "object_id").filter(base_content_type=page_type()), value)

    def workflow_state(reach: Reach, value, kwargs: Mapping) -> bool:
        return _within(rows(WorkflowState, kwargs, "object_id").filter(base_content_type=page_type()), value)

    def task_state(reach: Reach, value, kwargs: Mapping) -> bool:
        found = rows(TaskState, kwargs, "workflow_state__object_id")
        return _within(found.filter(workflow_state__base_content_type=page_type()), value)

    return revision, workflow_state, task_state


def page_type() -> ContentType:
    return ContentType.objects.get_for_model(Page)


revision_of_page, workflow_state_of_page, task_state_of_page = of_same_page()


def own_translation(reach: Reach, value, kwargs: Mapping) -> bool:
    """A translation of an own page, into a page that is own too."""
    model = apps.get_model("wagtail_localize", "Translation")
    found = model.objects.select_related("source").filter(pk=number(value)).first()
    if found is None or not _own_source(reach, found.source):
        return False
    return (
        not Page.objects.filter(translation_key=found.source.object_id, locale=found.target_locale_id)
        .exclude(pk__in=reach.pages.order_by().values("pk"))
        .exists()
    )


def own_source(reach: Reach, value, kwargs: Mapping) -> bool:
    """The source of the translations of an own page, all of which are own too."""
    model = apps.get_model("wagtail_localize", "TranslationSource")
    source = model.objects.filter(pk=number(value)).first()
    if source is None or not _own_source(reach, source):
        return False
    versions = Page.objects.filter(translation_key=source.object_id)
    return not versions.exclude(pk__in=reach.pages.order_by().values("pk")).exists()


def segment(name: str):
    """A check that a segment belongs to the source of the translation named beside it."""

    def check(reach: Reach, value, kwargs: Mapping) -> bool:
        translation = apps.get_model("wagtail_localize", "Translation").objects.filter(
            pk=number(kwargs["translation_id"])
        )
        rows = apps.get_model("wagtail_localize", name).objects.filter(source__in=translation.values("source"))
        return _within(rows, value)

    return check


def _own_source(reach: Reach, source) -> bool:
    try:
        instance = source.get_source_instance()
    except ObjectDoesNotExist:
        return False
    return isinstance(instance, Page) and reach.holds_path(instance.path)


def _within(queryset, value) -> bool:
    pk = number(value)
    return pk is not None and queryset.filter(pk=pk).exists()
