"""What this room adds to the others: the label on a groupement's home, and above its frames."""

from __future__ import annotations

from django.utils import timezone

from dashboards import labels, rules
from dashboards.models import Label, LabelRules
from regions.models import Groupement
from regions.parts import Part
from resources.frames.completeness import Matrix, is_expected


def on_home(groupement: Groupement) -> Part | None:
    """The label and its date, for visitors; one query more on a home, two where there is one to show."""
    label = Label.objects.filter(groupement=groupement).first()
    if label is None or not label.is_shown or not is_expected(groupement):
        return None
    return Part("dashboards/home_label.html", {"label": label, "name": LabelRules.load().name})


def above_frames(groupement: Groupement, *, cells=None) -> Part | None:
    """Where the groupement stands with the label, and what is still asked, for those who write in it.

    Args:
        cells: its row of the matrix, in the usual language; nothing is said in another.
    """
    if cells is None or not is_expected(groupement):
        return None
    matrix = Matrix([groupement], [cell.frame for cell in cells], {(groupement.pk, c.frame.page.pk): c for c in cells})
    asked = LabelRules.load()
    found = labels.standings([groupement], matrix)[groupement.pk]
    if not found.asked:
        return None
    reasons = rules.failures(found, asked, timezone.localdate())
    label = Label.objects.filter(groupement=groupement).first()
    values = {"label": label, "rules": asked, "reasons": rules.sentences(reasons), "contact": None}
    if any(reason["rule"] == rules.AGE for reason in reasons):
        contact = labels.oldest_contact(groupement)
        # The answers have their own steps below; a contact has none there.
        values["contact"] = contact if contact and contact.day == found.oldest else None
    return Part("dashboards/admin/label_of_groupement.html", values)
