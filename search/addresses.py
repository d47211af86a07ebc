"""The address of a search, and of the searches one link away: a filter more, a filter less, another order."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode


class SearchAddress:
    """A search as an address; each method gives the address of a neighbouring search, from its first page.

    Args:
        path: the path of the page of results.
        parameters: names and values, in order; only ``kind`` may come twice.
    """

    def __init__(self, path: str, parameters: Iterable[tuple[str, str]]) -> None:
        self.path = path
        self.parameters = list(parameters)

    def __str__(self) -> str:
        return self.path + (f"?{self.query}" if self.parameters else "")

    @property
    def query(self) -> str:
        """The query string, without its question mark."""
        return urlencode(self.parameters)

    def _with(self, parameters: Iterable[tuple[str, str]]) -> SearchAddress:
        return SearchAddress(self.path, parameters)

    def without(self, *names: str) -> SearchAddress:
        """The same search without some parameters."""
        return self._with((name, value) for name, value in self.parameters if name not in names)

    def without_value(self, name: str, value: str) -> SearchAddress:
        """The same search without one value of a parameter."""
        return self._with(pair for pair in self.parameters if pair != (name, value))

    def replacing(self, name: str, value: str) -> SearchAddress:
        """The same search with this value of a parameter, in place of any other; an empty one takes it away."""
        rest = self.without(name)
        return self._with([*rest.parameters, (name, value)] if value else rest.parameters)

    def adding(self, name: str, value: str) -> SearchAddress:
        """The same search with one value more of a parameter."""
        return self._with([*self.parameters, (name, value)])
