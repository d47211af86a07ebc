"""What visitors type and nobody keeps: texts that may say who somebody is."""

from __future__ import annotations

import re

# A telephone number, a matricule, a social security number, a date of birth; not a postcode (five figures)
# nor an article of law such as L4139-5.
_FIGURES = re.compile(r"\d(?:[\s./-]*\d){6,}|\d{6,}")
_SITE = re.compile(r"https?:|www\.", re.IGNORECASE)
MAX_WORDS = 10  # beyond, somebody is telling their story


def looks_personal(text: str) -> bool:
    """Whether a question may identify or tell about somebody, and must not be counted.

    An e-mail address, a long run of figures, a web address, or a whole sentence. The doubt benefits
    the visitor: an article such as « R4138-69 12 » is left out too.
    """
    return "@" in text or bool(_FIGURES.search(text)) or bool(_SITE.search(text)) or len(text.split()) > MAX_WORDS
