"""The label: earned and lost by the rules, each night. Nobody gives it, nobody takes it away by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import DateField, Min
from django.db.models.functions import Cast, Coalesce, Left
from django.urls import reverse
from django.utils import timezone, translation

from dashboards import rules as label_rules
from dashboards.models import Label, LabelEvent, LabelRules
from dashboards.rules import Reason, Standing
from regions import people
from regions.blueprint import GROUPEMENT_HOME_MODEL
from regions.models import Groupement, Mandate
from regions.places import HOME_PATH_LENGTH
from regions.roles import RoleCode
from resources.frames import completeness
from users import mail

State, Kind = Label.State, LabelEvent.Kind


def standings(groupements: Iterable[Groupement], cells: completeness.Matrix | None = None) -> dict[int, Standing]:
    """What the rules look at, by groupement: the same number of queries for three and for a hundred.

    Args:
        cells: the matrix of these groupements in the usual language, where it has been read already.
    """
    groupements = list(groupements)
    found = cells or completeness.matrix(groupements)
    led = set(
        Mandate.objects.current()
        .filter(role=RoleCode.REFERENT, groupement__in=groupements)
        .values_list("groupement", flat=True)
    )
    checks = oldest_checks(groupements)
    return {
        row.pk: label_rules.standing(found.row(row), oldest_check=checks.get(row.pk), is_led=row.pk in led)
        for row in groupements
    }


def oldest_checks(groupements: Iterable[Groupement]) -> dict[int, dt.date]:
    """The day of the oldest check of a published contact, by groupement; that of its publication if never checked."""
    homes = apps.get_model(GROUPEMENT_HOME_MODEL).objects.filter(groupement__in=list(groupements))
    by_path = dict(homes.values_list("path", "groupement_id"))
    rows = _dated_contacts(by_path).order_by().values("home").annotate(oldest=Min("day"))
    found: dict[int, dt.date] = {}
    for row in rows:
        pk = by_path[row["home"]]
        if row["oldest"]:
            found[pk] = min(found.get(pk, row["oldest"]), row["oldest"])
    return found


def oldest_contact(groupement: Groupement):
    """The published contact whose check is the oldest, with its ``day``; ``None`` when there is no contact."""
    homes = apps.get_model(GROUPEMENT_HOME_MODEL).objects.filter(groupement=groupement)
    return _dated_contacts(homes.values_list("path", flat=True)).order_by("day", "pk").first()


def _dated_contacts(home_paths: Iterable[str]):
    contacts = apps.get_model("resources", "ContactPage").objects.filter(live=True)
    day = Coalesce("checked_on", Cast("last_published_at", DateField()))
    return contacts.annotate(home=Left("path", HOME_PATH_LENGTH), day=day).filter(home__in=list(home_paths))


@transaction.atomic
def follow(*, today: dt.date | None = None) -> Counter:
    """Bring every label in line with the rules; returns how many changes of each kind. Safe to repeat.

    A groupement that is vacant, asleep or being set up is judged on nothing: its label is set aside, and a whole delay
    is before it when somebody is in place again.
    """
    today = today or timezone.localdate()
    LabelRules.load()
    rules = LabelRules.objects.select_for_update().get(pk=1)  # one run at a time
    groupements = list(Groupement.objects.select_related("zone").order_by("pk"))
    labels = {label.groupement_id: label for label in Label.objects.select_related("groupement__zone")}
    judged = [row for row in groupements if completeness.is_expected(row)]
    found = standings(judged) if judged else {}
    changes: Counter = Counter()
    for groupement in groupements:
        label = labels.get(groupement.pk)
        if groupement.pk not in found:
            changes.update(_set_aside(label, today))
        elif found[groupement.pk].asked:
            reasons = label_rules.failures(found[groupement.pk], rules, today)
            changes.update(_judge(groupement, label, reasons, rules, today))
    return changes


def _set_aside(label: Label | None, today: dt.date) -> list[str]:
    if label is None or not label.is_shown:
        return []
    label.state, label.grace_ends_on, label.reasons = State.PAUSED, None, []
    return [_keep(label, Kind.PAUSED, today)]


def _judge(groupement: Groupement, label: Label | None, reasons: list[Reason], rules: LabelRules, today) -> list[str]:
    done = []
    if label is not None and label.state == State.PAUSED:
        label.state = State.HELD
        done.append(_keep(label, Kind.RESUMED, today))
    if not reasons:
        return done + _met(groupement, label, rules, today)
    if label is None or label.state == State.LOST:
        return done
    if label.state == State.HELD:
        label.state, label.reasons = State.GRACE, reasons
        label.grace_ends_on = today + dt.timedelta(days=rules.grace_days)
        done.append(_keep(label, Kind.GRACE, today))
        _tell("label_grace", label, rules)
    elif label.grace_ends_on and today > label.grace_ends_on:
        label.state, label.reasons, label.grace_ends_on = State.LOST, reasons, None
        done.append(_keep(label, Kind.LOST, today))
        _tell("label_lost", label, rules)
    elif label.reasons != reasons:
        label.reasons = reasons
        label.save(update_fields=["reasons"])
    return done


def _met(groupement: Groupement, label: Label | None, rules: LabelRules, today: dt.date) -> list[str]:
    if label is None or label.state == State.LOST:
        label = label or Label(groupement=groupement)
        label.state, label.awarded_on, label.grace_ends_on, label.reasons = State.HELD, today, None, []
        kind = _keep(label, Kind.AWARDED, today)
        _tell("label_awarded", label, rules)
        return [kind]
    if label.state == State.GRACE:
        label.state, label.grace_ends_on, label.reasons = State.HELD, None, []
        return [_keep(label, Kind.RESTORED, today)]
    return []


def _keep(label: Label, kind: str, today: dt.date) -> str:
    label.save()
    LabelEvent.objects.create(groupement=label.groupement, kind=kind, happened_on=today, reasons=label.reasons)
    return kind


def _tell(template: str, label: Label, rules: LabelRules) -> None:
    """Write to the référents; to the zone's, else to the administrators, where there is none."""
    groupement = label.groupement
    recipients = people.holders(RoleCode.REFERENT, groupement=groupement)
    if not recipients.exists() and groupement.zone_id:
        recipients = people.holders(RoleCode.ZONE_REFERENT, zone=groupement.zone)
    if not recipients.exists():
        recipients = people.administrators()
    with translation.override(settings.LANGUAGE_CODE):
        reasons = label_rules.sentences(label.reasons)
    context = {
        "groupement": groupement.name,
        "name": rules.name,
        "until": label.grace_ends_on,
        "reasons": reasons,
        "path": reverse("frames_of", args=[groupement.pk]),
    }
    mail.send(template, to=[person.email for person in recipients], context=context)
