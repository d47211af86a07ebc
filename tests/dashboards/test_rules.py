"""The rules of the label, one by one: a truth table."""

from __future__ import annotations

import datetime as dt

import pytest

from dashboards.models import LabelRules
from dashboards.rules import AGE, REFERENT, SHARE, Standing, failures, sentences

TODAY = dt.date(2026, 11, 25)
OK = {"asked": 4, "done": 4, "oldest": dt.date(2026, 1, 1), "is_led": True}


def rules(**fields) -> LabelRules:
    return LabelRules(**{"share": 100, "months": 12, "needs_referent": True, "grace_days": 60} | fields)


@pytest.mark.parametrize(
    ("found", "asked", "failing"),
    [
        ({}, {}, []),
        ({"done": 3}, {}, [SHARE]),
        ({"done": 3}, {"share": 75}, []),
        ({"done": 3}, {"share": 76}, [SHARE]),
        ({"oldest": dt.date(2025, 11, 25)}, {}, []),
        ({"oldest": dt.date(2025, 11, 24)}, {}, [AGE]),
        ({"oldest": dt.date(2025, 11, 24)}, {"months": 13}, []),
        ({"oldest": None}, {}, []),
        ({"is_led": False}, {}, [REFERENT]),
        ({"is_led": False}, {"needs_referent": False}, []),
        ({"done": 0, "oldest": dt.date(2020, 1, 1), "is_led": False}, {}, [SHARE, AGE, REFERENT]),
    ],
)
def test_failures__each_rule__is_met_or_named(found, asked, failing):
    reasons = failures(Standing(**OK | found), rules(**asked), TODAY)
    assert [reason["rule"] for reason in reasons] == failing


def test_sentences__every_reason__are_plain_words():
    standing = Standing(asked=4, done=1, oldest=dt.date(2020, 1, 2), is_led=False)
    words = sentences(failures(standing, rules(), TODAY))
    assert len(words) == 3
    assert "1 sur 4" in words[0] or "1 page sur 4" in words[0]
    assert "100\N{NO-BREAK SPACE}%" in words[0]
    assert "2 janvier 2020" in words[1]
