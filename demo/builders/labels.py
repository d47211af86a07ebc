"""The label, as the clock gives it: twenty days ago, then today. Nothing is written by hand."""

from __future__ import annotations

from dashboards import labels
from dashboards.models import Label
from demo.builders.base import Load

EARNED_DAYS_AGO = 20


def build(load: Load) -> None:
    """Have the nightly work done as of two days. A contact of Maine-et-Loire grows too old between them."""
    if Label.objects.exists():
        return
    for days in (EARNED_DAYS_AGO, 0):
        labels.follow(today=load.ago(days))
    load.say(f"  {Label.objects.count()} groupements ont obtenu le label")
