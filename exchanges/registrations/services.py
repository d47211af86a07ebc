"""Writes of registrations. Each holds the event's row, so that no two of them count the same place."""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.tasks.asking import ask, work
from core.transactions import undone_alone
from exchanges.registrations import consent, messages, sessions
from exchanges.registrations.models import Registration
from exchanges.registrations.sessions import Session, session_of
from resources.models import EventPage

logger = logging.getLogger(__name__)

State = Registration.State
KEPT = dt.timedelta(days=91)  # three months after the event


class Closed(Exception):
    """Nobody registers for this date; the text says why."""


def _held(event_id: int) -> EventPage:
    """The event, nobody else writing its registrations until the transaction ends."""
    return EventPage.objects.select_for_update(of=("self",)).get(pk=event_id)


def free_places(session: Session) -> int | None:
    """How many people may still come; ``None`` when nobody counts. ``session.event`` is the anchor."""
    if session.is_declared_full:
        return 0
    if session.event.capacity is None:
        return None
    taken = Registration.objects.of(session.event, session.on).seated().people()
    return max(session.event.capacity - taken, 0)


@transaction.atomic
def register(
    *, event: EventPage, on: dt.date | None, key: uuid.UUID, name: str, email: str, count: int, language: str
) -> str:
    """Register somebody, on the waiting list when they do not fit, and write to them.

    Sent twice, it is kept once. An address that is registered already is not told so on the page, for anybody may
    type any address: the message says it.

    Returns:
        The state that the page tells.

    Raises:
        Closed: nobody registers for this date.
    """
    held = _held(sessions.anchor(event).pk)
    same = Registration.objects.filter(key=key).first()
    if same is not None and same.state != State.CANCELLED:
        return same.state
    session = session_of(held, on)
    if session is None or session.why_closed:
        raise Closed(session.why_closed if session else "")
    free = free_places(session)
    state = State.SEATED if free is None or count <= free else State.WAITING
    known = Registration.objects.of(held, session.on).active().filter(email__iexact=email).first()
    if known is not None:
        messages.write(known, session, "known")
        return state
    registration = Registration.objects.create(
        key=uuid.uuid4() if same else key,
        groupement=sessions.owner(held),
        event=held,
        occurrence_on=session.on,
        name=name,
        email=email,
        count=count,
        language=language,
        consent_version=consent.CURRENT,
        state=state,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
    )
    _tell(registration, session, state)
    return state


@transaction.atomic
def cancel(*, registration: Registration) -> bool:
    """Cancel a registration, and give its places to the first of the waiting list whom they suffice."""
    held = _held(registration.event_id)
    changed = (
        Registration.objects.filter(pk=registration.pk)
        .active()
        .update(state=State.CANCELLED, cancelled_at=timezone.now(), is_present=False)
    )
    if not changed:
        return False
    registration.refresh_from_db()
    session = session_of(held, registration.occurrence_on)
    _tell(registration, session, State.CANCELLED)
    _promote(session)
    return True


@transaction.atomic
def seat(*, registration: Registration) -> bool:
    """Give a place to somebody who waits, whatever the number of places: the organiser decides."""
    held = _held(registration.event_id)
    if not Registration.objects.filter(pk=registration.pk, state=State.WAITING).update(state=State.SEATED):
        return False
    registration.refresh_from_db()
    _tell(registration, session_of(held, registration.occurrence_on), "promoted")
    return True


def mark(*, registration: Registration) -> bool:
    """Note that somebody came, or take the note back; returns whether they did."""
    registration.is_present = not registration.is_present and registration.is_seated
    registration.save(update_fields=["is_present"])
    return registration.is_present


@transaction.atomic
def remove(*, registration: Registration) -> None:
    """Forget a registration altogether; its places are free."""
    held = _held(registration.event_id)
    on = registration.occurrence_on
    registration.delete()
    _promote(session_of(held, on))


def _promote(session: Session | None) -> int:
    """Seat whoever waits and fits, the first first. The event's row is held."""
    if session is None or session.is_called_off or session.starts_at <= timezone.now():
        return 0
    free, count = free_places(session), 0
    for registration in Registration.objects.of(session.event, session.on).waiting():
        if free is not None and registration.count > free:
            continue
        registration.state = State.SEATED
        registration.save(update_fields=["state"])
        _tell(registration, session, "promoted")
        count += 1
        free = free if free is None else free - registration.count
    return count


def _tell(registration: Registration, session: Session | None, what: str) -> None:
    """Write to somebody. Whatever fails, the registration stands, and the clock writes again."""
    with undone_alone(logger, "registration %s stands, but nobody could be told", registration.pk):
        messages.write(registration, session, what)
        registration.told_state = registration.state
        registration.save(update_fields=["told_state"])


@transaction.atomic
def follow(event_id: int, *, gone: bool = False) -> int:
    """Bring the registrations of an event in line with it: tell of what moved, was cancelled, or takes place again.

    Also seats whoever waits when there are more places, and writes what could not be written. Returns how many
    messages were written.

    Args:
        gone: the event is being unpublished or deleted; its row may not say so yet.
    """
    if not Registration.objects.filter(event_id=event_id).active().exists():
        return 0
    held = _held(event_id)
    held.live = held.live and not gone
    groupement = sessions.owner(held)
    told, now = 0, timezone.now()
    rows = Registration.objects.filter(event_id=event_id, ends_at__gte=now).active()
    rows.exclude(groupement=groupement).update(groupement=groupement)
    found: dict[dt.date | None, Session | None] = {}
    for registration in rows.order_by("pk"):
        on = registration.occurrence_on
        if on not in found:
            found[on] = session_of(held, on)
        told += _follow_one(registration, found[on])
    return told + sum(_promote(session) for session in found.values())


def _follow_one(registration: Registration, session: Session | None) -> int:
    off = session is None or session.is_called_off
    moved = (
        session is not None
        and not off
        and (
            registration.starts_at != session.starts_at
            or registration.ends_at != session.ends_at
            or registration.place != session.place
        )
    )
    if off and not registration.told_off:
        what = "off"
    elif moved or (not off and registration.told_off):
        what = "moved"
    elif registration.told_state != registration.state:
        what = registration.state
    else:
        return 0
    before = registration.starts_at
    registration.told_off = off
    if session is not None and not off:
        registration.starts_at, registration.ends_at = session.starts_at, session.ends_at
        registration.place = session.place
    registration.before = before
    registration.save(update_fields=["told_off", "starts_at", "ends_at", "place"])
    messages.write(registration, session, what)
    registration.told_state = registration.state
    registration.save(update_fields=["told_state"])
    return 1


def follow_all() -> int:
    """Have each event followed that somebody is registered for; returns how many."""
    ids = Registration.objects.filter(ends_at__gte=timezone.now()).active().values_list("event_id")
    return ask(follow_event, ids.order_by().distinct())


def _title(event_id: int) -> str:
    return _("Telling those who registered for “%(event)s”") % {"event": EventPage.objects.get(pk=event_id).title}


@work(_title)
def follow_event(event_id: int) -> None:
    """:func:`follow`, for the clock."""
    follow(event_id)


def follow_safely(event_id: int, *, gone: bool = False) -> None:
    """:func:`follow`; what fails is told in the log, and tried again by the clock (:func:`follow_event`)."""
    with undone_alone(logger, "the registrations of event %s could not be brought in line", event_id):
        follow(event_id, gone=gone)


def purge() -> int:
    """Delete the registrations for what was over three months ago; returns how many."""
    count, _by_model = Registration.objects.filter(ends_at__lt=timezone.now() - KEPT).delete()
    return count
