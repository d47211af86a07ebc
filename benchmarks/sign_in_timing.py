"""Whether an answer's time tells that an address has an account: sign-in, password reset, invitation.

    .venv/bin/python benchmarks/sign_in_timing.py [requests of each kind, 30 by default]

Prints medians in milliseconds and the ratio known / unknown. A measure, never a test: what the tests hold is
that the work is the same (``tests/users/test_same_work.py``). It makes a database of its own, as tests do, hashes
passwords as production does, and turns the limits of tries off.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "mara_site.settings.test"
HOST = "mara.localhost"


def main(number: int) -> None:
    subprocess.run([sys.executable, "-m", "mara_site.database.template"], cwd=ROOT, check=True)
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    former = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(number)
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def measure(number: int) -> None:
    from django.test import Client
    from django.urls import reverse

    from regions.roles import RoleCode
    from tests.factories import world as world_module

    world_module.build()
    world = world_module.load()
    known = world.people["member"]
    known.set_password("un mot de passe assez long")
    known.save()
    team = reverse("team", args=["groupement", world.a.pk])
    referent = Client(headers={"host": HOST})
    referent.force_login(world.people["referent_a"])

    def sign_in(email: str) -> None:
        Client(headers={"host": HOST}).post(reverse("account_login"), {"login": email, "password": "pas celui-ci"})

    def reset(email: str) -> None:
        Client(headers={"host": HOST}).post(reverse("account_reset_password"), {"email": email})

    def invite(email: str) -> None:
        referent.post(team, {"email": email, "role": RoleCode.CONTRIBUTOR})

    for name, act in (("sign-in", sign_in), ("reset", reset), ("invitation", invite)):
        spent: dict[str, list[float]] = {known.email: [], "inconnue@example.org": []}
        for email in spent:
            act(email)  # caches
        for _number in range(number):
            for email, times in spent.items():
                start = time.perf_counter()
                act(email)
                times.append((time.perf_counter() - start) * 1000)
        first, second = (statistics.median(times) for times in spent.values())
        sys.stdout.write(f"{name:10}  known {first:7.1f} ms   unknown {second:7.1f} ms   ratio {first / second:.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
