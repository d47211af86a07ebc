"""The doors of those who edit: imports and uploads of files, and every screen of ours with its forms and questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from random import Random

from django.urls import get_resolver, resolve, reverse

from resources.contacts.importing.models import ContactImport
from resources.events.importing.models import EventImport
from tests.factories.world import World
from tests.fuzz import corpus, files, media, public, requests
from tests.fuzz.drill import Door
from tests.fuzz.requests import Request
from tests.isolation.matrix import addresses
from tests.isolation.matrix.bodies import Forms
from tests.isolation.matrix.browser import NATIONAL_HOST, browser_of
from tests.isolation.matrix.ground import Estate
from tests.isolation.matrix.routes import all_routes

OURS = ("core", "users", "regions", "resources", "home", "exchanges", "search", "dashboards", "mara_site")
SKIPPED = frozenset({"wagtailadmin_logout", "account_logout"})
HTMX = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


def doors(world: World, estates: dict[str, Estate]) -> list[Door]:
    """What a référent, and the nation's administrator, may send."""
    estate = estates["a"]
    cookies = {name: cookie_of(world, name) for name in ("referent_a", "admin")}
    own = cookies["referent_a"]
    return [
        Door("import of contacts: table", partial(_contacts, own, estate, files.table, "a.csv"), 0.1),
        Door("import of contacts: workbook", partial(_contacts, own, estate, files.workbook, "a.xlsx"), 0.075),
        Door("import of events: file", partial(_events, own, estate), 0.15),
        Door("import of events: address", partial(_address, own, estate), 0.05),
        Door("upload: image", partial(_upload, own, estate, "wagtailimages:add", media.picture), 0.075),
        Door(
            "upload: several images", partial(_several, own, estate, "wagtailimages:add_multiple", media.picture), 0.05
        ),
        Door(
            "upload: image in a chooser",
            partial(_chosen, own, estate, "wagtailimages_chooser:create", "image-chooser-upload", media.picture),
            0.05,
        ),
        Door("upload: document", partial(_upload, own, estate, "wagtaildocs:add", media.document), 0.075),
        Door(
            "upload: several documents",
            partial(_several, own, estate, "wagtaildocs:add_multiple", media.document),
            0.05,
        ),
        Door(
            "upload: document in a chooser",
            partial(_chosen, own, estate, "wagtaildocs_chooser:create", "document-chooser-upload", media.document),
            0.05,
        ),
        *_own_screens(world, estates, cookies),
    ]


def cookie_of(world: World, person: str) -> str:
    """What the browser of somebody who signed in sends."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser_of(world, person).cookies.items())


def _file_form(
    chance: Random, path: str, cookie: str, fields: dict[str, str], file: tuple[str, str, str, bytes], **headers
) -> Request:
    pairs = [(name, corpus.text(chance) if chance.random() < 0.1 else value) for name, value in fields.items()]
    body, kind = requests.multipart(chance, pairs, (file,) if chance.random() < 0.97 else ())
    if chance.random() < 0.04:
        body = requests.damaged(chance, body)
    return Request(NATIONAL_HOST, path, "POST", "", body, kind, {"HTTP_COOKIE": cookie, **headers})


def _press(path: str, cookie: str, chance: Random, **fields) -> Request:
    body = requests.encoded(chance, list(fields.items()))
    return Request(NATIONAL_HOST, path, "POST", "", body, requests.FORM, {"HTTP_COOKIE": cookie})


def _contacts(cookie: str, estate: Estate, make, name: str, chance: Random):
    """A file sent, read, its columns chosen, its lines decided, and applied, as far as it goes."""
    path = reverse("contact_import_section", args=[estate.ids["contact_section"]])
    name = name if chance.random() < 0.8 else files.name_of(chance)
    before = ContactImport.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = yield _file_form(
        chance, path, cookie, {}, ("file", name, corpus.text(chance)[:60].split("\n")[0] or "x", make(chance))
    )
    origin = ContactImport.objects.filter(pk__gt=before).first()
    if answer.status != 302 or origin is None:
        return
    path = reverse("contact_import", args=[origin.pk])
    for _turn in range(12):
        origin.refresh_from_db()
        if origin.is_running:
            yield _press(path, cookie, chance, step="continue")
        elif origin.state == "columns":
            chosen = {f"column-{number}": code for number, code in origin.mapping.items()}
            if chance.random() < 0.5:
                chosen |= {
                    f"column-{number}": chance.choice(("title", "phone", "hours", "latitude", ""))
                    for number in range(len(origin.headers))
                }
            chosen.setdefault("column-0", "title")
            yield _press(path, cookie, chance, step="columns", default_category="", **chosen)
        elif origin.state == "ready":
            yield Request(
                NATIONAL_HOST, path, query=corpus.query(chance, ("show", "page")), headers={"HTTP_COOKIE": cookie}
            )
            yield _press(path, cookie, chance, step="decide", all=chance.choice(("create", "merge", "ignore", "x")))
            yield _press(path, cookie, chance, step="apply", publish=chance.choice("01"))
        else:
            yield Request(
                NATIONAL_HOST, path, query=corpus.query(chance, ("show", "page")), headers={"HTTP_COOKIE": cookie}
            )
            return


def _events(cookie: str, estate: Estate, chance: Random):
    """A calendar sent, shown, and made into drafts, as far as it goes."""
    path = reverse("event_import_section", args=[estate.ids["event_section"]])
    name = "a.ics" if chance.random() < 0.8 else files.name_of(chance)
    before = EventImport.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fields = {"title": "CCI", "address": ""}
    answer = yield _file_form(chance, path, cookie, fields, ("file", name, "text/calendar", files.calendar(chance)))
    origin = EventImport.objects.filter(pk__gt=before).first()
    if answer.status != 302 or origin is None:
        return
    path = reverse("event_import", args=[origin.pk])
    yield Request(NATIONAL_HOST, path, query=corpus.query(chance, ("show", "page")), headers={"HTTP_COOKIE": cookie})
    yield _press(path, cookie, chance, step="apply")
    for _turn in range(4):
        origin.refresh_from_db()
        if origin.is_running:
            yield _press(path, cookie, chance, step="continue")
    yield Request(NATIONAL_HOST, path, headers={"HTTP_COOKIE": cookie})


def _address(cookie: str, estate: Estate, chance: Random):
    path = reverse("event_import_section", args=[estate.ids["event_section"]])
    address = corpus.text(chance)
    if chance.random() < 0.6:
        address = chance.choice(("https://", "webcal://", "http://")) + address
    yield requests.form(chance, NATIONAL_HOST, path, {"title": "CCI", "address": address}, cookie=cookie)


def _upload(cookie: str, estate: Estate, name: str, make, chance: Random):
    filename, raw = make(chance)
    fields = {"title": "Titre", "collection": str(estate.collection.pk), "tags": "", "alt_text": "x", "credit": "x"}
    yield _file_form(chance, reverse(name), cookie, fields, ("file", filename, "application/octet-stream", raw))


def _several(cookie: str, estate: Estate, name: str, make, chance: Random):
    filename, raw = make(chance)
    fields = {"title": "Titre", "collection": str(estate.collection.pk)}
    yield _file_form(chance, reverse(name), cookie, fields, ("files[]", filename, "x/y", raw), **HTMX)


def _chosen(cookie: str, estate: Estate, name: str, prefix: str, make, chance: Random):
    filename, raw = make(chance)
    fields = {f"{prefix}-title": "Titre", f"{prefix}-collection": str(estate.collection.pk), f"{prefix}-tags": ""}
    yield _file_form(chance, reverse(name), cookie, fields, (f"{prefix}-file", filename, "x/y", raw), **HTMX)


# --- Every screen of ours ---------------------------------------------------------------------------


def _own_screens(world: World, estates: dict[str, Estate], cookies: dict[str, str]) -> Iterator[Door]:
    """Screens below /admin/ and /compte/ whose code is ours, each with the fields of its form."""
    read, sent = [], []
    forms = Forms(browser_of(world, "admin"))
    for route in all_routes():
        if not (route.is_admin or route.route.startswith("compte/")) or route.name in SKIPPED:
            continue
        for address in addresses.addresses(route, estates["a"], (addresses.PLAIN,)):
            path = address.path.partition("?")[0]
            if not _is_ours(path):
                continue
            read.append(path)
            sent.append((path, forms._read(path)))
    assert len(read) > 40, read
    known = public.names()
    for person, cookie in cookies.items():
        yield Door(f"screens of ours, read by {person}", partial(_read, cookie, tuple(read), known), 0.075)
        yield Door(f"screens of ours, sent by {person}", partial(_send, cookie, tuple(sent)), 0.075)


def _is_ours(path: str) -> bool:
    callback = resolve(path, get_resolver().urlconf_name).func
    view = getattr(callback, "view_class", callback)
    return view.__module__.split(".")[0] in OURS


def _read(cookie: str, paths: tuple[str, ...], known: tuple[str, ...], chance: Random):
    request = requests.read(chance, NATIONAL_HOST, chance.choice(paths), known)
    request.headers["HTTP_COOKIE"] = cookie
    yield request


def _send(cookie: str, sent: tuple[tuple[str, dict], ...], chance: Random):
    path, fields = chance.choice(sent)
    fields = {name: value[0] if isinstance(value, list) and value else value or "" for name, value in fields.items()}
    fields |= {"step": chance.choice(("", "apply", "delete", "take", "x"))} if chance.random() < 0.3 else {}
    if chance.random() < 0.05:
        body = json.dumps({name: corpus.text(chance) for name in fields}).encode()
        yield Request(NATIONAL_HOST, path, "POST", "", body, "application/json", {"HTTP_COOKIE": cookie})
        return
    yield requests.form(chance, NATIONAL_HOST, path, fields, cookie=cookie)
