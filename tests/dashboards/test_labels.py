"""The label, earned and lost as days pass: each day is given to the clock's work, nothing is forged."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from dashboards import labels
from dashboards.models import Label, LabelEvent, LabelRules
from regions import mandates
from regions.models import Groupement, Mandate
from regions.roles import RoleCode
from tests.factories import crowd, frames, pages
from tests.helpers import count_queries, page_html

State, Kind = Label.State, LabelEvent.Kind


def today() -> dt.date:
    return timezone.localdate()  # asked each time: a run may cross midnight


GRACE = 30


def day(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def kinds(groupement) -> list[str]:
    return list(LabelEvent.objects.filter(groupement=groupement).order_by("pk").values_list("kind", flat=True))


def state(groupement) -> str | None:
    return Label.objects.filter(groupement=groupement).values_list("state", flat=True).first()


def subjects() -> list[tuple]:
    return [(message.to, message.subject) for message in mail.outbox]


@pytest.fixture
def national(world):
    """A frame that Finistère completes, and nobody else; the delay is thirty days."""
    LabelRules.load()
    LabelRules.objects.update(grace_days=GRACE)
    national = frames.frame(world.national, body=[frames.slot("s1")])
    complete(world, national)
    return national


def complete(world, national, written_on: dt.date | None = None):
    given = frames.given({"s1": "a"})
    if written_on:
        given = frames.given()
        given.given = {"s1": frames.Answer(slot="s1", kind="text", text="<p>a</p>", written_on=written_on)}
    return frames.complement(world.home(world.a), national, given)


def one_more(world):
    """The nation asks for something new: Finistère has not answered it."""
    return frames.frame(world.national, body=[frames.slot("n1")])


def test_follow__complete_and_led__awards_it_once_and_says_so(world, national):
    labels.follow()
    labels.follow()
    assert kinds(world.a) == [Kind.AWARDED]
    assert (state(world.a), state(world.b), state(world.neighbour)) == (State.HELD, None, None)
    [(to, subject)] = subjects()
    assert to == ["referent_a@example.org"]
    assert "Groupement à jour" in subject
    assert Label.objects.get().awarded_on == today()


def test_follow__something_missing__gives_a_delay_with_notice_then_takes_it_back(world, national, visit):
    labels.follow(today=day(0))
    one_more(world)
    mail.outbox.clear()
    labels.follow(today=day(1))
    labels.follow(today=day(2))
    label = Label.objects.get()
    assert (label.state, label.grace_ends_on, label.awarded_on) == (State.GRACE, day(1 + GRACE), today())
    [message] = mail.outbox
    assert message.to == ["referent_a@example.org"]
    assert "1 sur 2" in message.body
    assert f"/admin/trame/{world.a.pk}/" in message.body
    assert "Groupement à jour" in page_html(visit(world.host(world.a)))
    labels.follow(today=day(1 + GRACE))
    assert state(world.a) == State.GRACE
    labels.follow(today=day(2 + GRACE))
    assert state(world.a) == State.LOST
    assert kinds(world.a) == [Kind.AWARDED, Kind.GRACE, Kind.LOST]
    assert "Groupement à jour" not in page_html(visit(world.host(world.a)))
    assert len(mail.outbox) == 2


def test_follow__put_right_within_the_delay__is_confirmed_with_its_first_date(world, national):
    labels.follow(today=day(0))
    added = one_more(world)
    labels.follow(today=day(1))
    frames.complement(world.home(world.a), added, frames.given({"n1": "b"}))
    labels.follow(today=day(2))
    assert kinds(world.a) == [Kind.AWARDED, Kind.GRACE, Kind.RESTORED]
    label = Label.objects.get()
    assert (label.state, label.awarded_on, label.reasons) == (State.HELD, today(), [])


def test_follow__lost_then_put_right__is_earned_again_from_that_day(world, national):
    labels.follow(today=day(0))
    added = one_more(world)
    labels.follow(today=day(1))
    labels.follow(today=day(2 + GRACE))
    frames.complement(world.home(world.a), added, frames.given({"n1": "b"}))
    labels.follow(today=day(40))
    assert Label.objects.get().awarded_on == day(40)
    assert kinds(world.a)[-1] == Kind.AWARDED


def test_follow__an_answer_grows_old__begins_the_delay(world, national):
    labels.follow(today=frames.DAY + dt.timedelta(days=1))
    assert state(world.a) == State.HELD
    labels.follow(today=frames.DAY + dt.timedelta(days=367))
    assert Label.objects.get().reasons[0]["rule"] == "age"


def test_follow__a_contact_not_checked_for_long__counts_as_old(world, national):
    pages.contact(world.home(world.b), checked_on=today() - dt.timedelta(days=900))
    labels.follow()
    assert state(world.a) == State.HELD
    pages.contact(world.home(world.a), checked_on=today() - dt.timedelta(days=900))
    labels.follow()
    assert state(world.a) == State.GRACE


def test_follow__vacant__sets_it_aside_and_a_whole_delay_waits_for_the_successor(world, national, visit):
    labels.follow(today=day(0))
    one_more(world)
    labels.follow(today=day(1))
    mandate = Mandate.objects.get(groupement=world.a, role=RoleCode.REFERENT)
    mandates.end_mandate_now(mandate=mandate)
    assert "Groupement à jour" not in page_html(visit(world.host(world.a)))
    mail.outbox.clear()
    labels.follow(today=day(2))
    labels.follow(today=day(500))
    assert (state(world.a), mail.outbox) == (State.PAUSED, [])
    successor = world.people["member"]
    mandates.grant_mandate(person=successor, role=RoleCode.REFERENT, groupement=world.a)
    labels.follow(today=day(501))
    label = Label.objects.get()
    assert (label.state, label.grace_ends_on) == (State.GRACE, day(501 + GRACE))
    assert kinds(world.a) == [Kind.AWARDED, Kind.GRACE, Kind.PAUSED, Kind.RESUMED, Kind.GRACE]


def test_follow__never_labelled_and_incomplete__writes_nothing(world, national):
    labels.follow()
    assert kinds(world.b) == []
    assert not [to for to, _subject in subjects() if "referent_b@example.org" in to]


def test_follow__rules_changed__are_followed_the_next_time(world, national):
    one_more(world)
    labels.follow()
    assert state(world.a) is None
    LabelRules.objects.update(share=50)
    labels.follow()
    assert state(world.a) == State.HELD


def test_follow__no_frame_at_all__changes_nothing(world):
    assert not labels.follow()


def test_follow__more_groupements__costs_the_same(world, national):
    labels.follow()
    few = count_queries(labels.follow)
    crowd.add_groupements(20)
    Groupement.objects.filter(code__startswith="groupement-").update(status=Groupement.Status.ACTIVE)
    assert count_queries(labels.follow) == few


def test_command__run_twice__says_what_changed(world, national, capsys):
    call_command("follow_labels")
    call_command("follow_labels")
    assert capsys.readouterr().out.splitlines() == ["1 awarded", "no change"]


def test_home__label__is_shown_with_its_date_to_its_own_visitors_only(world, national, visit):
    labels.follow(today=dt.date(2026, 10, 7))
    assert "7 octobre 2026" in page_html(visit(world.host(world.a)))
    for host in (world.host(world.b), world.national_host):
        assert "Groupement à jour" not in page_html(visit(host))


@pytest.mark.parametrize(
    ("name", "seen"),
    [("referent_a", 1), ("referent_b", 0), ("zone_a", 1), ("zone_b", 0), ("editor", 1), ("admin", 1), ("member", 0)],
)
def test_labels_and_events__by_person__are_those_of_their_places(world, national, name, seen):
    labels.follow()
    person = world.people[name]
    assert Label.objects.for_user(person).count() == seen
    assert LabelEvent.objects.for_user(person).count() == seen


def test_frames_list__an_old_contact__is_named_with_its_form(world, national, signed_in):
    page = pages.contact(world.home(world.a), "Mairie", checked_on=today() - dt.timedelta(days=900))
    pages.contact(world.home(world.b), "Ailleurs", checked_on=today() - dt.timedelta(days=1900))
    answer = page_html(signed_in("referent_a").get(f"/admin/trame/{world.a.pk}/"))
    assert f'href="/admin/pages/{page.pk}/edit/"' in answer
    assert "Vous ne l’avez pas encore" in answer
    assert "Ailleurs" not in answer
