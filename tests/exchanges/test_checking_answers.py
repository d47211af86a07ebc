"""What answers do: dates, notes, withdrawals, and undoing them; drafts are never published with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from core.amending import NotNow
from exchanges.checking import changing, services
from exchanges.checking.models import CheckItem
from resources.models import ContactPage, PartnerBranchPage
from tests.exchanges.checking import OLD, contact, item_of, local_text, open_round, published
from tests.factories import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def referent(world):
    return world.people["referent_a"]


def say(page, by, choice="exact", note="", by_link=True):
    return services.answer(item=item_of(page), choice=choice, note=note, by=by, by_link=by_link)


def test_exact__contact__is_dated_to_today_by_its_person_and_logged(world, referent):
    page = contact(world.home(world.a), next_check_on=OLD)
    open_round(world.a)
    say(page, referent)
    page.refresh_from_db()
    assert (page.checked_on, page.checked_by) == (timezone.localdate(), referent.get_full_name())
    assert page.next_check_on == timezone.localdate() + dt.timedelta(days=182)
    assert not page.has_unpublished_changes
    entry = PageLogEntry.objects.filter(page=page.pk, action="check.exact").get()
    assert (entry.user, entry.revision_id) == (referent, page.live_revision_id)


def test_exact__a_draft_waits__is_not_published_and_takes_the_date(world, referent):
    page = contact(world.home(world.a), service="Ce qui est lu.")
    draft = page.get_latest_revision_as_object()
    draft.service = "Ce qui est en travail."
    draft.save_revision(user=referent)
    open_round(world.a)
    say(page, referent)
    page.refresh_from_db()
    assert (page.service, page.checked_on) == ("Ce qui est lu.", timezone.localdate())
    assert page.has_unpublished_changes
    latest = page.get_latest_revision_as_object()
    assert (latest.service, latest.checked_on) == ("Ce qui est en travail.", timezone.localdate())


def test_exact__branch_and_local_text__are_dated_too(world, referent):
    branch = published(pages.branch(world.home(world.a), checked_on=OLD))
    text = local_text(world, world.a)
    open_round(world.a)
    say(branch, referent)
    say(text, referent)
    branch.refresh_from_db()
    assert branch.checked_on == timezone.localdate()
    answer = type(text).objects.get(pk=text.pk).given.given["s1"]
    assert (answer.written_on, "bureau logement" in answer.text) == (timezone.localdate(), True)


def test_exact__locked_page__keeps_nothing_and_says_why(world, referent):
    page = contact(world.home(world.a))
    open_round(world.a)
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=world.people["admin"])
    with pytest.raises(NotNow):
        say(page, referent)
    page.refresh_from_db()
    assert (page.checked_on, item_of(page).state) == (OLD, "waiting")


def test_note__contact__changes_nothing_that_is_read(world, referent):
    page = contact(world.home(world.a))
    open_round(world.a)
    before = page.live_revision_id
    say(page, referent, "note", "Le téléphone a changé.")
    page.refresh_from_db()
    assert (page.checked_on, page.live_revision_id, page.latest_revision_id) == (OLD, before, before)
    assert item_of(page).note == "Le téléphone a changé."
    entry = PageLogEntry.objects.get(page=page.pk, action="check.noted")
    assert "téléphone" not in str(entry.data)


def test_gone__contact__leaves_the_site_and_comes_back_as_it_was(world, referent):
    page = contact(world.home(world.a), service="Ce qui est lu.")
    draft = page.get_latest_revision_as_object()
    draft.service = "Ce qui est en travail."
    draft.save_revision(user=referent)
    open_round(world.a)
    item = say(page, referent, "gone")
    page.refresh_from_db()
    assert not page.live
    assert page.get_latest_revision_as_object().service == "Ce qui est en travail."
    services.undo(item=item, by=referent)
    page.refresh_from_db()
    assert (page.live, page.service, page.has_unpublished_changes) == (True, "Ce qui est lu.", True)
    assert page.get_latest_revision_as_object().service == "Ce qui est en travail."
    actions = PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)
    assert {"check.gone", "check.undone"} <= set(actions)


def test_gone__page_published_without_a_version__can_be_put_back(world, referent):
    page = pages.contact(world.home(world.a), "Sans version")
    open_round(world.a)
    item = say(page, referent, "gone")
    services.undo(item=item, by=referent)
    page.refresh_from_db()
    assert page.live


def test_gone__local_text__leaves_the_page_and_comes_back(world, referent):
    text = local_text(world, world.a)
    open_round(world.a)
    item = say(text, referent, "gone")
    model = type(text)
    assert "s1" not in model.objects.get(pk=text.pk).given.given
    services.undo(item=item, by=referent)
    back = model.objects.get(pk=text.pk)
    assert "bureau logement" in back.given.given["s1"].text
    assert back.live


def test_undo__exact__puts_the_former_date_back(world, referent):
    page = contact(world.home(world.a), checked_by="Ancien")
    open_round(world.a)
    services.undo(item=say(page, referent), by=referent)
    page.refresh_from_db()
    assert (page.checked_on, page.checked_by, item_of(page).state) == (OLD, "Ancien", "waiting")


def test_undo__exact_local_text__puts_the_former_date_back(world, referent):
    text = local_text(world, world.a)
    former = text.given.given["s1"].written_on
    open_round(world.a)
    services.undo(item=say(text, referent), by=referent)
    assert type(text).objects.get(pk=text.pk).given.given["s1"].written_on == former


def test_corrected__note__dates_the_page_and_is_done_with(world, referent):
    page = contact(world.home(world.a))
    open_round(world.a)
    say(page, referent, "note", "Le téléphone a changé.")
    services.corrected(item=item_of(page), by=referent)
    page.refresh_from_db()
    item = item_of(page)
    assert (page.checked_on, item.awaits_correction, item.handled_by) == (timezone.localdate(), False, referent)


def test_answer__twice__the_second_is_told(world, referent):
    page = contact(world.home(world.a))
    open_round(world.a)
    say(page, referent)
    with pytest.raises(services.Answered):
        say(page, referent, "gone")
    page.refresh_from_db()
    assert page.live


def test_answer__translated_contact__is_one_fact_in_both_languages(world, referent):
    from wagtail.models import Locale

    from regions import services as regions_services
    from regions.models import NetworkPage

    english, _created = Locale.objects.get_or_create(language_code="en")
    NetworkPage.objects.get().copy_for_translation(english).save_revision().publish()
    world.national.copy_for_translation(english).save_revision().publish()
    regions_services.ensure_translated_home(world.a, english)
    page = contact(world.home(world.a))
    translated = page.copy_for_translation(english)
    translated.save_revision().publish()
    open_round(world.a)
    assert CheckItem.objects.count() == 1
    item = say(page, referent)
    assert ContactPage.objects.get(pk=translated.pk).checked_on == timezone.localdate()
    services.undo(item=item, by=referent)
    say(page, referent, "gone")
    assert not ContactPage.objects.filter(translation_key=page.translation_key, live=True).exists()


def test_stand_in__vacant_groupement__confirms_and_notes_but_withdraws_nothing(world):
    world.a.status, world.a.fallback = "vacant", world.b
    world.a.save()
    stand_in = world.people["referent_b"]
    page, other = contact(world.home(world.a)), contact(world.home(world.a), "Autre")
    round_ = open_round(world.a)
    assert (round_.level, round_.stand_in) == ("stand_in", world.b)
    assert not changing.may_publish(page, stand_in)
    say(page, stand_in)
    say(other, stand_in, "gone")
    page.refresh_from_db(), other.refresh_from_db()
    assert (page.checked_on, other.live) == (timezone.localdate(), True)
    assert (item_of(other).state, bool(item_of(other).note)) == ("note", True)
    assert PageLogEntry.objects.filter(page=page.pk, action="check.instead", user=stand_in).exists()


def test_branch__with_its_partner__is_listed_once(world):
    branch = published(pages.branch(world.home(world.a)))
    open_round(world.a)
    assert PartnerBranchPage.objects.get(pk=branch.pk).pk == CheckItem.objects.get().page_id
