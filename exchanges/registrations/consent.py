"""What a person agrees to when they register: a new wording is a new version, old ones stay."""

from django.utils.translation import gettext_lazy as _

# Kept with each registration: which words the person had before their eyes.
VERSIONS = {
    "2026-11": _(
        "I agree that those who organise this event keep my name and my e-mail to run it and to write to me about it. "
        "They are given to nobody else and deleted three months after the event."
    ),
}
CURRENT = "2026-11"
