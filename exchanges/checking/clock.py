"""What the clock does each day: ask those whose day it is, remind once, tell the zone at most monthly, tidy up."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from exchanges.checking import links, messages, planning, services
from exchanges.checking.holders import guardians_of, holders_of
from exchanges.checking.models import CheckItem, CheckRound
from regions.models import Groupement
from resources.models import ContactPage, PartnerBranchPage

logger = logging.getLogger(__name__)

State, Level = CheckItem.State, CheckRound.Level
REMIND_AFTER = dt.timedelta(days=21)
ESCALATE_AFTER = dt.timedelta(days=14)  # after the reminder
BETWEEN_ESCALATIONS = dt.timedelta(days=30)
KEPT = dt.timedelta(days=400)


def open_rounds(today: dt.date | None = None) -> int:
    """Open the rounds of the groupements whose day it is and that have something to confirm; returns how many."""
    today, count = today or timezone.localdate(), 0
    asked = Groupement.objects.filter(status__in=(Groupement.Status.ACTIVE, Groupement.Status.VACANT))
    for groupement in asked.select_related("fallback", "zone", "site"):
        if not planning.is_planned(groupement, today):
            continue
        try:
            count += services.open_round(groupement, today) is not None
        except Exception:
            logger.exception("the round of groupement %s could not be opened", groupement.pk)
    return count


def tell() -> int:
    """Write of the rounds of which nobody could be told yet; returns how many are told."""
    return sum(_ask(round_) for round_ in _open().filter(told_at__isnull=True))


def remind() -> int:
    """Write once more, three weeks later, about what still waits; returns how many rounds."""
    before = timezone.now() - REMIND_AFTER
    return sum(_ask(round_, again=True) for round_ in _open().filter(told_at__lte=before, reminded_at__isnull=True))


def _open():
    waits = CheckItem.objects.filter(round=OuterRef("pk"), state=State.WAITING)
    rows = CheckRound.objects.open().filter(Exists(waits), groupement__isnull=False)
    return rows.select_related("groupement__fallback", "groupement__zone", "groupement__site")


def _ask(round_: CheckRound, *, again: bool = False) -> bool:
    """One round; whatever fails, the others go on, and the clock tries again."""
    holders = holders_of(round_.groupement)
    moment = {"reminded_at" if again else "told_at": timezone.now()}
    items = list(round_.items.filter(state=State.WAITING))
    try:
        with transaction.atomic():
            told = messages.ask(round_, holders, items, again=again)
            if told:
                changed = {"level": holders.level, "stand_in": holders.stand_in, **moment}
                CheckRound.objects.filter(pk=round_.pk).update(**changed)
    except Exception:
        logger.exception("nobody could be told of round %s", round_.pk)
        return False
    return bool(told)


@transaction.atomic
def escalate() -> int:
    """Tell the zones of the groupements that did not answer; one message a zone, at most one a month."""
    now = timezone.now()
    rows = _open().filter(reminded_at__lte=now - ESCALATE_AFTER, escalated_at__isnull=True)
    by_zone: dict[int | None, list[CheckRound]] = defaultdict(list)
    for round_ in rows.filter(level__in=(Level.GROUPEMENT, Level.STAND_IN)).counted().order_by("groupement__name"):
        by_zone[round_.groupement.zone_id].append(round_)
    recent = CheckRound.objects.filter(escalated_at__gt=now - BETWEEN_ESCALATIONS)
    told_lately = set(recent.values_list("groupement__zone", flat=True))
    count = 0
    for zone, rounds in by_zone.items():
        emails = [mandate.person.email for mandate in guardians_of(rounds[0].groupement).mandates]
        if zone in told_lately or not emails:
            continue
        messages.tell_guardians(rounds, emails)
        count += CheckRound.objects.filter(pk__in=[round_.pk for round_ in rounds]).update(escalated_at=now)
    return count


def settle() -> int:
    """Ask no more about what left the site, or was confirmed on its own form; returns how many things."""
    waiting = CheckItem.objects.filter(state=State.WAITING, round__expires_on__gte=timezone.localdate())
    count = waiting.filter(page__live=False).delete()[0]
    for model in (ContactPage, PartnerBranchPage):
        checked = model.objects.filter(pk=OuterRef("page_id"), checked_on__gte=OuterRef("round__opened_on"))
        rows = waiting.filter(Exists(checked), slot="")
        count += CheckItem.objects.filter(pk__in=rows.values("pk")).update(
            state=State.EXACT, answered_at=timezone.now()
        )
    return count


def purge() -> int:
    """Delete the rounds of over thirteen months ago, and the links that open nothing any more; returns how many."""
    old = CheckRound.objects.filter(opened_on__lt=timezone.localdate() - KEPT)
    count = old.count()
    old.delete()
    return count + links.forget()
