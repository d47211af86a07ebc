"""National pages with slots, and the answers of groupements."""

from __future__ import annotations

import datetime as dt

from wagtail.models import Page

from resources.frames.answers import Answer, Answers, LeftOut
from tests.factories import pages

DAY = dt.date(2026, 10, 5)
# Who keeps a national text, and when it is checked again: without both it is not published by its form.
KEPT = {"owner_name": "Paul Durand", "next_check_on": dt.date(2037, 6, 1)}


def heading(key: str, text: str) -> dict:
    return {"type": "heading_block", "id": key, "value": {"text": text, "level": "h2"}}


def text(key: str, words: str = "Parlez-en tôt.") -> dict:
    return {"type": "rich_text", "id": key, "value": f"<p>{words}</p>"}


def slot(key: str, **fields) -> dict:
    value = {"title": f"Titre {key}", "kind": "text", "required": True, "prompt": f"Question {key}", "minimum": 1}
    return {"type": "local_slot", "id": key, "value": value | {"categories": [], "theme": "", "example": ""} | fields}


def optional(key: str, title: str = "Si vous vivez en base") -> dict:
    return {"type": "optional", "id": key, "value": {"title": title, "body": [text(f"{key}-t", "Le bureau reçoit.")]}}


STORY = [
    heading("h1", "Avant"),
    text("t1", "Le texte national."),
    slot("s1"),
    heading("h2", "Après"),
    text("t2", "La suite nationale."),
    slot("s2", required=False),
    optional("o1"),
]


def frame(home: Page, title: str = "Se loger en région", *, body=None, **fields) -> Page:
    """A national chapter with a published revision."""
    fields = KEPT | fields
    guide = fields.pop("guide", None) or pages.guide(home)
    return published(pages.chapter(guide, title, body=body or STORY, **fields))


def published(page: Page) -> Page:
    """The page, with what it holds published as a revision."""
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def rewrite(page: Page, body: list[dict], **fields) -> Page:
    """Publish another text of a national page."""
    page = type(page).objects.get(pk=page.pk)
    page.body = page.body.stream_block.to_python(body)
    for name, value in fields.items():
        setattr(page, name, value)
    return published(page)


def given(answers: dict[str, str] | None = None, *, left_out: dict[str, str] | None = None, **fields) -> Answers:
    """Answers by words, and reasons for what is left out."""
    return Answers(
        {
            key: Answer(slot=key, kind="text", title=f"Titre {key}", text=f"<p>{words}</p>", written_on=DAY, **fields)
            for key, words in (answers or {}).items()
        },
        {key: LeftOut(slot=key, reason=reason, written_on=DAY) for key, reason in (left_out or {}).items()},
    )


def complement(home: Page, national: Page, answers: Answers, *, live: bool = True) -> Page:
    """A groupement's page that completes a national one, published or a draft."""
    parent = home
    if national._meta.model_name == "guidechapterpage":
        base = national.get_parent().specific
        parent = type(base).objects.descendant_of(home).filter(completes=base.translation_key).first()
        if parent is None:
            section = pages.section(home, "guides")
            parent = section.add_child(instance=_empty(base))
    elif national._meta.model_name == "partnerpage":
        parent = pages.section(home, "partenaires")
    page = parent.add_child(instance=_empty(national, live=False))
    page.set_answers(answers)
    revision = page.save_revision()
    if live:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def _empty(national: Page, *, live: bool = True) -> Page:
    return type(national)(
        title=national.title,
        slug=national.slug,
        locale=national.locale,
        live=live,
        completes=national.translation_key,
        only_completes=True,
    )
