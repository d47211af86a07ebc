"""The directory in other forms: the same filters, all the results, at addresses below ``exports/``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from core import spreadsheets
from core.qr import qr_image
from regions import visibility
from regions.places import Place, place_for
from resources.contacts import selectors
from resources.contacts.exports import geojson, points, rows, vcard
from resources.listing import querystring

PATH = "exports"
# Long enough to spare the database when a link is passed around, short enough for a corrected telephone number.
FRESH_SECONDS = 300
PRINT_LIMIT = 2_000


@dataclass
class Shown:
    """What a visitor asked for: the listing, the place they read it from, their filters, the contacts."""

    page: object
    request: HttpRequest
    place: Place
    form: object

    @property
    def items(self) -> QuerySet:
        return selectors.contacts(self.place, self.form)

    def contacts(self, limit: int = rows.LIMIT):
        return rows.contacts_in_pieces(self.items, self.place, limit)

    def file_name(self, extension: str) -> str:
        place = self.place.groupement.code if self.place.groupement else "national"
        return f"annuaire-{place}-{timezone.localdate():%Y-%m-%d}.{extension}"

    def attach(self, response: HttpResponse, extension: str) -> HttpResponse:
        response["Content-Disposition"] = f'attachment; filename="{self.file_name(extension)}"'
        return response


def serve(page, request: HttpRequest, output: str) -> HttpResponse:
    """One of ``OUTPUTS``, for a listing page."""
    place = place_for(request, locale_id=page.locale_id)
    visibility.present_one(page, place)
    response = OUTPUTS[output](Shown(page, request, place, page.filter_form(request.GET)))
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    response["X-Robots-Tag"] = "noindex"
    return response


def _points(shown: Shown) -> HttpResponse:
    data = points.points(shown.items, shown.place, shown.page.href)
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _csv(shown: Shown) -> HttpResponse:
    lines = spreadsheets.csv_lines((column.heading for column in rows.COLUMNS), rows.table(shown.contacts()))
    return shown.attach(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), "csv")


def _xlsx(shown: Shown) -> HttpResponse:
    book = spreadsheets.xlsx(
        _("Directory"),
        [column.heading for column in rows.COLUMNS],
        rows.table(shown.contacts()),
        widths=[column.width for column in rows.COLUMNS],
    )
    return shown.attach(HttpResponse(book, content_type=spreadsheets.XLSX_TYPE), "xlsx")


def _geojson(shown: Shown) -> HttpResponse:
    pieces = (piece.encode() for piece in geojson.to_geojson(shown.contacts()))
    return shown.attach(StreamingHttpResponse(pieces, content_type="application/geo+json"), "geojson")


def _vcard(shown: Shown) -> HttpResponse:
    cards = (vcard.to_vcard(contact).encode() for contact in shown.contacts())
    return shown.attach(StreamingHttpResponse(cards, content_type="text/vcard; charset=utf-8"), "vcf")


def _print(shown: Shown) -> HttpResponse:
    contacts = list(shown.contacts(PRINT_LIMIT))
    if not shown.form.centre:
        groups = selectors.grouped(contacts)
    else:  # nearest first, whatever they are
        groups = [{"side": "near", "side_label": "", "categories": [{"category": "", "items": contacts}]}]
    query = querystring(shown.request)
    address = f"{shown.place.site.root_url}{shown.page.href}{'?' + query if query else ''}"
    context = shown.page.get_context(shown.request) | {
        "groups": groups if contacts else [],
        "chosen": shown.form.summary,
        "printed_on": timezone.localtime(),
        "address": address,
        "qr": qr_image(address),
        "count": len(contacts),
        "limit": PRINT_LIMIT,
    }
    return TemplateResponse(shown.request, "resources/contact_listing_print.html", context)


OUTPUTS: dict[str, Callable[[Shown], HttpResponse]] = {
    "points": _points,
    "imprimer": _print,
    "vcard": _vcard,
    "csv": _csv,
    "xlsx": _xlsx,
    "geojson": _geojson,
}
