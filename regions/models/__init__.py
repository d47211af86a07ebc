"""The federation's models. Outsiders import from this package."""

from regions.models.completing import CompletingPage
from regions.models.invitations import Invitation
from regions.models.network import Groupement, NationalOffice, Zone
from regions.models.pages import FederatedPage, GroupementRoot, HomeMixin, NetworkPage, StructuralPage
from regions.models.people import Mandate, RoleGroup
from regions.models.records import GroupementRecord, RecordQuerySet
from regions.models.sections import SectionPage
from regions.models.sharing import SharedPage, Sharing

__all__ = [
    "CompletingPage",
    "FederatedPage",
    "Groupement",
    "GroupementRecord",
    "GroupementRoot",
    "HomeMixin",
    "Invitation",
    "Mandate",
    "NationalOffice",
    "NetworkPage",
    "RecordQuerySet",
    "RoleGroup",
    "SectionPage",
    "SharedPage",
    "Sharing",
    "StructuralPage",
    "Zone",
]
