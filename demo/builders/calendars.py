"""A partner's calendar brought in from a file by a référent: two drafts to read, one event that has changed there.

In the files, ``@12@`` stands for the day twelve days after the demonstration is built.
"""

from __future__ import annotations

import datetime as dt
import re

from demo.builders.base import Load
from demo.sources import ROOT
from resources.events.importing.applying import advance, confirm
from resources.events.importing.comparing import compare, found_in
from resources.models import EventCalendarPage, EventImport, EventSource

OWNER, SECTION = "finistere", "agenda"
TITLE = "Maison des entreprises de la rade"
FIRST, SECOND = "maison-des-entreprises.ics", "maison-des-entreprises-2.ics"
PUBLISHED = "Forum de l'emploi maritime"
FOLDER = ROOT / "data" / "calendars"


def build(load: Load) -> None:
    """Bring the calendar in, through the steps that the screens follow, unless there is one already."""
    section = EventCalendarPage.objects.get(pk=load.section(OWNER, SECTION).pk)
    user = load.author(OWNER)
    if user is None or section.sources.exists():
        return
    source = EventSource.objects.create(
        groupement=load.groupements[OWNER], section=section, title=TITLE, created_by=user
    )
    _bring(load, source, FIRST, user)
    for entry in source.events.filter(values__title=PUBLISHED).select_related("page"):
        entry.page.get_latest_revision().publish(user=user)
    _bring(load, source, SECOND, user)
    load.say(f"  {OWNER} : {TITLE}, {source.events.count()} événements")


def _bring(load: Load, source: EventSource, name: str, user) -> None:
    words = (FOLDER / name).read_text(encoding="utf-8")
    words = re.sub(r"@(\d+)@", lambda match: f"{load.today + dt.timedelta(days=int(match[1])):%Y%m%d}", words)
    origin = EventImport.objects.create(groupement=source.groupement, source=source, started_by=user)
    compare(origin, found_in(words.encode(), source))
    confirm(origin, user=user)
    while origin.is_running:
        origin = advance(origin.pk)
    EventSource.objects.filter(pk=source.pk).update(last_read_at=origin.started_at)
