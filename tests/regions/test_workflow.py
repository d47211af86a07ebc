"""Submitting and approving: the right people are told, and a contributor publishes by no route."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Revision, WorkflowPage

from regions import mandates, reviews, rights, services
from regions.models import Groupement, Mandate
from regions.roles import RoleCode
from resources.models import NewsPage
from tests.factories import pages
from tests.helpers import page_html
from tests.regions.forms import edit_address, loaded, news_fields


@pytest.fixture
def draft(world):
    """A contributor's draft in their own groupement."""
    page = pages.news(world.home(world.a), "Café du mardi", live=False, owner=world.people["contributor_a"])
    page.save_revision(user=world.people["contributor_a"])
    return page


@pytest.fixture
def submit(signed_in):
    def post(page: Page, name: str = "contributor_a"):
        client = signed_in(name)
        mail.outbox.clear()
        return client.post(edit_address(page), news_fields(page, **loaded(client, page), **{"action-submit": "1"}))

    return post


@pytest.fixture
def answer(signed_in):
    def post(page: Page, name: str, action: str = "approve", comment: str = ""):
        mail.outbox.clear()
        state = page.current_workflow_task_state
        address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
        return signed_in(name).post(address, {"comment": comment, "next": "/admin/"})

    return post


def told() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def fresh(page: Page) -> Page:
    return type(page).objects.get(pk=page.pk)


def test_submission__of_a_contributor__is_told_to_the_referent_alone_with_a_link(world, draft, submit):
    submit(draft)
    assert told() == ["referent_a@example.org"]
    [message] = mail.outbox
    assert "Café du mardi" in message.subject
    assert f"http://mara.localhost{edit_address(draft)}" in message.body
    assert "Wagtail" not in message.body
    assert "workflow" not in message.body.lower()
    assert not fresh(draft).live


def test_approval__by_the_referent__publishes_and_tells_the_author(world, draft, submit, answer):
    submit(draft)
    answer(fresh(draft), "referent_a")
    assert fresh(draft).live
    assert told() == ["contributor_a@example.org"]
    assert fresh(draft).full_url in mail.outbox[0].body


def test_rejection__by_the_referent__tells_the_author_why(world, draft, submit, answer):
    submit(draft)
    answer(fresh(draft), "referent_a", "reject", "Il manque l’heure.")
    assert not fresh(draft).live
    assert told() == ["contributor_a@example.org"]
    assert "Il manque l’heure." in mail.outbox[0].body
    assert edit_address(draft) in mail.outbox[0].body


@pytest.mark.parametrize("name", ["contributor_a", "referent_b", "zone_b", "editor", "member"])
def test_approval__by_anybody_else__is_refused(world, draft, submit, answer, name):
    submit(draft)
    answer(fresh(draft), name)
    assert not fresh(draft).live
    assert fresh(draft).workflow_in_progress


CHAIN = [
    # what is missing, who reviews
    ((), "referent_a"),
    (("referent_a",), "referent_b"),  # the stand-in groupement's
    (("referent_a", "referent_b"), "zone_a"),
    (("referent_a", "referent_b", "zone_a"), "admin"),
]


@pytest.mark.parametrize(("gone", "reviewer"), CHAIN)
def test_reviewers__of_a_vacant_groupement__are_its_stand_in_then_zone_then_nation(
    world, draft, submit, answer, gone, reviewer
):
    Groupement.objects.filter(pk=world.a.pk).update(fallback=world.b)
    for name in gone:
        mandates.end_mandate_now(mandate=Mandate.objects.get(person=world.people[name]))
    submit(draft)
    assert told() == [f"{reviewer}@example.org"]
    waiting = {name for name, person in world.people.items() if reviews.pages_to_review(person).exists()}
    assert waiting == {reviewer}
    answer(fresh(draft), reviewer)
    assert fresh(draft).live


def test_reviewers__successor_named__are_the_groupement_s_own_again(world, draft, submit):
    mandates.end_mandate_now(mandate=Mandate.objects.get(person=world.people["referent_a"]))
    mandates.grant_mandate(person=world.people["member"], role=RoleCode.REFERENT, groupement=world.a)
    submit(draft)
    assert told() == ["member@example.org"]


def test_national_sections__in_every_language__are_reviewed_by_the_national_team(world):
    english = world.national.copy_for_translation(
        Locale.objects.get_or_create(language_code="en")[0], copy_parents=True
    )
    homes = rights.national_homes()
    assert english.pk in {home.pk for home in homes}
    [workflow] = {WorkflowPage.objects.get(page=home).workflow for home in homes}
    [task] = workflow.tasks
    roles = set(task.specific.groups.values_list("role_group__role", flat=True))
    assert roles == {RoleCode.NATIONAL_EDITOR, RoleCode.NATIONAL_ADMIN}


def test_submission__in_a_national_section__is_told_to_the_national_team(world, submit):
    page = pages.news(world.national, "Note nationale", live=False)
    page.save_revision(user=world.people["editor"])
    submit(page, "editor")
    assert told() == ["admin@example.org"], "the editor who submits is not told"


def test_provisioning__again__keeps_one_workflow(world):
    services.ensure_national_workflow()
    before = WorkflowPage.objects.count()
    services.provision_groupement(code=world.a.code, name=world.a.name, zone=world.zone_a)
    assert WorkflowPage.objects.count() == before


# --- A contributor publishes by no route ---------------------------------------------------------------


def by_publish_button(world, client, draft, live):
    client.post(edit_address(draft), news_fields(draft, **loaded(client, draft), **{"action-publish": "1"}))


def by_publish_button_of_a_new_page(world, client, draft, live):
    section = draft.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["resources", "newspage", section.pk])
    client.post(address, news_fields(title="Toute neuve", slug="toute-neuve", **{"action-publish": "1"}))
    assert NewsPage.objects.filter(slug="toute-neuve").exists()


def by_schedule(world, client, draft, live):
    past = timezone.localtime(timezone.now() - dt.timedelta(minutes=5)).strftime("%d/%m/%Y %H:%M")
    soon = timezone.localtime(timezone.now() + dt.timedelta(minutes=5)).strftime("%d/%m/%Y %H:%M")
    for moment in (past, soon):
        fields = news_fields(draft, go_live_at=moment, **{"action-publish": "1"})
        client.post(edit_address(draft), fields | loaded(client, draft))
    NewsPage.objects.filter(pk=draft.pk).update(go_live_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)


def by_copy(world, client, draft, live):
    for extra in ({"publish_copies": "on"}, {"alias": "on"}, {"publish_copies": "on", "alias": "on"}):
        fields = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": live.get_parent().pk, **extra}
        client.post(reverse("wagtailadmin_pages:copy", args=[live.pk]), fields)


def by_revert(world, client, draft, live):
    revision = draft.get_latest_revision()
    address = reverse("wagtailadmin_pages:revisions_revert", args=[draft.pk, revision.pk])
    client.post(address, news_fields(draft, revision=str(revision.pk), **{"action-publish": "1"}))
    fields = news_fields(draft, revision=str(revision.pk), **loaded(client, draft), **{"action-publish": "1"})
    client.post(edit_address(draft), fields)


def by_bulk_action(world, client, draft, live):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={draft.pk}&next=/admin/", {"include_descendants": "on"})


def by_approving_oneself(world, client, draft, live):
    client.post(edit_address(draft), news_fields(draft, **loaded(client, draft), **{"action-submit": "1"}))
    state = fresh(draft).current_workflow_task_state
    for action in ("approve", "reject"):
        address = reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, action, state.pk])
        client.post(address, {"comment": ""})
        fields = {"action-workflow-action": "1", "workflow-action-name": action}
        client.post(edit_address(draft), news_fields(draft, **loaded(client, draft), **fields))


def by_the_programming_interface(world, client, draft, live):
    for path in (f"/admin/api/main/pages/{draft.pk}/", f"/admin/api/main/pages/{draft.pk}/action/publish/"):
        for method in ("post", "put", "patch"):
            getattr(client, method)(path, {}, content_type="application/json")


def by_moving_under_a_live_parent(world, client, draft, live):
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, draft.get_parent().pk]), {})


ROUTES = [
    by_publish_button,
    by_publish_button_of_a_new_page,
    by_schedule,
    by_copy,
    by_revert,
    by_bulk_action,
    by_approving_oneself,
    by_the_programming_interface,
    by_moving_under_a_live_parent,
]


@pytest.mark.parametrize("route", ROUTES)
def test_contributor__any_route__publishes_nothing(world, signed_in, draft, route):
    live = pages.news(world.home(world.a), "Déjà en ligne", owner=world.people["contributor_a"])
    live.save_revision()
    before = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    route(world, signed_in("contributor_a"), draft, live)
    assert set(Page.objects.filter(live=True).values_list("pk", flat=True)) == before
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_contributor__changing_a_published_page__leaves_what_visitors_read(world, signed_in):
    live = pages.news(world.home(world.a), "En ligne", owner=world.people["contributor_a"], summary="Ce qui change.")
    live.save_revision().publish()
    client = signed_in("contributor_a")
    fields = news_fields(live, summary="Changé.", **loaded(client, live), **{"action-publish": "1"})
    client.post(edit_address(live), fields)
    assert fresh(live).summary == "Ce qui change."
    assert fresh(live).has_unpublished_changes


@pytest.mark.parametrize("name", ["unpublish", "delete"])
def test_contributor__withdrawing_a_published_page__is_refused(world, signed_in, name):
    live = pages.news(world.home(world.a), "En ligne", owner=world.people["contributor_a"])
    address = reverse(f"wagtailadmin_pages:{name}", args=[live.pk])
    signed_in("contributor_a").post(address, {"next": "/admin/"})
    assert fresh(live).live


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_contributor__withdrawing_in_bulk__is_refused(world, signed_in, action):
    live = pages.news(world.home(world.a), "En ligne", owner=world.people["contributor_a"])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    signed_in("contributor_a").post(f"{address}?id={live.pk}&next=/admin/", {})
    assert fresh(live).live


# --- The calendar publishes and withdraws ---------------------------------------------------------------


def at(minutes: int) -> str:
    return timezone.localtime(timezone.now() + dt.timedelta(minutes=minutes)).strftime("%d/%m/%Y %H:%M")


def test_schedule__set_by_the_referent__publishes_when_the_clock_turns(world, signed_in, draft, visit, monkeypatch):
    client = signed_in("referent_a")
    fields = news_fields(draft, go_live_at=at(30), **loaded(client, draft), **{"action-publish": "1"})
    client.post(edit_address(draft), fields)
    call_command("publish_scheduled", verbosity=0)
    assert not fresh(draft).live
    later = timezone.now() + dt.timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    call_command("publish_scheduled", verbosity=0)
    assert fresh(draft).live
    assert "Café du mardi" in page_html(visit(world.host(world.a), "/actualites/"))


def test_expiry__set_by_the_referent__withdraws_when_the_clock_turns(world, draft, monkeypatch):
    draft.expire_at = timezone.now() + dt.timedelta(minutes=30)
    draft.save_revision().publish()
    assert fresh(draft).live
    later = timezone.now() + dt.timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    call_command("publish_scheduled", verbosity=0)
    assert not fresh(draft).live
