"""Pages published: by their forms, by an approval, by the answers of a groupement, by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from benchmarks.killed.stand_ins import turn_of_the_clock
from benchmarks.killed.works import Work, send, signed_in
from tests.factories import frames, pages
from tests.factories import world as world_module
from tests.regions.forms import edit_address, loaded, news_fields


@dataclass
class Form:
    """A form that somebody filled in, and may send again."""

    client: Client
    address: str
    fields: dict


def press(form: Form) -> None:
    send(form.client, form.address, form.fields)


PUBLISH, SUBMIT = {"action-publish": "1"}, {"action-submit": "1"}


def news(**fields) -> Page:
    """A page of a groupement, published with its version."""
    world = world_module.load()
    page = pages.news(world.home(world.a), "Café du mardi", owner=world.people["contributor_a"], **fields)
    revision = page.save_revision(user=world.people["contributor_a"])
    if page.live:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def changed_news(name: str, buttons: dict[str, str], **fields) -> Callable[[], Form]:
    """The form of that page, with another title, and the button that sent it: that of a draft has no name."""

    def prepare() -> Form:
        page, client = news(**fields), signed_in(name)
        typed = news_fields(page, title="Café du jeudi", **loaded(client, page), **buttons)
        return Form(client, edit_address(page), typed)

    return prepare


def new_page() -> Form:
    world = world_module.load()
    section = pages.section(world.home(world.a), "actualites")
    address = reverse("wagtailadmin_pages:add", args=["resources", "newspage", section.pk])
    return Form(signed_in("referent_a"), address, news_fields(**PUBLISH))


def approval() -> Form:
    page, client = news(live=False), signed_in("contributor_a")
    client.post(edit_address(page), news_fields(page, **loaded(client, page), **SUBMIT))
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    return Form(signed_in("referent_a"), address, {"comment": "Très bien.", "next": "/admin/"})


def withdrawal() -> Form:
    page = news()
    return Form(signed_in("referent_a"), reverse("wagtailadmin_pages:unpublish", args=[page.pk]), {})


def several() -> Form:
    """Three drafts published from the explorer."""
    world = world_module.load()
    drafts = [pages.news(world.home(world.a), f"Brouillon {number}", live=False) for number in range(3)]
    for page in drafts:
        page.save_revision(user=world.people["referent_a"])
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return Form(signed_in("referent_a"), address + "?" + "&".join(f"id={page.pk}" for page in drafts), {"next": "/"})


# --- The trame commune ----------------------------------------------------------------------------


def frame_fields(page: Page, text: str, **fields) -> dict:
    """The form of a national chapter with one paragraph and one slot."""
    slot = {"title": "Titre s1", "kind": "text", "required": "on", "prompt": "Question", "example": "", "theme": ""}
    body = streamfield([("rich_text", rich_text(f"<p>{text}</p>")), ("local_slot", slot | {"minimum": "1"})])
    body["0"]["id"], body["1"]["id"] = "t1", "s1"
    data = {"title": page.title, "slug": page.slug, "summary": "", "body": body, "owner_name": "Paul Durand"}
    data |= {"next_check_on": "2037-06-01", "owner_role": "", "comments": inline_formset([])}
    return nested_form_data(data | fields)


def national(**fields) -> Callable[[], Form]:
    """The form of a frame with another text; two groupements answered the one that is published."""

    def prepare() -> Form:
        world = world_module.load()
        page = frames.frame(world.national, body=[frames.text("t1"), frames.slot("s1")])
        for groupement in (world.a, world.b):
            frames.complement(world.home(groupement), page, frames.given({"s1": f"Chez nous, {groupement.name}."}))
        client = signed_in("editor")
        typed = frame_fields(page, "Le texte nouveau.", **loaded(client, page), **PUBLISH, **fields)
        return Form(client, edit_address(page), typed)

    return prepare


def national_plain() -> Form:
    world = world_module.load()
    page = frames.published(pages.chapter(pages.guide(world.national), "Bien partir", **frames.KEPT))
    client = signed_in("editor")
    return Form(client, edit_address(page), frame_fields(page, "Tout est dit.", **loaded(client, page), **PUBLISH))


def answers() -> Form:
    world = world_module.load()
    page = frames.frame(world.national, body=[frames.text("t1"), frames.slot("s1")])
    address = reverse("frame_answers", args=[world.a.pk, page.translation_key])
    fields = {"b-s1-text": rich_text("<p>Le bureau reçoit le mardi.</p>"), "action": "publish"}
    return Form(signed_in("referent_a"), address, fields | {"loaded_revision_id": "none"})


# --- The clock ------------------------------------------------------------------------------------


def waiting_for_the_clock() -> None:
    """Two pages whose hour has come, one for an event; two that have expired."""
    world = world_module.load()
    home, past = world.home(world.a), timezone.now() - dt.timedelta(minutes=5)
    for page in (
        pages.news(home, "À paraître", live=False),
        pages.event(home, "Café à paraître", live=False),
    ):
        page.go_live_at = past
        revision = page.save_revision(user=world.people["referent_a"])
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past)
    for page in (pages.news(home, "Finie"), pages.event(home, "Café fini")):
        page.save_revision().publish()
        Page.objects.filter(pk=page.pk).update(expire_at=past)


def works() -> list[Work]:
    """What is published."""
    return [
        Work("publishing: a national page", national_plain, press),
        Work(
            "publishing: a frame that groupements answered",
            national(change_importance="review", change_note="Les prix ont changé."),
            press,
        ),
        Work("publishing: the answers of a groupement", answers, press),
        Work("publishing: a référent's new page", new_page, press),
        Work("publishing: a référent's page, changed", changed_news("referent_a", PUBLISH), press),
        Work("publishing: a draft saved", changed_news("referent_a", {}), press),
        Work("publishing: a page submitted", changed_news("contributor_a", SUBMIT, live=False), press),
        Work("publishing: an approval", approval, press),
        Work("publishing: three drafts from the explorer", several, press),
        Work("publishing: a page withdrawn", withdrawal, press),
        Work("publishing: at its hour, by the clock", waiting_for_the_clock, lambda _nothing: turn_of_the_clock()),
    ]
