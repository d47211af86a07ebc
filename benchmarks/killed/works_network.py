"""Groupements and the network made, by the screen and by the commands."""

from __future__ import annotations

import io

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from benchmarks.killed.works import Work, send, signed_in
from tests.factories import english
from tests.factories import world as world_module

FORM = {"name": "Gironde", "code": "gironde", "status": "setup", "accent": "olive", "departements": ["33"]}


def by_the_screen(client: Client) -> None:
    send(client, reverse("groupement:add"), FORM)


def in_two_languages() -> None:
    world = world_module.load()
    english.network()
    english.national(world.national)


def by_the_command(_nothing: object) -> None:
    arguments = ["gironde", "Gironde", "--departements", "33", "--zone", "sud", "--languages", "fr", "en"]
    call_command("provision_groupement", *arguments, stdout=io.StringIO())


def the_network(_nothing: object) -> None:
    call_command("provision_network", hostname="www.example.org", port=443, stdout=io.StringIO())


def works() -> list[Work]:
    """What is provisioned."""
    return [
        Work("provisioning: the network, by its command", lambda: None, the_network, bare=True),
        Work("provisioning: a groupement, by its screen", lambda: signed_in("admin"), by_the_screen),
        Work("provisioning: in two languages, by its command", in_two_languages, by_the_command),
    ]
