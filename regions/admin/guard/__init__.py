"""The guard of the administration: every address has a rule, and what has none does not exist.

National administrators pass. For everyone else an address opens only when :mod:`~regions.admin.guard.rules`
names it and the numbers it carries are theirs; otherwise the answer is that of a number that does not
exist. ``docs/isolation.md`` says what to do when one adds a screen.
"""

from regions.admin.guard.registry import ALLOW, DENY, NATION, Rule, register, rule_for

__all__ = ["ALLOW", "DENY", "NATION", "Rule", "register", "rule_for"]
