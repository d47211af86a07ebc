"""What the revisions and the log say of a new page: what Wagtail writes as the page is added, named and published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, Revision

from core.signal_handlers import fold_text


@dataclass
class History:
    """One page, from its first revision to the published one.

    Attributes:
        page: the page; not inserted before :meth:`grow`, inserted after.
        now: when all of it happens.
        source: for a version in another language, the page that it is the version of.
        name: gives the version its texts; until then it has those of its source.
    """

    page: Page
    now: datetime
    source: Page | None = None
    name: Callable[[Page], None] | None = None

    def grow(self) -> None:
        """Publish the page in memory; its contents are noted as it goes."""
        page, is_version = self.page, self.source is not None
        page.content_type = ContentType.objects.get_for_model(type(page))
        page.live, page.has_unpublished_changes = not is_version, is_version
        if is_version:
            page.latest_revision_created_at = self.now  # copied with the rest of its source
        self._clean()
        self.first_title, self.contents = page.title, [page.serializable_data()]
        page.latest_revision_created_at = self.now
        if is_version:
            if self.name:
                self.name(page)
            self.contents.append(page.serializable_data())
            self._clean()
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.last_published_at = self.now

    def _clean(self) -> None:
        page = self.page
        page.draft_title = page.title
        # What the page points at is known to be there.
        page.clean_fields(exclude=[column.name for column in page._meta.fields if column.is_relation])
        fold_text(type(page), page)

    def revision(self, number: int) -> Revision | None:
        """The page's revision of that number, to be inserted; none when it has not so many."""
        if number >= len(self.contents):
            return None
        content = self.contents[number] | {"pk": self.page.pk}
        if number:
            content["latest_revision"] = self.page.latest_revision_id
        return Revision(
            content_type=self.page.content_type,
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id=str(self.page.pk),
            created_at=self.now,
            content=content,
            object_str=content["title"],
        )

    def log(self) -> list[PageLogEntry]:
        """The entries of the log, in order."""
        page, revision = self.page, self.page.live_revision
        entries = [self._entry("wagtail.create", self.first_title, content_changed=True)]
        data = {}
        if self.source is not None:
            copied = self._copied(self.source)
            entries.append(self._entry("wagtail.copy_for_translation", self.first_title, data=copied))
        if page.title != self.first_title:
            data = {"title": {"old": self.first_title, "new": page.title}}
            entries.append(self._entry("wagtail.rename", page.title, revision=revision, data=data))
        entries.append(self._entry("wagtail.publish", page.title, revision=revision, data=data, content_changed=True))
        return entries

    def _entry(self, action: str, label: str, **fields) -> PageLogEntry:
        context = get_active_log_context()
        return PageLogEntry(
            page=self.page,
            content_type=self.page.content_type,
            label=label,
            action=action,
            timestamp=self.now,
            user=context.user,
            uuid=context.uuid,
            **fields,
        )

    def _copied(self, source: Page) -> dict:
        page = self.page
        parents = source.get_parent(), page.get_parent()
        return {
            "page": {"id": page.pk, "title": self.first_title, "locale": _language(page)},
            "source": {"id": parents[0].pk, "title": parents[0].get_admin_display_title()},
            "destination": {"id": parents[1].pk, "title": parents[1].get_admin_display_title()},
            "keep_live": False,
            "source_locale": _language(source),
        }


def _language(page: Page) -> dict:
    return {"id": page.locale_id, "language_code": page.locale.language_code}
