"""What is given again, to whom, and at which address."""

from __future__ import annotations

import pytest
from django.conf import settings as site_settings
from django.core.cache import caches
from django.test import Client

from core.page_cache import sharing
from tests.factories import pages
from tests.helpers import count_queries


def test_page__asked_twice__is_made_once(world, visitors):
    host = world.host(world.a)
    first = visitors.get(host)
    assert first.headers["Cache-Status"] == "mara; fwd=miss; stored"
    visitors.commit()
    again = visitors.get(host)
    assert again.headers["Cache-Status"].startswith("mara; hit; ttl=")
    assert again.content == first.content
    kept_back = {"Cache-Status", "X-Request-ID"}
    assert {k: v for k, v in again.items() if k not in kept_back} == {
        k: v for k, v in first.items() if k not in kept_back
    }


def test_hit__within_a_second_of_another__asks_the_database_nothing(world, visitors):
    host = world.host(world.a)
    visitors.get(host)
    assert count_queries(lambda: visitors.get(host)) == 0


def test_hit__when_the_generation_was_read_long_ago__asks_one_query(world, visitors):
    from core.page_cache import generation

    host = world.host(world.a)
    visitors.get(host)
    generation.forget()
    assert count_queries(lambda: visitors.get(host)) == 1


def test_hosts__same_path__are_never_mixed_up(world, visitors):
    pages.news(world.home(world.a), "Nouvelle du Finistère", slug="bonjour")
    pages.news(world.home(world.b), "Nouvelle du Lot", slug="bonjour")
    visitors.commit()
    for _turn in range(2):
        here, there = (visitors.get(world.host(one), "/actualites/bonjour/") for one in (world.a, world.b))
        assert b"Nouvelle du Finist" in here.content
        assert b"Nouvelle du Lot" not in here.content
        assert b"Nouvelle du Lot" in there.content
        assert b"Nouvelle du Finist" not in there.content


def test_host__unknown__is_never_given_a_known_one_s_page(world, visitors):
    visitors.get(world.national_host)
    for host in ("autre.example.org", "mara.localhost.autre.example.org", "mara.localhost@autre.example.org"):
        answer = visitors.get(host)
        assert answer.status_code in {400, 404}
        assert "Cache-Status" not in answer.headers


def test_host__in_capitals_or_with_a_port__gets_its_own_page(world, visitors):
    visitors.get(world.host(world.a))
    capital = visitors.get(world.host(world.a).upper())
    assert capital.status_code == 404 or world.a.name in capital.content.decode()
    assert visitors.status(f"{world.host(world.a)}:8000") == "fwd=miss; stored"


def test_query_string__another__is_another_page(world, visitors):
    for number in range(25):
        pages.news(world.home(world.a), f"Nouvelle {number:02}")
    visitors.commit()
    host = world.host(world.a)
    first, second = (visitors.get(host, f"/actualites/?page={page}").content for page in (1, 2))
    assert first != second
    assert visitors.get(host, "/actualites/?page=1").content == first
    assert visitors.get(host, "/actualites/?page=2").content == second
    assert visitors.status(host, "/actualites/?page=2") == "hit"


def test_query_string__endless__is_answered_and_not_kept(world, visitors):
    assert visitors.status(world.host(world.a), "/guides/?q=" + "a" * 400) == ""


def test_languages__the_browser_s__changes_nothing_of_an_address(world, visitors):
    french = visitors.get(world.national_host, "/guides/", headers={"accept-language": "en"})
    assert french.headers["Content-Language"] == "fr"
    assert "Vary" not in french.headers
    assert visitors.status(world.national_host, "/guides/", headers={"accept-language": "fr"}) == "hit"
    in_english = visitors.get(world.national_host, "/en/guides/", headers={"accept-language": "fr"})
    assert in_english.content != french.content


def test_scheme__https__is_another_page(world, visitors):
    visitors.get(world.national_host)
    assert visitors.status(world.national_host, secure=True) == "fwd=miss; stored"


def test_head__after_get__is_answered_from_it_and_keeps_nothing_itself(world, visitors):
    host = world.host(world.a)
    client = Client(headers={"host": host})
    assert client.head("/guides/").headers["Cache-Status"] == "mara; fwd=miss"
    visitors.get(host, "/guides/")
    assert "hit" in client.head("/guides/").headers["Cache-Status"]


def test_etag__known_to_the_browser__is_answered_304(world, visitors):
    host = world.host(world.a)
    etag = visitors.get(host).headers["ETag"]
    for _turn in range(2):
        answer = visitors.get(host, headers={"if-none-match": etag})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
    assert visitors.get(host, headers={"if-none-match": '"autre"'}).status_code == 200


def test_cache_control__of_a_page__lets_a_front_server_keep_it_two_seconds(world, visitors):
    said = visitors.get(world.national_host).headers["Cache-Control"]
    assert said == "public, max-age=0, s-maxage=2, stale-while-revalidate=2, stale-if-error=86400"


@pytest.mark.parametrize("name", ["admin", "referent_a", "member"])
def test_signed_in__whoever_it_is__neither_reads_nor_leaves_kept_pages(world, visitors, name):
    visitors.get(world.national_host)
    client = Client(headers={"host": world.national_host})
    client.force_login(world.people[name])
    for path in ("/", "/guides/"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Cache-Status" not in answer.headers
    assert visitors.status(world.national_host, "/guides/") == "fwd=miss; stored"


@pytest.mark.parametrize(
    "headers", [{"authorization": "Basic eA=="}, {"cookie": "messages=x"}], ids=["credentials", "message"]
)
def test_visitor__with_something_of_their_own__passes_by_the_cache(world, visitors, headers):
    assert visitors.status(world.national_host, headers=headers) == ""


def test_visitor__with_a_session_cookie_that_is_worth_nothing__passes_by_the_cache(world, visitors):
    client = Client(headers={"host": world.national_host})
    client.cookies[site_settings.SESSION_COOKIE_NAME] = "invente"
    assert "Cache-Status" not in client.get("/").headers


@pytest.mark.parametrize("path", ["/etre-rappele/", "/recherche/?q=emploi", "/compte/connexion/", "/sante/"])
def test_forms_and_searches__of_visitors__are_never_kept(world, visitors, path):
    for _turn in range(2):
        answer = visitors.get(world.national_host, path)
        assert "Cache-Status" not in answer.headers
        assert "s-maxage" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(("path", "status"), [("/rien/", 404), ("/guides", 301)])
def test_nothing_there__for_a_visitor__takes_the_place_of_the_page_in_front(world, visitors, path, status):
    """Or a front server would give the page that was there, if nobody answers it later."""
    answer = visitors.get(world.national_host, path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "public, max-age=0, s-maxage=2")
    assert "Cache-Status" not in answer.headers


def test_nothing_there__for_whoever_is_signed_in__is_kept_by_nobody(world, visitors, signed_in):
    answer = signed_in("referent_a").get("/rien/", headers={"host": world.national_host})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "private, no-store")


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/robots.txt", "/groupements/", "/agenda/", "/guides/imprimer/livret/"]
)
def test_what_is_made_from_what_is_public__is_kept(world, visitors, path):
    assert visitors.status(world.national_host, path) == "fwd=miss; stored"
    assert visitors.status(world.national_host, path) == "hit"


def test_reserved_page__for_a_visitor__is_kept_by_nobody_and_its_refusal_takes_its_place(world, visitors):
    from django.contrib.auth.models import Group
    from wagtail.models import PageViewRestriction

    page = pages.news(world.home(world.a), "Reservée", slug="reservee")
    visitors.commit()
    assert visitors.status(world.host(world.a), "/actualites/reservee/") == "fwd=miss; stored"
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.set(Group.objects.all()[:1])
    visitors.commit()
    for _turn in range(2):
        answer = visitors.get(world.host(world.a), "/actualites/reservee/")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "public, max-age=0, s-maxage=2")
        assert b"Reserv" not in answer.content
        assert "Cache-Status" not in answer.headers


def test_preview__of_a_draft__is_kept_by_nobody(world, visitors, signed_in):
    page = pages.news(world.home(world.a), "Publique", slug="publique")
    page.title = "Brouillon"
    page.save_revision()
    answer = signed_in("admin").get(f"/admin/pages/{page.pk}/view_draft/")
    assert b"Brouillon" in answer.content
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert b"Brouillon" not in visitors.get(world.host(world.a), "/actualites/publique/").content


class Answer:
    """Answers of a view that offered itself, each with something of one visitor's."""

    @staticmethod
    def made(**changes):
        from django.http import HttpResponse, StreamingHttpResponse
        from django.middleware.csrf import get_token
        from django.test import RequestFactory

        request, response = RequestFactory().get("/"), HttpResponse("Bonjour")
        sharing.offer(request)
        if changes.get("cookie"):
            response.set_cookie("nom", "Jean")
        if changes.get("token"):
            get_token(request)
        if changes.get("vary"):
            response.headers["Vary"] = changes["vary"]
        if changes.get("said"):
            response.headers["Cache-Control"] = changes["said"]
        if changes.get("preview"):
            request.is_preview = True
        if changes.get("user"):
            request._cached_user = object()
        response.status_code = changes.get("status", 200)
        if changes.get("streaming"):
            response = StreamingHttpResponse(iter([b"Bonjour"]))
        return request, response


def test_answer__that_holds_nothing_of_anybody__may_be_kept():
    assert sharing.may_be_kept(*Answer.made())
    assert sharing.may_be_kept(*Answer.made(vary="Accept-Language"))


@pytest.mark.parametrize(
    "changes",
    [
        {"cookie": True},
        {"token": True},
        {"vary": "Cookie"},
        {"vary": "Accept-Language, cookie"},
        {"vary": "*"},
        {"said": "private"},
        {"said": "max-age=0, no-cache, no-store, must-revalidate, private"},
        {"said": "public, max-age=300"},
        {"preview": True},
        {"user": True},
        {"status": 404},
        {"status": 302},
        {"status": 500},
        {"streaming": True},
    ],
    ids=lambda changes: "-".join(f"{name}={value}" for name, value in changes.items()),
)
def test_answer__with_something_of_one_visitor__is_not_kept(changes):
    assert not sharing.may_be_kept(*Answer.made(**changes))


def test_answer__that_no_view_offered__is_not_kept():
    request, response = Answer.made()
    delattr(request, sharing._OFFERED)
    assert not sharing.may_be_kept(request, response)


def test_store__after_many_visits__holds_no_cookie_and_no_token(world, visitors):
    client = Client(headers={"host": world.national_host})
    for path in ("/", "/guides/", "/etre-rappele/", "/compte/connexion/", "/agenda/", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path
    kept = str(caches["pages"]._cache)
    assert "csrfmiddlewaretoken" not in kept
    assert "Set-Cookie" not in kept
    assert len(caches["pages"]._cache) == 4
