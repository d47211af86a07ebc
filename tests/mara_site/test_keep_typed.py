"""Forms sent by the page itself: it is told where to go once the text is kept, and reads nothing in between."""

from __future__ import annotations

from django.contrib.messages import get_messages

from mara_site.middleware import KeepTypedMiddleware
from tests.factories import pages
from tests.regions.forms import edit_address, loaded, news_fields

ASKED = {KeepTypedMiddleware.HEADER: "1"}


def test_form__sent_from_its_page__is_told_where_it_leads_and_what_is_said_there_waits(world, signed_in):
    client = signed_in("referent_a")
    page = pages.news(world.home(world.a))
    page.save_revision().publish()
    fields = news_fields(page, summary="Envoyé de la page.", **loaded(client, page))
    answer = client.post(edit_address(page), fields, headers=ASKED)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers[KeepTypedMiddleware.HEADER] == edit_address(page)
    assert "Location" not in answer.headers
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().summary == "Envoyé de la page."
    assert "messages" in answer.cookies or list(get_messages(answer.wsgi_request)), "nobody has read them yet"
    assert "a été mise à jour" in client.get(edit_address(page)).content.decode()


def test_form__to_be_corrected__is_answered_as_ever(world, signed_in):
    client = signed_in("referent_a")
    page = pages.news(world.home(world.a))
    answer = client.post(edit_address(page), news_fields(page, published_on="demain ?"), headers=ASKED)
    assert answer.status_code == 200
    assert KeepTypedMiddleware.HEADER not in answer.headers


def test_form__sent_by_a_browser__leads_as_ever(world, signed_in):
    client = signed_in("referent_a")
    page = pages.news(world.home(world.a))
    assert client.post(edit_address(page), news_fields(page)).status_code == 302
