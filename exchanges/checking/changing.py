"""What an answer does to pages: a new date, a withdrawal, and both undone. Through their history, drafts kept.

Each function returns what :func:`put_back` needs, as plain JSON.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from core.amending import NotNow, amend
from exchanges.checking import history
from exchanges.checking.models import CheckItem
from exchanges.checking.planning import GOOD_FOR
from resources.frames.answers import Answers

FIELDS = ("checked_on", "checked_by", "next_check_on")


def may_publish(page: Page, person) -> bool:
    """Whether a person publishes a page by their own right: a stand-in does not."""
    return page.specific.permissions_for_user(person).can_publish()


def _amend(page: Page, change, person, action: str) -> None:
    """A published change in the name of whoever answers, even if they answer in the stead of those who publish."""
    if may_publish(page, person):
        amend(page, change, user=person, action=action)
    else:
        amend(page, change, user=None, action=action)
        log(instance=page.specific, action=history.INSTEAD, user=person)


def _in_all_languages(item: CheckItem) -> list[Page]:
    """The page, then its published translations in the same groupement: a fact is one in all languages."""
    page = item.page.specific
    homes = [root.path for root in item.round.groupement.roots.all()] if item.round.groupement else []
    inside = Q(pk__in=[])
    for path in homes:
        inside |= Q(path__startswith=path)
    return [
        page,
        *type(page).objects.filter(inside, translation_key=page.translation_key, live=True).exclude(pk=page.pk),
    ]


def confirm(item: CheckItem, person) -> dict[str, Any]:
    """Date what is still right to today.

    Raises:
        NotNow: the page cannot be published at this moment; the text says why.
    """
    if item.slot:
        return _confirm_answer(item, person)
    today, name = timezone.localdate(), person.get_full_name()
    before: dict[str, Any] = {}

    def change(page) -> None:
        page.checked_on, page.checked_by = today, name
        if page.next_check_on is not None:
            page.next_check_on = max(page.next_check_on, today + GOOD_FOR)

    for rank, page in enumerate(_in_all_languages(item)):
        kept = {field: _plain(getattr(page, field)) for field in FIELDS}
        try:
            _amend(page, change, person, history.EXACT)
        except NotNow:
            if not rank:
                raise
            continue  # a translation at work takes the date with its next version
        before[str(page.pk)] = kept
    return {"dates": before}


def _confirm_answer(item: CheckItem, person) -> dict[str, Any]:
    page, today = item.page.specific, timezone.localdate()
    live = page.given.given.get(item.slot)
    if live is None:
        return {}

    def change(version) -> None:
        given: Answers = version.given
        there = given.given.get(item.slot)
        # What was rewritten in a draft was not read by whoever confirms.
        if there is not None and there.says_the_same(live):
            given.given[item.slot] = dataclasses.replace(there, written_on=today)
            version.set_answers(given)

    _amend(page, change, person, history.EXACT)
    return {"written_on": _plain(live.written_on)}


def withdraw(item: CheckItem, person) -> dict[str, Any]:
    """Take off the site what does not exist any more. Nothing is deleted: its versions stay.

    Raises:
        NotNow: the page is locked.
    """
    if item.slot:
        return _withdraw_answer(item, person)
    revisions: dict[str, int] = {}
    for page in _in_all_languages(item):
        if not page.live:
            continue
        lock = page.get_lock()
        if lock is not None and lock.for_user(person):
            raise NotNow(_locked())
        revisions[str(page.pk)] = _version_of(page, person)
        type(page).objects.get(pk=page.pk).unpublish(user=person, log_action=history.GONE)
    return {"revisions": revisions}


def _locked() -> str:
    return _("This page is locked, or a new version of it waits for its hour.")


def _version_of(page: Page, person) -> int:
    """The revision that is published; one is made for a page published without any. A draft stays the newest."""
    if page.live_revision_id:
        return page.live_revision_id
    waiting = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    made = page.save_revision(user=person, clean=False)
    if waiting is not None:
        waiting.save_revision(user=person, clean=False)
    return made.pk


def _withdraw_answer(item: CheckItem, person) -> dict[str, Any]:
    page = item.page.specific
    live = page.given.given.get(item.slot)
    if live is None:
        return {}
    revision = _version_of(page, person)

    def change(version) -> None:
        given: Answers = version.given
        there = given.given.get(item.slot)
        if there is not None and there.says_the_same(live):
            del given.given[item.slot]
            version.set_answers(given)

    _amend(page, change, person, history.GONE)
    return {"answer_in": revision}


def put_back(item: CheckItem, person) -> None:
    """Undo :func:`confirm` or :func:`withdraw`, except where somebody has changed the page since.

    Raises:
        NotNow: a page cannot be published at this moment.
    """
    before = item.before
    pages = Page.objects.in_bulk({int(pk) for kind in ("dates", "revisions") for pk in before.get(kind, {})})
    for pk, kept in before.get("dates", {}).items():
        page = pages.get(int(pk))
        if page is not None and page.live:
            _put_dates_back(page.specific, kept, item, person)
    for pk, revision in before.get("revisions", {}).items():
        page = pages.get(int(pk))
        if page is not None and not page.live:
            _publish_again(page.specific, revision, person)
    if "written_on" in before or "answer_in" in before:
        _put_answer_back(item, person)


def _put_dates_back(page: Page, kept: dict, item: CheckItem, person) -> None:
    day = timezone.localdate(item.handled_at or item.answered_at)

    def change(version) -> None:
        if version.checked_on == day:
            for field in FIELDS:
                value = kept[field]
                setattr(version, field, dt.date.fromisoformat(value) if value and field != "checked_by" else value)

    _amend(page, change, person, history.UNDONE)


def _publish_again(page: Page, revision: int, person) -> None:
    """The version that was on the site, for all to read again; a draft that is newer goes on waiting."""
    kept = Revision.objects.filter(pk=revision, object_id=str(page.pk)).first()
    if kept is None:
        raise NotNow(_locked())
    kept.publish(user=person, log_action=history.UNDONE)


def _put_answer_back(item: CheckItem, person) -> None:
    page, before = item.page.specific, item.before
    kept = None
    if "answer_in" in before:
        revision = Revision.objects.filter(pk=before["answer_in"], object_id=str(page.pk)).first()
        kept = revision.as_object().given.given.get(item.slot) if revision else None

    def change(version) -> None:
        given: Answers = version.given
        there = given.given.get(item.slot)
        if "answer_in" in before:
            if there is None and kept is not None:
                given.given[item.slot] = kept
        elif there is not None and there.written_on == timezone.localdate(item.handled_at or item.answered_at):
            written = before["written_on"]
            day = dt.date.fromisoformat(written) if written else None
            given.given[item.slot] = dataclasses.replace(there, written_on=day)
        version.set_answers(given)

    _amend(page, change, person, history.UNDONE)


def _plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value
