"""Writing down what must happen regularly: for the clock and the backups, read by `/pret/` and the status screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from mara_site.hosting.models import Pulse

CLOCK = "clock"
BACKUP = "backup"
COPY = "backup-copy"
DRILL = "restore-drill"
WORKER = "worker"


def succeeded(name: str, **facts) -> None:
    """Note that a work was done, with figures about it (sizes, counts; nothing personal)."""
    Pulse.objects.update_or_create(name=name, defaults={"succeeded_at": timezone.now(), "facts": facts})


def failed(name: str, error: BaseException) -> None:
    """Note that a work failed, by the kind of its error."""
    defaults = {"failed_at": timezone.now(), "failure": type(error).__name__}
    Pulse.objects.update_or_create(name=name, defaults=defaults)


def record(outcomes: Mapping[str, BaseException | None]) -> None:
    """Note what became of works: two statements at most, whatever their number."""
    now = timezone.now()
    done = [Pulse(name=name, succeeded_at=now) for name, error in outcomes.items() if error is None]
    missed = [
        Pulse(name=name, failed_at=now, failure=type(error).__name__)
        for name, error in outcomes.items()
        if error is not None
    ]
    _write(done, ["succeeded_at"])
    _write(missed, ["failed_at", "failure"])


def age(pulse: Pulse | None) -> dt.timedelta | None:
    """How long ago a work was last done; ``None`` if it never was."""
    return timezone.now() - pulse.succeeded_at if pulse and pulse.succeeded_at else None


def _write(pulses: list[Pulse], fields: list[str]) -> None:
    if not pulses:
        return
    # In the order of names: two clocks that write at the same time would otherwise wait for each other for ever.
    rows = sorted(pulses, key=lambda pulse: pulse.name)
    Pulse.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name"], update_fields=fields)
