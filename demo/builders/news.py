"""The news of the nation and of the groupements; a few are still drafts, one waits to be approved."""

from __future__ import annotations

from demo.builders.base import Load, by_owner
from demo.sources import read_table
from demo.typography import french
from resources.models import NewsPage

SECTION = "actualites"


def build(load: Load) -> None:
    """Add the news that is missing."""
    for owner, rows in by_owner(read_table("news")["news"], "title"):
        section = load.section(owner, SECTION)
        before = load.added
        for slug, row in rows:
            if section.get_children().filter(slug=slug).exists():
                continue
            user = load.people.get(row.get("author", ""), load.author(owner))
            draft = row.get("draft") or row.get("submitted")
            page = load.add(section, _news(load, owner, slug, row), user=user, publish=not draft)
            if page and row.get("submitted"):
                page.get_workflow().start(page, user)
        load.say(f"  {owner} : {load.added - before} actualités")


def _news(load: Load, owner: str, slug: str, row: dict) -> NewsPage:
    image = None
    if row.get("image"):
        image = load.media.image(
            row["image"],
            title=row["image_title"],
            alt_text=row["image_alt"],
            owner=owner,
            user=load.author(owner),
        )
    return NewsPage(
        slug=slug,
        title=row["title"],
        summary=french(row["summary"]),
        published_on=load.ago(row["days_ago"]),
        image=image,
        shared_with=row.get("shared_with", "groupement"),
        body=load.story_of(owner, row["body"], key=f"news/{owner}/{slug}"),
    )
