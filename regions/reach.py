"""How far a signed-in person reaches: their trees, collections, groups and colleagues.

:func:`reach_of` is asked by every door of the admin: the guard of its addresses, choosers, filters,
forms. It reads what :mod:`regions.rights` granted, so that the table of roles stays the only place
where rights are written.
"""

from __future__ import annotations

from functools import cached_property

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupPagePermission, Page, PageViewRestriction, Site, Task, Workflow
from wagtail.permissions import policy_registry

from regions import reviews, rights, scope
from regions.blueprint import GROUPEMENT_HOME_MODEL
from regions.models import RoleGroup
from regions.permissions import user_can_manage_network

_ATTRIBUTE = "_mara_reach"
USE, KEEP = ("choose",), ("add", "change", "delete")


def starts_with(paths, field: str = "path") -> Q:
    """The condition that a tree path is one of ``paths`` or below it; nothing when there is none."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


class Reach:
    """What one person holds, each part read from the database at most once.

    Attributes:
        everything: the person runs the network; nothing is kept from them.
    """

    def __init__(self, user) -> None:
        self.user = user
        self.everything = user_can_manage_network(user)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Tree paths of the homes held, in every language; a national editor's are the national ones."""
        rows = GroupPagePermission.objects.filter(group__user=self.user).values_list("page__path", flat=True)
        return tuple(sorted(set(rows)))

    @property
    def pages(self) -> QuerySet[Page]:
        """The person's own trees, drafts included."""
        return Page.objects.all() if self.everything else Page.objects.filter(starts_with(self.paths))

    @property
    def to_review(self) -> QuerySet[Page]:
        """The pages that wait for the person's approval, whoever holds them."""
        return reviews.pages_to_review(self.user)

    @cached_property
    def ancestor_paths(self) -> tuple[str, ...]:
        """Tree paths of the nodes above the homes held: one walks through them, and sees nothing else there."""
        return tuple(
            sorted({path[:end] for path in self.paths for end in range(Page.steplen, len(path), Page.steplen)})
        )

    @cached_property
    def holds_nation(self) -> bool:
        """Whether the person keeps the national tree and the closed lists."""
        return self.everything or any(home.path in self.paths for home in rights.national_homes())

    @cached_property
    def restricted_paths(self) -> tuple[str, ...]:
        return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))

    @property
    def linkable(self) -> QuerySet[Page]:
        """The pages that what the person writes may point at: their own, and those the nation has published.

        A national page whose next version waits, or which is reserved to some, is not among them: choosers
        show the title of the draft.
        """
        if self.everything:
            return Page.objects.all()
        published = Q(live=True, has_unpublished_changes=False)
        national = Page.objects.filter(published & starts_with(home.path for home in rights.national_homes()))
        national = national.exclude(starts_with(self.restricted_paths))
        return Page.objects.filter(starts_with(self.paths) | Q(pk__in=national.order_by().values("pk")))

    @property
    def browsable(self) -> QuerySet[Page]:
        """``linkable``, and the nodes that lead there."""
        above = {*self.ancestor_paths}
        for home in rights.national_homes():
            above |= {home.path[:end] for end in range(Page.steplen, len(home.path), Page.steplen)}
        return Page.objects.filter(Q(pk__in=self.linkable.order_by().values("pk")) | Q(path__in=above))

    def holds_path(self, path: str) -> bool:
        return self.everything or path.startswith(self.paths)

    def is_above(self, path: str) -> bool:
        return path in self.ancestor_paths

    @cached_property
    def groupement_ids(self) -> frozenset[int]:
        """The groupements in which the person writes."""
        roots = apps.get_model(GROUPEMENT_HOME_MODEL).objects.filter(path__in=self.paths)
        return frozenset(roots.values_list("groupement_id", flat=True))

    @cached_property
    def answered_groupement_ids(self) -> frozenset[int]:
        """The groupements for which the person answers: a contributor writes in one, and answers for none."""
        return frozenset(scope.managed_groupements(self.user).values_list("pk", flat=True))

    @property
    def groups(self) -> QuerySet[Group]:
        """The groups of the places the person holds: those to whom they may reserve a page."""
        if self.everything:
            return Group.objects.all()
        own = Q(groupement_id__in=self.groupement_ids) | Q(group__user=self.user)
        if self.holds_nation:
            own |= Q(groupement__isnull=True, zone__isnull=True)
        return Group.objects.filter(pk__in=RoleGroup.objects.filter(own).values("group_id"))

    @property
    def people(self) -> QuerySet:
        """The person and those who hold a role in the same places. Nobody else's name is shown in a list."""
        people = get_user_model()._default_manager.all()
        if self.everything:
            return people
        return people.filter(Q(groups__in=self.groups) | Q(pk=self.user.pk)).distinct()

    @property
    def sites(self) -> QuerySet[Site]:
        return Site.objects.all() if self.everything else Site.objects.filter(root_page__path__in=self.paths)

    @property
    def workflows(self) -> QuerySet[Workflow]:
        if self.everything:
            return Workflow.objects.all()
        return Workflow.objects.filter(workflow_pages__page__in=self.pages).distinct()

    @property
    def tasks(self) -> QuerySet[Task]:
        if self.everything:
            return Task.objects.all()
        return Task.objects.filter(workflow_tasks__workflow__in=self.workflows).distinct()

    def images(self, actions=USE) -> QuerySet:
        """The images that the person may use, or with ``KEEP`` those in their own collections."""
        return self._media(get_image_model(), actions)

    def documents(self, actions=USE) -> QuerySet:
        return self._media(get_document_model(), actions)

    def _media(self, model, actions) -> QuerySet:
        if self.everything:
            return model.objects.all()
        policy = policy_registry.get_by_type(model)
        # By collection only: the policy's own answer leaves out what a colleague uploaded.
        return model.objects.filter(
            collection__in=policy.collections_user_has_any_permission_for(self.user, list(actions))
        )


def reach_of(user) -> Reach:
    """Return how far ``user`` reaches; read once for each request, with which the instance lives and dies."""
    found = user.__dict__.get(_ATTRIBUTE)
    if found is None:
        found = user.__dict__[_ATTRIBUTE] = Reach(user)
    return found
