"""What every answer goes through: protections, forms sent from a page, storages that fail, the content policy."""

import logging
from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.uploads.room import AWAY, NO_ROOM, is_away, is_full

logger = logging.getLogger(__name__)

PERMISSIONS = "Permissions-Policy"


class ProtectionsMiddleware:
    """See that every answer carries the protections: those of middleware further in, errors and files included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.strict = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        if PERMISSIONS in headers:
            return response  # done further in, now or when the page was kept
        is_file = headers.get("Content-Disposition", "").startswith("attachment") or request.path_info.startswith(
            settings.MEDIA_URL
        )
        if is_file:
            headers[HEADER] = settings.MARA_FILE_POLICY
        headers.setdefault(HEADER, self.strict)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        if not request.path_info.startswith("/admin/"):  # Wagtail shows its own previews in frames
            headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        headers[PERMISSIONS] = settings.MARA_PERMISSIONS_POLICY  # last, and by nobody else: it says that all are there
        return response


class KeepTypedMiddleware:
    """Tell a form that was sent from its page (``sending.js``) where a browser would be led, once its text is kept.

    A script that is led there itself would read in the browser's place what is said there once.
    """

    HEADER = "X-Keep-Typed"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in {301, 302, 303} and self.HEADER in request.headers:
            response.headers[self.HEADER] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 204
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """Give public pages the strict policy, and Wagtail's administration the one it needs."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Write the header of the page's part of the site."""
        if request.path_info.startswith("/admin/"):
            # A preview is a public page rendered inside an administration view: it comes with the public header.
            response.headers.pop(HEADER, None)
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class StorageMiddleware:
    """Say in words that nothing more can be written, or that the storage of files is away.

    What was begun is taken back by whoever began it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """507 (RFC 4918 §11.5) or 503; to Wagtail's uploader of several files, the refusal that it shows."""
        if is_full(error):
            status, heading, sentence = 507, _("No room left on the server"), NO_ROOM
        elif is_away(error):
            status, heading, sentence = 503, _("The storage of files does not answer"), AWAY
        else:
            return None
        logger.error("files cannot be kept or read: %s", error)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            refused = {"success": False, "error_message": f"{heading}. {sentence}"}
            return JsonResponse(refused, status=200 if request.path.endswith("/multiple/add/") else status)
        said = {"code": status, "heading": heading, "sentence": sentence}
        return render(request, "storage.html", said, status=status)
