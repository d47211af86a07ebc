"""Asks the guard before any view of the administration runs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from regions.admin.guard import rules  # noqa: F401  (fills the registry)
from regions.admin.guard.registry import rule_for
from regions.reach import reach_of

ADMIN_PREFIX = "/admin/"
# The administration is read and posted to. Wagtail's views were written for that: some fail when sent anything else.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
# By the last part of the address's name: a tip put away, a preview forgotten, a sentence translated.
BY_OTHER_METHODS = {
    "wagtailadmin_dismissibles": ("PATCH",),
    "preview_on_add": ("DELETE",),
    "preview_on_edit": ("DELETE",),
    "edit_string_translation": ("PUT", "DELETE"),
    "edit_override": ("PUT", "DELETE"),
}


class AdminGuardMiddleware:
    """Answers as for a number that does not exist, unless a rule opens the address to the person.

    Visitors and people without access to the administration are left to Wagtail, which sends them to
    sign in whatever they ask for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        """Raise ``Http404`` when the address is not for the person who asks, or is asked in a way no screen asks.

        An absence for the latter too: a view that decides by itself whether it opens is not reached, and the answer
        must not tell.

        Raises:
            Http404: rendered by the project's own page, as for any address that does not exist.
        """
        if not request.path_info.startswith(ADMIN_PREFIX) or not request.user.is_authenticated:
            return
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return
        name = request.resolver_match.view_name or ""
        if request.method not in (*METHODS, *BY_OTHER_METHODS.get(name.rpartition(":")[2], ())):
            raise Http404
        reach = reach_of(request.user)
        if reach.everything:
            return
        rule = rule_for(name)
        if rule is None or args or not rule.opens(reach, request, kwargs):
            raise Http404
