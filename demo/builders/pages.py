"""The homes' words, and the single pages: legal notice, accessibility, privacy, who we are, how to write."""

from __future__ import annotations

import json

from wagtail.models import Page

from demo import sources
from demo.builders.base import NATION, Load
from demo.sources import Text, read_table, read_text
from demo.typography import french
from resources.models import StandardPage

HOME = "accueil"
# In the order of the foot of the page.
SINGLE = ("a-propos", "nous-ecrire", "mentions-legales", "confidentialite", "accessibilite")


def build(load: Load) -> None:
    """Write the homes that nobody has written yet, and add the single pages that are missing."""
    home = load.national_home
    for slug in SINGLE:
        text = page_text(slug)
        page = StandardPage(
            slug=slug,
            title=text.need("title"),
            summary=french(text.meta.get("summary", "")),
            body=load.story(NATION, text),
            checked_on=load.ago(45),
            checked_by=str(load.author(NATION) or ""),
        )
        load.add(home, page, user=load.author(NATION))
    write_home(load, NATION, read_text(sources.HOMES / "accueil.md", key="homes/accueil"))
    for row in read_table("network")["groupements"]:
        path = sources.HOMES / f"{row['code']}.md"
        body = read_text(path, key=f"homes/{row['code']}") if path.is_file() else None
        write_home(load, row["code"], body, intro=row["introduction"])
    load.say(f"  {len(SINGLE)} pages du site national, et les accueils")


def page_text(slug: str) -> Text:
    """The text of a single page of the nation."""
    return read_text(sources.PAGES / f"{slug}.md", key=f"pages/{slug}")


def write_home(load: Load, owner: str, text: Text | None, *, intro: str = "") -> None:
    """Give a home its welcome and its text, unless somebody has touched it since it was provisioned."""
    home: Page = load.home(owner).specific
    if home.intro or home.body or home.revisions.count() > 1:
        return
    key = text.key if text else f"homes/{owner}"
    parser = load.parser(owner, key=key, source=text.source if text else "demo/data/network.toml")
    if text:
        welcome, story = split_home(text)
        home.body = json.dumps(parser.story(story, first_line=text.first_line))
        home.summary = french(text.meta.get("summary", ""))
        intro = intro or welcome
    home.intro = load.parser(owner, key=f"{key}/intro", source=key).rich_text(intro.strip())
    home.save_revision(user=load.author(owner), log_action=True).publish(user=load.author(owner))


def split_home(text: Text) -> tuple[str, str]:
    """The welcome (what comes before the first heading or directive) and the rest."""
    lines = text.body.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith(("##", ":::"))), len(lines))
    # Blank lines in place of the welcome keep the line numbers of error messages.
    return "\n".join(lines[:first]), "\n" * first + "\n".join(lines[first:])
