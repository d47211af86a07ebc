"""Writes of rounds: opening one, answering, undoing. Each answer is given once, whoever comes second is told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.amending import NotNow
from exchanges.checking import changing, history, planning
from exchanges.checking.holders import holders_of
from exchanges.checking.models import CheckItem, CheckRound, half_of
from regions.models import Groupement

State = CheckItem.State
CHOICES = (State.EXACT, State.NOTE, State.GONE)


class Answered(Exception):
    """The thing was answered already, or its round is over."""


@transaction.atomic
def open_round(groupement: Groupement, today: dt.date | None = None) -> CheckRound | None:
    """Open the round of what is due; ``None`` when nothing is, or when this half-year has one. Writes to nobody."""
    today = today or timezone.localdate()
    half, _first = half_of(today)
    if CheckRound.objects.held_at(groupement).filter(half=half).exists():
        return None
    found = planning.due(groupement, today)
    if not found:
        return None
    holders = holders_of(groupement)
    round_ = CheckRound.objects.create(
        groupement=groupement,
        half=half,
        opened_on=today,
        expires_on=today + planning.LIFE,
        level=holders.level,
        stand_in=holders.stand_in,
    )
    CheckItem.objects.bulk_create(
        CheckItem(round=round_, page_id=one.page_id, slot=one.slot, title=one.title) for one in found
    )
    return round_


def _held(item: CheckItem) -> CheckItem:
    rows = CheckItem.objects.select_for_update(of=("self",)).select_related("page", "round__groupement")
    return rows.get(pk=item.pk)


@transaction.atomic
def answer(*, item: CheckItem, choice: str, note: str = "", by, by_link: bool) -> CheckItem:
    """Keep what somebody says of one thing, and do it.

    *Still right* dates the published page. *To correct* keeps a note, and changes nothing that visitors read. *Does
    not exist any more* takes it off the site when the person publishes there by right; from a stand-in it is a note.

    Args:
        choice: one of ``CHOICES``.
        note: what is to be corrected, for ``NOTE``.
        by: whose mandate answers.
        by_link: without signing in.

    Raises:
        Answered: somebody answered already, or the round is over.
        NotNow: the page cannot be published at this moment; nothing is kept.
    """
    held = _held(item)
    if not held.is_waiting or not held.round.is_open:
        raise Answered
    if choice == State.GONE and not changing.may_publish(held.page, by):
        choice, note = State.NOTE, " ".join([_("Does not exist any more."), note]).strip()
    if choice == State.EXACT:
        held.before = changing.confirm(held, by)
    elif choice == State.GONE:
        held.before = changing.withdraw(held, by)
    else:
        log(instance=held.page.specific, action=history.NOTED, user=by)
    held.state, held.note = choice, note if choice == State.NOTE else ""
    held.answered_at, held.answered_by, held.by_link = timezone.now(), by, by_link
    held.save()
    return held


@transaction.atomic
def undo(*, item: CheckItem, by) -> CheckItem:
    """Take an answer back: what it did is undone, and the thing is to be confirmed again.

    Raises:
        NotNow: the page cannot be published at this moment; nothing changes.
    """
    held = _held(item)
    if held.is_waiting:
        return held
    if not changing.may_publish(held.page, by):
        raise NotNow(_("Whoever keeps this site can undo it; you answer in their stead."))
    if held.answered_at:
        changing.put_back(held, by)
    if not held.before:
        log(instance=held.page.specific, action=history.UNDONE, user=by)
    held.state, held.note, held.before, held.by_link = State.WAITING, "", {}, False
    held.answered_at = held.answered_by = held.handled_at = held.handled_by = None
    held.save()
    return held


@transaction.atomic
def corrected(*, item: CheckItem, by) -> CheckItem:
    """Say that a correction is made: the note is done with, and the page is dated to today if it is on the site.

    Raises:
        NotNow: the page cannot be published at this moment; nothing changes.
    """
    held = _held(item)
    if not held.awaits_correction:
        return held
    if held.page.live:
        held.before = changing.confirm(held, by)
    held.handled_at, held.handled_by = timezone.now(), by
    held.save()
    return held
