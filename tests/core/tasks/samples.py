"""Tasks of the tests."""

from __future__ import annotations

from django.core.mail.backends.locmem import EmailBackend

from core.tasks.asking import AGAIN, work
from mara_site.hosting.models import Pulse

done: list[str] = []
failing: set[str] = set()


class SampleError(Exception):
    """What a task of the tests raises."""


@work(lambda name: f"Noter « {name} »")
def note(name: str) -> None:
    if name in failing:
        raise SampleError("Anne Durand")
    done.append(name)


@work(lambda name: str(Pulse.objects.get(name=name)))
def leave(name: str) -> None:
    raise SystemExit(name)


@work(lambda name: name)
def in_parts(name: str) -> str | None:
    done.append(name)
    return AGAIN if len(done) < 3 else None


@work(lambda name: name, priority=-10)
def slow(name: str) -> None:
    done.append(name)


class CapriciousOutbox(EmailBackend):
    """An outbox that cannot write what is for one person."""

    def send_messages(self, messages):
        if any("referent_a@example.org" in message.to for message in messages):
            raise SampleError
        return super().send_messages(messages)
