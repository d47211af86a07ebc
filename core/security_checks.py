"""What ``check --deploy`` does not see: the protections of this site that a setting could quietly take away."""

from __future__ import annotations

from collections.abc import Iterator

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.core.checks import Error, Tags, register

# Files that a browser would run on our own host.
RUN_BY_BROWSERS = frozenset({"svg", "svgz", "html", "htm", "xhtml", "xml", "xsl", "js", "mjs", "swf", "shtml", "mht"})
NEEDED_DIRECTIVES = {
    "default-src": SELF,
    "object-src": NONE,
    "base-uri": NONE,
    "form-action": SELF,
    "frame-ancestors": NONE,
}


@register(Tags.security, deploy=True)
def protections(app_configs, **kwargs) -> list[Error]:
    """Every protection stands."""
    return [Error(sentence, hint=hint, id=f"mara.{number}") for number, sentence, hint in _faults()]


def _faults() -> Iterator[tuple[str, str, str]]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = sorted(name for name, sources in directives.items() if {UNSAFE_INLINE, UNSAFE_EVAL, "*"} & set(sources))
    if loose:
        yield "S001", f"the policy of public pages allows anything in {', '.join(loose)}", "see docs/security.md"
    missing = sorted(name for name, source in NEEDED_DIRECTIVES.items() if list(directives.get(name, ())) != [source])
    if missing:
        yield "S002", f"the policy of public pages must say {', '.join(missing)}", "see docs/security.md"
    for name in ("WAGTAILIMAGES_EXTENSIONS", "WAGTAILDOCS_EXTENSIONS"):
        if run := sorted(RUN_BY_BROWSERS & {extension.lower() for extension in getattr(settings, name, ["svg"])}):
            yield "S003", f"{name} lets in files that a browser runs: {', '.join(run)}", "take them out"
    for name in ("WAGTAILIMAGES_IMAGE_FORM_BASE", "WAGTAILDOCS_DOCUMENT_FORM_BASE"):
        if not getattr(settings, name, "").startswith("core.uploads."):
            yield "S004", f"{name} must be a form of core.uploads, which reads files to their end", "see core/uploads"
    if "*" in settings.ALLOWED_HOSTS and "regions.middleware.KnownHostMiddleware" not in settings.MIDDLEWARE:
        yield "S005", "any host is answered: KnownHostMiddleware is missing", "see regions/middleware.py"
    if "mara_site.middleware.ProtectionsMiddleware" not in settings.MIDDLEWARE[:2]:
        yield "S006", "ProtectionsMiddleware must be outside of all that answers", "put it first"
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME"):
        if not getattr(settings, name).startswith("__Host-"):
            yield (
                "S007",
                f"{name} must begin with __Host-: other hosts could write it",
                "see mara_site/settings/base.py",
            )
    if not settings.MARA_SECOND_FACTOR:
        yield "S008", "MARA_SECOND_FACTOR is off: a password alone opens the administration", "unset the variable"
    contact = settings.MARA_SECURITY_CONTACT
    if contact and not contact.startswith(("mailto:", "https://", "tel:")):
        yield "S009", "MARA_SECURITY_CONTACT must begin with mailto:, https:// or tel: (RFC 9116)", "add it"
