"""What every page type owes: a new one fails here until it is complete."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.http import Http404
from django.template.loader import get_template
from wagtail.models import get_page_models

from core.models import BasePage
from regions.models import NetworkPage
from regions.places import relative_path
from tests import html
from tests.factories import catalogue, pages

every_type = pytest.mark.parametrize("label", catalogue.LABELS)
every_reading = pytest.mark.parametrize(("label", "place"), catalogue.READ_AT)


@every_type
def test_page_type__its_class__says_where_it_lives(label):
    model = apps.get_model(label)
    assert issubclass(model, BasePage)
    for attribute in ("parent_page_types", "subpage_types"):
        assert attribute in vars(model), f"{label} does not say its {attribute}"
    assert "wagtailcore.Page" not in model.subpage_types


def test_page_types__of_the_installation__are_ours_or_wagtails_own():
    others = {model._meta.label for model in get_page_models()} - set(catalogue.LABELS)
    assert others == {"wagtailcore.Page"}


@every_type
def test_page_type__its_template__is_the_default_one(label):
    model = apps.get_model(label)
    app, name = label.split(".")
    expected = f"{app}/{''.join('_' + sign.lower() if sign.isupper() else sign for sign in name).lstrip('_')}.html"
    assert model.template == expected
    assert "template" not in {key for key, value in vars(model).items() if value != expected}
    if label in catalogue.NEVER_SERVED:
        return
    assert get_template(expected)


@every_type
def test_page_type__factory_or_provisioning__makes_one(label):
    assert label in pages.FACTORIES or label in catalogue.STRUCTURAL
    if label not in pages.FACTORIES:
        model = apps.get_model(label)
        assert model is NetworkPage or hasattr(model, "max_count_per_parent") or not model.is_creatable


@every_type
def test_page_type__search_and_translation__are_declared(label):
    model = apps.get_model(label)
    searched = {field.field_name for field in model.search_fields}
    assert {"title", "summary"} <= searched
    bodies = {field.name for field in model._meta.get_fields()} & {"body", "intro", "mission", "service", "note"}
    if model.__name__ not in {"HomePage", "GroupementHomePage"}:
        assert not bodies or bodies & searched, f"visitors cannot search {bodies} of {label}"
    declared = {field.field_name for field in model.override_translatable_fields}
    assert {"slug", "folded", "sort_key"} <= declared


@every_type
def test_page_type__its_name__is_lower_case(label):
    meta = apps.get_model(label)._meta
    for name in (str(meta.verbose_name), str(meta.verbose_name_plural)):
        assert name == name.lower()
        assert "page type" not in name


@every_reading
def test_page__served__has_one_heading_and_its_metadata(world, visit, label, place):
    page = catalogue.full_page_of(world, label, place)
    soup = html.parse(visit(catalogue.host_of(world, place), f"/{relative_path(page)}"))
    assert [tag.get_text(strip=True) for tag in soup.select("h1")], "no first-level heading"
    assert len(soup.select("h1")) == 1
    head = html.metadata(soup)
    assert head["lang"] == "fr"
    assert page.title.split()[0] in head["title"]
    address = f"http://{catalogue.host_of(world, place)}/{relative_path(page)}"
    assert (head["canonical"], head["og:url"]) == (address, address)
    assert head["og:title"] == page.title
    assert head["og:site_name"]
    assert head["og:type"] in {"website", "article"}
    data = html.structured_data(soup)
    assert (data["@type"], data["url"]) == (page.schema_org_type, address)
    assert None not in data.values(), "nothing is said of what is not known"


@every_reading
def test_page__served__shows_no_trace_of_the_machine(world, visit, label, place):
    page = catalogue.full_page_of(world, label, place)
    soup = html.parse(visit(catalogue.host_of(world, place), f"/{relative_path(page)}"))
    words = html.visible_text(soup)
    for trace in ("None", "{{", "{%", "object at 0x", "Traceback", "queryset"):
        assert trace not in words
    identifiers = [tag["id"] for tag in soup.select("[id]")]
    assert sorted(identifiers) == sorted(set(identifiers)), "an identifier is used twice"
    assert not soup.select("a[href=''], img:not([alt])")
    assert not soup.select("[style], [onclick], [onload]")


@every_reading
def test_page__bare_with_only_its_required_fields__is_served(world, visit, label, place):
    page = catalogue.page_of(world, label, place)
    soup = html.parse(visit(catalogue.host_of(world, place), f"/{relative_path(page)}"))
    assert "None" not in html.visible_text(soup)


@pytest.mark.parametrize("label", sorted(pages.FACTORIES))
def test_page__of_another_groupement_or_unpublished__is_not_found(world, visit, label):
    page = catalogue.page_of(world, label, catalogue.LOCAL)
    path = f"/{relative_path(page)}"
    assert visit(world.host(world.a), path).status_code == 200
    for host in (world.host(world.b), world.host(world.neighbour), world.national_host):
        assert visit(host, path).status_code == 404, host
    page.unpublish()
    refused = visit(world.host(world.a), path)
    assert refused.status_code == 404
    assert page.title not in refused.content.decode()


@every_reading
def test_page__previewed__looks_like_the_page(world, label, place):
    page = catalogue.full_page_of(world, label, place)
    page.seo_title = "Titre pas encore enregistré"
    response = page.make_preview_request()
    soup = html.parse(response.render() if hasattr(response, "render") else response)
    assert len(soup.select("h1")) == 1
    assert "Titre pas encore enregistré" in soup.title.get_text()


def test_network_page__asked_for__is_never_served(world, rf):
    network = NetworkPage.objects.get()
    request = rf.get("/")
    with pytest.raises(Http404):
        network.serve(request)
    with pytest.raises(Http404):
        network.serve_preview(request, "")
    assert network.get_url() is None
