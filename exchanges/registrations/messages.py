"""What those who registered are told by mail: nothing that they typed, for anybody may type any address."""

from __future__ import annotations

from exchanges.registrations import ical, links
from exchanges.registrations.models import Registration
from exchanges.registrations.sessions import Session
from users import mail

# Messages that put the date in the person's calendar, or take it out.
WITH_DATE = frozenset({"seated", "promoted", "moved"})
WITHOUT_DATE = frozenset({"cancelled", "off"})


def write(registration: Registration, session: Session | None, what: str) -> None:
    """Write one of ``emails/registration_*``.

    Args:
        session: the date as it is now; ``None`` when the event does not take place then any more.
        what: ``seated``, ``waiting``, ``promoted``, ``cancelled``, ``known``, ``moved`` or ``off``.
    """
    attachments = []
    if session is not None and what in WITH_DATE and (registration.is_seated or what == "promoted"):
        attachments.append(ical.attachment(session))
    elif session is not None and what in WITHOUT_DATE:
        attachments.append(ical.attachment(session, cancelled=True))
    mail.send(
        f"registration_{what}",
        to=[registration.email],
        context=context(registration, session),
        attachments=attachments,
    )


def context(registration: Registration, session: Session | None) -> dict:
    """The variables of every message to those who registered."""
    event = session.event if session else registration.event
    return {
        "registration": registration,
        "event": event,
        "session": session,
        "before": getattr(registration, "before", registration.starts_at),
        "note": session.dated.note if session else "",
        "manage_url": links.manage_url(registration),
        "event_url": links.event_url(event, session.query if session else ""),
    }


def write_to_all(registrations, *, subject: str, text: str) -> int:
    """What the organiser has to say, to each of them; returns to how many."""
    count = 0
    for registration in registrations.select_related("event", "groupement__site"):
        mail.send(
            "registration_word",
            to=[registration.email],
            context=context(registration, None) | {"subject": subject, "text": text},
        )
        count += 1
    return count
