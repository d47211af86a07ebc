"""The registry of rules, by the name of the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from regions.reach import Reach

# Says whether a number that an address carries is within reach. ``kwargs`` are the others it carries.
Check = Callable[[Reach, str, Mapping], bool]
# Says whether what a request asks for in its query string or body is within reach.
RequestCheck = Callable[[Reach, HttpRequest, Mapping], bool]


@dataclass(frozen=True)
class Rule:
    """What an address needs to open.

    Attributes:
        ids: for each number in the address, its check. A number without one closes the address.
        free: parts of the address that name nothing of anybody's.
        request: further check, of the query string and body.
        nation: only for those who keep the national tree.
    """

    ids: Mapping[str, Check] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
    request: RequestCheck | None = None
    nation: bool = False
    closed: bool = False

    def opens(self, reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
        """Whether the address opens to ``reach``."""
        if self.closed or (self.nation and not reach.holds_nation):
            return False
        for name, value in kwargs.items():
            if name in self.free:
                continue
            check = self.ids.get(name)
            if check is None or not check(reach, value, kwargs):
                return False
        return self.request is None or self.request(reach, request, kwargs)


ALLOW = Rule()
DENY = Rule(closed=True)
# The closed lists and other national screens: whoever keeps the national tree, as far as Wagtail lets them.
NATION = Rule(ids={"pk": lambda reach, value, kwargs: True}, nation=True)

_RULES: dict[str, Rule] = {}


def register(rules: Mapping[str, Rule] | Iterable[tuple[str, Rule]]) -> None:
    """Add rules by the name of the address, its namespaces included: ``wagtailimages:edit``."""
    _RULES.update(rules)


def rule_for(name: str) -> Rule | None:
    """The rule of an address; ``None`` when nobody thought of it, which closes it."""
    return _RULES.get(name)
