"""A floor under the quality of the search: what people type, over a small network, and the page they hope for.

The whole measure, on the demonstration, is ``benchmarks.search_relevance``.
"""

from __future__ import annotations

import pytest

from benchmarks import relevance
from tests.factories import pages
from tests.resources.index.helpers import titles

pytestmark = pytest.mark.django_db

FLOOR = 0.98  # the mean nDCG@10 below

# What the nation and the groupement publish: kind, title, summary.
NATIONAL = (
    ("guide", "Congé de reconversion : mode d'emploi", "Ce que permet le congé, quand poser ses jours, la demande."),
    (
        "guide",
        "Traduire son parcours militaire en CV civil",
        "Un CV, une lettre et un profil qu'un recruteur comprend.",
    ),
    ("guide", "Créer ou reprendre une entreprise", "De l'idée aux statuts : étude, financement, accompagnement."),
    ("guide", "Après le départ", "Chercher un emploi, toucher l'allocation de retour à l'emploi, garder ses droits."),
    ("guide", "Se loger et déménager", "Quitter son logement, monter un dossier, préparer le déménagement."),
    ("guide", "Se former et valider son expérience", "La validation des acquis de l'expérience, le compte formation."),
    ("guide", "Déontologie", "Ce que la commission demande avant de rejoindre une entreprise."),
    ("guide", "L'emploi du conjoint", "Faire valoir un parcours haché par les mutations."),
    ("guide", "Aider à son tour", "Le parrainage d'un camarade, étape par étape."),
    ("news", "Journée CAP 2C de Paris", "Les inscriptions sont ouvertes."),
    ("news", "Deux officiers reconvertis racontent", "Emploi trouvé, logement quitté, entreprise créée."),
    ("news", "Un téléphone mobile pour la permanence", "La défense de la langue, en mobile."),
)
LOCAL = (
    ("contact", "Antenne Défense Mobilité de Brest", "Le projet, la formation, la mobilité vers l'emploi."),
    ("contact", "Armorique Logement Familial", "Bailleur privé : des maisons pour les familles."),
    ("contact", "Implic'Action", "Délégation de Bretagne."),
    ("contact", "60 000 rebonds", "Pour les entrepreneurs après une liquidation."),
    ("news", "Retour sur le café de Quimper", "On y a parlé d'emploi, de logement et de congé."),
)
# What people type, and what they hope for, the best first (3, then 2).
QUESTIONS = (
    ("congé de reconversion", "Congé de reconversion*=3"),
    ("conge reconvertion", "Congé de reconversion*=3"),
    ("défense mobilté", "Antenne Défense Mobilité*=3"),
    ("parain", "Aider à son tour=3"),
    ("refaire son cv", "Traduire son parcours*=3"),
    ("créer sa boite", "Créer ou reprendre*=3"),
    ("CAP 2 C", "Journée CAP 2C*=3"),
    ("c.a.p. 2c paris", "Journée CAP 2C*=3"),
    ("implic action", "Implic'Action=3"),
    ("60000 rebonds", "60 000 rebonds=3"),
    ("chomage", "Après le départ=3"),
    ("VAE", "Se former*=3"),
    ("logement", "Armorique Logement*=3 Se loger*=3"),
    ("demenager", "Se loger*=3"),
    ("emploi de ma femme", "L'emploi du conjoint=3"),
    ("pantouflage", "Déontologie=3"),
    ("cafe quimper", "Retour sur le café*=3"),
    ("monter une start-up", "Créer ou reprendre*=3"),
    ("DM brest", "Antenne Défense Mobilité*=3"),
    ("entreprises", "Créer ou reprendre*=3 Déontologie=2"),
)


def expected(text: str, hoped: str) -> relevance.Query:
    parts = [part.rpartition("=") for part in hoped.replace("=3 ", "=3\n").split("\n")]
    return relevance.Query(text, "", tuple((pattern, int(grade)) for pattern, _sign, grade in parts))


def test_search__what_people_type__finds_what_they_hope_for_as_well_as_before(world):
    fields = {"contact": "service"}
    for home, rows in ((world.national, NATIONAL), (world.home(world.a), LOCAL)):
        for kind, title, summary in rows:
            getattr(pages, kind)(home, title, **{fields.get(kind, "summary"): summary})
    shown = [title for _kind, title, _summary in (*NATIONAL, *LOCAL)]
    scores = [
        relevance.judge(query, titles(world.host(world.a), query.text), shown)
        for query in (expected(text, hoped) for text, hoped in QUESTIONS)
    ]
    missed = [score.query.text for score in scores if not score.success]
    assert missed == []
    assert relevance.mean(scores, lambda score: score.ndcg) >= FLOOR
