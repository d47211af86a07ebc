"""Promoted answers: what national editors want read first by whoever types certain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page

from regions import visibility
from regions.places import Place
from search.recording import normalised


@dataclass(frozen=True)
class PromotedAnswer:
    """An answer as one place shows it. ``origin`` is empty for another site's page."""

    title: str
    href: str
    text: str
    origin: visibility.Origin | None = None


def key(text: str) -> tuple[str, ...]:
    """What makes two questions the same here: their words, whatever the accents, the case, the order, the plural."""
    return tuple(sorted(word.rstrip("sx") or word for word in normalised(text).split()))


def for_text(text: str, place: Place) -> list[PromotedAnswer]:
    """The answers promoted for a question, in the editors' order, as far as the place shows them.

    A page that is not published, reserved to some, or not in the place's language has no answer there. Three
    queries at most, whatever their number.
    """
    wanted = key(text)
    if not wanted:
        return []
    queries = SearchPromotion.objects.values_list("query_id", "query__query_string").distinct().order_by()
    matching = [pk for pk, words in queries if key(words) == wanted]
    if not matching:
        return []
    promotions = list(SearchPromotion.objects.filter(query__in=matching).select_related("page"))
    pages = _shown([promotion.page for promotion in promotions if promotion.page], place)
    answers: dict[str, PromotedAnswer] = {}
    for promotion in promotions:
        answer = _answer(promotion, pages)
        if answer:
            answers.setdefault(answer.href, answer)
    return list(answers.values())


def _shown(pages: list[Page], place: Place) -> dict:
    """The promoted pages that the place shows, in its language, by translation key."""
    if not pages:
        return {}
    rows = Page.objects.filter(
        Q(translation_key__in={page.translation_key for page in pages}), locale_id=place.locale.pk
    )
    return {page.translation_key: page for page in visibility.present(visibility.visible(rows, place), place)}


def _answer(promotion: SearchPromotion, pages: dict) -> PromotedAnswer | None:
    if promotion.page:
        page = pages.get(promotion.page.translation_key)
        if page is None:
            return None
        return PromotedAnswer(page.title, page.href, promotion.description or page.search_description, page.origin)
    if not promotion.external_link_url.startswith(("https://", "http://")):
        return None
    return PromotedAnswer(promotion.external_link_text or "", promotion.external_link_url, promotion.description)
