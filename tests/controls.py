"""What a browser would send of a form. Asks nothing of Django: the drills use it too."""

from __future__ import annotations


def fields_of(form) -> dict:
    """What a browser would send of a form as it is, except its files and its buttons."""
    sent: dict = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        name, kind = control["name"], control.get("type")
        if control.name == "textarea":
            sent[name] = control.get_text()
        elif control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[: not control.has_attr("multiple")]
            sent[name] = [option.get("value", "") for option in chosen]
        elif kind in {"checkbox", "radio"}:
            if control.has_attr("checked"):
                sent.setdefault(name, []).append(control.get("value", "on"))
        elif kind not in {"file", "submit", "button"}:
            sent[name] = control.get("value", "")
    return sent
