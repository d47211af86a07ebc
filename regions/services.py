"""Writes of the federation: making a groupement, its rights, its mandates. Atomic, and safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from regions import rights
from regions.blueprint import HOME_MODEL, NATIONAL_SECTIONS
from regions.mandates import end_mandate, end_mandate_now, grant_mandate, sync_people
from regions.models import Groupement, NationalOffice, NetworkPage, Zone
from regions.roles import RoleCode
from regions.trees import ensure_home, ensure_sections, ensure_translated_home, plant_homes

__all__ = [
    "end_mandate",
    "end_mandate_now",
    "ensure_sections",
    "ensure_translated_home",
    "follow_new_root",
    "grant_mandate",
    "provision_groupement",
    "provision_network",
    "sync_people",
]


@transaction.atomic
def provision_network(*, hostname: str, port: int = 80, name: str = "MARA") -> Page:
    """Make the national tree: network, home, sections, the default Site, the national roles and collection.

    Safe to repeat: completes what is missing, and moves the default Site to ``hostname`` and ``port``.

    Returns:
        the national home, in the default language.
    """
    locale = Locale.get_default()
    network = NetworkPage.objects.filter(locale=locale).first()
    if network is None:
        root = Page.get_first_root_node()
        network = root.add_child(instance=NetworkPage(title=f"Réseau {name}", slug="reseau", locale=locale, live=True))
        _remove_stock_groups(root)
    model = apps.get_model(HOME_MODEL)
    home = model.objects.child_of(network).first()
    if home is None:
        home = network.add_child(instance=model(title=name, slug="accueil", locale=locale, live=True))
        home.save_revision().publish()
    ensure_sections(home, NATIONAL_SECTIONS)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname, site.port, site.site_name, site.root_page = hostname, port, name, home
    site.save()
    _remove_welcome_page(network)
    office = NationalOffice.load()
    if office.collection_id is None:
        root_collection = Collection.get_first_root_node()
        office.collection = root_collection.add_child(instance=Collection(name="National"))
        office.save()
    rights.disarm_other_groups()
    rights.sync_nation()
    ensure_national_workflow()
    return home


@transaction.atomic
def provision_groupement(
    *,
    code: str,
    name: str,
    departements: Sequence[str] = (),
    zone: Zone | None = None,
    hostname: str = "",
    languages: Sequence[str] = ("fr",),
    **fields,
) -> Groupement:
    """Make a groupement whole: its home and sections, Site, groups, rights, collection and workflow.

    Called by the admin screen, the command, the demonstration and the tests. Calling it again completes
    what is missing and changes nothing that somebody edited.

    Args:
        code: the groupement's identifier, and the first label of its host name.
        name: its name, as visitors read it.
        departements: official codes of the départements it covers.
        zone: the zone it belongs to.
        hostname: its own domain; ``<code>.<national host>`` when not given.
        languages: language codes in which it has a home; the network must exist in them.
        fields: other fields of :class:`~regions.models.Groupement`, used when it is created.

    Returns:
        the groupement, saved.

    Raises:
        ValidationError: when a field is not acceptable.
        regions.models.NetworkPage.DoesNotExist: when the national tree was not made yet.
    """
    networks = _lock_networks(languages)
    groupement = Groupement.objects.filter(code=code).first()
    if groupement is None:
        groupement = Groupement(code=code, name=name, departements=list(departements), zone=zone, **fields)
        groupement.full_clean()
        groupement.save()
    made = plant_homes(groupement, networks)
    home = made or ensure_home(groupement, networks[0])
    _ensure_parts(groupement, home, hostname)
    if not made:
        for network in networks[1:]:
            ensure_translated_home(groupement, network.locale)
    rights.sync_groupement(groupement)
    rights.sync_reviewers(groupement)
    return groupement


def _lock_networks(languages: Sequence[str]) -> list[NetworkPage]:
    """The network in each of these languages, for one provisioning at a time: paths are computed in Python.

    Rows are locked, not the table.
    """
    locales = {locale.language_code: locale for locale in Locale.objects.filter(language_code__in=languages)}
    if missing := [language for language in languages if language not in locales]:
        raise Locale.DoesNotExist(f"no such language: {', '.join(missing)}")
    networks = NetworkPage.objects.select_for_update().filter(locale__in=locales.values()).order_by("pk")
    found = {network.locale_id: network for network in networks}
    if missing := [language for language in languages if locales[language].pk not in found]:
        raise NetworkPage.DoesNotExist(f"no network in: {', '.join(missing)}")
    for locale in locales.values():
        found[locale.pk].locale = locale
    return [found[locales[language].pk] for language in dict.fromkeys(languages)]


def _remove_stock_groups(root: Page) -> None:
    """Wagtail's first migration leaves groups that hold the whole tree; rights here come from roles only."""
    Group.objects.filter(role_group__isnull=True, page_permissions__page=root).distinct().delete()


def _remove_welcome_page(network: NetworkPage) -> None:
    """Wagtail's first migration leaves a page of its own beside the network; no site shows it any more."""
    for page in Page.objects.filter(depth=network.depth).exclude(pk=network.pk):
        if page.specific_class is Page and not page.sites_rooted_here.exists():
            page.delete()


def _ensure_parts(groupement: Groupement, home: Page, hostname: str) -> None:
    """Its Site, its collection and its workflow."""
    before = groupement.site_id, groupement.collection_id, groupement.workflow_id
    groupement.site = groupement.site or _make_site(groupement, home, hostname)
    groupement.collection = groupement.collection or _make_collection(groupement)
    groupement.workflow = groupement.workflow or _make_workflow(groupement)
    if None in before:
        groupement.save(update_fields=["site", "collection", "workflow"])
    known = set(WorkflowPage.objects.filter(page__in=groupement.roots.all()).values_list("page_id", flat=True))
    WorkflowPage.objects.bulk_create(
        WorkflowPage(page_id=pk, workflow=groupement.workflow)
        for pk in groupement.roots.values_list("pk", flat=True)
        if pk not in known
    )


def _make_site(groupement: Groupement, home: Page, hostname: str) -> Site:
    national = Site.objects.filter(is_default_site=True).first()
    hostname = hostname or f"{groupement.code}.{settings.MARA_NATIONAL_HOST}"
    if Site.objects.filter(hostname=hostname).exists():
        raise ValidationError({"hostname": _("Another site already answers at this domain.")})
    return Site.objects.create(
        hostname=hostname, port=national.port if national else 80, site_name=groupement.name, root_page=home
    )


def _make_collection(groupement: Groupement) -> Collection:
    return Collection.get_first_root_node().add_child(instance=Collection(name=groupement.name))


def _make_workflow(groupement: Groupement) -> Workflow:
    """Contributors submit, the groupement's référents approve."""
    task = GroupApprovalTask.objects.create(name=f"Relecture – {groupement.name}")
    workflow = Workflow.objects.create(name=f"Publication – {groupement.name}")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    return workflow


def ensure_national_workflow() -> None:
    """What is submitted in the national sections is reviewed by the national team, in every language."""
    office = NationalOffice.load()
    if office.workflow_id is None:
        task = GroupApprovalTask.objects.create(name="Relecture – national")
        office.workflow = Workflow.objects.create(name="Publication – national")
        WorkflowTask.objects.create(workflow=office.workflow, task=task, sort_order=1)
        office.save()
    for task in GroupApprovalTask.objects.filter(workflow_tasks__workflow=office.workflow):
        task.groups.set([rights.group_for(role) for role in (RoleCode.NATIONAL_EDITOR, RoleCode.NATIONAL_ADMIN)])
    for home in rights.national_homes():
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": office.workflow})


def follow_new_root(root: Page) -> None:
    """A root in a new language was made: give it the rights and the workflow of its groupement."""
    groupement = root.groupement
    if groupement.workflow_id:
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": groupement.workflow})
        rights.sync_groupement(groupement)
