"""The state of the installation in words: each thing that an administrator must know, and what to do about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from mailer.models import RESULT_FAILURE, RESULT_SUCCESS, MessageLog
from wagtail.models import Site

from core.tasks import keeping
from mara_site.hosting import certificates, pulses, readiness, versions
from mara_site.hosting.models import Pulse
from mara_site.hosting.works import WORKS
from users import mail_queue

CERTIFICATE_SOON = dt.timedelta(days=20)  # certbot renews thirty days before the end
SUPPORT_SOON = dt.timedelta(days=90)
DRILL_LATE = dt.timedelta(days=100)
WORKS_NAMED = 5
SITES_NAMED = 10


class State(models.TextChoices):
    """How a thing stands."""

    GOOD = "good", gettext_lazy("All is well")
    LOOK = "look", gettext_lazy("To look at soon")
    BAD = "bad", gettext_lazy("To put right now")
    UNKNOWN = "unknown", gettext_lazy("Not known")


@dataclass(frozen=True)
class Finding:
    """One thing: its name, how it stands, what is seen, what to do, and a screen that helps."""

    name: str
    state: State
    seen: str
    to_do: str = ""
    link: str = ""


def findings() -> list[Finding]:
    """Everything, in the order of the screen."""
    rows = Pulse.objects.in_bulk()
    return [
        *backups(rows),
        clock(rows.get(pulses.CLOCK)),
        *failing_works(rows),
        *tasks(rows.get(pulses.WORKER)),
        queue(),
        mail_server(),
        disk(),
        certificate(),
        *sites_without_certificate(),
        support(),
        pins(),
    ]


def backups(rows: dict[str, Pulse]) -> list[Finding]:
    """The last backup, its copy elsewhere, and the last proof that one can be restored."""
    name = _("Backup")
    last, age = rows.get(pulses.BACKUP), pulses.age(rows.get(pulses.BACKUP))
    if not settings.MARA_BACKUPS_EXPECTED:
        return [Finding(name, State.UNKNOWN, _("This demonstration is not backed up."))]
    if age is None:
        return [Finding(name, State.BAD, _("No backup was ever made."), _run_the_command("backup"))]
    late = age >= readiness.BACKUP_LATE
    seen = _("The last one was made on %(moment)s.") % {"moment": _moment(last)}
    found = [
        Finding(name, State.BAD if late else State.GOOD, seen, _look_at_the_timer("mara-backup") if late else ""),
        _copy(rows.get(pulses.COPY)),
        _drill(rows.get(pulses.DRILL)),
    ]
    return found


def clock(pulse: Pulse | None) -> Finding:
    """Whether what must happen each minute does."""
    name, age = _("Regular works"), pulses.age(pulse)
    if age is not None and age < readiness.CLOCK_LATE:
        return Finding(name, State.GOOD, _("Done each minute: publishing what was scheduled, messages, reminders."))
    seen = _("Nothing was done since %(moment)s.") % {"moment": _moment(pulse)} if age else _("Never done.")
    to_do = _(
        "Scheduled pages are not published and messages do not leave. "
        "On the server: sudo systemctl restart mara-clock."
    )
    return Finding(name, State.BAD, seen, to_do)


def failing_works(rows: dict[str, Pulse]) -> list[Finding]:
    """The works whose last try failed, by their names."""
    failing = sorted(name for name, row in rows.items() if name in WORKS and row.is_failing)
    found = []
    for name in failing[:WORKS_NAMED]:
        seen = _("Failed on %(moment)s (%(kind)s).") % {
            "moment": _date(rows[name].failed_at),
            "kind": rows[name].failure,
        }
        to_do = _("It is tried again by itself. If it lasts a day, send this line to whoever looks after the server.")
        found.append(Finding(_("Work: %(work)s") % {"work": WORKS[name]}, State.LOOK, seen, to_do))
    return found


def tasks(pulse: Pulse | None) -> list[Finding]:
    """Whether the tasks that the database keeps are done; nothing where they are done at once."""
    checks = readiness.tasks(pulse)
    if not checks:
        return []
    name, link = _("Tasks of the site"), reverse("site_tasks")
    waiting = keeping.waiting().count()
    text = ngettext("%(count)s task waits or is under way.", "%(count)s tasks wait or are under way.", waiting)
    seen = text % {"count": waiting} if waiting else _("No task waits.")
    found = []
    if undone := checks["undone_tasks"].figure:
        text = ngettext("%(count)s task could not be done.", "%(count)s tasks could not be done.", undone)
        to_do = _("Read which on the screen of tasks, then have them tried again or drop them.")
        found.append(Finding(name, State.BAD, text % {"count": undone}, to_do, link))
    if not checks["worker"].ok:
        last = _("No worker was heard since %(moment)s.") % {"moment": _moment(pulse)}
        never = _("No worker was ever heard.")
        to_do = _(
            "Imports, calendars, reminders and the search of the administration wait. "
            "On the server: sudo systemctl restart mara-worker."
        )
        found.append(Finding(_("Worker"), State.BAD, last if pulse else never, to_do, link))
    elif not checks["tasks"].ok:
        to_do = _("The oldest waits for over ten minutes. On the server: sudo systemctl restart mara-worker.")
        found.append(Finding(name, State.BAD, seen, to_do, link))
    return found or [Finding(name, State.GOOD, seen, "", link)]


def queue() -> Finding:
    """What waits to leave, and what was given up."""
    name, link = _("Messages to send"), reverse("kept_mail")
    if given_up := mail_queue.given_up().count():
        text = ngettext("%(count)s message could not be sent.", "%(count)s messages could not be sent.", given_up)
        to_do = _("Read why on the screen of messages, then have them sent again or drop them.")
        return Finding(name, State.BAD, text % {"count": given_up}, to_do, link)
    waiting = mail_queue.waiting().count()
    text = ngettext("%(count)s message waits.", "%(count)s messages wait.", waiting) % {"count": waiting}
    if not readiness.queue().ok:
        to_do = _("The oldest has waited for more than five minutes: see “Mail server” and “Regular works”.")
        return Finding(name, State.BAD, text, to_do, link)
    return Finding(name, State.GOOD, text if waiting else _("None waits."), "", link)


def mail_server() -> Finding:
    """What the mail server last answered."""
    name = _("Mail server")
    last = MessageLog.objects.order_by("-when_attempted")
    success = last.filter(result=RESULT_SUCCESS).values_list("when_attempted", flat=True).first()
    failure = last.filter(result=RESULT_FAILURE).values_list("when_attempted", flat=True).first()
    if failure and (not success or success < failure):
        seen = _("It refused the last message, on %(moment)s.") % {"moment": _date(failure)}
        to_do = _("Read its answer on the screen of messages. Check the address and the password in MARA_EMAIL_URL.")
        return Finding(name, State.BAD, seen, to_do, reverse("kept_mail"))
    if success:
        return Finding(name, State.GOOD, _("It took the last message, on %(moment)s.") % {"moment": _date(success)})
    return Finding(
        name, State.UNKNOWN, _("No message in the last thirty days."), _("Send yourself a test message, below.")
    )


def disk() -> Finding:
    """Room for what is kept, on the disk that has the least."""
    name, fullest = _("Disk"), readiness.fullest_disk()
    words = {"files": _("uploaded files"), "backups": _("backups"), "search": _("search index")}
    seen = _("%(percent)s %% free (%(room)s GB), where these are kept: %(things)s.") % {
        "percent": fullest.percent,
        "room": formats.number_format(fullest.free / 1e9, 1),
        "things": ", ".join(words[thing] for thing in fullest.holds),
    }
    if fullest.has_room:
        return Finding(name, State.GOOD, seen)
    return Finding(name, State.BAD, seen, _("Ask your host for a larger disk, or remove old backups from the server."))


def certificate() -> Finding:
    """The end of the HTTPS certificate."""
    name, place = _("HTTPS certificate"), settings.MARA_CERTIFICATE_FILE
    end = certificates.first_to_end(Path(place)) if place else None
    if end is None:
        to_do = _("Name a copy of the certificate in MARA_CERTIFICATE_FILE to have it followed here.")
        return Finding(name, State.UNKNOWN, _("The server does not say when it ends."), to_do)
    left = end - timezone.now()
    if left > CERTIFICATE_SOON:
        return Finding(name, State.GOOD, _("Valid until %(moment)s.") % {"moment": _date(end)})
    to_do = _("It renews by itself thirty days before its end, and did not. On the server: sudo certbot renew.")
    seen = _("It ends on %(moment)s.") if left > dt.timedelta(0) else _("It ended on %(moment)s.")
    return Finding(name, State.BAD, seen % {"moment": _date(end)}, to_do)


def sites_without_certificate() -> list[Finding]:
    """The sites that the HTTPS certificate does not name: opened since it was asked for, or at another domain."""
    place = settings.MARA_CERTIFICATE_FILE
    hosts = Site.objects.order_by("hostname").values_list("hostname", flat=True)
    left_out = certificates.without(Path(place), hosts) if place else []
    if not left_out:
        return []
    seen = ngettext(
        "%(count)s site is not named by the certificate: %(names)s.",
        "%(count)s sites are not named by the certificate: %(names)s.",
        len(left_out),
    )
    names = ", ".join(left_out[:SITES_NAMED]) + ("…" if len(left_out) > SITES_NAMED else "")
    to_do = _(
        "Browsers refuse to open what it does not name. "
        "On the server: sudo /opt/mara/current/deploy/certificate.sh, "
        "followed by --name and the name for a groupement's own domain."
    )
    return [Finding(_("HTTPS of each site"), State.BAD, seen % {"count": len(left_out), "names": names}, to_do)]


def support() -> Finding:
    """Whether what is installed still receives security fixes, as far as this release knows: it asks nobody."""
    name, today = _("Versions"), timezone.localdate()
    components = versions.components()
    seen = _(
        "Site %(release)s; %(components)s. Judged by the dates of support that this release knows: "
        "the site asks nobody whether newer versions exist. Look for one each quarter."
    ) % {
        "release": versions.release(),
        "components": ", ".join(f"{item.name} {item.installed}" for item in components),
    }
    over = [item.name for item in components if item.until is None or item.until < today]
    soon = [item for item in components if item.until and today <= item.until < today + SUPPORT_SOON]
    if over:
        to_do = _("No longer known to receive security fixes: %(names)s. Install the next version of the site.")
        return Finding(name, State.BAD, seen, to_do % {"names": ", ".join(over)})
    if soon:
        ends = ", ".join(f"{item.name} ({formats.date_format(item.until, 'j F Y')})" for item in soon)
        to_do = _("Security fixes end soon: %(ends)s. Plan the next version of the site.") % {"ends": ends}
        return Finding(name, State.LOOK, seen, to_do)
    return Finding(name, State.GOOD, seen)


def pins() -> Finding:
    """Whether the last update went to its end."""
    name, behind = _("Components"), versions.not_as_pinned()
    if not behind:
        return Finding(name, State.GOOD, _("All are of the version that this release was tried with."))
    seen = _("Not of the expected version: %(names)s.") % {"names": ", ".join(behind[:WORKS_NAMED])}
    return Finding(name, State.LOOK, seen, _("An update stopped half-way. On the server: make upgrade."))


def _copy(pulse: Pulse | None) -> Finding:
    name, age = _("Copy of the backup elsewhere"), pulses.age(pulse)
    if age is None:
        to_do = _("If this server burns, everything is lost. Name a place in MARA_BACKUP_COPY.")
        return Finding(name, State.BAD, _("None was ever made."), to_do)
    late = age >= readiness.BACKUP_LATE
    seen = _("The last one was made on %(moment)s.") % {"moment": _moment(pulse)}
    to_do = _("Check that the place named in MARA_BACKUP_COPY answers and has room.") if late else ""
    return Finding(name, State.BAD if late else State.GOOD, seen, to_do)


def _drill(pulse: Pulse | None) -> Finding:
    name, age = _("Restoring, tried out"), pulses.age(pulse)
    if age is not None and age < DRILL_LATE:
        return Finding(name, State.GOOD, _("Last tried on %(moment)s.") % {"moment": _moment(pulse)})
    seen = _("Last tried on %(moment)s.") % {"moment": _moment(pulse)} if age else _("Never tried on this server.")
    return Finding(name, State.LOOK, seen, _run_the_command("restore-drill"))


def _run_the_command(name: str) -> str:
    return _("On the server: make %(command)s.") % {"command": name}


def _look_at_the_timer(unit: str) -> str:
    return _("It is made each night. On the server: sudo systemctl status %(unit)s, then make backup.") % {
        "unit": unit
    }


def _moment(pulse: Pulse | None) -> str:
    return _date(pulse.succeeded_at) if pulse and pulse.succeeded_at else ""


def _date(moment: dt.datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i")
