"""Tests fail when one of our templates shows a variable that nobody gave it: a page would hide the mistake."""

import logging
import sys
from functools import cache
from pathlib import Path
from types import FrameType

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
FORGIVING_FILTERS = ("default", "default_if_none", "yesno", "firstof")


class UndefinedVariableError(AssertionError):
    """A template of ours shows a variable that does not exist."""


class UndefinedVariableHandler(logging.Handler):
    """Turn what Django logs about a variable not found into an error, when it is shown and not merely tested.

    `{% if x %}` and `{{ x|default:"" }}` still mean "if there is one", and templates that are not ours are not judged.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one message of the logger django.template."""
        if not (isinstance(record.args, tuple) and len(record.args) == 2):
            return
        name, template = record.args
        if _is_ours(template) and _is_shown(sys._getframe()):
            raise UndefinedVariableError(f"{template} shows {name}, which nobody gave it.")


@cache
def _is_ours(template: object) -> bool:
    """Tell whether all of a template is ours: one that completes Wagtail's still shows what Wagtail does."""
    return isinstance(template, str) and not template.startswith("wagtail") and (TEMPLATES / template).is_file()


def _is_shown(frame: FrameType | None) -> bool:
    """Tell whether the variable being looked up is written as such by a {{ }}, from the calls in progress."""
    while frame is not None:
        # The variables of a call are asked for in that one alone: Python copies them, by the thousand on each page.
        if frame.f_code.co_name == "resolve" and "ignore_failures" in frame.f_code.co_varnames:
            filters = {function.__name__ for function, _arguments in frame.f_locals["self"].filters}
            caller = frame.f_back.f_code if frame.f_back else None
            shown = caller is not None and caller.co_qualname == "VariableNode.render"
            return shown and not filters & set(FORGIVING_FILTERS)
        frame = frame.f_back
    return False
