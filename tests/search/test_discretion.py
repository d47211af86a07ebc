"""What is never counted: texts that may say who somebody is."""

from __future__ import annotations

import pytest

from search.discretion import looks_personal
from search.recording import normalised


@pytest.mark.parametrize(
    "text",
    [
        "jean.dupont@example.org",
        "06 39 98 12 34",
        "06.39.98.12.34",
        "+33639981234",
        "1 85 05 78 006 084",
        "matricule 9876543",
        "né le 12/03/1975",
        "https://example.org/moi",
        "www.example.org",
        "je suis commandant à brest et ma femme veut savoir si elle peut rester",
    ],
)
def test_looks_personal__who_or_whose_story__is_so(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text", ["logement", "29200", "L4139-5", "congé 120 jours", "emploi 2027", "cap 2c", "35400 Saint-Malo", "VAE"]
)
def test_looks_personal__ordinary_words__is_not(text):
    assert not looks_personal(text)


def test_normalised__same_question_typed_otherwise__is_the_same():
    assert normalised("  «\u00a0Congé de  RECONVERSION\u00a0» ") == normalised('"conge de reconversion"')
