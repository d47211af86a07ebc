"""The page tree of a site of the network, as data: what provisioning makes, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

HOME_MODEL = "home.HomePage"
GROUPEMENT_HOME_MODEL = "home.GroupementHomePage"


@dataclass(frozen=True)
class Section:
    """One section: its page type (``app_label.Model``), its fixed address, its title and summary."""

    model: str
    slug: str
    title: str
    summary: str


SECTIONS: tuple[Section, ...] = (
    Section("resources.GuideIndexPage", "guides", _("Guides"), _("The stages of a second career, one by one.")),
    Section(
        "resources.ContactListingPage",
        "annuaire",
        _("Directory"),
        _("Who can help: near your home and near your work."),
    ),
    Section(
        "resources.PartnerIndexPage", "partenaires", _("Partners"), _("Those we work with, and where to find them.")
    ),
    Section("resources.EventCalendarPage", "agenda", _("Calendar"), _("Meetings, workshops and permanences to come.")),
    Section("resources.LibraryPage", "ressources", _("Library"), _("Sheets, templates and recordings to take away.")),
    Section("resources.NewsIndexPage", "actualites", _("News"), _("What is new in the network.")),
)

# What only the national site has.
NATIONAL_SECTIONS: tuple[Section, ...] = (
    *SECTIONS,
    Section("home.GroupementIndexPage", "groupements", _("The network"), _("Find the groupement that will help you.")),
)
