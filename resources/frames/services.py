"""Writes of a groupement's answers. They are a page of the groupement: Wagtail versions, locks and publishes it."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, WorkflowState

from regions.models import CompletingPage
from regions.places import relative_path
from resources.frames.answers import PERSON, Answer, Answers, LeftOut, Slot, optional_parts, raw_story

SAVE, SUBMIT, PUBLISH = "save", "submit", "publish"


def find_complement(national, home: Page):
    """The page by which a home completes a national page, as published; ``None`` before the first answer.

    A single page that the groupement wrote at the national address is taken: its text stays in it, as
    what the groupement adds.
    """
    model = type(national)
    address = Q(depth=national.depth, slug=national.slug, url_path=home.url_path + relative_path(national))
    rows = model.objects.filter(path__startswith=home.path).filter(
        Q(completes=national.translation_key) | Q(completes__isnull=True) & address
    )
    return sorted(rows, key=lambda page: (page.completes is None, page.path))[0] if rows else None


def newest(national, home: Page):
    """The newest version of the complement, draft included; ``None`` before the first answer."""
    found = find_complement(national, home)
    return found.get_latest_revision_as_object() if found else None


@transaction.atomic
def make_complement(national, home: Page, user):
    """Make the draft page that will hold a groupement's answers, and what it has to stand in.

    Raises:
        PermissionDenied: the person may not add pages there.
    """
    parent = _parent_for(national, home, user)
    if not parent.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    return _add_draft(parent, national, user)


def _parent_for(national, home: Page, user) -> Page:
    """Where the complement goes: the same section, or the page that completes the one above."""
    above = national.get_parent().specific
    if above.depth <= home.depth:
        return home.specific
    if not isinstance(above, CompletingPage):
        return type(above).objects.child_of(home).get()
    return find_complement(above, home) or make_complement(above, home, user)


def _add_draft(parent: Page, national, user):
    parent = type(parent).objects.get(pk=parent.pk)  # treebeard's instances go stale
    page = type(national)(
        title=national.title,
        slug=find_available_slug(parent, national.slug),
        summary="",
        locale=parent.locale,
        owner=user,
        live=False,
        completes=national.translation_key,
        only_completes=True,
    )
    parent.add_child(instance=page)
    return page


@transaction.atomic
def save_answers(*, national, home: Page, given: Answers, user, then: str = SAVE):
    """Save a groupement's answers to a national page as a version of its own page; return that page.

    Args:
        national: the published national page.
        home: the groupement's home in the page's language.
        given: all its answers; what says nothing is not kept.
        then: ``SAVE`` a draft, ``SUBMIT`` it to whoever approves, or ``PUBLISH`` it.

    Raises:
        PermissionDenied: the person may not do that, or the page is locked for them.
    """
    page = newest(national, home) or make_complement(national, home, user)
    rights = page.permissions_for_user(user)
    allowed = {SUBMIT: rights.can_submit_for_moderation, PUBLISH: rights.can_publish}
    if not may_write(page, user) or (then in allowed and not allowed[then]()):
        raise PermissionDenied
    page.completes = national.translation_key
    page.set_answers(stamped(given, before=page.given, national=national))
    revision = page.save_revision(user=user, log_action=True)
    if then == PUBLISH:
        revision.publish(user=user)
    elif then == SUBMIT:
        submit(page, user)
    return page


def may_write(page, user) -> bool:
    """Whether a person may save answers: whoever writes for the groupement, unless the page is locked for them.

    Answers are the groupement's rather than their first author's: a contributor, who elsewhere changes only
    the pages that they made, writes in these too. Publishing remains the référent's.
    """
    rights = page.permissions_for_user(user)
    if rights.page_locked():
        return False
    return rights.can_edit() or page.get_parent().specific.permissions_for_user(user).can_add_subpage()


def submit(page, user) -> None:
    """Send a page to whoever approves it, as Wagtail's own screen does."""
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    elif state is None:
        page.get_workflow().start(page, user)


def stamped(given: Answers, *, before: Answers, national) -> Answers:
    """The answers, each with the national version that its author had before them.

    An answer that says what it said keeps its date and its version: only reading it again renews them.
    """
    story = raw_story(national.body)
    slots = {slot.id: slot for slot in national.slots}
    titles = {**optional_parts(story), **{key: slot.title for key, slot in slots.items()}}
    today, revision = timezone.localdate(), national.live_revision_id
    result = Answers()
    for key, answer in given.given.items():
        former = before.given.get(key)
        if answer.is_empty:
            continue
        if former and answer.says_the_same(former):
            result.given[key] = former
        else:
            result.given[key] = _mark(answer, titles.get(key) or answer.title, today, revision, slots.get(key))
    for key, left in given.left_out.items():
        before_left = before.left_out.get(key)
        if before_left and before_left.reason == left.reason:
            result.left_out[key] = before_left
        else:
            result.left_out[key] = _mark(left, titles.get(key) or left.title, today, revision, slots.get(key))
    return result


def _mark(row, title: str, day: dt.date, revision: int | None, slot: Slot | None):
    digest = slot.digest if slot else row.digest
    return dataclasses.replace(row, title=title, written_on=day, revision=revision, digest=digest)


def confirm(given: Answers, keys, *, national) -> Answers:
    """The same answers, said to be still right for the national text as it is now: “mon texte convient”."""
    revision, today = national.live_revision_id, timezone.localdate()
    digests = {slot.id: slot.digest for slot in national.slots}

    def renew(row):
        return dataclasses.replace(row, revision=revision, written_on=today, digest=digests.get(row.slot, row.digest))

    renewed: tuple[dict[str, Answer], dict[str, LeftOut]] = tuple(  # type: ignore[assignment]
        {key: renew(row) if key in keys else row for key, row in rows.items()}
        for rows in (given.given, given.left_out)
    )
    return Answers(*renewed)


def reuse(given: Answers, kept: str, slot: Slot) -> Answers:
    """Move an answer whose slot is gone into a slot of today, after what that one says already.

    A slot has one person and one document: where there is one, the other stays aside.
    """
    answer, nothing = given.given[kept], Answer(slot=kept, kind="")
    there = given.given.get(slot.id) or Answer(slot=slot.id, kind=slot.kind)
    moved, left = {"text": there.text + answer.text}, {"text": "", "pinned": (), "emptied": False}
    for names in (PERSON, ("document",)):
        if not getattr(there, names[0]):
            moved |= {name: getattr(answer, name) for name in names}
            left |= {name: getattr(nothing, name) for name in names}
    given.given[slot.id] = dataclasses.replace(there, **moved)
    rest = dataclasses.replace(answer, **left)
    if rest.is_empty:
        del given.given[kept]
    else:
        given.given[kept] = rest
    return given


def publish_container(page) -> None:
    """When an answer is published, so is the empty page that was made to hold it."""
    parent = page.get_parent().specific
    if isinstance(parent, CompletingPage) and parent.only_completes and not parent.live:
        parent.save_revision().publish()
