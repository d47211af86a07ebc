"""Asks the guard before any view of the administration runs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from regions.admin.guard import rules  # noqa: F401  (fills the registry)
from regions.admin.guard.registry import rule_for
from regions.reach import reach_of

ADMIN_PREFIX = "/admin/"


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
        """Raise ``Http404`` when the address is not for the person who asks.

        Raises:
            Http404: rendered by the project's own page, as for any address that does not exist.
        """
        if not request.path_info.startswith(ADMIN_PREFIX) or not request.user.is_authenticated:
            return
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return
        reach = reach_of(request.user)
        if reach.everything:
            return
        rule = rule_for(request.resolver_match.view_name or "")
        if rule is None or args or not rule.opens(reach, request, kwargs):
            raise Http404
