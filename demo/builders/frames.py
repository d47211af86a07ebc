"""The trame commune: slots in four pages of the nation, answers in different states, and a change to read again."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from demo.builders.base import NATION, Load
from demo.sources import read_table
from demo.typography import french
from resources.frames import services
from resources.frames.answers import Answer, Answers, LeftOut, raw_story
from resources.models import StandardPage

Block = dict[str, Any]


def build(load: Load) -> None:
    """Leave places to the groupements in pages that nobody has touched, then write what they answer."""
    table = read_table("frames")
    written = [row["page"] for row in table["frames"] if _leave_places(load, row)]
    rows = [row for row in table["answers"] if row["page"] in written]
    for row in rows:
        if not row.get("late"):
            _answer(load, row)
    for row in table["changes"]:
        if row["page"] in written:
            _change(load, row)
    for row in rows:
        if row.get("late"):
            _answer(load, row)
    load.say(f"  {len(written)} trames, {len(table['answers'])} groupements qui y répondent")


def page_at(load: Load, address: str):
    """A page of the nation by its address below the home."""
    home = load.national_home
    found = Page.objects.filter(path__startswith=home.path, url_path=f"{home.url_path}{address}/").first()
    return found.specific if found else None


def _leave_places(load: Load, row: dict) -> bool:
    """Write the slots of a page; ``False`` when somebody has worked on it since it was loaded."""
    page = page_at(load, row["page"])
    user = load.author(NATION)
    if page is None and row.get("title"):
        page = StandardPage(slug=row["page"], title=french(row["title"]), summary=french(row["summary"]))
        load.add(load.national_home, page, user=user)
        page = page_at(load, row["page"])
        page.body = load.story_of(NATION, row["text"], key=f"frames/{row['page']}")
        page.must_be_completed = row["must_be_completed"]
    elif page is None or page.is_frame or page.revisions.count() > 1:
        return False
    page.owner_name, page.owner_role = row["owner_name"], row["owner_role"]
    page.checked_on, page.checked_by = load.ago(row["checked_days_ago"]), row["owner_name"]
    page.next_check_on = load.ahead(180)
    story = raw_story(page.body)
    for slot in row.get("slots", []):
        _insert(story, _slot(slot), slot.get("after"))
    for part in row.get("optional", []):
        inner = {"type": "rich_text", "id": f"{part['id']}-texte", "value": f"<p>{french(part['text'])}</p>"}
        value = {"title": french(part["title"]), "body": [inner]}
        _insert(story, {"type": "optional", "id": part["id"], "value": value}, part.get("after"))
    _publish(page, story, user)
    return True


def _slot(row: dict) -> Block:
    value = {
        "title": french(row["title"]),
        "kind": row.get("kind", "text"),
        "required": row.get("required", False),
        "prompt": french(row["prompt"]),
        "example": french(row.get("example", "")),
        "categories": row.get("categories", []),
        "theme": row.get("theme", ""),
        "minimum": row.get("minimum", 1),
    }
    return {"type": "local_slot", "id": row["id"], "value": value}


def _insert(story: list[Block], block: Block, after: str | None) -> None:
    """Put a block at the end of the part under a heading; at the end of the page when none is named."""
    headings = [
        (rank, found["value"]["text"])
        for rank, found in enumerate(story)
        if found["type"] == "heading_block" and found["value"].get("level", "h2") == "h2"
    ]
    start = next((rank for rank, text in headings if after and text == french(after)), None)
    end = len(story) if start is None else next((rank for rank, _text in headings if rank > start), len(story))
    story.insert(end, block)


def _publish(page, story: list[Block], user) -> None:
    page.body = page.body.stream_block.to_python(story)
    page.save_revision(user=user, log_action=True).publish(user=user)


def _answer(load: Load, row: dict) -> None:
    national = page_at(load, row["page"])
    if row["owner"] not in load.groupements:
        return
    given = Answers()
    kinds = {slot.id: slot.kind for slot in national.slots}
    for key, text in row.get("texts", {}).items():
        given.given[key] = Answer(slot=key, kind=kinds[key], text=f"<p>{french(text)}</p>")
    for key, (name, role, phone, email) in row.get("people", {}).items():
        person = {"person_name": name, "person_role": french(role), "person_phone": phone, "person_email": email}
        given.given[key] = Answer(slot=key, kind=kinds[key], **person)
    for key, reason in row.get("left_out", {}).items():
        given.left_out[key] = LeftOut(slot=key, reason=french(reason))
    services.save_answers(
        national=national,
        home=load.home(row["owner"]),
        given=given,
        user=load.author(row["owner"]),
        then=services.PUBLISH if row["state"] == "published" else services.SAVE,
    )
    load.added += 1


def _change(load: Load, row: dict) -> None:
    page = page_at(load, row["page"])
    story = raw_story(page.body)
    words = {"type": "rich_text", "id": f"changement-{page.slug}", "value": f"<p>{french(row['text'])}</p>"}
    _insert(story, words, row.get("after"))
    page.change_importance, page.change_note = row["importance"], french(row["word"])
    _publish(page, story, load.author(NATION))
