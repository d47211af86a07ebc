"""One address for each public template: what the tests of the face go through."""

from __future__ import annotations

# (groupement code or "" for the nation, path)
ADDRESSES = {
    "national home": ("", "/"),
    "groupement home": ("finistere", "/"),
    "vacant groupement home": ("gers", "/"),
    "english home": ("", "/en/"),
    "network": ("", "/groupements/?q=29"),
    "guides": ("finistere", "/guides/"),
    "guide": ("finistere", "/guides/se-loger-demenager/"),
    "chapter": ("finistere", "/guides/se-loger-demenager/quitter-son-logement/"),
    "guide to print": ("finistere", "/guides/se-loger-demenager/imprimer/"),
    "choice of guides to print": ("finistere", "/guides/imprimer/livret/?make=1"),
    "search": ("finistere", "/recherche/?q=emploi"),
    "search, near a town": ("finistere", "/recherche/?q=emploi&near=Quimper+(29)&network=1&kind=contact"),
    "search, nothing found": ("gers", "/recherche/?q=introuvable"),
    "search, nothing asked": ("", "/recherche/"),
    "search in english": ("", "/en/search/?q=cv"),
    "directory": ("finistere", "/annuaire/"),
    "directory, nothing found": ("finistere", "/annuaire/?q=introuvable"),
    "partners": ("finistere", "/partenaires/"),
    "partner": ("finistere", "/partenaires/defense-mobilite/"),
    "calendar": ("finistere", "/agenda/"),
    "calendar month": ("finistere", "/agenda/?view=month"),
    "calendar week": ("finistere", "/agenda/?view=week"),
    "calendar of a theme": ("finistere", "/agenda/?theme=emploi-prive"),
    "past events": ("", "/agenda/?period=past"),
    "library": ("", "/ressources/"),
    "news": ("finistere", "/actualites/"),
    "single page": ("finistere", "/mentions-legales/"),
    "sign-in": ("", "/compte/connexion/"),
    "not found": ("finistere", "/nulle-part/"),
}

# Sections whose first item is opened too: their addresses depend on the day.
FIRST_OF = {
    "contact": ("finistere", "/annuaire/"),
    "event": ("finistere", "/agenda/"),
    "resource": ("", "/ressources/"),
    "news item": ("finistere", "/actualites/"),
}
