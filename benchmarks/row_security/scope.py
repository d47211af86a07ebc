"""Takes the role for one request of the administration, and gives it back: stands where the guard stands."""

from __future__ import annotations

from django.db import DatabaseError, connection
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from benchmarks.row_security.policies import ROLE
from regions import rights
from regions.admin.guard.middleware import ADMIN_PREFIX
from regions.reach import Reach


def reach_in_words(user) -> dict[str, str] | None:
    """What somebody reaches, as the policies read it; ``None`` for whom nothing is kept from."""
    reach = Reach(user)
    if reach.everything:
        return None
    policy = policy_registry.get_by_type(get_image_model())
    chosen: set[str] = set()
    for name in ("choose", "add", "change"):
        found: list[Collection] = policy.collections_user_has_any_permission_for(user, [name])
        chosen |= {collection.path for collection in found}
    lists = {
        "paths": reach.paths,
        "groups": [*reach.groups.values_list("pk", flat=True)],
        "groupements": sorted(reach.groupement_ids),
        "answered": sorted(reach.answered_groupement_ids),
        "collections": sorted(chosen),
        "review": [*reach.to_review.values_list("pk", flat=True)],
        "national": [home.path for home in rights.national_homes()],
    }
    words = {name: ",".join(map(str, values)) for name, values in lists.items()}
    return words | {"person": str(user.pk), "nation": "1" if reach.holds_nation else ""}


def take(words: dict[str, str]) -> None:
    """Two statements."""
    with connection.cursor() as cursor:
        columns = ", ".join("set_config(%s, %s, true)" for _name in words)
        cursor.execute(f"SELECT {columns}", [part for name, word in words.items() for part in (f"mara.{name}", word)])
        cursor.execute(f"SET LOCAL ROLE {ROLE}")


def give_back() -> None:
    """One statement; a transaction that failed gives the role back when it is rolled back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    except DatabaseError:
        return


def enter(guard, request, view, args, kwargs) -> None:
    """In the place of the guard's ``process_view``."""
    if request.path_info.startswith(ADMIN_PREFIX) and request.user.has_perm("wagtailadmin.access_admin"):
        words = reach_in_words(request.user)
        if words:
            request.is_scoped = True
            take(words)


def around(guard, request):
    """In the place of the guard's ``__call__``: what streams is read before the role is given back."""
    try:
        response = guard.get_response(request)
        if response.streaming:
            response.streaming_content = list(response.streaming_content)
        return response
    finally:
        if getattr(request, "is_scoped", False):
            give_back()
