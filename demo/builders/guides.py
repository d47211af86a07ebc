"""The nation's guides and their chapters, and the complements that groupements bring to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from demo import sources
from demo.builders.base import NATION, Load
from demo.sources import GuideText, Text
from demo.typography import french
from resources.models import GuideChapterPage, GuidePage

SECTION = "guides"


def build(load: Load) -> None:
    """Add the missing guides and chapters of the nation, then the groupements' complements."""
    count = _build(load, NATION, list(sources.guides()))
    load.say(f"  nation : {count} pages")
    for code in sorted(load.groupements):
        if texts := list(sources.complements(code)):
            load.say(f"  {load.groupements[code].name} : {_build(load, code, texts)} pages")


def _build(load: Load, owner: str, texts: Iterable[GuideText]) -> int:
    """Add every page without its text first, for a text may lead to any other page; then write the texts."""
    written = list(_add_pages(load, owner, texts))
    user = load.author(owner)
    for page, text in written:
        page.body = load.story(owner, text)
        page.save_revision(user=user, log_action=True).publish(user=user)
    return len(written)


def _add_pages(
    load: Load, owner: str, texts: Iterable[GuideText]
) -> Iterator[tuple[GuidePage | GuideChapterPage, Text]]:
    section = load.section(owner, SECTION)
    user = load.author(owner)
    for text in texts:
        guide = _add_empty(section, _guide(load, owner, text), user)
        if guide:
            load.added += 1
            yield guide, text.index
        parent = guide or section.get_children().get(slug=text.slug)
        for slug, chapter_text in text.chapters:
            meta = chapter_text.meta
            page = GuideChapterPage(
                slug=slug, title=chapter_text.need("title"), summary=french(meta.get("summary", ""))
            )
            if chapter := _add_empty(parent, page, user):
                load.added += 1
                yield chapter, chapter_text


def _add_empty(parent, page, user):
    if parent.get_children().filter(slug=page.slug).exists():
        return None
    page.locale, page.owner, page.live = parent.locale, user, False
    return parent.add_child(instance=page)


def _guide(load: Load, owner: str, text: GuideText) -> GuidePage:
    meta = text.index.meta
    owner_name, _, owner_role = meta.get("owner", "").partition(",")
    guide = GuidePage(
        slug=text.slug,
        title=text.index.need("title"),
        summary=french(meta.get("summary", "")),
        situation=meta.get("situation", ""),
        owner_name=owner_name.strip(),
        owner_role=owner_role.strip(),
        checked_on=load.ago(meta.get("checked_days_ago")),
        checked_by=owner_name.strip() if "checked_days_ago" in meta else "",
        next_check_on=load.ahead(meta.get("next_check_in_days")),
    )
    for name, terms in load.filing(meta).items():
        setattr(guide, name, terms)
    return guide
