"""What comes through when one wall is gone: each says whether it did, in a world of its own."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.models import PageViewRestriction

from dashboards.models import Label
from exchanges.checking import links
from exchanges.checking.models import CheckRound
from exchanges.corrections.models import Correction
from exchanges.models import CallbackRequest
from mara_site.hosting.export.tables import tables_of
from regions import invitations, mandates, rights
from regions.models import Invitation
from regions.reach import reach_of
from regions.roles import RoleCode
from resources.team_calendar.models import TeamCalendarKey, digest_of, make_key
from tests.factories import catalogue, english, frames, pages
from tests.helpers import variables_kept
from tests.isolation.test_references import form_data


def browser(world, name: str) -> Client:
    client = Client(headers={"host": world.national_host}, raise_request_exception=False)
    client.force_login(world.people[name])
    return client


def reads(name: str, address: str, *args, **query):
    """Whether somebody reads the name of the other groupement on a screen."""

    def leaks(world) -> bool:
        values = [one(world) if callable(one) else one for one in args]
        response = browser(world, name).get(reverse(address, args=values), query)
        return response.status_code == 200 and world.b.name in response.content.decode()

    return leaks


def labels(world) -> bool:
    for place in (world.a, world.b):
        Label.objects.get_or_create(groupement=place, defaults={"state": "held", "awarded_on": frames.DAY})
    return reads("zone_a", "labels")(world)


def suggestions(world) -> bool:
    national = frames.frame(world.national)
    Correction.objects.create(
        key=uuid.uuid4(),
        groupement=world.b,
        page_id=national.pk,
        page_title=national.title,
        block="t2",
        remark="Un mot",
        author=world.people["referent_b"],
    )
    return reads("zone_a", "dashboard")(world)


def starts_above(world) -> bool:
    """The chooser opens above what the person holds."""
    answer = browser(world, "referent_a").get(reverse("wagtailadmin_choose_page")).json()
    return answer["parent_page_id"] != world.home(world.a).pk


def groups_are_lost(world) -> bool:
    page = pages.news(world.home(world.a))
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    zone = rights.group_for(RoleCode.ZONE_REFERENT, zone=world.zone_a)
    restriction.groups.set([zone])
    own = rights.group_for(RoleCode.REFERENT, groupement=world.a)
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    browser(world, "referent_a").post(address, {"restriction_type": "groups", "groups": [own.pk]})
    return zone not in restriction.groups.all()


def points_elsewhere(world) -> bool:
    """A page is saved that points at the picture of another groupement."""
    page, stolen = pages.news(world.home(world.a)), catalogue.image("Volée", collection=world.b.collection)
    browser(world, "referent_a").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page, image=str(stolen.pk))
    )
    return page.revisions.filter(content__image=stolen.pk).exists()


def is_written_to(world) -> bool:
    """Somebody who does not hold a page is told what became of it."""
    page = pages.news(world.home(world.a), live=False)
    page.save_revision(user=world.people["referent_b"])
    state = world.a.workflow.start(page, world.people["referent_b"])
    mail.outbox.clear()
    state.current_task_state.reject(user=world.people["referent_a"], comment="Non")
    return "referent_b@example.org" in {address for message in mail.outbox for address in message.to}


def exported(world) -> bool:
    """What one groupement takes away holds a record of another's."""
    if not CallbackRequest.objects.exists():
        words = {"name": "Zqvisiteur", "about": "Zq", "consent_version": "1", "groupement": world.b}
        CallbackRequest.objects.create(key=uuid.uuid4(), **words)
    return any(b"Zqvisiteur" in b"".join(pieces) for _name, pieces in tables_of(world.a))


def opens_after_the_mandate(world) -> bool:
    mandate = world.people["referent_b"].mandates.get()
    token = make_key(mandate)
    mandates.end_mandate_now(mandate=mandate)
    response = Client(headers={"host": world.national_host}).get(reverse("team_calendar_feed", args=[token]))
    return response.status_code == 200


def link_opens_elsewhere(world) -> bool:
    """The address of a check opens on the site of another groupement."""
    round_ = CheckRound.objects.get_or_create(
        groupement=world.b, half="2026-2", defaults={"expires_on": frames.DAY.replace(year=2099)}
    )[0]
    path = "/" + links.make(round_, world.people["referent_b"].mandates.get()).split("/", 3)[3]
    return Client(headers={"host": world.host(world.a)}).get(path).status_code == 200


def any_link(token: str, groupement):
    return links.CheckLink.objects.filter(digest=digest_of(token)).select_related("round", "mandate__person").first()


def opens_team(kind: str, place: Callable):
    def leaks(world) -> bool:
        address = reverse("team", args=[kind, place(world).pk])
        return browser(world, "referent_a").get(address).status_code == 200

    return leaks


def gives_more(world) -> bool:
    """A zone référent makes another one."""
    data = {"email": "x@example.org", "role": RoleCode.ZONE_REFERENT}
    browser(world, "zone_a").post(reverse("team", args=["zone", world.zone_a.pk]), data)
    return Invitation.objects.filter(email="x@example.org").exists()


def still_gives(world) -> bool:
    """An invitation outlives the mandate of whoever sent it."""
    mail.outbox.clear()
    invitations.invite(
        email="x@example.org", role=RoleCode.CONTRIBUTOR, place=world.b, invited_by=world.people["admin"]
    )
    token = re.search(r"/invitation/(\S+?)/?\s", mail.outbox[0].body)[1]
    type(invitations.find(token)).objects.update(invited_by=world.people["referent_a"])
    return invitations.find(token) is not None


def public(path: str, make: Callable):
    """Whether the site of one groupement shows something that another did not share."""

    def leaks(world) -> bool:
        make(world)
        return b"Zqailleurs" in Client(headers={"host": world.host(world.a)}).get(path).content

    return leaks


def restricted_chapter(world) -> bool:
    """A guide names a chapter of its own that is reserved."""
    guide = pages.guide(world.home(world.a))
    chapter = pages.chapter(guide, "Zqchapitre")
    PageViewRestriction.objects.create(page=chapter, restriction_type="groups")
    client = Client(headers={"host": world.host(world.a)})
    return b"Zqchapitre" in client.get(guide.get_url_parts()[2]).content


def open_events(world) -> bool:
    pages.event(world.home(world.b), "Zqinscriptions", registers_here=True)
    return b"Zqinscriptions" in browser(world, "referent_a").get(reverse("registration:dates")).content


def sees_a_key(world) -> bool:
    make_key(world.people["referent_b"].mandates.get())
    return TeamCalendarKey.objects.for_user(world.people["referent_a"]).exists()


def in_two_languages(world) -> None:
    if world.a.roots.count() == 1:
        english.national(world.national)
        english.groupement(world.a)


def explores_from_the_root(world) -> bool:
    """The explorer opens on the root of the whole tree for who holds homes in two languages."""
    in_two_languages(world)
    with variables_kept():
        response = browser(world, "referent_a").get(reverse("wagtailadmin_explore_root"), follow=True)
    return getattr((response.context or {}).get("parent_page"), "depth", 0) == 1


def explores_another(world) -> bool:
    in_two_languages(world)
    home = world.home(world.b)
    response = browser(world, "referent_a").get(reverse("wagtailadmin_explore", args=[home.pk]))
    return response.status_code == 200


def counts_others(world) -> bool:
    """A home says that it has what is another's."""
    pages.event(world.home(world.b), "Zqailleurs")
    return "Aucune rencontre locale" not in Client(headers={"host": world.host(world.a)}).get("/").content.decode()


def anything(queryset, place):
    return queryset.filter(live=True)


def explore(self, request, parent_page_id=None):
    self.reach = reach_of(request.user)
    return ExplorableIndexView.get(self, request, parent_page_id)
