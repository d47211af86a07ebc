"""The three people the product is judged by, each doing what they came for."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

REFERENT = "yves.lebras@example.org"
NATIONAL_EDITOR = "jean-marc.thibault@example.org"


def test_visitor__from_the_home__finds_a_local_contact_to_call(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.url())
    field = page.get_by_label("Votre commune ou code postal")
    field.fill("29200")
    field.press("Enter")  # once they have come, suggestions lie over the button
    page.get_by_role("link", name="Finistère").first.click()
    expect(page).to_have_url(site.url("finistere"))
    page.get_by_role("link", name="Tout l’annuaire").click()
    page.locator("summary", has_text="Filtrer").click()
    page.get_by_label("Ville ou code postal").fill("Brest")
    page.get_by_role("button", name="Filtrer la liste").click()
    expect(page.get_by_role("link", name=re.compile(r"^0\d( \d\d){4}$")).first).to_have_attribute(
        "href", re.compile(r"^tel:\+33")
    )


def test_referent__from_sign_in__publishes_an_event_seen_by_visitors(page, site, sign_in):
    sign_in(REFERENT)
    page.get_by_role("link", name="Ajouter un événement").click()
    title = f"Café des nouveaux arrivants {dt.datetime.now():%H%M%S}"
    page.locator("#id_title").fill(title)
    day = dt.date.today() + dt.timedelta(days=9)
    page.locator("#id_starts_at").fill(f"{day:%d/%m/%Y} 18:00")
    page.keyboard.press("Escape")
    page.locator("#id_commune").fill("Brest")
    page.get_by_role("button", name="Publier").first.click()
    expect(page.get_by_text("publiée").first).to_be_visible()
    page.goto(site.url("finistere", "/agenda/"))
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("18 h")
    page.goto(site.url("herault", "/agenda/"))
    expect(page.get_by_role("link", name=title)).to_have_count(0)


def test_national_editor__new_chapter__seen_on_two_local_hosts(page, site, sign_in):
    sign_in(NATIONAL_EDITOR)
    page.get_by_role("link", name="Guides", exact=True).first.click()
    page.get_by_role("link", name="Décider en confiance", exact=True).first.click()
    page.wait_for_load_state()
    guide = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(site.url(path=f"/admin/pages/add/resources/guidechapterpage/{guide}/"))
    title = f"Un chapitre tout neuf {dt.datetime.now():%H%M%S}"
    page.locator("#id_title").fill(title)
    page.get_by_role("button", name="Publier").first.click()
    expect(page.get_by_text("publiée").first).to_be_visible()
    for code in ("finistere", "herault"):
        page.goto(site.url(code, "/guides/decider-en-confiance/"))
        page.get_by_role("link", name=title).first.click()
        expect(page.locator("h1")).to_have_text(title)
        assert page.url.startswith(site.url(code, "/guides/decider-en-confiance/"))


def test_referent__another_groupement__is_not_there(page, site, sign_in):
    sign_in(REFERENT)
    for path in ("/admin/groupement/", "/admin/users/", "/admin/reports/site-history/"):
        page.goto(site.url(path=path))
        assert "Hérault" not in page.locator("main").inner_text()
