"""What visitors and volunteers leave with each owner: requests, registrations, imports, searches, dates."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Site

from exchanges.checking.models import CheckItem, CheckRound
from exchanges.corrections.models import Correction
from exchanges.models import CallbackRequest
from exchanges.registrations.models import Registration
from resources.frames.answers import raw_story
from resources.index.models import Synonym
from resources.models import (
    ContactImport,
    EventImport,
    EventPage,
    EventSource,
    ImportedEvent,
    LocalNote,
    StandardPage,
)
from search.models import QueryCount
from tests.factories import frames, pages
from tests.isolation.matrix.canaries import NATION, public, secret

if TYPE_CHECKING:
    from tests.isolation.matrix.ground import Estate

# The day of an event of each owner; the national page that each groupement answers; the national event of which
# each says something.
DATED_ON = "2030-03-05"
FRAME_KEY = "7c4d7f0e-2f2a-4c57-9a51-3b6c0d9a1e20"
NOTED_KEY = "5f0c1c4e-7d2b-4a53-9d6b-0e6b1f1f2a10"


def lay(estate: Estate) -> None:
    """Make the rows in the database and note their numbers in the estate."""
    _callback(estate)
    _import(estate)
    _partner_calendar(estate)
    _searches(estate)
    _registration(estate)
    _checks(estate)
    _calendar(estate)
    _answers(estate)
    _correction(estate)


def _callback(estate: Estate) -> None:
    """Somebody who asks to be called back."""
    callback = CallbackRequest.objects.create(
        key=uuid.uuid4(),
        groupement=estate.groupement,
        level="groupement" if estate.groupement else "nation",
        name=secret(estate.owner, "callbackname"),
        email=f"{secret(estate.owner, 'callbackmail')}@example.org",
        about=secret(estate.owner, "callbackabout"),
        note=secret(estate.owner, "callbacknote"),
        consent_version="2026-11",
    )
    estate.ids["callback"] = callback.pk


def _import(estate: Estate) -> None:
    """A spreadsheet of contacts that waits to be confirmed."""
    owner = estate.owner
    origin = ContactImport.objects.create(
        groupement=estate.groupement,
        section=estate.pages["section"],
        started_by=estate.keeper,
        file_title=f"{secret(owner, 'importfile')}.csv",
        raw=secret(owner, "importraw").encode(),
        headers=["Nom"],
        mapping={"0": "title"},
        state="ready",
        total=1,
    )
    origin.rows.create(
        line=2,
        cells=[secret(owner, "importcell")],
        values={"title": secret(owner, "importtitle"), "category": "association"},
        problems=[secret(owner, "importproblem")],
        action="create",
    )
    estate.ids |= {"contact_import": origin.pk, "contact_section": estate.pages["section"].pk}


def _partner_calendar(estate: Estate) -> None:
    """A partner's calendar that is followed, a draft that it changed, and a reading that waits to be confirmed."""
    owner = estate.owner
    section = pages.section(estate.home, "agenda")
    source = EventSource.objects.create(
        groupement=estate.groupement,
        section=section,
        title=secret(owner, "sourcetitle"),
        address=f"https://agenda.example.org/{secret(owner, 'sourceaddress')}.ics",
        created_by=estate.keeper,
        is_confirmed=True,
        is_paused=True,
        last_read_at=timezone.now(),
        last_tried_at=timezone.now(),
        error=secret(owner, "sourceerror"),
    )
    page = pages.event(estate.home, secret(owner, "importedevent"), live=False)
    values = {
        "title": secret(owner, "sourcebefore"),
        "starts_at": page.starts_at.isoformat(),
        "ends_at": page.ends_at.isoformat(),
        "all_day": False,
        "time_zone": "Europe/Paris",
        "recurrence": "",
        "status": "confirmed",
        "changes": [],
    }
    offered = values | {"title": secret(owner, "sourceafter")}
    ImportedEvent.objects.create(
        source=source, key="a", page=page, values=values, offered=offered, notice="changed", noticed_at=timezone.now()
    )
    origin = EventImport.objects.create(groupement=estate.groupement, source=source, started_by=estate.keeper)
    origin.rows.create(
        number=0,
        line=5,
        key="b",
        title=secret(owner, "eventrow"),
        values=values | {"title": secret(owner, "eventrow"), "place_name": secret(owner, "eventplace")},
        problems=[secret(owner, "eventproblem")],
        action="create",
    )
    estate.ids |= {"event_import": origin.pk, "event_source": source.pk, "event_section": section.pk}


def _searches(estate: Estate) -> None:
    """What visitors of the place searched; the nation's synonyms and promoted answers."""
    today, words = timezone.localdate(), secret(estate.owner, "searched")
    QueryCount.objects.create(day=today, groupement=estate.groupement, language="fr", words=words, asked=1)
    if estate.owner == NATION:
        question = Query.get(secret(estate.owner, "question"))
        SearchPromotion.objects.create(query=question, page=estate.pages["live"])
        synonym = Synonym.objects.create(terms=secret(estate.owner, "term"), expansions="emploi")
        estate.ids |= {"question": question.pk, "synonym": synonym.pk}


def _registration(estate: Estate) -> None:
    """A registration, for an event that everybody may read of."""
    event = pages.event(estate.home, public(estate.owner, "registrationevent"), registers_here=True)
    row = Registration.objects.create(
        key=uuid.uuid4(),
        groupement=estate.groupement,
        event=event,
        name=secret(estate.owner, "registrationname"),
        email=f"{secret(estate.owner, 'registrationmail')}@example.org",
        state="seated",
        told_state="seated",
        consent_version="2026-11",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
    estate.ids |= {"registration": row.pk, "registration_event": event.pk}


def _checks(estate: Estate) -> None:
    """A round of checks: what waits, and a correction to make on a draft."""
    today = timezone.localdate()
    round_ = CheckRound.objects.create(
        groupement=estate.groupement, half="2026-2", expires_on=today + dt.timedelta(days=60), told_at=timezone.now()
    )
    CheckItem.objects.create(round=round_, page=estate.pages["live"], title=secret(estate.owner, "checkwaiting"))
    CheckItem.objects.create(
        round=round_,
        page=estate.pages["draft"],
        title=secret(estate.owner, "checktitle"),
        state=CheckItem.State.NOTE,
        note=secret(estate.owner, "checknote"),
        answered_at=timezone.now(),
        answered_by=estate.keeper,
    )
    estate.ids["check_round"] = round_.pk


def _calendar(estate: Estate) -> None:
    """An event of one date; the calendar, with what a groupement adds to an event of the nation's."""
    section = pages.section(estate.home, "agenda")
    begins = dt.datetime.fromisoformat(f"{DATED_ON}T18:00:00+01:00")
    event = pages.event(estate.home, public(estate.owner, "datedevent"), starts_at=begins, ends_at=begins)
    if not EventPage.objects.filter(translation_key=NOTED_KEY).exists():
        nation = Site.objects.get(is_default_site=True).root_page
        pages.event(nation, public(NATION, "noted"), translation_key=NOTED_KEY)
    if estate.groupement:
        words = {"text": public(estate.owner, "note"), "contact": public(estate.owner, "notecontact")}
        section.local_notes = [LocalNote(event_key=NOTED_KEY, **words)]
        section.save_revision(user=estate.keeper).publish()
    estate.ids |= {"calendar": section.pk, "dated_event": event.pk}


def _answers(estate: Estate) -> None:
    """What a groupement answers to a national page: a published text, then a draft, and a part left out."""
    owner = estate.owner
    national = StandardPage.objects.filter(translation_key=FRAME_KEY).first()
    if national is None:
        nation = Site.objects.get(is_default_site=True).root_page
        body = [
            frames.slot("s1", title=public(NATION, "slot"), prompt=public(NATION, "prompt")),
            frames.optional("o1"),
        ]
        title = public(NATION, "frame")
        national = frames.published(pages.standard(nation, title, translation_key=FRAME_KEY, body=body))
    estate.ids["frame_answer"] = national.pk
    if estate.groupement:
        page = frames.complement(estate.home, national, frames.given({"s1": public(owner, "answer")}))
        page.set_answers(
            frames.given({"s1": secret(owner, "draftanswer")}, left_out={"o1": secret(owner, "answerreason")})
        )
        page.save_revision(user=estate.keeper, log_action=True)
        estate.ids["frame_answer"] = page.pk


def _correction(estate: Estate) -> None:
    """What a groupement proposes to the nation, and what it is answered: read by both, and by nobody else."""
    if not estate.groupement:
        return
    owner = estate.owner
    national = StandardPage.objects.get(translation_key=FRAME_KEY)
    person = get_user_model().objects.create_user(
        f"{owner}-proposer@example.org", first_name=secret(owner, "proposer")
    )
    estate.ids["correction"] = Correction.objects.create(
        key=uuid.uuid4(),
        groupement=estate.groupement,
        page_id=national.pk,
        page_title=national.title,
        block="o1",
        before=raw_story(national.body)[1],
        proposed=secret(owner, "proposed"),
        remark=secret(owner, "correctionremark"),
        author=person,
        state="later",
        answer=secret(owner, "correctionanswer"),
    ).pk
