"""Messages about a page go to those concerned who may still open it, with a link to it, and to nobody else."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Comment, CommentReply, Page, PageSubscription

from regions import mandates
from regions.admin.notices import ScopedEditView
from regions.models import Groupement
from regions.roles import RoleCode
from tests.factories import pages
from tests.regions.forms import edit_address, loaded, news_fields


@pytest.fixture
def draft(world):
    page = pages.news(world.home(world.a), "Café du mardi", live=False, owner=world.people["contributor_a"])
    page.save_revision(user=world.people["contributor_a"])
    return page


@pytest.fixture
def commented(world, draft):
    """A draft on which people of three places once wrote: what each may hear now is another matter."""
    comment = Comment.objects.create(
        page=draft, user=world.people["contributor_a"], text="zqpremier", contentpath="title"
    )
    for name in ("contributor_a", "referent_b", "zone_a", "member"):
        CommentReply.objects.create(comment=comment, user=world.people[name], text=f"zq{name}")
    PageSubscription.objects.create(page=draft, user=world.people["zone_b"], comment_notifications=True)
    PageSubscription.objects.create(page=draft, user=world.people["admin"], comment_notifications=True)
    return comment


def leave(world, name: str) -> None:
    [mandate] = world.people[name].mandates.all()
    mandates.end_mandate_now(mandate=mandate, by=world.people["admin"])
    mail.outbox.clear()


def told() -> list[str]:
    return sorted(address.removesuffix("@example.org") for message in mail.outbox for address in message.to)


def submit(client, page) -> None:
    client.post(edit_address(page), news_fields(page, **loaded(client, page), **{"action-submit": "1"}))


def answer(client, page, action: str) -> None:
    mail.outbox.clear()
    state = Page.objects.get(pk=page.pk).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    client.post(address, {"comment": "zqraison", "next": "/admin/"})


def reply(client, page, comment) -> None:
    """Answer in a thread, beside the form."""
    mail.outbox.clear()
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": ""}
    replies = comment.replies.count()
    fields = {f"comments-{name}": value for name, value in counts.items()}
    fields |= {
        "comments-0-id": comment.pk,
        "comments-0-text": comment.text,
        "comments-0-contentpath": "title",
        "comments-0-position": "",
        "comments-0-replies-TOTAL_FORMS": str(replies + 1),
        "comments-0-replies-INITIAL_FORMS": str(replies),
        "comments-0-replies-MIN_NUM_FORMS": "0",
        "comments-0-replies-MAX_NUM_FORMS": "",
        f"comments-0-replies-{replies}-id": "",
        f"comments-0-replies-{replies}-text": "zqnouvelle",
    }
    for number, row in enumerate(comment.replies.order_by("pk")):
        fields |= {f"comments-0-replies-{number}-id": row.pk, f"comments-0-replies-{number}-text": row.text}
    client.post(edit_address(page), news_fields(page, **loaded(client, page)) | fields)
    assert CommentReply.objects.filter(text="zqnouvelle").exists()


def test_reply__to_a_comment__is_told_to_those_who_take_part_and_hold_the_page(world, signed_in, draft, commented):
    reply(signed_in("referent_a"), draft, commented)
    assert told() == ["admin", "contributor_a", "zone_a"]
    for message in mail.outbox:
        assert "zqnouvelle" in message.body
        assert f"http://mara.localhost{edit_address(draft)}" in message.body


def test_reply__one_who_took_part_has_left__is_not_told_any_more(world, signed_in, draft, commented):
    leave(world, "contributor_a")
    reply(signed_in("referent_a"), draft, commented)
    assert told() == ["admin", "zone_a"]


def test_reply__where_all_who_take_part_hold_the_page__is_told_as_by_wagtail(world, signed_in, draft, monkeypatch):
    comment = Comment.objects.create(page=draft, user=world.people["contributor_a"], text="un", contentpath="title")
    CommentReply.objects.create(comment=comment, user=world.people["zone_a"], text="deux")
    PageSubscription.objects.create(page=draft, user=world.people["admin"], comment_notifications=True)

    def messages() -> list[tuple]:
        with transaction.atomic():
            reply(signed_in("referent_a"), draft, comment)
            transaction.set_rollback(True)
        return sorted((*message.to, message.subject, message.body) for message in mail.outbox)

    ours = messages()
    assert told() == ["admin", "contributor_a", "zone_a"]
    monkeypatch.setattr(ScopedEditView, "send_commenting_notifications", EditView.send_commenting_notifications)
    assert messages() == ours


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_answer__to_an_author_who_has_left__is_told_to_nobody(world, signed_in, draft, action):
    submit(signed_in("contributor_a"), draft)
    leave(world, "contributor_a")
    answer(signed_in("referent_a"), draft, action)
    assert told() == []
    assert Page.objects.get(pk=draft.pk).live == (action == "approve")


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_answer__by_a_stand_in__is_told_to_the_author_alone(world, signed_in, draft, action):
    Groupement.objects.filter(pk=world.a.pk).update(fallback=world.b)
    leave(world, "referent_a")
    submit(signed_in("contributor_a"), draft)
    assert told() == ["referent_b"]
    assert f"http://mara.localhost{edit_address(draft)}" in mail.outbox[0].body
    answer(signed_in("referent_b"), draft, action)
    assert told() == ["contributor_a"]


def test_submission__two_referents_one_disabled__is_told_to_the_one_who_works(world, signed_in, draft):
    second = world.people["member"]
    mandates.grant_mandate(person=second, role=RoleCode.REFERENT, groupement=world.a, by=world.people["admin"])
    type(second).objects.filter(pk=world.people["referent_a"].pk).update(is_active=False)
    mail.outbox.clear()
    submit(signed_in("contributor_a"), draft)
    assert told() == ["member"]


def test_vacancy__of_a_groupement__is_told_to_its_zone_alone_with_the_sheet(world):
    [mandate] = world.people["referent_a"].mandates.all()
    mail.outbox.clear()
    mandates.end_mandate_now(mandate=mandate, by=world.people["admin"])
    assert told() == ["zone_a"]
    assert f"http://mara.localhost{reverse('handover', args=[world.a.pk])}" in mail.outbox[0].body
