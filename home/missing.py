"""What a groupement has not written yet, said kindly: a local site is never empty, and never nags."""

from __future__ import annotations

from django.utils.translation import gettext as _

ENOUGH_CONTACTS = 10


def sentences(page, counts: dict[str, int]) -> list[str]:
    """Return one sentence for each thing still to come, the most useful to visitors first.

    Args:
        page: the groupement's home.
        counts: how many items of each kind the groupement has published itself.
    """
    found = []
    if not counts["events"]:
        found.append(_("No local meeting is announced yet; those of the network are in the calendar."))
    if not counts["contacts"]:
        found.append(_("The local addresses are being collected; the national ones are in the directory."))
    elif counts["contacts"] < ENOUGH_CONTACTS:
        found.append(_("The local directory is growing: a useful address to share? Write to us."))
    if not counts["guides"]:
        found.append(_("The guides are the nation's; local advice will come with the volunteers."))
    if not page.intro:
        found.append(_("The team will introduce itself here soon."))
    return found
