"""The départements and overseas territories of France, by their official code.

Source: Code officiel géographique (INSEE), 2026. ``101`` départements, and the overseas
collectivities where officers may live or serve.
"""

from __future__ import annotations

from core.text import fold

METROPOLITAN: dict[str, str] = {
    "01": "Ain",
    "02": "Aisne",
    "03": "Allier",
    "04": "Alpes-de-Haute-Provence",
    "05": "Hautes-Alpes",
    "06": "Alpes-Maritimes",
    "07": "Ardèche",
    "08": "Ardennes",
    "09": "Ariège",
    "10": "Aube",
    "11": "Aude",
    "12": "Aveyron",
    "13": "Bouches-du-Rhône",
    "14": "Calvados",
    "15": "Cantal",
    "16": "Charente",
    "17": "Charente-Maritime",
    "18": "Cher",
    "19": "Corrèze",
    "21": "Côte-d'Or",
    "22": "Côtes-d'Armor",
    "23": "Creuse",
    "24": "Dordogne",
    "25": "Doubs",
    "26": "Drôme",
    "27": "Eure",
    "28": "Eure-et-Loir",
    "29": "Finistère",
    "2A": "Corse-du-Sud",
    "2B": "Haute-Corse",
    "30": "Gard",
    "31": "Haute-Garonne",
    "32": "Gers",
    "33": "Gironde",
    "34": "Hérault",
    "35": "Ille-et-Vilaine",
    "36": "Indre",
    "37": "Indre-et-Loire",
    "38": "Isère",
    "39": "Jura",
    "40": "Landes",
    "41": "Loir-et-Cher",
    "42": "Loire",
    "43": "Haute-Loire",
    "44": "Loire-Atlantique",
    "45": "Loiret",
    "46": "Lot",
    "47": "Lot-et-Garonne",
    "48": "Lozère",
    "49": "Maine-et-Loire",
    "50": "Manche",
    "51": "Marne",
    "52": "Haute-Marne",
    "53": "Mayenne",
    "54": "Meurthe-et-Moselle",
    "55": "Meuse",
    "56": "Morbihan",
    "57": "Moselle",
    "58": "Nièvre",
    "59": "Nord",
    "60": "Oise",
    "61": "Orne",
    "62": "Pas-de-Calais",
    "63": "Puy-de-Dôme",
    "64": "Pyrénées-Atlantiques",
    "65": "Hautes-Pyrénées",
    "66": "Pyrénées-Orientales",
    "67": "Bas-Rhin",
    "68": "Haut-Rhin",
    "69": "Rhône",
    "70": "Haute-Saône",
    "71": "Saône-et-Loire",
    "72": "Sarthe",
    "73": "Savoie",
    "74": "Haute-Savoie",
    "75": "Paris",
    "76": "Seine-Maritime",
    "77": "Seine-et-Marne",
    "78": "Yvelines",
    "79": "Deux-Sèvres",
    "80": "Somme",
    "81": "Tarn",
    "82": "Tarn-et-Garonne",
    "83": "Var",
    "84": "Vaucluse",
    "85": "Vendée",
    "86": "Vienne",
    "87": "Haute-Vienne",
    "88": "Vosges",
    "89": "Yonne",
    "90": "Territoire de Belfort",
    "91": "Essonne",
    "92": "Hauts-de-Seine",
    "93": "Seine-Saint-Denis",
    "94": "Val-de-Marne",
    "95": "Val-d'Oise",
}

OVERSEAS: dict[str, str] = {
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "986": "Wallis et Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
}

TERRITORIES: dict[str, str] = METROPOLITAN | OVERSEAS
CHOICES: list[tuple[str, str]] = [(code, f"{code} – {name}") for code, name in TERRITORIES.items()]
_FOLDED: dict[str, str] = {code: fold(name).replace("-", " ") for code, name in TERRITORIES.items()}
_CORSICA = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}


def from_postcode(digits: str) -> str:
    """Return the code of the territory whose postcodes begin with ``digits`` (two to five), or ``""``.

    A handful of communes are served from the neighbouring département's post office: the answer is
    that of the post office.
    """
    if digits[:2] in {"97", "98"}:
        return digits[:3] if digits[:3] in TERRITORIES else ""
    if digits[:2] == "20":
        return _CORSICA.get(digits[:3], "")
    return digits[:2] if digits[:2] in TERRITORIES else ""


def search(text: str) -> list[str]:
    """Return the codes of the territories that ``text`` may mean: a name, a code or a postcode's first digits.

    Names are matched without accents, hyphens or case, from the beginning of the name or of a word.
    """
    words = " ".join(fold(text).replace("-", " ").split())
    if not words:
        return []
    upper = words.upper()
    if upper in TERRITORIES:
        return [upper]
    if words.isdigit() and words.isascii():
        if len(words) == 1:
            return [code for code in TERRITORIES if code == f"0{words}"]
        if words[:2] == "20":
            code = from_postcode(words)
            return [code] if code else ["2A", "2B"]
        code = from_postcode(words)
        return [code] if code else []
    exact = [code for code, name in _FOLDED.items() if name == words]
    if exact:
        return exact
    if len(words) < 2:
        return []
    return [code for code, name in _FOLDED.items() if name.startswith(words) or f" {words}" in name]
