"""The rules of the label: what a groupement meets, and in plain words what it does not. No query here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.models import LabelRules
from resources.frames.completeness import DONE, Cell

SHARE, AGE, REFERENT = "share", "age", "referent"
Reason = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """What the rules look at.

    Attributes:
        asked: how many national pages ask the groupement for something.
        done: how many of these are complete, or left out with a reason.
        oldest: day of its oldest answer or check; ``None`` when nothing has a date.
        is_led: whether a mandate of référent runs.
    """

    asked: int
    done: int
    oldest: dt.date | None
    is_led: bool


def asks(cell: Cell) -> bool:
    """Whether a frame counts for the label: it asks for an answer, or for one to be read again."""
    return bool(cell.required or cell.outdated)


def standing(cells: Iterable[Cell], *, oldest_check: dt.date | None, is_led: bool) -> Standing:
    """What the rules look at, from the cells of one groupement."""
    counted = [cell for cell in cells if asks(cell)]
    days = [cell.oldest for cell in counted if cell.oldest] + ([oldest_check] if oldest_check else [])
    done = sum(cell.state in DONE for cell in counted)
    return Standing(len(counted), done, min(days, default=None), is_led)


def failures(found: Standing, rules: LabelRules, today: dt.date) -> list[Reason]:
    """The rules that are not met, as plain data that may be kept; empty when the label is earned."""
    reasons: list[Reason] = []
    if found.done * 100 < rules.share * found.asked:
        reasons.append({"rule": SHARE, "done": found.done, "of": found.asked, "share": rules.share})
    if found.oldest and found.oldest < today - relativedelta(months=rules.months):
        reasons.append({"rule": AGE, "day": found.oldest.isoformat(), "months": rules.months})
    if rules.needs_referent and not found.is_led:
        reasons.append({"rule": REFERENT})
    return reasons


def sentence(reason: Reason) -> str:
    """One unmet rule in plain words."""
    if reason["rule"] == SHARE:
        words = ngettext(
            "%(done)d page of %(of)d is complete; the label asks for %(share)d %%",
            "%(done)d pages of %(of)d are complete; the label asks for %(share)d %%",
            reason["of"],
        )
        return words % reason
    if reason["rule"] == AGE:
        words = ngettext(
            "an answer or a contact was last checked on %(day)s; nothing may be older than %(months)d month",
            "an answer or a contact was last checked on %(day)s; nothing may be older than %(months)d months",
            reason["months"],
        )
        return words % {"day": date_format(dt.date.fromisoformat(reason["day"]), "j F Y"), "months": reason["months"]}
    return _("nobody is in place as référent")


def sentences(reasons: Iterable[Reason]) -> list[str]:
    """Unmet rules in plain words."""
    return [sentence(reason) for reason in reasons]
