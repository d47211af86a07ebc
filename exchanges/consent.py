"""What a person agrees to when they ask to be called back: a new wording is a new version, old ones stay."""

from django.utils.translation import gettext_lazy as _

# Kept with each request: which words the person had before their eyes.
VERSIONS = {
    "2026-11": _(
        "I agree that the volunteers who answer for this groupement keep what I write here to call me back. "
        "It is given to nobody else and deleted after twelve months at most."
    ),
}
CURRENT = "2026-11"
