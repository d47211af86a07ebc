"""The network in nine languages: a groupement that is made in all of them has sixty-three pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.test.utils import override_settings
from wagtail.models import Locale, Page

from regions.models import NetworkPage

LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl", "pl", "ro")


@contextmanager
def network(national: Page, languages: Sequence[str] = LANGUAGES) -> Iterator[None]:
    """Have the installation know these languages, and the network exist in them; the first is that of ``national``."""
    known = [(code, code) for code in languages]
    with override_settings(LANGUAGES=known, WAGTAIL_CONTENT_LANGUAGES=known):
        for code in languages[1:]:
            locale = Locale.objects.get_or_create(language_code=code)[0]
            for page in (
                NetworkPage.objects.get(locale=national.locale),
                national,
                *national.get_children().specific(),
            ):
                version = page.copy_for_translation(locale)
                version.save_revision().publish()
        yield
