"""Plausible French content without an author, for tests of scale. The same seed gives the same texts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from demo.markdown import StoryParser
from demo.typography import french, without_elision
from regions.models import Groupement, Sharing
from resources.models import (
    ContactPage,
    EventPage,
    GuideChapterPage,
    GuidePage,
    NewsPage,
    ResourcePage,
)

COMMUNES = (
    "Saint-Martin",
    "Villeneuve",
    "Beaumont",
    "Saint-Aubin",
    "Montreuil",
    "Clermont-le-Vieux",
    "Rochefort-sur-Aube",
    "Sainte-Colombe",
    "Châteauvert",
    "Le Pont-Neuf",
    "Malaucourt",
    "Ormesson-la-Forêt",
    "Bellerive",
    "Fontenay-les-Bois",
    "Vauclair",
    "Mirecourt-le-Haut",
)
BODIES = (
    (
        "organisme-social",
        "Centre social",
        "Une assistante de service social reçoit les familles et suit leurs dossiers.",
    ),
    ("bailleur-logement", "Agence du Parc", "Loue et vend ; accepte les dossiers de militaires avant l'arrivée."),
    ("institution", "Antenne de Défense Mobilité", "Un conseiller vous suit du premier entretien jusqu'à l'emploi."),
    ("association", "Amicale des anciens", "Entraide, sorties et coups de main au déménagement."),
    ("entraide-famille", "Relais des familles", "Garde d'enfants, soutien scolaire et conseils pour la rentrée."),
    ("employeur", "Ateliers mécaniques", "Recherche des chefs de projet et des responsables de production."),
    (
        "service-public-emploi",
        "France Travail",
        "Inscription, droits et ateliers ; une conseillère suit les militaires.",
    ),
    ("organisme-paritaire", "Apec", "Bilan de positionnement, ateliers et étude du marché de l'emploi des cadres."),
    ("chambre-consulaire", "Chambre de commerce", "Réunions d'information et bourse des entreprises à reprendre."),
    ("formation", "Institut de formation", "Masters ouverts aux adultes et validation de l'expérience."),
    ("reseau-entrepreneurs", "Club des repreneurs", "Des dirigeants reçoivent un futur repreneur par mois."),
)
MEETINGS = (
    ("Permanence", 120, "On entre, on s'assoit, on parle ; sans rendez-vous."),
    ("Café reconversion", 120, "Trois témoins, huit chaises, et le droit de ne rien dire."),
    ("Atelier CV à deux voix", 180, "Un officier reconverti et un recruteur lisent le même CV."),
    ("Simulation d'entretien", 180, "Vingt minutes d'entretien, vingt minutes de retour."),
    ("Visite d'entreprise", 150, "Une matinée chez un employeur qui connaît les officiers."),
    ("Table ronde des conjoints", 120, "Travailler ici quand on vient d'ailleurs."),
)
STORIES = (
    "Une nouvelle adresse pour la permanence",
    "Trois entreprises ouvrent leurs portes",
    "Ce que nous avons appris au dernier café",
    "Un parrain pour chacun : le point à mi-année",
    "Le forum de l'emploi approche",
)
SHEETS = (
    "Préparer une permanence",
    "Accueillir une famille",
    "Le bassin d'emploi en dix chiffres",
    "Parler de soi en deux minutes",
)
LOCAL_GUIDES = ("S'installer ici", "L'emploi dans notre département", "Les adresses des premiers mois")
CHAPTERS = ("Par où commencer", "Les bonnes portes", "Ce qui surprend", "Les six premiers mois")
SENTENCES = (
    "Commencez par une conversation, même si rien n'est décidé.",
    "Demandez un nom plutôt qu'un numéro : on répond mieux à quelqu'un qu'à un service.",
    "Notez la date de chaque échange ; vous en aurez besoin dans six mois.",
    "Votre conjoint est invité à tous nos rendez-vous.",
    "Comparez deux offres avant d'en accepter une, même quand le temps presse.",
    "Faites le trajet un mardi à huit heures, pas un dimanche.",
    "Nous ne tenons pas de fichier : ce que vous dites reste entre nous.",
    "Les horaires changent parfois pendant les vacances scolaires : appelez avant de venir.",
)
# What a thousand pages are made of.
MIX = (("annuaire", 560), ("agenda", 220), ("actualites", 90), ("ressources", 80), ("guides", 50))


class Writer:
    """Writes the pages of one groupement, or of the nation.

    Args:
        seed: what the texts depend on.
        groupement: for the names of places and the telephone numbers; ``None`` for the nation.
        categories: contact categories by their codes.
    """

    def __init__(self, seed: str, groupement: Groupement | None, categories: dict) -> None:
        self.random = random.Random(seed)  # noqa: S311 - texts, not secrets
        self.place = groupement.name if groupement else "France"
        self.departement = (groupement.departements or ["75"])[0] if groupement else "75"
        self.categories = categories
        self.today = timezone.localdate()
        self.latitude, self.longitude = self.random.uniform(43.5, 49.5), self.random.uniform(-1.5, 6.5)

    @property
    def makers(self) -> dict[str, Callable[[int], Page]]:
        """For each section, what writes one page of it."""
        return {
            "annuaire": self.contact,
            "agenda": self.event,
            "actualites": self.news,
            "ressources": self.resource,
            "guides": self.guide,
        }

    def contact(self, rank: int) -> ContactPage:
        code, name, service = self.random.choice(BODIES)
        commune = self._commune()
        checked = self._day(-260, -2)
        return ContactPage(
            **self._names(f"{name} de {commune} {rank}", service),
            category=self.categories[code],
            service=service,
            address=f"{self.random.randint(1, 90)} rue de la République",
            **self._address(commune),
            email=f"contact-{rank}@example.org",
            opening_hours=french("du lundi au vendredi, 9 h – 12 h"),
            checked_on=checked,
            next_check_on=checked + dt.timedelta(days=365),
        )

    def event(self, rank: int) -> EventPage:
        name, minutes, summary = self.random.choice(MEETINGS)
        commune = self._commune()
        hour = dt.time(self.random.choice((9, 14, 18)), self.random.choice((0, 30)))
        starts_at = timezone.make_aware(dt.datetime.combine(self._day(-200, 200), hour))
        return EventPage(
            **self._names(f"{name} à {commune} {rank}", summary),
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(minutes=minutes),
            place_name="Maison des associations",
            **self._address(commune),
            organiser=self.place,
            status=EventPage.Status.CANCELLED if self.random.random() < 0.03 else EventPage.Status.CONFIRMED,
            shared_with=self._sharing(),
            body=self._story(f"growth/{self.place}/event/{rank}", 3),
        )

    def news(self, rank: int) -> NewsPage:
        return NewsPage(
            **self._names(f"{self.random.choice(STORIES)} ({rank})", self.random.choice(SENTENCES)),
            published_on=self._day(-700, -1),
            shared_with=self._sharing(),
            body=self._story(f"growth/{self.place}/news/{rank}", 6),
        )

    def resource(self, rank: int) -> ResourcePage:
        return ResourcePage(
            **self._names(f"{self.random.choice(SHEETS)} – {self.place} {rank}", self.random.choice(SENTENCES)),
            kind=ResourcePage.Kind.LINK,
            level=self.random.choice(ResourcePage.LearningLevel.values),
            link_url=f"https://ressources.example.org/{slugify(without_elision(self.place))}/{rank}",
            published_on=self._day(-900, -1),
            shared_with=self._sharing(),
            body=self._story(f"growth/{self.place}/resource/{rank}", 4),
        )

    def guide(self, rank: int) -> GuidePage:
        return GuidePage(
            **self._names(f"{self.random.choice(LOCAL_GUIDES)} ({rank})", self.random.choice(SENTENCES)),
            checked_on=self._day(-200, -5),
            body=self._story(f"growth/{self.place}/guide/{rank}", 5),
        )

    def chapter(self, rank: int) -> GuideChapterPage:
        return GuideChapterPage(
            **self._names(f"{CHAPTERS[rank % len(CHAPTERS)]} ({rank})", self.random.choice(SENTENCES)),
            body=self._story(f"growth/{self.place}/chapter/{self.random.random()}", 24),
        )

    # --- Pieces ---------------------------------------------------------------------------------

    def phone(self) -> str:
        """A number of the ranges reserved for fiction, as it is stored."""
        return f"+33199{self.random.randint(0, 99):02d}{self.random.randint(0, 9999):04d}"

    def _names(self, title: str, summary: str) -> dict[str, str]:
        return {"title": title, "slug": slugify(without_elision(title))[:200], "summary": french(summary)}

    def _commune(self) -> str:
        return self.random.choice(COMMUNES)

    def _address(self, commune: str) -> dict:
        area = {"2A": "201", "2B": "202"}.get(self.departement, self.departement)
        return {
            "postcode": f"{area}{self.random.randint(0, 999):03d}"[:5],
            "commune": commune,
            "latitude": round(self.latitude + self.random.uniform(-0.4, 0.4), 5),
            "longitude": round(self.longitude + self.random.uniform(-0.4, 0.4), 5),
        }

    def _day(self, first: int, last: int) -> dt.date:
        return self.today + dt.timedelta(days=self.random.randint(first, last))

    def _sharing(self) -> str:
        return self.random.choices(Sharing.values, weights=(90, 8, 2))[0]

    def _story(self, key: str, sentences: int) -> list:
        """A body of so many sentences, in paragraphs of three."""
        words = self.random.choices(SENTENCES, k=sentences)
        paragraphs = [" ".join(words[start : start + 3]) for start in range(0, len(words), 3)]
        return StoryParser(key=key, resolve=int, typography=french).story("\n\n".join(paragraphs))
