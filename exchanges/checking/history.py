"""What the history of a page says of each answer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EXACT, NOTED, GONE, UNDONE = "check.exact", "check.noted", "check.gone", "check.undone"
INSTEAD = "check.instead"

SENTENCES = {
    EXACT: (_("Confirmed"), _("Confirmed: still right")),
    NOTED: (_("Correction asked"), _("Said to need a correction, in “Toujours exact ?”")),
    GONE: (_("Does not exist any more"), _("Taken off the site: does not exist any more")),
    UNDONE: (_("Answer undone"), _("An answer to “Toujours exact ?” was undone")),
    INSTEAD: (_("Answered instead"), _("Answered in the stead of the groupement, which is vacant")),
}


def register(actions) -> None:
    for name, (label, sentence) in SENTENCES.items():
        actions.register_action(name, label, sentence)
