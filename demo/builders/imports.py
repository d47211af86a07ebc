"""Tables that a référent brought in: one carried out, which may be taken back, and one that waits."""

from __future__ import annotations

from django.utils import timezone

from demo.builders.base import Load
from demo.sources import ROOT
from resources.contacts.importing import applying
from resources.contacts.importing.models import ContactImport, State
from resources.contacts.importing.reading import describe
from resources.contacts.importing.steps import advance
from resources.models import ContactListingPage

OWNER, SECTION = "finistere", "annuaire"
FILES = (("forum-des-associations.csv", True), ("entreprises-partenaires.csv", False))
FOLDER = ROOT / "data" / "imports"


def build(load: Load) -> None:
    """Bring in the tables, through the steps that the screens follow, unless the directory has some already."""
    section = ContactListingPage.objects.get(pk=load.section(OWNER, SECTION).pk)
    user = load.author(OWNER)
    if user is None or section.imports.exists():
        return
    for name, is_carried_out in FILES:
        raw = (FOLDER / name).read_bytes()
        origin = ContactImport.objects.create(
            groupement=load.groupements[OWNER],
            section=section,
            started_by=user,
            file_title=name,
            raw=raw,
            form=describe(raw),
            publish=True,
        )
        origin = _go_on(origin)
        origin.state, origin.moved_at = State.CHECKING, timezone.now()
        origin.save(update_fields=["state", "moved_at"])
        origin = _go_on(origin)
        if is_carried_out:
            applying.confirm(origin, user=user, publish=True)
            _go_on(origin)
        load.say(f"  {OWNER} : {name}, {origin.total} lignes")


def _go_on(origin: ContactImport) -> ContactImport:
    while origin.is_running:
        origin = advance(origin.pk)
    return origin
