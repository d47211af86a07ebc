"""Writes of corrections: proposing, withdrawing, answering, putting one into a draft of the national page."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.text import fold
from exchanges.corrections.models import Correction
from exchanges.corrections.passages import revised
from regions import people
from regions.models import Groupement
from regions.reach import reach_of
from regions.roles import RoleCode
from resources.frames import credits
from resources.frames.answers import digest_of
from resources.frames.models import FramePage
from users import mail

State = Correction.State
KEPT = dt.timedelta(days=2 * 365)
GONE = "gone"


class ToDecide(Exception):
    """The block is not what it was when the correction was proposed: somebody has to look and say."""


def receivers(page) -> list:
    """Who receives the corrections of a national page: its keeper, when that is the name of a national editor or
    administrator of today; else all the national editors; without any, the administrators.
    """
    editors = list(people.holders(RoleCode.NATIONAL_EDITOR))
    administrators = list(people.administrators())
    name = fold(page.keeper.owner_name.strip())
    named = [person for person in {*editors, *administrators} if name and fold(person.get_full_name()) == name]
    return named or editors or administrators


def propose(
    *,
    key: uuid.UUID,
    groupement: Groupement,
    page,
    block: dict,
    proposed: str,
    passages: dict[str, str],
    remark: str,
    author,
) -> tuple[Correction, bool]:
    """Keep a correction and tell whoever keeps the text. Sent twice, it is kept once, and told once.

    Args:
        page: the published national page.
        block: the raw block as it is published.
        proposed: the text for it; empty for a remark alone.
        passages: the same, by the path of each text of the block.

    Returns:
        The correction, and whether it is new.
    """
    with transaction.atomic():
        correction, is_new = Correction.objects.get_or_create(
            key=key,
            defaults={
                "groupement": groupement,
                "page_id": page.pk,
                "page_title": page.title,
                "keeper_name": page.keeper.owner_name,
                "block": block["id"],
                "before": block,
                "proposed": proposed,
                "passages": passages,
                "remark": remark,
                "author": author,
            },
        )
        if is_new:
            to = [person.email for person in receivers(page)]
            mail.send("correction_received", to=to, context=_context(correction))
    return correction, is_new


def withdraw(*, correction: Correction) -> bool:
    """Take back what waits; tell whether it still waited."""
    rows = Correction.objects.filter(pk=correction.pk, state__in=Correction.OPEN)
    return bool(rows.update(state=State.WITHDRAWN))


@transaction.atomic
def answer(*, correction: Correction, state: str, words: str, by, seen: str) -> bool:
    """Answer a correction, tell those who proposed it, and name their groupement on the page when it is accepted.

    An answer may be changed later: the newest counts, and is told.

    Args:
        state: ``accepted``, ``declined`` or ``later``.
        words: the reason, or a word.
        seen: the state that the person saw: when another one answered meanwhile, nothing is done.

    Returns:
        Whether the answer is kept. Sent twice it is kept, and told once.
    """
    row = Correction.objects.select_for_update(of=("self",)).select_related("groupement").get(pk=correction.pk)
    if (row.state, row.answer) == (state, words):
        return True
    if row.state != seen or row.state == State.WITHDRAWN:
        return False
    row.state, row.answer, row.answered_by, row.answered_at = state, words, by, timezone.now()
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _follow_credit(row)
    mail.send("correction_answered", to=_proposers(row), context=_context(row))
    return True


def _follow_credit(row: Correction) -> None:
    """The groupement is named on the page while one of its corrections of it is accepted."""
    page = row.page.specific if row.page_id else None
    if isinstance(page, FramePage) and row.groupement:
        accepted = Correction.objects.filter(page_id=row.page_id, groupement=row.groupement, state=State.ACCEPTED)
        credits.give(page, row.groupement, helped=accepted.exists())


def _proposers(row: Correction) -> list[str]:
    """Whoever proposed it, while they still write there, and those who answer for the groupement today."""
    found = {person.email for person in people.holders(RoleCode.REFERENT, groupement=row.groupement)}
    if row.author and row.author.is_active and row.groupement_id in reach_of(row.author).groupement_ids:
        found.add(row.author.email)
    return sorted(found)


def _context(correction: Correction) -> dict:
    return {"correction": correction, "path": reverse("correction:inspect", args=[correction.pk])}


def block_in_draft(page, key: str) -> dict | None:
    """A block as the newest version of a page has it, published or not; ``None`` when it is gone from it."""
    return page.get_latest_revision_as_object().national_block(key)


def is_as_it_was(correction: Correction, today: dict | None) -> bool:
    """Whether a block is still the one for which the correction was proposed."""
    return today is not None and digest_of(today) == digest_of(correction.before)


@transaction.atomic
def make_draft(*, correction: Correction, by, seen: str = "") -> str:
    """Put the proposed text into a new draft of the national page, built on its newest version; publish nothing.

    Args:
        seen: the mark of the block (``digest_of``, or ``GONE``) that the person saw and chose to replace. Without it
            only a block that is as it was is replaced.

    Returns:
        The identifier of the block that holds the text.

    Raises:
        PermissionDenied: the person may not change the page, or it is locked for them.
        ToDecide: the block is gone or has changed since; nothing was written.
    """
    type(correction.page.specific)._default_manager.select_for_update(of=("self",)).get(pk=correction.page_id)
    page = correction.page.specific.get_latest_revision_as_object()
    rights = page.permissions_for_user(by)
    if not rights.can_edit() or rights.page_locked():
        raise PermissionDenied
    value = revised(correction.before, correction.typed)
    today, wanted = page.national_block(correction.block), correction.before["type"]
    # Its identifier is not that of the block that is gone: it would be given another passage's history.
    added = str(uuid.uuid5(correction.key, "draft"))
    for block in filter(None, (today, page.national_block(added))):
        if block["type"] == wanted and block["value"] == value:
            return block["id"]
    if not is_as_it_was(correction, today) and seen != (digest_of(today) if today else GONE):
        raise ToDecide
    key = correction.block if today is not None and today["type"] == wanted else added
    page.put_national_block({"type": wanted, "id": key, "value": value})
    page.begin_change()
    page.save_revision(user=by, log_action=True)
    Correction.objects.filter(pk=correction.pk).update(drafted_at=timezone.now())
    return key


def purge() -> int:
    """Delete the corrections that were settled more than two years ago; returns how many. Credits stay."""
    old = timezone.now() - KEPT
    settled = Correction.objects.exclude(state__in=Correction.OPEN).filter(sent_at__lt=old)
    count, _by_model = settled.exclude(answered_at__gte=old).delete()
    return count
