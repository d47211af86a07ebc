"""Views that belong to no feature: health, the one sign-in door, uploaded files on one's own machine."""

import datetime as dt
import posixpath

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import Site

SECURITY_TXT_DAYS = dt.timedelta(days=180)
PRIVATE_MEDIA = ("documents/", "original_images/", "../")


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Tell a watcher whether this process answers and reaches its database: 200, or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "error", "database": False}, status=503)
    return JsonResponse({"status": "ok", "database": True})


@never_cache
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request cannot be read.

    Django's own view asks for the form's token, and fails again where it is the form that cannot be read.
    """
    return render(request, "400.html", status=400)


@require_safe
@cache_control(public=True, max_age=86_400)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); the national host's is the one, others lead to it."""
    national = Site.objects.get(is_default_site=True).root_url
    canonical = national + reverse("security_txt")
    if not Site.find_for_request(request).is_default_site:
        return HttpResponseRedirect(canonical)
    # Always ahead, and the same for a day.
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TXT_DAYS
    lines = [
        f"Contact: {settings.MARA_SECURITY_CONTACT or national + reverse('callback_form')}",
        f"Expires: {expires.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {canonical}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@never_cache
def to_login(request: HttpRequest) -> HttpResponse:
    """Send whoever asks for one of Wagtail's sign-in forms to ours, keeping where they were going."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("account_login") + (f"?{query}" if query else ""))


@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Show the sign-in form; tell whoever is signed in already that their account does not open what they asked for.

    Without this, somebody who has an account and no right to the editing screens goes round in circles.
    """
    if request.user.is_authenticated and request.method == "GET" and REDIRECT_FIELD_NAME in request.GET:
        raise PermissionDenied
    return allauth_views.login(request)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse:
    """Serve an uploaded file where no web server does it: on one's own machine, or out of a bucket.

    Documents go through their own view, which knows who may read them, and original images are not public.
    """
    path = posixpath.normpath(path).lstrip("/")
    if not settings.MARA_SERVE_MEDIA or path.startswith(PRIVATE_MEDIA):
        raise Http404
    if isinstance(default_storage, FileSystemStorage):
        try:
            response = serve(request, path, document_root=settings.MEDIA_ROOT)
        except OSError as error:  # a name longer than the disk has, a file that may not be read
            raise Http404 from error
    else:
        response = _from_elsewhere(path)
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _from_elsewhere(path: str) -> FileResponse:
    """Give a file of a storage that is not a folder; its name is never taken for a page."""
    try:
        file = default_storage.open(path)
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    return FileResponse(file, filename=posixpath.basename(path))
