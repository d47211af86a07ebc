"""What the clock does each day: ask those whose day it is, remind once, tell the zone at most monthly, tidy up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.tasks.asking import ask, ask_soon, work
from exchanges.checking import links, messages, planning, services
from exchanges.checking.holders import guardians_of, holders_of
from exchanges.checking.models import CheckItem, CheckRound
from regions.models import Groupement, Zone
from resources.models import ContactPage, PartnerBranchPage

State, Level = CheckItem.State, CheckRound.Level
REMIND_AFTER = dt.timedelta(days=21)
ESCALATE_AFTER = dt.timedelta(days=14)  # after the reminder
BETWEEN_ESCALATIONS = dt.timedelta(days=30)
KEPT = dt.timedelta(days=400)


def open_rounds(today: dt.date | None = None) -> int:
    """Have the rounds opened of the groupements whose day it is; returns how many groupements."""
    today = today or timezone.localdate()
    asked = Groupement.objects.filter(status__in=(Groupement.Status.ACTIVE, Groupement.Status.VACANT))
    return ask(open_round, [(each.pk, today.isoformat()) for each in asked if planning.is_planned(each, today)])


def _title_of_groupement(pk: int, _day: str) -> str:
    return _("Asking %(place)s what is still right") % {"place": Groupement.objects.get(pk=pk)}


@work(_title_of_groupement)
@transaction.atomic
def open_round(pk: int, day: str) -> None:
    """Open the round of a groupement, if it has something to confirm."""
    groupement = Groupement.objects.select_related("fallback", "zone", "site").filter(pk=pk).first()
    if groupement is not None and (round_ := services.open_round(groupement, dt.date.fromisoformat(day))):
        ask_soon(ask_holders, round_.pk, False)


def tell() -> int:
    """Have the rounds written of of which nobody could be told yet; returns how many."""
    return ask(ask_holders, _rows(_untold(), again=False))


def remind() -> int:
    """Have what still waits written of once more, three weeks later; returns how many rounds."""
    return ask(ask_holders, _rows(_late(), again=True))


def _rows(rounds, *, again: bool) -> list[tuple[int, bool]]:
    return [(pk, again) for pk in rounds.values_list("pk", flat=True)]


def _open():
    waits = CheckItem.objects.filter(round=OuterRef("pk"), state=State.WAITING)
    rows = CheckRound.objects.open().filter(Exists(waits), groupement__isnull=False)
    return rows.select_related("groupement__fallback", "groupement__zone", "groupement__site")


def _untold():
    return _open().filter(told_at__isnull=True)


def _late():
    return _open().filter(told_at__lte=timezone.now() - REMIND_AFTER, reminded_at__isnull=True)


def _title_of_round(pk: int, again: bool) -> str:
    place = CheckRound.objects.select_related("groupement").get(pk=pk).groupement
    return _("Asking %(place)s what is still right") % {"place": place}


@work(_title_of_round)
@transaction.atomic
def ask_holders(pk: int, again: bool) -> None:
    """Write to those who answer for a groupement, unless that has been done meanwhile."""
    round_ = (_late() if again else _untold()).select_for_update(of=("self",)).filter(pk=pk).first()
    if round_ is None:
        return
    holders = holders_of(round_.groupement)
    if messages.ask(round_, holders, list(round_.items.filter(state=State.WAITING)), again=again):
        changed = {"level": holders.level, "stand_in": holders.stand_in}
        changed["reminded_at" if again else "told_at"] = timezone.now()
        CheckRound.objects.filter(pk=round_.pk).update(**changed)


def escalate() -> int:
    """Have the zones told of the groupements that did not answer; returns how many zones."""
    return ask(tell_zone, [(zone,) for zone in _silent()])


def _silent() -> dict[int | None, list[CheckRound]]:
    """The rounds nobody answered, by zone, but for the zones that were told within a month."""
    now = timezone.now()
    rows = _open().filter(reminded_at__lte=now - ESCALATE_AFTER, escalated_at__isnull=True)
    by_zone: dict[int | None, list[CheckRound]] = defaultdict(list)
    for round_ in rows.filter(level__in=(Level.GROUPEMENT, Level.STAND_IN)).counted().order_by("groupement__name"):
        by_zone[round_.groupement.zone_id].append(round_)
    recent = CheckRound.objects.filter(escalated_at__gt=now - BETWEEN_ESCALATIONS)
    for zone in set(recent.values_list("groupement__zone", flat=True)):
        by_zone.pop(zone, None)
    return by_zone


def _title_of_zone(pk: int | None) -> str:
    place = Zone.objects.get(pk=pk) if pk else _("the nation")
    return _("Telling %(place)s who has not answered “Still right?”") % {"place": place}


@work(_title_of_zone)
@transaction.atomic
def tell_zone(pk: int | None) -> None:
    """Tell a zone of the groupements that did not answer; one message, at most one a month."""
    rounds = _silent().get(pk, [])
    emails = [mandate.person.email for mandate in guardians_of(rounds[0].groupement).mandates] if rounds else []
    if emails:
        messages.tell_guardians(rounds, emails)
        CheckRound.objects.filter(pk__in=[round_.pk for round_ in rounds]).update(escalated_at=timezone.now())


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
