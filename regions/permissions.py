"""Who may do what, as named predicates whose docstring is the rule."""

from __future__ import annotations

from wagtail.models import PagePermissionTester


def user_can_manage_network(user) -> bool:
    """National administrators run the network: groupements, zones, mandates and the structure of subsites."""
    return user.is_active and user.has_perm("regions.change_groupement")


class StructuralPagePermissionTester(PagePermissionTester):
    """Homes and sections are edited by those who hold them, and moved or removed by nobody.

    They are what addresses, menus and inheritance rest on. A groupement that closes is dormant, a status; a national
    administrator may also take its home off the site, which keeps all its pages and lets it come back.
    """

    def can_delete(self, ignore_bulk=False):
        return self.user.is_superuser and super().can_delete(ignore_bulk=ignore_bulk)

    def can_unpublish(self):
        return user_can_manage_network(self.user) and super().can_unpublish()

    def can_move(self):
        return False

    def can_copy(self):
        return False
