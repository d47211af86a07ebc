"""Carries out what was confirmed, a few contacts at a time, as an editor does: page, version, journal, publication."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, TaskState, Workflow, WorkflowState

from core.text import fold
from regions.rights import national_homes
from resources.contacts.importing import writing
from resources.contacts.importing.cleaning import place_key
from resources.contacts.importing.known import SOURCE
from resources.contacts.importing.models import Action, ContactImport, ContactImportRow, Outcome, State
from resources.contacts.models import ContactListingPage, ContactPage
from users import mail

# Each contact writes some thirty rows: a short transaction keeps nobody waiting.
CHUNK = 10
_OUTCOME = ["outcome", "problems", "page", "revision_before", "revision_after", "was_published"]
TO_DO = (Action.CREATE, Action.MERGE)


class CannotWriteError(Exception):
    """Why one line could not be carried out, in words."""


def no_rows() -> str:
    return _("This file has no line below its headings.")


def confirm(origin: ContactImport, *, user, publish: bool) -> None:
    """Begin to carry out an import that waits for it. The caller holds its row.

    Lines that do nothing are closed at once.
    """
    origin.acting, origin.publish = user, publish and may_publish(user, origin.section)
    origin.state, origin.position, origin.moved_at = State.APPLYING, 0, timezone.now()
    origin.rows.exclude(action__in=TO_DO).update(outcome=Outcome.NOTHING)
    origin.save(update_fields=["acting", "publish", "state", "position", "moved_at"])


def may_write(user, section: Page) -> bool:
    """Whether a person may add contacts to a directory."""
    return bool(user and user.is_active and section.permissions_for_user(user).can_add_subpage())


def may_publish(user, section: Page) -> bool:
    """Whether a person may publish the contacts of a directory; the others' go to review."""
    return bool(user and user.is_active and section.permissions_for_user(user).can_publish_subpage())


def step(origin: ContactImport) -> Callable[[ContactImport], None]:
    """A step that carries out ten lines."""

    def apply(current: ContactImport) -> None:
        section = ContactListingPage.objects.get(pk=current.section_id)
        waiting = current.rows.filter(outcome=Outcome.WAITING, action__in=TO_DO)
        if not may_write(current.acting, section):
            waiting.update(outcome=Outcome.SKIPPED, problems=[_("The right to write here has ended.")])
        rows = list(waiting.order_by("line")[:CHUNK])
        if not rows:
            current.state, current.position, current.applied_at = State.DONE, 0, timezone.now()
            _tell_reviewers(current)
            return
        writer = Writer(current, section)
        for row in rows:
            writer.carry_out(row)
        ContactImportRow.objects.bulk_update(rows, _OUTCOME)
        current.position += len(rows)

    return apply


class Writer:
    """Writes the contacts of one step."""

    def __init__(self, origin: ContactImport, section: ContactListingPage) -> None:
        self.origin, self.section, self.user = origin, section, origin.acting
        self.publishes = origin.publish and may_publish(self.user, section)
        self.workflow: Workflow | None = None if self.publishes else section.get_workflow()
        parents = [section.path, *(home.path for home in national_homes() if home.locale_id == section.locale_id)]
        self.taken: set[str] = set()
        for path in parents:
            self.taken |= set(
                Page.objects.filter(path__startswith=path, depth=section.depth + 1).values_list("slug", flat=True)
            )

    def carry_out(self, row: ContactImportRow) -> None:
        """Do what a line asks, or write down why it could not be done."""
        try:
            with transaction.atomic():
                if row.action == Action.CREATE or row.match_id is None:
                    self._create(row)
                else:
                    self._merge(row)
        except CannotWriteError as error:
            self._skip(row, str(error))
        except (ValidationError, IntegrityError) as error:
            words = " ".join(error.messages) if isinstance(error, ValidationError) else ""
            self._skip(row, words or _("This contact could not be saved."))

    def _skip(self, row: ContactImportRow, why: str) -> None:
        row.outcome, row.problems, row.page_id = Outcome.SKIPPED, [*row.problems, why], None
        row.revision_before = row.revision_after = None

    def _create(self, row: ContactImportRow) -> None:
        if not row.same_as and self._appeared_since(row):
            raise CannotWriteError(_("A contact of this name and town was made meanwhile: send the file again."))
        page = ContactPage(
            locale_id=self.section.locale_id,
            slug=self._free_slug(row.values["title"]),
            owner=self.user,
            live=False,
            has_unpublished_changes=True,
            source=SOURCE,
        )
        writing.write(page, row.values)
        self.section.add_child(instance=page)
        revision = page.save_revision(user=self.user, changed=True, clean=False)
        self._send(page, revision)
        row.page, row.outcome, row.revision_after = page, Outcome.CREATED, revision.pk
        row.was_published = self.publishes

    def _appeared_since(self, row: ContactImportRow) -> bool:
        """Whether somebody made the same place after the lines were compared: another window, another person."""
        same_name = ContactPage.objects.filter(
            path__startswith=self.section.path, sort_key=fold(row.values["title"])[:255]
        )
        return any(place_key(*one) == row.key for one in same_name.values_list("title", "commune"))

    def _merge(self, row: ContactImportRow) -> None:
        stored = ContactPage.objects.select_for_update(of=("self",)).filter(pk=row.match_id).first()
        if stored is None or not stored.path.startswith(self.section.path):
            raise CannotWriteError(_("This contact is no longer there."))
        if not stored.permissions_for_user(self.user).can_edit():
            raise CannotWriteError(_("You may not change this contact: tell your référent."))
        if (lock := stored.get_lock()) and lock.for_user(self.user):
            raise CannotWriteError(_("Somebody has locked this contact: unlock it first."))
        was_clean = stored.live and not stored.has_unpublished_changes
        before = stored.latest_revision or stored.save_revision(user=None, changed=False, clean=False)
        page = before.as_object()
        if not writing.differences(page, row.values):
            row.outcome = Outcome.NOTHING
            return
        writing.write(page, row.values)
        revision = page.save_revision(user=self.user, log_action=True, clean=True)
        if self.publishes and was_clean:
            revision.publish(user=self.user)
            row.was_published = True
        row.page_id, row.outcome = stored.pk, Outcome.CHANGED
        row.revision_before, row.revision_after = before.pk, revision.pk

    def _send(self, page: ContactPage, revision) -> None:
        """Publish, or put before those who review; without one message for each contact."""
        if self.publishes:
            revision.publish(user=self.user)
        elif self.workflow and not may_publish(self.user, self.section):
            submit(page, self.workflow, self.user)

    def _free_slug(self, title: str) -> str:
        base = slugify(title)[:70].strip("-") or "contact"
        slug, number = base, 2
        while slug in self.taken:
            slug, number = f"{base}-{number}", number + 1
        self.taken.add(slug)
        return slug


def submit(page: ContactPage, workflow: Workflow, user) -> None:
    """Put a page before those who review it, as Wagtail's ``Workflow.start`` does, less its message to each of them.

    A file of three hundred contacts would send three hundred messages; one is sent when all are there.
    """
    task = workflow.tasks.first()
    if task is None:
        return
    kind = {"content_type": page.get_content_type(), "base_content_type": page.get_base_content_type()}
    state = WorkflowState(
        **kind,
        object_id=str(page.pk),
        workflow=workflow,
        status=WorkflowState.STATUS_IN_PROGRESS,
        requested_by=user,
    )
    state.save()
    task_state = task.specific.get_task_state_class()(
        workflow_state=state, task=task, status=TaskState.STATUS_IN_PROGRESS, revision=page.latest_revision
    )
    task_state.save()
    state.current_task_state = task_state
    state.save()
    data = {"workflow": {"id": workflow.pk, "title": workflow.name, "status": state.status, "next": None}}
    log(instance=page, action="wagtail.workflow.start", user=user, data=data)


def _tell_reviewers(origin: ContactImport) -> None:
    """One message to those who review, about all the contacts of an import."""
    if origin.publish or may_publish(origin.acting, origin.section):
        return
    count = origin.rows.filter(outcome=Outcome.CREATED).count()
    workflow = origin.section.get_workflow()
    task = workflow.tasks.first().specific if workflow and workflow.tasks.exists() else None
    if not count or task is None or not hasattr(task, "groups"):
        return
    people = get_user_model().objects.filter(groups__in=task.groups.all(), is_active=True)
    addresses = people.exclude(pk=origin.acting_id).values_list("email", flat=True)
    context = {"count": count, "person": origin.acting, "path": reverse("contact_import", args=[origin.pk])}
    mail.send("contacts_to_review", to=addresses, context=context)
