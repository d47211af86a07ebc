"""The content's models, one folder for each page type; this module re-exports them and nothing else."""

from resources.contacts.importing.models import ContactColumns, ContactImport, ContactImportRow
from resources.contacts.models import ContactListingPage, ContactPage, ContactPhone, OpeningSlot
from resources.events.importing.models import EventImport, EventImportRow, EventSource, ImportedEvent
from resources.events.models import EventCalendarPage, EventPage
from resources.events.notes import LocalNote
from resources.events.occurrences import EventOccurrence
from resources.events.publication import EventPublication
from resources.events.rows import EventChange, EventDocument
from resources.frames.models import FrameChange, FrameLook
from resources.guides.models import GuideChapterPage, GuideIndexPage, GuidePage
from resources.index.models import IndexEntry, IndexPending, IndexState, Synonym
from resources.library.models import LibraryPage, ResourcePage
from resources.news.models import NewsIndexPage, NewsPage
from resources.partners.models import PartnerBranchPage, PartnerIndexPage, PartnerPage
from resources.reference import Audience, ContactCategory, Theme
from resources.standard.models import StandardPage
from resources.team_calendar.models import TeamCalendarKey

__all__ = [
    "Audience",
    "ContactCategory",
    "ContactColumns",
    "ContactImport",
    "ContactImportRow",
    "ContactListingPage",
    "ContactPage",
    "ContactPhone",
    "EventCalendarPage",
    "EventChange",
    "EventDocument",
    "EventImport",
    "EventImportRow",
    "EventOccurrence",
    "EventPage",
    "EventPublication",
    "EventSource",
    "FrameChange",
    "FrameLook",
    "GuideChapterPage",
    "GuideIndexPage",
    "GuidePage",
    "ImportedEvent",
    "IndexEntry",
    "IndexPending",
    "IndexState",
    "LibraryPage",
    "LocalNote",
    "NewsIndexPage",
    "NewsPage",
    "OpeningSlot",
    "PartnerBranchPage",
    "PartnerIndexPage",
    "PartnerPage",
    "ResourcePage",
    "StandardPage",
    "Synonym",
    "TeamCalendarKey",
    "Theme",
]
