"""The library: sheets, flyers, templates, recordings with their transcript."""

from __future__ import annotations

from demo.builders.base import Load, by_owner
from demo.sources import read_table
from demo.typography import french
from resources.models import ResourcePage

SECTION = "ressources"


def build(load: Load) -> None:
    """Add the resources that are missing, with their files."""
    for owner, rows in by_owner(read_table("resources")["resources"], "title"):
        section = load.section(owner, SECTION)
        before = load.added
        for slug, row in rows:
            if not section.get_children().filter(slug=slug).exists():
                load.add(section, _resource(load, owner, slug, row), user=load.author(owner))
        load.say(f"  {owner} : {load.added - before} ressources")


def _resource(load: Load, owner: str, slug: str, row: dict) -> ResourcePage:
    user = load.author(owner)
    key = f"resources/{slug}"
    return ResourcePage(
        slug=slug,
        title=row["title"],
        summary=french(row["summary"]),
        kind=row["kind"],
        level=row["level"],
        file=load.media.document(row["file"], user=user) if row.get("file") else None,
        link_url=row.get("link", ""),
        duration_minutes=row.get("duration_minutes"),
        transcript=load.rich(owner, row["transcript"], key=f"{key}/transcript") if row.get("transcript") else "",
        body=load.story_of(owner, row["body"], key=key),
        author=str(user or ""),
        published_on=load.ago(row.get("days_ago", 20 + len(slug))),
        checked_on=load.ago(row.get("checked_days_ago", 30)),
        checked_by=str(user or ""),
        shared_with=row["shared_with"],
        **load.filing(row),
    )
