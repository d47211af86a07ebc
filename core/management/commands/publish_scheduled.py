"""Wagtail's command of this name, each page in a transaction of its own."""

import datetime as dt
import logging
from collections.abc import Callable

from django.apps import apps
from django.core.management.base import CommandError
from django.db import models, transaction
from django.db.models import Min
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger(__name__)


class Command(publish_scheduled.Command):
    """Publishes what has come to its hour, and withdraws what has expired. Safe to repeat.

    Wagtail's writes the page, its version and its history one after the other (read in 8.0.1): killed meanwhile, it
    left a page published whose history did not say so, or what follows from a publication undone. A page that could
    not be published kept all the later ones from being so. An event was withdrawn as a bare page, so that calendars
    went on being told that it was on. To remove when Wagtail's does none of these.
    """

    help = "Publishes and withdraws what has come to its hour. Safe to repeat."

    def handle(self, *args, **options) -> None:
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        failed = 0
        for model in [Page, *_other_models()]:
            expired = model._default_manager.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")
            failed += sum(not _tried(_withdraw, model, pk) for pk in list(expired.values_list("pk", flat=True)))
        due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at", "pk")
        failed += sum(not _tried(_publish, pk) for pk in list(due.values_list("pk", flat=True)))
        if failed:
            raise CommandError(f"{failed} page(s) could not be published or withdrawn at their hour: see the log.")


def next_hour() -> dt.datetime | None:
    """When the next page, or text of another kind, is to be published or withdrawn; ``None`` when none waits."""
    now = timezone.now()
    waiting = [Revision.objects.filter(approved_go_live_at__gte=now).aggregate(hour=Min("approved_go_live_at"))]
    for model in [Page, *_other_models()]:
        live = model._default_manager.filter(live=True, expire_at__gte=now)
        waiting.append(live.aggregate(hour=Min("expire_at")))
    return min((row["hour"] for row in waiting if row["hour"]), default=None)


def _other_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)]


def _tried(work: Callable[..., None], *arguments) -> bool:
    """Do one; another's turn comes whatever becomes of it."""
    try:
        with transaction.atomic():
            work(*arguments)
    except Exception:
        logger.exception("not published or withdrawn at its hour: %s", arguments)
        return False
    return True


def _withdraw(model: type[models.Model], pk: object) -> None:
    # Of the row as it is now: somebody may have changed it meanwhile.
    due = model._default_manager.select_for_update(of=("self",)).filter(live=True, expire_at__lt=timezone.now())
    if found := due.filter(pk=pk).first():
        # As its own type: the dates of an event, and the calendars that were told of it, follow no bare page.
        found = found.specific if isinstance(found, Page) else found
        found.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(pk: int) -> None:
    revision = Revision.objects.filter(pk=pk).first()
    if revision is None:
        return  # Deleted since the list was made, with its page: nothing is due any more.
    kind = revision.base_content_type.model_class()
    # The page first, as whoever edits it does: the two of them wait for each other instead of both being stopped.
    kind._base_manager.select_for_update(of=("self",)).filter(pk=revision.object_id).first()
    due = Revision.objects.filter(pk=pk, approved_go_live_at__lt=timezone.now())
    if found := due.first():
        found.publish(log_action="wagtail.publish.scheduled")
