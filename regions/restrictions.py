"""Pages and files reserved to some: to groups only, in every language, and never kept by a cache.

Wagtail also knows “any signed-in user”, which would mean every other groupement, and shared passwords.
Neither is offered here; a row of either kind opens to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import Http404, HttpRequest
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, get_page_models
from wagtail.models.view_restrictions import BaseViewRestriction

from core.page_cache.memory import remembered

ONLY_OPTION = ["groups"]
# Set on a request whose answer is nobody else's; read by regions.middleware.PrivateResponseMiddleware.
PRIVATE_ATTRIBUTE = "_mara_private"
_RESERVED = "_mara_reserved"


# --- Reading ------------------------------------------------------------------------------------


def check_page(page: Page, request: HttpRequest) -> None:
    """Refuse a reserved page to somebody signed in who is not of its groups, as if it did not exist.

    A visitor who is not signed in is led to sign in, by Wagtail.

    Raises:
        Http404: for everyone else.
    """
    if not page.path.startswith(reserved_paths(request)):
        page.known_restrictions = PageViewRestriction.objects.none()  # Wagtail asks again, after us
    _check(page.get_view_restrictions(), request)


def reserved_paths(request: HttpRequest) -> tuple[str, ...]:
    """Tree paths of the pages reserved to some, and of the pages that only repeat those; read once for each request.

    A page without one of them above it has no restriction in Wagtail's sense, which asks two queries for each page.
    """
    known = request.__dict__.get(_RESERVED)
    if known is None:
        known = keep_reserved(request, remembered(request, "reserved", lambda: list(reserved_rows())))
    return known


def reserved_rows() -> QuerySet:
    """The tree paths of each page reserved to some, of those that repeat it, and of those that repeat these.

    A page that repeats another (wagtail-localize makes some) is reserved with it.
    """
    return PageViewRestriction.objects.values_list("page__path", "page__aliases__path", "page__aliases__aliases__path")


def keep_reserved(request: HttpRequest, rows: Iterable[tuple]) -> tuple[str, ...]:
    """Give a request what :func:`reserved_rows` said, for :func:`reserved_paths`."""
    known = tuple(sorted({path for row in rows for path in row if path}))
    setattr(request, _RESERVED, known)
    return known


def check_document(document, request: HttpRequest) -> None:
    """The same for a file, by the collection it is in."""
    _check(document.collection.get_view_restrictions(), request)


def _check(restrictions, request: HttpRequest) -> None:
    for restriction in restrictions:
        setattr(request, PRIVATE_ATTRIBUTE, True)
        if restriction.restriction_type != BaseViewRestriction.GROUPS:
            raise Http404
        if request.user.is_authenticated and not restriction.accept_request(request):
            raise Http404


# --- In every language --------------------------------------------------------------------------


def follow_restriction(sender, instance, created: bool = False, raw: bool = False, **kwargs) -> None:
    """A page reserved after it was translated is reserved in its other languages too.

    One just made has no group yet: where another language is reserved already, as when a reserved page is
    translated, it takes those groups and takes none away.

    To remove if wagtail-localize, which copies restrictions when it translates, comes to follow them.
    """
    if raw:
        return
    for page in instance.page.get_translations():
        twin = PageViewRestriction.objects.filter(page=page).first() or PageViewRestriction(page=page)
        if created and twin.pk and twin.restriction_type == instance.restriction_type:
            _same_groups(twin, instance)
            continue
        if twin.pk is None or twin.restriction_type != instance.restriction_type:
            twin.restriction_type = instance.restriction_type
            twin.save()
        _same_groups(instance, twin)


def follow_groups(sender, instance, action: str, **kwargs) -> None:
    """The same groups in every language."""
    if not action.startswith("post_") or not isinstance(instance, PageViewRestriction):
        return
    for twin in PageViewRestriction.objects.filter(page__in=instance.page.get_translations()):
        _same_groups(instance, twin)


def follow_release(sender, instance, origin=None, **kwargs) -> None:
    """A page opened to all is opened in its other languages; one that is deleted opens nothing."""
    deleted = origin if isinstance(origin, PageViewRestriction) else getattr(origin, "model", None)
    if deleted is PageViewRestriction or isinstance(deleted, PageViewRestriction):
        for twin in PageViewRestriction.objects.filter(page__in=instance.page.get_translations()):
            twin.delete()


def _same_groups(source: PageViewRestriction, twin: PageViewRestriction) -> None:
    wanted = set(source.groups.values_list("pk", flat=True))
    if wanted != set(twin.groups.values_list("pk", flat=True)):
        twin.groups.set(wanted)


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    uid = "regions.restrictions"
    post_save.connect(follow_restriction, sender=PageViewRestriction, dispatch_uid=uid)
    post_delete.connect(follow_release, sender=PageViewRestriction, dispatch_uid=uid)
    m2m_changed.connect(follow_groups, sender=PageViewRestriction.groups.through, dispatch_uid=uid)


# --- Checks -------------------------------------------------------------------------------------


@register("mara")
def only_groups_are_offered(app_configs, **kwargs) -> list[Error]:
    """No page type offers another restriction than to groups, and untranslated text does not go live."""
    errors = [
        Error(f"{model._meta.label} must offer restrictions to groups only", obj=model, id="mara.E010")
        for model in get_page_models()
        if model is not Page and list(model.private_page_options) != ONLY_OPTION
    ]
    for name in ("WAGTAIL_PRIVATE_PAGE_OPTIONS", "WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS"):
        if getattr(settings, name, {}).get("SHARED_PASSWORD", True):
            errors.append(Error(f"{name} must refuse shared passwords", id="mara.E011"))
    if getattr(settings, "WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE", True):
        errors.append(Error("WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE must be False", id="mara.E012"))
    return errors


@register(Tags.database)
def no_other_restriction_is_stored(app_configs, databases=None, **kwargs) -> list[Error]:
    """No stored restriction is of another kind; run by ``check --database default`` and by ``migrate``."""
    if not databases:
        return []
    errors = []
    for model in (PageViewRestriction, CollectionViewRestriction):
        others = model.objects.exclude(restriction_type=BaseViewRestriction.GROUPS)
        try:
            found = list(others.values_list("pk", flat=True))
        except DatabaseError:
            return []  # before the first migration
        if found:
            errors.append(Error(f"{model._meta.label} {found}: reserve to groups instead", id="mara.E013"))
    return errors
