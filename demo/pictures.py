"""The pictures of the référent's guide, taken again from a demonstration that is being served.

    make demo PORT=8123                                        # in one terminal
    .venv/bin/python -m demo.pictures http://mara.localhost:8123

Each is what the référent of the Finistère has before the eyes, cut to what the guide speaks of, as a WebP file in
``docs/images/``. Needs Chromium (MARA_CHROMIUM says where) and ``requirements-dev.txt``.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from demo.constants import PASSWORD

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
REFERENT, GROUPEMENT = "yves.lebras@example.org", "finistere"
WIDE, PHONE = 1280, 390
SLOT, CONFIRM = ".mara-frame__slot", "button:has-text('Mon texte convient')"
TO_TOP = "(node, above) => { node.style.scrollMarginTop = `${above}px`; node.scrollIntoView({behavior: 'instant'}); }"
MOST_BYTES = 120_000
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        go: leads a page to what is to be seen; given the page and the site's address.
        until: how far down the picture goes, in pixels; of a part, all of it.
        of: selector of the part shown; the whole window without it.
        at: selector of what the picture is about, and how far above it the picture begins, in pixels.
        width: of the window, in pixels.
    """

    name: str
    go: Callable[[Page, str], None]
    until: int
    of: str = ""
    at: tuple[str, int] = ("", 0)
    width: int = WIDE


def _sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    if page.get_by_label("E-mail").count():
        page.get_by_label("E-mail").fill(REFERENT)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/admin/")


def _sign_in_form(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("E-mail").fill(REFERENT)


def _first_screen(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")


def _adding(label: str, title: str) -> Callable[[Page, str], None]:
    def go(page: Page, site: str) -> None:
        _first_screen(page, site)
        page.get_by_role("link", name=label).first.click()
        page.locator("#id_title").fill(title)

    return go


def _menu(path: str) -> Callable[[Page, str], None]:
    return lambda page, site: (page.goto(f"{site}/admin/{path}"), None)[1]


def _answers(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/trame/")
    page.get_by_role("link", name="Monter une demande solide").first.click()
    page.locator("textarea, .Draftail-Editor").first.wait_for()


def _correction(page: Page, site: str) -> None:
    _answers(page, site)
    page.get_by_role("link", name="Proposer une correction").nth(1).click()  # below the first paragraph
    page.get_by_role("dialog").wait_for()


def _news(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/trame/")
    page.get_by_role("link", name="Quoi de neuf", exact=True).click()


def _check(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/verifications/")
    page.locator("main a[href*='/inspect/']").first.click()
    page.get_by_role("button", name="Répondre sur la page du courriel").click()
    page.locator("main a[href*='/toujours-exact/'], main a[href*='/verifier/']").first.click()


def _livret(page: Page, site: str) -> None:
    local = site.replace("//", f"//{GROUPEMENT}.")
    page.goto(f"{local}/guides/se-former/")
    page.get_by_text("Imprimer tout le guide").click()


SIGN_IN = Picture("referent-connexion", _sign_in_form, 560, width=900)
PICTURES = (
    Picture("referent-premier-ecran", _first_screen, 1180),
    Picture("referent-evenement", _adding("Ajouter un événement", "Café reconversion"), 760),
    Picture("referent-contact", _adding("Ajouter un contact", "Maison de l’emploi"), 760),
    Picture("referent-trame", _menu("trame/"), 760),
    Picture("referent-reponse", _answers, 900, at=(SLOT, 260)),
    Picture("referent-correction", _correction, 0, of="dialog"),
    Picture("referent-quoi-de-neuf", _news, 760, at=(CONFIRM, 560)),
    Picture("referent-toujours-exact", _check, 1180, width=PHONE),
    Picture("referent-livret", _livret, 460, at=("a[href$='/imprimer/livret/']", 180), width=900),
    Picture("referent-equipe", _menu("equipe/"), 620),
)


def main(site: str, folder: Path = FOLDER, names: tuple[str, ...] = ()) -> None:
    """Take the pictures.

    Args:
        site: the address of the national site of a demonstration.
        folder: where they go.
        names: those to take; all of them without it.

    Raises:
        SystemExit: a picture is too heavy for a page of documentation.
    """
    site = site.rstrip("/")
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=_chromium(), args=sandbox)
        if not names or SIGN_IN.name in names:
            _take(_window(browser), site, SIGN_IN, folder)
        page = _window(browser)
        _sign_in(page, site)
        for picture in PICTURES:
            if not names or picture.name in names:
                _take(page, site, picture, folder)
        browser.close()


def _window(browser: Browser) -> Page:
    return browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", color_scheme="light").new_page()


def _take(page: Page, site: str, picture: Picture, folder: Path) -> None:
    page.set_viewport_size({"width": picture.width, "height": picture.until or 1100})
    picture.go(page, site)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # fonts, and the menu that slides
    selector, above = picture.at
    if selector:
        page.locator(selector).first.evaluate(TO_TOP, above)
    raw = page.locator(picture.of).screenshot() if picture.of else page.screenshot()
    target = folder / f"{picture.name}.webp"
    Image.open(io.BytesIO(raw)).convert("RGB").save(target, quality=72, method=6)
    size = target.stat().st_size
    sys.stdout.write(f"{target.name}: {size // 1000} kB\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{target.name} : plus de {MOST_BYTES // 1000} ko.")


def _chromium() -> str | None:
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return os.environ.get("MARA_CHROMIUM") or next(filter(None, found), None)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not urlsplit(sys.argv[1]).hostname:
        raise SystemExit("L’adresse de la démonstration : python -m demo.pictures http://mara.localhost:8000")
    main(sys.argv[1], names=tuple(sys.argv[2:]))
