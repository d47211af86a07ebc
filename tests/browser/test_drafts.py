"""Wagtail keeps a draft while somebody types: what they then send is theirs, not another's text."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_sending import REFERENT, hand_over, open_a_page, open_news

TWO_TEXTS = "Deux textes pour une page"


class Drafts:
    """The drafts that a page keeps by itself; while ``held``, their answers are on their way."""

    def __init__(self, page) -> None:
        self.page, self.sent, self.held, self._answers = page, 0, False, []
        page.route("**/admin/pages/**", self._answer)

    def _answer(self, route) -> None:
        if route.request.method != "POST" or route.request.headers.get("accept") != "application/json":
            route.continue_()
            return
        self.sent += 1
        if self.held:
            self._answers.append((route, hand_over(route.request)))
        else:
            route.continue_()

    def wait_for(self, number: int = 1) -> None:
        for _tenth in range(300):
            if self.sent >= number:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("no draft was kept")

    def let_go(self) -> None:
        self.held = False
        for route, answer in self._answers:
            route.fulfill(**answer)


@pytest.fixture
def drafts(page, site, sign_in):
    sign_in(REFERENT)
    return Drafts(page)


def begin(page) -> None:
    """Wait until Wagtail watches what is typed (two seconds after the form is there)."""
    page.wait_for_timeout(3000)


def kept_draft(page, drafts) -> None:
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "saved")
    assert drafts.sent


def publish(page) -> None:
    page.get_by_role("button", name="Publier", exact=True).click()


def expect_published(page, title: str) -> None:
    page.wait_for_url(lambda there: "/edit/" not in there and "/add/" not in there)
    expect(page.get_by_text(f"« {title} » a été publiée").first).to_be_visible()


def test_referent__who_goes_on_typing_after_a_draft_was_kept__publishes_what_they_typed(page, site, drafts):
    title = open_a_page(page, site, "(un)")
    begin(page)
    page.locator("#id_title").fill(title)
    kept_draft(page, drafts)
    page.locator("#id_title").fill(title + " (deux)")
    publish(page)
    expect_published(page, title + " (deux)")


def test_referent__whose_new_page_was_kept_as_a_draft__goes_on_typing_and_publishes_it(page, site, drafts):
    section = open_news(page, site)
    page.goto(section.replace("/pages/", "/pages/add/resources/newspage/", 1))
    begin(page)
    page.locator("#id_title").fill("Une page gardée comme brouillon")
    page.locator("#id_summary").fill("En une phrase.")
    kept_draft(page, drafts)
    page.locator("#id_summary").fill("En une autre phrase.")
    publish(page)
    expect_published(page, "Une page gardée comme brouillon")
    page.goto(section)
    expect(page.locator("main .listing td.title").filter(has_text="gardée comme brouillon")).to_have_count(1)


def test_referent__who_publishes_while_a_draft_is_on_its_way__publishes_what_they_typed(page, site, drafts):
    title = open_a_page(page, site, "(en route)")
    begin(page)
    drafts.held = True
    page.locator("#id_title").fill(title)
    drafts.wait_for()
    page.locator("#id_title").fill(title + " (entre-temps)")
    publish(page)
    page.wait_for_timeout(1000)
    assert "/edit/" in page.url, "it waits for the draft"
    drafts.let_go()
    expect_published(page, title + " (entre-temps)")


def test_referent__something_missing_after_a_draft_was_kept__is_told_what(page, site, drafts):
    title = open_a_page(page, site, "(sans résumé)")
    begin(page)
    page.locator("#id_title").fill(title)
    kept_draft(page, drafts)
    page.locator("#id_title").fill("")
    publish(page)
    expect(page.locator(".messages .error").first).to_be_visible()
    expect(page.get_by_role("heading", name=TWO_TEXTS)).to_have_count(0)
    page.locator("#id_title").fill(title)
    publish(page)
    expect_published(page, title)


def test_referent__who_publishes_at_once__has_no_draft_kept_meanwhile(page, site, drafts):
    title = open_a_page(page, site, "(d’un trait)")
    begin(page)
    slow = []

    def keep_waiting(route):
        if route.request.method == "POST" and "text/html" in route.request.headers.get("accept", ""):
            slow.append(route)
        else:
            route.fallback()

    page.route("**/edit/", keep_waiting)
    page.locator("#id_title").evaluate("(field, value) => { field.value = value; }", title)
    publish(page)
    page.wait_for_timeout(2000)
    assert (len(slow), drafts.sent) == (1, 0)
    slow[0].continue_()
    expect_published(page, title)


def test_two_people__the_second_with_a_draft_of_the_first__still_sees_both_texts(page, site, drafts, browser):
    """The guard is there for two people: what a form takes is its own draft's version, nobody else's."""
    title = open_a_page(page, site, "(à deux)")
    other = browser.new_context(storage_state=page.context.storage_state()).new_page()
    other.goto(page.url)
    begin(page)
    page.locator("#id_title").fill(title)
    kept_draft(page, drafts)
    other.locator("#id_title").fill(title + " (de l’autre)")
    publish(other)
    expect(other.get_by_role("heading", name=TWO_TEXTS)).to_be_visible()
    other.context.close()
