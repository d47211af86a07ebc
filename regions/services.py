"""Writes of the federation: making a groupement, its rights, its mandates. Atomic, and safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
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
from regions.blueprint import GROUPEMENT_HOME_MODEL, HOME_MODEL, NATIONAL_SECTIONS, SECTIONS, Section
from regions.mandates import end_mandate, end_mandate_now, grant_mandate, sync_people
from regions.models import Groupement, NationalOffice, NetworkPage, Zone
from regions.roles import RoleCode

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
    # One provisioning at a time: treebeard computes tree paths in Python. The row is locked, not the table.
    network = NetworkPage.objects.select_for_update().get(locale=Locale.objects.get(language_code=languages[0]))
    groupement = Groupement.objects.filter(code=code).first()
    if groupement is None:
        groupement = Groupement(code=code, name=name, departements=list(departements), zone=zone, **fields)
        groupement.full_clean()
        groupement.save()
    home = _ensure_home(groupement, network)
    _ensure_site(groupement, home, hostname)
    _ensure_collection(groupement)
    _ensure_workflow(groupement)
    for language in languages[1:]:
        ensure_translated_home(groupement, Locale.objects.get(language_code=language))
    rights.sync_groupement(groupement)
    rights.sync_reviewers(groupement)
    return groupement


def _remove_stock_groups(root: Page) -> None:
    """Wagtail's first migration leaves groups that hold the whole tree; rights here come from roles only."""
    Group.objects.filter(role_group__isnull=True, page_permissions__page=root).distinct().delete()


def _remove_welcome_page(network: NetworkPage) -> None:
    """Wagtail's first migration leaves a page of its own beside the network; no site shows it any more."""
    for page in Page.objects.filter(depth=network.depth).exclude(pk=network.pk):
        if page.specific_class is Page and not page.sites_rooted_here.exists():
            page.delete()


def _ensure_home(groupement: Groupement, network: NetworkPage) -> Page:
    """The groupement's home in the network's language, with its sections, published."""
    home = groupement.roots.filter(locale=network.locale).first()
    if home is None:
        model = apps.get_model(GROUPEMENT_HOME_MODEL)
        home = network.add_child(
            instance=model(
                title=groupement.name, slug=groupement.code, locale=network.locale, groupement=groupement, live=True
            )
        )
        home.save_revision().publish()
    ensure_sections(home)
    return home


def ensure_sections(home: Page, sections: Sequence[Section] = SECTIONS) -> None:
    """Make the sections of the blueprint that a home lacks, in the home's language."""
    present = {page.specific_class for page in home.get_children()}
    with translation.override(home.locale.language_code):
        for section in sections:
            model = apps.get_model(section.model)
            if model in present:
                continue
            page = home.add_child(
                instance=model(
                    title=str(section.title),
                    summary=str(section.summary),
                    slug=section.slug,
                    locale=home.locale,
                    show_in_menus=True,
                    live=True,
                )
            )
            page.save_revision().publish()


def _ensure_site(groupement: Groupement, home: Page, hostname: str) -> None:
    if groupement.site_id:
        return
    national = Site.objects.filter(is_default_site=True).first()
    hostname = hostname or f"{groupement.code}.{settings.MARA_NATIONAL_HOST}"
    if Site.objects.filter(hostname=hostname).exists():
        raise ValidationError({"hostname": _("Another site already answers at this domain.")})
    groupement.site = Site.objects.create(
        hostname=hostname,
        port=national.port if national else 80,
        site_name=groupement.name,
        root_page=home,
    )
    groupement.save(update_fields=["site"])


def _ensure_collection(groupement: Groupement) -> None:
    if groupement.collection_id:
        return
    root = Collection.get_first_root_node()
    groupement.collection = root.add_child(instance=Collection(name=groupement.name))
    groupement.save(update_fields=["collection"])


def _ensure_workflow(groupement: Groupement) -> None:
    """Contributors submit, the groupement's référents approve: in every language."""
    if not groupement.workflow_id:
        task = GroupApprovalTask.objects.create(name=f"Relecture – {groupement.name}")
        groupement.workflow = Workflow.objects.create(name=f"Publication – {groupement.name}")
        WorkflowTask.objects.create(workflow=groupement.workflow, task=task, sort_order=1)
        groupement.save(update_fields=["workflow"])
    for root in groupement.roots.all():
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": groupement.workflow})


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


def ensure_translated_home(groupement: Groupement, locale: Locale) -> Page:
    """Give a groupement a home in another language, with its sections; its rights and workflow follow."""
    existing = groupement.roots.filter(locale=locale).first()
    source = groupement.roots.order_by("pk").first()
    home = existing or source.copy_for_translation(locale)
    if not home.live:
        home.save_revision().publish()
    for section in source.get_children().specific():
        translated = section.get_translation_or_none(locale) or section.copy_for_translation(locale)
        if not translated.live:
            with translation.override(locale.language_code):
                _name_in_language(translated)
            translated.save_revision().publish()
    home.refresh_from_db(fields=["numchild"])
    return home


def _name_in_language(section_page: Page) -> None:
    for section in NATIONAL_SECTIONS:
        if apps.get_model(section.model) is type(section_page):
            section_page.title = str(section.title)
            section_page.summary = str(section.summary)


def follow_new_root(root: Page) -> None:
    """A root in a new language was made: give it the rights and the workflow of its groupement."""
    groupement = root.groupement
    if groupement.workflow_id:
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": groupement.workflow})
        rights.sync_groupement(groupement)
