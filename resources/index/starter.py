"""The list of synonyms that a network begins with; editors keep it afterwards, and may empty it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from resources.index.models import Synonym

FILE = Path(__file__).parent / "data" / "synonyms.toml"


def starter_synonyms() -> list[Synonym]:
    """The rows of the list, not saved."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["synonym"]
    return [
        Synonym(
            terms="\n".join(row["terms"]),
            expansions="\n".join(row["expansions"]),
            direction=row.get("direction", Synonym.Direction.BOTH),
            is_acronym=row.get("acronym", False),
            language=row.get("language", Synonym.Language.FRENCH),
        )
        for row in rows
    ]


def ensure_starter_synonyms() -> int:
    """Write the list where there is none; return how many rows were written."""
    if Synonym.objects.exists():
        return 0
    return len(Synonym.objects.bulk_create(starter_synonyms()))
