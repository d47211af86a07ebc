"""A kept page is given again as it was made, protections included, for little more than a bare answer costs."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory

from core.page_cache import generation, keeping
from core.page_cache.middleware import PageCacheMiddleware
from core.page_cache.store import PageMemory
from tests.helpers import count_queries

PROTECTIONS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
    "Strict-Transport-Security",
)


def test_kept_page__given_again_or_told_unchanged__has_the_protections_of_the_first(world, visitors, settings):
    settings.SECURE_HSTS_SECONDS = 3600
    host = world.host(world.a)
    first = visitors.get(host, secure=True)
    known = {"if-none-match": first.headers["ETag"]}
    again, unchanged = visitors.get(host, secure=True), visitors.get(host, secure=True, headers=known)
    assert "hit" in again.headers["Cache-Status"]
    assert unchanged.status_code == 304
    for name in PROTECTIONS:
        assert first.headers[name] == again.headers[name] == unchanged.headers[name], name
    assert "Content-Type" not in unchanged.headers


def test_kept_response__is_what_django_would_have_made():
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"a"', "X-Words": "caf\u00e9"}
    page = keeping.KeptPage(1, 0.0, 1.0, '"a"', headers, "é".encode())
    made, kept = HttpResponse(page.body, headers={**headers}), page.response()
    assert vars(kept).keys() == vars(made).keys()
    assert list(kept.items()) == list(made.items())
    same = ("status_code", "reason_phrase", "content", "charset", "streaming", "closed", "cookies")
    for name in same:
        assert getattr(kept, name) == getattr(made, name), name
    assert b"".join(kept) == b"".join(made)


def test_kept_response__changed_on_its_way__leaves_the_page_as_it_was():
    page = keeping.KeptPage(1, 0.0, 1.0, '"a"', {"Content-Type": "text/html"}, b"a")
    first = page.response()
    first.headers["X-Request-ID"] = "x"
    del first.headers["Content-Type"]
    first.set_cookie("a", "b")
    first.content = b"b"
    second = page.response()
    assert list(second.items()) == [("Content-Type", "text/html")]
    assert (second.content, second.cookies) == (b"a", {})


def test_static_file__asks_nothing_of_the_page_cache(world, visitors, settings):
    middleware = PageCacheMiddleware(lambda request: HttpResponse("x"))
    file, page = (RequestFactory().get(path) for path in (f"{settings.STATIC_URL}a.css", "/"))
    assert _queries_when_not_known(middleware, file) == 0
    assert _queries_when_not_known(middleware, page) == 1


def _queries_when_not_known(middleware, request) -> int:
    generation.forget()
    return count_queries(lambda: middleware(request))


def test_memory__of_more_pages_than_it_holds__keeps_those_asked_last():
    store = PageMemory("few", {"OPTIONS": {"MAX_ENTRIES": 6, "CULL_FREQUENCY": 3}})
    for name in "abcdef":
        store.set(name, name)
    assert store.get("a") == "a"
    store.set("g", "g")
    assert [store.get(name) for name in "abcg"] == ["a", None, None, "g"]
    store.set("short", "x", timeout=0)
    assert store.get("short") is None
    store.delete("a")
    assert store.get("a", "gone") == "gone"
