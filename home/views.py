"""The groupement that a visitor keeps on their device: what the national pages show of it, for everybody alike."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.phones import to_national
from core.templatetags.core_tags import event_dates
from home import finder
from regions.models import Groupement
from regions.places import place_for, place_of


@require_safe
@cache_control(public=True, max_age=300)
def my_groupement(request: HttpRequest, code: str) -> JsonResponse:
    """The public side of a groupement, in a few words. Nothing in it depends on who asks.

    Raises:
        Http404: when there is no such groupement any more, or it has no site; the device then forgets it.
    """
    groupement = Groupement.objects.filter(code=code).select_related("zone", "site", "fallback").first()
    here = place_for(request)
    there = place_of(groupement, here) if groupement else None
    if groupement is None or there is None:
        raise Http404
    person, event = there.person_to_call, finder.next_event(there)
    same_language = there.locale.pk == here.locale.pk
    return JsonResponse(
        {
            "code": groupement.code,
            "name": groupement.name,
            "accent": groupement.accent,
            "url": there.home_url,
            "note": _("%(label)s answers for now.") % {"label": person.fallback_label} if person.is_fallback else "",
            "phone": {"href": f"tel:{person.phone}", "label": to_national(person.phone)} if person.phone else None,
            "event": {"title": event.title, "href": event.href, "when": strip_tags(event_dates(event))}
            if event
            else None,
            # The national sections that also open there, under the same address.
            "sections": [section.slug for section in there.sections] if same_language else [],
        }
    )
