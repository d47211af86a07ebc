"""Reads ``policy.toml``: what each pattern answers to each role, about each owner's things."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

ROLES = ("anonymous", "member", "contributor_a", "referent_a", "zone_a", "referent_b", "editor", "admin")
_FILE = Path(__file__).parent / "policy.toml"


@cache
def _policy() -> dict:
    return tomllib.loads(_FILE.read_text())


def named() -> set[str]:
    """The patterns that the file names."""
    return set(_policy()["routes"])


def fails_upstream(key: str, method: str) -> bool:
    """Whether a pattern is known to fail for those to whom it opens, for a reason written in the file."""
    return method in _policy()["errors"].get(key, [])


def expected(key: str, role: str, owner: str) -> frozenset[str]:
    """The answers that a pattern may give to a role about an owner's things.

    Args:
        key: the pattern's name, or its route when it has none.
        owner: ``a``, ``b``, ``n``; ``-`` for an address that carries no number.

    Returns:
        words of :mod:`tests.isolation.matrix.answers`; several where Wagtail itself decides among them.
    """
    profile = _policy()["profiles"][_policy()["routes"][key]]
    answers = profile[role] if role in profile else profile["everyone"]
    if isinstance(answers, str):
        return frozenset(answers.split("|"))
    return frozenset(answers[owner].split("|"))
