"""Writes of requests: receiving, taking, closing; reminders and deletion, which the clock runs."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.tasks.asking import ask, work
from core.transactions import undone_alone
from exchanges import answering, consent
from exchanges.models import CallbackRequest
from regions.models import Groupement
from users import mail

logger = logging.getLogger(__name__)

State, Level = CallbackRequest.State, CallbackRequest.Level
REMIND_AFTER = dt.timedelta(days=5)
KEPT = dt.timedelta(days=365)
SAME = dt.timedelta(hours=1)  # the same words from the same person, meanwhile, are the same request
LAST_REMINDER = 3  # the référent, the zone, the nation


@transaction.atomic
def receive(*, key, groupement: Groupement | None, doubts: list[str], **fields) -> tuple[CallbackRequest, bool]:
    """Keep a request and the message to whoever answers: both, or neither. Sent twice, it is kept once.

    Whoever got no answer, went back and sent the same words again had another form, whose key is another.

    Args:
        key: what is the same when the same form is sent twice.
        groupement: the place asked; ``None`` for the nation.
        doubts: codes of :mod:`exchanges.screening`; the request is kept all the same.
        fields: ``name``, ``phone``, ``email``, ``about``, ``language``.

    Returns:
        The request, and whether it is new.
    """
    words = {name: fields[name] for name in ("name", "phone", "email", "about")}
    since = timezone.now() - SAME
    sent_before = CallbackRequest.objects.waiting().filter(groupement=groupement, received_at__gte=since, **words)
    if same := sent_before.first():
        return same, False
    answerer = answering.answerer_of(groupement)
    request, is_new = CallbackRequest.objects.get_or_create(
        key=key,
        defaults={
            "groupement": groupement,
            "level": answerer.level,
            "stand_in": answerer.stand_in,
            "doubts": doubts,
            "consent_version": consent.CURRENT,
            **fields,
        },
    )
    if is_new:
        _tell(request, answerer)
        if request.email and not doubts:
            _acknowledge(request, answerer)
    return request, is_new


def _tell(request: CallbackRequest, answerer: answering.Answerer) -> None:
    """Write to whoever answers. When it cannot be written, the request is kept, and the clock tries again."""
    with undone_alone(logger, "request %s was kept, but nobody could be told", request.pk):
        _write_of(request, answerer)


@transaction.atomic
def _write_of(request: CallbackRequest, answerer: answering.Answerer) -> None:
    if not answerer.emails:
        return  # the clock asks again whether somebody answers
    context = {
        "request": request,
        "instead_of": request.place_label if answerer.level != Level.GROUPEMENT and request.groupement else "",
        "path": reverse("callbackrequest:inspect", args=[request.pk]),
    }
    mail.send("callback_received", to=answerer.emails, context=context)
    CallbackRequest.objects.filter(pk=request.pk).update(told_at=timezone.now())


def _acknowledge(request: CallbackRequest, answerer: answering.Answerer) -> None:
    """Tell the visitor that their request arrived; without what they typed, for anybody may type any address."""
    with undone_alone(logger, "request %s was kept, but not acknowledged", request.pk):
        mail.send("callback_kept", to=[request.email], context={"label": answerer.label})


def take(*, request: CallbackRequest, by) -> bool:
    """Take a request that nobody has taken; tell whether this person got it. Of two at once, one gets it."""
    return bool(
        CallbackRequest.objects.filter(pk=request.pk, state=State.RECEIVED).update(
            state=State.TAKEN, taken_by=by, taken_at=timezone.now()
        )
    )


def release(*, request: CallbackRequest) -> bool:
    """Put a request back among those that wait; its reminders begin again."""
    return bool(
        CallbackRequest.objects.filter(pk=request.pk)
        .exclude(state=State.RECEIVED)
        .update(
            state=State.RECEIVED,
            taken_by=None,
            taken_at=None,
            closed_by=None,
            closed_at=None,
            reminders=0,
            reminded_at=timezone.now(),
        )
    )


def close(*, request: CallbackRequest, by, note: str) -> bool:
    """Close a request with a word about what was done."""
    return bool(
        CallbackRequest.objects.filter(pk=request.pk)
        .exclude(state=State.CLOSED)
        .update(state=State.CLOSED, closed_by=by, closed_at=timezone.now(), note=note)
    )


def _untold() -> QuerySet[CallbackRequest]:
    untold = CallbackRequest.objects.waiting().filter(told_at__isnull=True, reminders=0)
    return untold.select_related("groupement__zone", "groupement__fallback")


def tell_again() -> int:
    """Have the requests told of that nobody could be told of; returns how many."""
    return ask(tell_of, _untold().values_list("pk"))


def _title_of_request(pk: int) -> str:
    place = CallbackRequest.objects.select_related("groupement").get(pk=pk).place_label
    return _("Telling of a request to be called back, %(place)s") % {"place": place}


@work(_title_of_request)
def tell_of(pk: int) -> None:
    """Tell of a request, unless somebody has been told meanwhile."""
    request = _untold().filter(pk=pk).first()
    if request is not None:
        _write_of(request, answering.answerer_at(request))


def remind() -> int:
    """Remind of what nobody has taken for five days: the référent, then the zone, then the nation.

    One message for each place, whatever the number of requests. Returns how many requests it is about.
    """
    batches = _batches(_late())
    ask(remind_place, sorted((str(answerer.level), answerer.label) for answerer in batches))
    return sum(map(len, batches.values()))


@work(lambda level, label: _("Reminding of requests to be called back, %(place)s") % {"place": label})
@transaction.atomic
def remind_place(level: str, label: str) -> None:
    """Remind whoever answers there of all that is due to them."""
    now = timezone.now()
    for answerer, requests in _batches(_late().select_for_update(of=("self",), skip_locked=True)).items():
        if (answerer.level, answerer.label) != (level, label):
            continue
        for request in requests:
            request.level, request.stand_in = answerer.level, answerer.stand_in
            request.reminders, request.reminded_at = request.reminders + 1, now
            request.save(update_fields=["level", "stand_in", "reminders", "reminded_at"])
        context = {"count": len(requests), "requests": requests, "path": reverse("callbackrequest:index")}
        mail.send("callback_reminder", to=answerer.emails, context=context)


def _late() -> QuerySet[CallbackRequest]:
    before = timezone.now() - REMIND_AFTER
    late = CallbackRequest.objects.waiting().filter(reminders__lt=LAST_REMINDER, received_at__lte=before)
    late = late.exclude(reminded_at__gt=before).order_by("received_at")
    return late.select_related("groupement__zone", "groupement__fallback")


def _batches(requests: Iterable[CallbackRequest]) -> dict[answering.Answerer, list[CallbackRequest]]:
    """Requests by whoever is to be reminded of them next."""
    batches: dict[answering.Answerer, list[CallbackRequest]] = defaultdict(list)
    answerers: dict[tuple, answering.Answerer] = {}
    for request in requests:
        level = _next_level(request)
        known = (level, request.groupement_id)
        if known not in answerers:
            answerers[known] = _answerer(level, request)
        batches[answerers[known]].append(request)
    return batches


def _next_level(request: CallbackRequest) -> str:
    """Whom the next reminder goes to: the same level first, then one level up each time."""
    if request.reminders == 0:
        return request.level
    return Level.ZONE if request.level in (Level.GROUPEMENT, Level.STAND_IN) else Level.NATION


def _answerer(level: str, request: CallbackRequest) -> answering.Answerer:
    if level == Level.NATION:
        return answering.nation()
    return answering.zone_of(request.groupement) if level == Level.ZONE else answering.answerer_of(request.groupement)


def purge() -> int:
    """Delete the requests received more than twelve months ago; returns how many."""
    count, _by_model = CallbackRequest.objects.filter(received_at__lt=timezone.now() - KEPT).delete()
    return count


def language_of_request() -> str:
    """The language of the page on which a request is made."""
    return translation.get_language() or "fr"
