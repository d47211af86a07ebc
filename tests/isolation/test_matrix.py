"""The leak matrix: every address, as every role, with everybody's numbers.

The ordinary run tries two roles and the plainest page. ``MARA_FULL_MATRIX=1`` tries every role, every
kind of page, every method and every query string; ``pytest -rP`` prints what each walk counted.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.isolation.matrix import policy
from tests.isolation.matrix.bodies import Forms
from tests.isolation.matrix.browser import browser_of
from tests.isolation.matrix.walk import Walk

pytestmark = pytest.mark.django_db
FORMS: dict[int, Forms] = {}
FULL = os.environ.get("MARA_FULL_MATRIX") == "1"

# The ordinary run tries those who are nearest to somebody else's work.
ROLES = policy.ROLES if FULL else ("contributor_a", "referent_a")
# What an owner is shown at the very least: the walk did reach the screens.
FEWEST_SEEN = {"contributor_a": 10, "referent_a": 15, "referent_b": 15, "zone_a": 15, "editor": 10, "admin": 40}


@pytest.mark.parametrize("role", ROLES)
def test_matrix__each_role__answers_as_the_policy_says(ground, role):
    world, estates = ground
    forms = FORMS.setdefault(id(estates), Forms(browser_of(world, "admin")))
    walk = Walk(role, browser_of(world, role), forms, estates, full=FULL)
    report = walk.run()
    sys.stdout.write(report.line() + "\n")
    assert not report.faults, "\n".join(report.faults[:40])
    assert len(report.seen) >= FEWEST_SEEN.get(role, 0), sorted(report.seen)
