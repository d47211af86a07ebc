"""What a page says of itself to browsers and search engines: canonical address, languages, breadcrumbs."""

from __future__ import annotations

from wagtail.models import Page

from regions.places import HOME_DEPTH, Place, relative_path


def page_context(page: Page, place: Place) -> dict:
    """Return the template variables that every page has, whatever its type."""
    canonical = canonical_url(page, place)
    image = page.open_graph_image()
    return {
        "canonical_url": canonical,
        "alternates": alternates(page, place),
        "languages": languages(page, place),
        "breadcrumbs": breadcrumbs(page, place),
        "structured_data": {"@context": "https://schema.org", **page.structured_data(place)},
        "og": {
            "title": page.seo_title or page.title,
            "description": page.description,
            "image_url": place.site.root_url + image.url if image else "",
            "type": "article" if page.depth > HOME_DEPTH + 1 else "website",
            "url": canonical,
            "site_name": f"MARA – {place.label}",
        },
    }


def canonical_url(page: Page, place: Place) -> str:
    """Return the one absolute address of a page: on the site that owns it, wherever it is read."""
    root = place.site.root_url
    if page.path.startswith(place.national_home.path):
        root = place.national_site.root_url
    return root + place.base_path + relative_path(page)


def _translations(page: Page, place: Place) -> dict[str, Page]:
    """The published versions of the page by language, without a query when the site has one language."""
    if page.path.startswith(place.home.path) and len(place.home_translations) < 2:
        return {}
    return place.translations(page)


def asks_versions(page: Page, place: Place) -> bool:
    """Whether :func:`page_context` asks the database for the versions of a page."""
    is_home = page.translation_key == place.home.translation_key
    return not is_home and not (page.path.startswith(place.home.path) and len(place.home_translations) < 2)


def alternates(page: Page, place: Place) -> list[dict]:
    """Return the page's language versions for ``hreflang``, at their own sites' addresses."""
    versions = _translations(page, place)
    if len(versions) < 2:
        return []
    national = page.path.startswith(place.national_home.path)
    root = place.national_site.root_url if national else place.site.root_url
    return [{"lang": code, "url": root + version_path(code, version)} for code, version in sorted(versions.items())]


def version_path(language_code: str, page: Page) -> str:
    """Return the path of a page on its host, in its own language."""
    from django.urls import reverse
    from django.utils import translation

    with translation.override(language_code):
        return reverse("wagtail_serve", args=[relative_path(page)])


def languages(page: Page, place: Place) -> list[dict]:
    """Return the languages in which one may go on reading here: the page itself, else the site's home."""
    homes = place.home_translations
    if len(homes) < 2:
        return []
    versions = _translations(page, place)
    names = {"fr": "Français", "en": "English"}
    return [
        {
            "code": code,
            "label": names.get(code, code),
            "url": version_path(code, versions.get(code, home)),
            "active": code == place.locale.language_code,
        }
        for code, home in sorted(homes.items(), reverse=True)
    ]


def breadcrumbs(page: Page, place: Place) -> list[dict]:
    """Return the way from the home to the page, the page last and without address."""
    if page.depth <= HOME_DEPTH:
        return []
    crumbs = [{"title": place.home.title if place.is_national else place.label, "url": place.base_path}]
    relative = relative_path(page).rstrip("/").split("/")
    if len(relative) > 1:
        parents = {ancestor.slug: ancestor.title for ancestor in _ancestors(page)}
        address = place.base_path
        for slug in relative[:-1]:
            address += f"{slug}/"
            crumbs.append({"title": parents.get(slug, slug), "url": address})
    return [*crumbs, {"title": page.title, "url": ""}]


def _ancestors(page: Page) -> list[Page]:
    """The pages between the home and this one; without a query when the way to the page went through each."""
    found: list[Page] = []
    while page.depth > HOME_DEPTH + 1:
        parent = page.__dict__.get("_cached_parent_obj")
        if parent is None:
            return [*page.get_ancestors().filter(depth__gt=HOME_DEPTH), *found]
        found.insert(0, parent)
        page = parent
    return found
