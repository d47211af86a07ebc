"""What scopes, found in the source: whatever decides that something is a person's own, or may be seen from a place.

A function is a wall by what it is called or what it is given (:func:`found`); nobody has to remember a list.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from wagtail import hooks

from core import kept
from regions.reach import Reach

ROOMS = ("core", "users", "regions", "resources", "home", "search", "exchanges", "dashboards")
ROOT = Path(__file__).parents[2]
# Reads that begin with somebody, a place or a key.
NAMES = frozenset({"for_user", "held_at", "opened_by"})
# What a function asks to know what somebody holds.
ASKS = frozenset(
    {"reach_of", "Reach", "for_user", "managed_groupements", "piloted_groupements", "explorable_instances"}
)
# All that these say is whose something is, or what is seen from where.
SCOPES = ("regions/scope.py", "regions/reviews.py", "regions/visibility.py", "regions/delegation.py")
# Wagtail's screens, narrowed.
SCREENS = ("regions/admin/scoped/", "regions/admin/records.py", "regions/admin/page_forms.py")
HOOKS = "regions/wagtail_hooks.py"


@cache
def found() -> frozenset[str]:
    """The dotted names of the walls of the project."""
    return frozenset(name for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for name in _in(path))


def _in(path: Path) -> Iterator[str]:
    relative = path.relative_to(ROOT).as_posix()
    module = relative.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and _scopes(node, relative):
            yield f"{module}.{node.name}"
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and _is_wall(inner, node, relative):
                    yield f"{module}.{node.name}.{inner.name}"


def _scopes(function: ast.FunctionDef, path: str) -> bool:
    """Whether a function of a module decides: of a person's reach, or what it gives back for a user."""
    if function.name.startswith("_"):
        return False
    if function.name in NAMES:
        return True
    first = function.args.args[0].arg if function.args.args else ""
    given = {ast.unparse(argument.annotation) for argument in function.args.args if argument.annotation}
    asks = bool(_asked(function) & ASKS)
    return "Reach" in given or path in SCOPES or (asks and (path == HOOKS or first in {"user", "person"}))


def _is_wall(method: ast.FunctionDef, holder: ast.ClassDef, path: str) -> bool:
    """Whether a method decides: a read, a part of somebody's reach, a screen of Wagtail that is narrowed."""
    if method.name in NAMES:
        return True
    if holder.name == "Reach":
        return not method.name.startswith("_")
    return path.startswith(SCREENS) and bool(_asked(method) & ASKS)


def _asked(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {ast.unparse(call).rpartition(".")[2] for call in calls}


def forget_texts(monkeypatch) -> None:
    """Have statements written anew, without what is taken away; those of before are back at the end of the test."""
    monkeypatch.setattr(kept, "_texts", {})


def take_away(monkeypatch, name: str, without) -> None:
    """Put ``without`` in the place of a wall, wherever it was imported, and in Wagtail's hooks."""
    forget_texts(monkeypatch)
    holder, attribute = _holder(name)
    if isinstance(holder, type):
        monkeypatch.setattr(holder, attribute, without)
        return
    wall = getattr(holder, attribute)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").partition(".")[0] in ROOMS:
            for alias in [alias for alias, value in vars(module).items() if value is wall]:
                monkeypatch.setattr(module, alias, without)
    for hook, called in hooks._hooks.items():
        if any(function is wall for function, _order in called):
            others = [(without if function is wall else function, order) for function, order in called]
            monkeypatch.setitem(hooks._hooks, hook, others)


def as_of(name: str, person):
    """What a wall would answer if it were asked about ``person`` in the place of whoever asks."""
    holder, attribute = _holder(name)
    wall = inspect.getattr_static(holder, attribute)
    if holder is Reach:
        if not inspect.isfunction(wall):  # a property
            return property(lambda self: getattr(Reach(person), attribute))
        return lambda self, *given: (
            getattr(Reach(person), attribute)(*given) if self.user != person else wall(self, *given)
        )
    if isinstance(holder, type):
        return lambda self, user: wall(self, person)
    if "reach" in inspect.signature(wall).parameters:
        return lambda *given, **named: wall(
            *(Reach(person) if isinstance(one, Reach) else one for one in given), **named
        )
    return lambda user, *given, **named: wall(person, *given, **named)


def _holder(name: str):
    """The module or the class in which a wall is, and what it is called there."""
    outer, _dot, attribute = name.rpartition(".")
    try:
        return import_module(outer), attribute
    except ModuleNotFoundError:
        module, _dot, holder = outer.rpartition(".")
        return getattr(import_module(module), holder), attribute
