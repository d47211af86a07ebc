"""Reading an address that a stranger gave, from the worker only: https, public networks, small, soon over."""

from core.outbound.addresses import UnfetchableError, checked, is_public
from core.outbound.fetching import Answer, Fetcher

__all__ = ["Answer", "Fetcher", "UnfetchableError", "checked", "is_public"]
