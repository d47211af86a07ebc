"""How tests bring a spreadsheet in: through the screens, as a person without JavaScript does."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from resources.contacts.importing.models import ContactImport, State
from resources.contacts.importing.steps import advance
from tests.factories import pages

HEAD = "Nom;Catégorie;Téléphone;E-mail;CP;Commune;Horaires"


def table(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *lines]).encode()


def section_of(world, groupement=None):
    return pages.section(world.home(groupement or world.a), "annuaire")


def send(client: Client, section, raw: bytes, name: str = "contacts.csv"):
    """Send a file to a directory's screen."""
    return client.post(reverse("contact_import_section", args=[section.pk]), {"file": SimpleUploadedFile(name, raw)})


def press(client: Client, origin: ContactImport, step: str, **fields):
    return client.post(reverse("contact_import", args=[origin.pk]), {"step": step, **fields})


def finish(client: Client, origin: ContactImport) -> ContactImport:
    """Press “Continue” until somebody has to decide."""
    for _turn in range(100):
        origin.refresh_from_db()
        if not origin.is_running:
            return origin
        assert press(client, origin, "continue").status_code == 302
    raise AssertionError(f"does not end: {origin.state}")


def prepared(client: Client, section, raw: bytes, *, category=None) -> ContactImport:
    """An import whose columns were accepted as guessed, ready to be confirmed."""
    assert send(client, section, raw).status_code == 302
    origin = finish(client, ContactImport.objects.order_by("-pk")[0])
    assert origin.state == State.COLUMNS, origin.refusal
    fields = {f"column-{number}": code for number, code in origin.mapping.items()}
    press(client, origin, "columns", default_category=category.pk if category else "", **fields)
    origin = finish(client, origin)
    assert origin.state == State.READY
    return origin


def applied(client: Client, origin: ContactImport, *, publish: bool = True) -> ContactImport:
    press(client, origin, "apply", publish="1" if publish else "0")
    return finish(client, origin)


def run(origin: ContactImport) -> ContactImport:
    """Go on without anybody, to the end of the step."""
    while origin.is_running:
        origin = advance(origin.pk, seconds=0)
    return origin
