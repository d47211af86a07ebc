"""What machines ask the installation."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mara_site.hosting import readiness


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Tell a watcher whether the installation can be relied upon: 200, or 503 and which check fails."""
    checks = readiness.checks()
    ok = all(check.ok for check in checks.values())
    answer = {name: _told(check) for name, check in checks.items()}
    return JsonResponse({"status": "ok" if ok else "error", "checks": answer}, status=200 if ok else 503)


def _told(check: readiness.Check) -> dict[str, Any]:
    told: dict[str, Any] = {"ok": check.ok, "figure": check.figure}
    return told | {"holds": check.holds} if check.holds else told
