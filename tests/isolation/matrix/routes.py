"""Every address pattern of the installation, by walking the resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

ADMIN = "admin/"


@dataclass(frozen=True)
class Route:
    """One pattern. ``key`` names it in the policy file: its name, or its route when it has none."""

    name: str
    route: str
    params: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.name or self.route

    @property
    def is_admin(self) -> bool:
        return self.route.startswith(ADMIN)


@cache
def all_routes() -> tuple[Route, ...]:
    """Every pattern, in the order in which the resolver tries them."""
    return tuple(_walk(get_resolver().url_patterns, (), ""))


def _walk(patterns, namespaces: tuple[str, ...], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name)) if pattern.name else ""
            yield Route(name, route, tuple(pattern.pattern.regex.groupindex))
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, route)
