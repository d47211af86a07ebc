"""A text whose sending fails stays in front of whoever typed it, and is kept once they send it again."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from demo.constants import PASSWORD
from mara_site.middleware import KeepTypedMiddleware
from tests.browsing import violations
from tests.demonstration import ROOT

SESSION = "mara-session"
REFERENT = "yves.lebras@example.org"
NO_ANSWER = (ROOT / "mara_site/static/mara/front/no-answer.html").read_text()
STILL_HERE = "Votre texte n’est pas encore enregistré"
ABOUT = "Je voudrais parler de ma reconversion, un soir de préférence."


class Outage:
    """What is posted while the front server has nobody to hand it to; ``lost``: it has, and the answer is lost."""

    def __init__(self, page, how: str) -> None:
        self.page, self.how, self.posted = page, how, 0

    def __enter__(self) -> Outage:
        self.page.route("**/*", self._answer)
        return self

    def __exit__(self, *error) -> None:
        self.page.unroute("**/*", self._answer)

    def _answer(self, route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        self.posted += 1
        if self.how == "lost":
            assert hand_over(route.request)["status"] == 204
        if self.how in {"cut", "lost"}:
            route.abort("connectionreset")
        else:
            route.fulfill(status=502, content_type="text/html; charset=utf-8", body=NO_ANSWER)


def hand_over(request) -> dict:
    """Send what a page sends, and keep the answer from it; given to ``route.fulfill``, the page has it after all."""
    there = urlsplit(request.url)
    headers = {name: value for name, value in request.all_headers().items() if name != "content-length"}
    connection = http.client.HTTPConnection("127.0.0.1", there.port, timeout=60)
    connection.request("POST", there.path, request.post_data_buffer, headers | {"host": there.netloc})
    response = connection.getresponse()
    answer = {"status": response.status, "content_type": response.headers["Content-Type"], "body": response.read()}
    connection.close()
    return answer


def fill_request(page, site) -> None:
    page.goto(site.url("finistere", "/etre-rappele/"))
    page.get_by_label("Votre nom").fill("Camille Essai")
    page.get_by_label("Votre téléphone").fill("02 99 00 00 00")
    page.get_by_label("De quoi souhaitez-vous parler").fill(ABOUT)
    page.get_by_role("checkbox").check()
    page.wait_for_timeout(3100)  # sent sooner, it would be a robot's


def expect_request_as_typed(page) -> None:
    expect(page.get_by_label("Votre nom")).to_have_value("Camille Essai")
    expect(page.get_by_label("Votre téléphone")).to_have_value("02 99 00 00 00")
    expect(page.get_by_label("De quoi souhaitez-vous parler")).to_have_value(ABOUT)
    expect(page.get_by_role("checkbox")).to_be_checked()


@pytest.mark.parametrize("how", ["502", "cut"])
def test_visitor__whose_request_is_not_taken__keeps_what_was_typed_and_sends_it_again(page, site, how):
    fill_request(page, site)
    address = page.url
    with Outage(page, how) as outage:
        page.get_by_role("button", name="Demander à être rappelé").click()
        expect(page.get_by_role("alert")).to_contain_text(STILL_HERE)
        expect(page.get_by_role("alert")).to_be_focused()
        assert outage.posted == 1
    assert page.url == address
    expect_request_as_typed(page)
    assert violations(page, "main") == []
    page.get_by_role("button", name="Demander à être rappelé").click()
    page.wait_for_url("**/etre-rappele/merci/")


def test_visitor__form_to_be_corrected__is_shown_by_the_site_as_ever(page, site):
    page.goto(site.url("finistere", "/etre-rappele/"))
    page.get_by_label("Votre nom").fill("Camille Essai")
    page.get_by_role("button", name="Demander à être rappelé").click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est encore parti")
    expect(page.get_by_label("Votre nom")).to_have_value("Camille Essai")


def test_visitor__without_javascript__finds_what_was_typed_by_going_back(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    try:
        fill_request(page, site)
        with Outage(page, "502"):
            page.get_by_role("button", name="Demander à être rappelé").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Le site n’a pas répondu")
            page.go_back()
        expect_request_as_typed(page)
        page.wait_for_timeout(3100)
        page.get_by_role("button", name="Demander à être rappelé").click()
        page.wait_for_url("**/etre-rappele/merci/")
    finally:
        context.close()


def open_news(page, site) -> str:
    """Go to where a référent's news are; give its address."""
    page.goto(site.url(path="/admin/pages/"))
    page.get_by_role("link", name="Actualités").first.click()
    expect(page.locator("main .listing td.title a[href$='/edit/']").first).to_be_visible()
    return page.url.partition("?")[0]


def open_a_page(page, site, more: str) -> str:
    """Open the form of a page; give its title with a word more."""
    open_news(page, site)
    page.locator("main .listing td.title a[href$='/edit/']").first.click()
    expect(page.locator("#id_title")).to_be_visible()
    return f"{page.locator('#id_title').input_value()} {more}"


def test_referent__whose_page_is_not_taken__keeps_what_was_typed_and_publishes_it(page, site, sign_in):
    sign_in(REFERENT)
    title = open_a_page(page, site, "(revu)")
    address = page.url
    with Outage(page, "502"):
        page.locator("#id_title").fill(title)
        page.get_by_role("button", name="Publier", exact=True).click()
        expect(page.locator("[data-not-sent]")).to_contain_text(STILL_HERE)
        expect(page.locator("[data-not-sent]")).to_contain_text("Le site n’a pas répondu")
    assert page.url.partition("#")[0] == address.partition("#")[0]
    expect(page.locator("#id_title")).to_have_value(title)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("publiée").first).to_be_visible()
    page.goto(address)
    expect(page.locator("#id_title")).to_have_value(title)


@pytest.mark.parametrize("gone", ["the session", "every cookie"])
def test_referent__signed_out_while_typing__signs_in_in_another_tab_and_publishes(page, site, sign_in, gone):
    sign_in(REFERENT)
    title = open_a_page(page, site, f"(sans {gone})")
    address = page.url
    page.locator("#id_title").fill(title)
    page.context.clear_cookies(**({"name": SESSION} if gone == "the session" else {}))
    for _press in range(2):  # pressed again before one has signed in, it says the same
        page.get_by_role("button", name="Publier", exact=True).click()
        expect(page.locator("[data-not-sent]")).to_contain_text(STILL_HERE)
        expect(page.locator("[data-not-sent]")).to_contain_text("connectez-vous dans un autre onglet")
        expect(page.locator("[data-not-sent]")).to_be_focused()
    assert page.url.partition("#")[0] == address.partition("#")[0]
    expect(page.locator("#id_title")).to_have_value(title)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Se connecter dans un autre onglet").click()
    other = opened.value
    other.get_by_label("E-mail").fill(REFERENT)
    other.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Se connecter").click()
    other.wait_for_url("**/admin/**")
    other.close()
    page.get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url(lambda there: "/edit/" not in there)
    page.goto(address)
    expect(page.locator("#id_title")).to_have_value(title)


def test_referent__whose_new_page_is_made_and_whose_answer_is_lost__sends_it_again_and_has_one(page, site, sign_in):
    sign_in(REFERENT)
    section = open_news(page, site)
    page.goto(section.replace("/pages/", "/pages/add/resources/newspage/", 1))
    title = "Une page dont la réponse s’est perdue"
    page.locator("#id_title").fill(title)
    page.locator("#id_summary").fill("En une phrase.")
    with Outage(page, "lost"):
        page.get_by_role("button", name="Publier", exact=True).click()
        expect(page.locator("[data-not-sent]")).to_contain_text(STILL_HERE)
    page.get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url(lambda there: "/add/" not in there)
    expect(page.get_by_text("déjà été publiée").first).to_be_visible()
    page.goto(section)
    expect(page.locator("main .listing td.title").filter(has_text=title)).to_have_count(1)


def test_script_and_site__name_the_same_header():
    assert f'"{KeepTypedMiddleware.HEADER}"' in (ROOT / "mara_site/static/mara/js/sending.js").read_text()
