"""The three mails: what to confirm, the one reminder, and what the zone is told. They quote no note."""

from __future__ import annotations

from django.urls import reverse

from exchanges.checking import links
from exchanges.checking.holders import Holders
from exchanges.checking.models import CheckItem, CheckRound
from users import mail

SECONDS_EACH = 20


def ask(round_: CheckRound, holders: Holders, items: list[CheckItem], *, again: bool = False) -> int:
    """Write to whoever answers, each with an address of their own; returns to how many."""
    for mandate in holders.mandates:
        context = {
            "round": round_,
            "items": items,
            "count": len(items),
            "groupement": round_.place_label,
            "instead": holders.level != CheckRound.Level.GROUPEMENT,
            "minutes": max(2, -(-len(items) * SECONDS_EACH // 60)),
            "url": links.make(round_, mandate),
        }
        mail.send("check_reminder" if again else "check_asked", to=[mandate.person.email], context=context)
    return len(holders.mandates)


def tell_guardians(rounds: list[CheckRound], emails) -> None:
    """One message for a zone, whatever the number of its groupements that did not answer."""
    context = {"rounds": rounds, "count": len(rounds), "path": reverse("checkround:index")}
    mail.send("check_escalated", to=emails, context=context)
