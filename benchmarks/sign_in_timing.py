"""Whether an answer's time tells that an address has an account: sign-in, password reset, invitation.

    .venv/bin/python -m benchmarks.sign_in_timing [requests of each kind, 30 by default]

Prints medians in milliseconds and the ratio known / unknown. A measure, never a test: what the tests hold is
that the work is the same (``tests/users/test_same_work.py``). It hashes passwords as production does, and turns the
limits of tries off.
"""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.stage import load, say, scratch_site, table

HOST = "mara.localhost"


def main(number: int) -> None:
    """Build two groupements, measure, print."""
    with scratch_site():
        from django.core import mail
        from django.test.utils import override_settings

        hashers = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        with override_settings(PASSWORD_HASHERS=hashers, ACCOUNT_RATE_LIMITS=False):
            mail.outbox = []
            measure(number)


def measure(number: int) -> None:
    from allauth.account.models import EmailAddress
    from django.test import Client
    from django.urls import reverse

    from regions.roles import RoleCode
    from tests.factories import world as world_module

    world_module.build()
    world = world_module.load()
    known = world.people["member"]
    known.set_password("un mot de passe assez long")
    known.save()
    # As an invitation makes an account.
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    team = reverse("team", args=["groupement", world.a.pk])
    referent = Client(headers={"host": HOST})
    referent.force_login(world.people["referent_a"])

    def sign_in(email: str) -> None:
        Client(headers={"host": HOST}).post(reverse("account_login"), {"login": email, "password": "pas celui-ci"})

    def reset(email: str) -> None:
        Client(headers={"host": HOST}).post(reverse("account_reset_password"), {"email": email})

    def invite(email: str) -> None:
        referent.post(team, {"email": email, "role": RoleCode.CONTRIBUTOR})

    rows = []
    for name, act in (("sign-in", sign_in), ("reset", reset), ("invitation", invite)):
        spent: dict[str, list[float]] = {known.email: [], "inconnue@example.org": []}
        for email in spent:
            act(email)  # caches
        for rank in range(number):
            # Whoever comes second may find the caches warmer: each in turn.
            for email, times in sorted(spent.items(), reverse=bool(rank % 2)):
                start = time.perf_counter()
                act(email)
                times.append((time.perf_counter() - start) * 1000)
        first, second = (statistics.median(times) for times in spent.values())
        rows.append([name, f"{first:.1f}", f"{second:.1f}", f"{first / second:.2f}"])
    table(["door", "known ms", "unknown ms", "ratio"], rows)
    say(load())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
