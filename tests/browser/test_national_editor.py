"""The national editor in a real browser: a slot, a preview as a groupement, a change; and who reads it."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError as TimedOutError
from playwright.sync_api import expect

from tests.browsing import violations

EDITOR = "jean-marc.thibault@example.org"
REFERENT = "yves.lebras@example.org"
CHAPTER = "Choisir où vivre"
ADDRESS = "/guides/se-loger-demenager/choisir-son-lieu-de-vie/"
SLOT, QUESTION = "Les marchés du coin", "Quels marchés, et quels jours ?"
WORD = "Nous demandons aussi les jours de marché."
# Wagtail's rich text editor gives its own field no name (its label names the hidden one): not ours to mend.
MAIN = {"include": [["main"]], "exclude": [[".Draftail-Editor"]]}


def open_chapter(page, site) -> None:
    """From the first screen to the form of the chapter, as an editor finds it."""
    page.goto(site.url(path="/admin/pilotage/"))
    page.get_by_role("link", name="Textes nationaux").click()
    page.get_by_role("link", name=CHAPTER).click()
    page.get_by_role("link", name="Modifier le texte national").click()
    expect(page.get_by_label("Titre", exact=True).or_(page.locator("#id_title")).first).to_be_visible()


def add_slot(page) -> None:
    page.get_by_role("button", name="Insérer un bloc").last.click()
    page.get_by_role("option", name="Laissé aux groupements").click()
    slot = page.locator("[data-streamfield-child]").last
    slot.get_by_label("Titre affiché").fill(SLOT)
    slot.get_by_label("Ce que vous demandez au groupement").fill(QUESTION)


def preview_as(page, name: str):
    """Open the preview beside the form, as a groupement that is found by a part of its name; returns what it shows."""
    page.get_by_role("button", name="Afficher/masquer la prévisualisation").click()
    shown = page.frame_locator("#w-preview-iframe")
    expect(shown.locator("h1")).to_have_text(CHAPTER)
    as_whom = shown.get_by_label("Lire comme le groupement")
    for _try in range(4):  # Wagtail forgets a mode that is chosen while it draws the one before; one chooses again
        page.get_by_label("Mode prévisualisation").select_option(label="Comme un groupement")
        with contextlib.suppress(TimedOutError):
            as_whom.wait_for(timeout=15_000)
            break
    as_whom.fill(name)
    shown.get_by_role("button", name="Voir ainsi").click()
    return shown


def test_editor__adds_a_slot_previews_and_publishes__and_the_referent_reads_what_is_new(page, site, sign_in):
    sign_in(EDITOR)
    open_chapter(page, site)
    add_slot(page)
    shown = preview_as(page, "héra")
    expect(shown.get_by_label("Lire comme le groupement")).to_have_value("Hérault")
    expect(shown.locator("main")).to_contain_text("Montpellier est chère")
    shown.get_by_label("Lire comme le groupement").fill("Finis")
    shown.get_by_role("button", name="Voir ainsi").click()
    expect(shown.locator("main")).to_contain_text("pont de l’Iroise")
    expect(shown.locator("main")).not_to_contain_text("Montpellier est chère")
    page.get_by_role("button", name="Afficher/masquer la prévisualisation").click()

    page.get_by_label("Ce changement est").select_option(label="à relire")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("Dites en un mot").first).to_be_visible()
    page.get_by_label("En un mot").fill(WORD)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text(re.compile("a été publiée|est publiée|publiée")).first).to_be_visible()
    page.goto(site.url(path=ADDRESS))
    expect(page.locator("main")).not_to_contain_text(SLOT)

    page.context.clear_cookies()
    sign_in(REFERENT)
    page.goto(site.url(path="/admin/trame/"))
    page.get_by_role("link", name="Quoi de neuf", exact=True).click()
    news = page.locator("main section, main article").filter(has_text=WORD).first
    expect(news).to_contain_text(CHAPTER)
    expect(news.locator("ins").filter(has_text="Quels marchés").first).to_be_visible()
    assert violations(page, MAIN) == []
    news.get_by_role("link", name="Je modifie").first.click()
    slot = page.get_by_role("region", name=SLOT)
    expect(slot).to_contain_text(QUESTION)


@pytest.mark.parametrize("width", [390, 1280])
def test_editor__preview_as_a_groupement_in_its_own_tab__fits_and_has_no_violation(page, site, sign_in, width):
    sign_in(EDITOR)
    open_chapter(page, site)
    address = page.url.removesuffix("/edit/").partition("#")[0].rstrip("/") + "/edit/preview/?mode=cote-a-cote"
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.get_by_label("Lire comme le groupement").fill("nulle part")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("nulle part")
    page.get_by_label("Lire comme le groupement").fill("Lot")
    page.get_by_label("seul", exact=True).check()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Lire comme le groupement")).to_have_value("Lot-et-Garonne")
    expect(page.get_by_role("heading", name="Texte national", exact=True)).to_have_count(0)
    page.get_by_label("à côté du texte national").check()
    page.get_by_role("button", name="Voir ainsi").click()
    expect(
        page.get_by_role("heading", name="Comme le lisent les visiteurs du groupement Lot-et-Garonne")
    ).to_have_count(1)
    assert violations(page, "form.preview-choice") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
