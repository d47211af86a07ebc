"""What a password must not be, beyond Django's own rules: too long to hash, or made of words of the house."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.text import fold

# Words that anybody would try first here, and those that French people type most.
_HOUSE_TEXT = """
mara anocr association groupement reconversion officier officiers armee armees militaire militaires defense
mobilite referent referente retraite retraites colonel capitaine commandant general lieutenant marine aviation
gendarmerie terre legion honneur patrie drapeau france republique zone ouest est nord sud motdepasse mot passe
password azerty azertyuiop qwerty qwertyuiop bonjour soleil marseille jetaime doudou loulou chouchou admin
administrateur bienvenue secret janvier fevrier mars avril mai juin juillet aout septembre octobre novembre
decembre printemps ete automne hiver lundi mardi mercredi jeudi vendredi
"""
HOUSE_WORDS = frozenset(_HOUSE_TEXT.split())
# What is left once the words of the house, figures and signs are taken away must still be a password's worth.
LEAST_OWN_LETTERS = 5
LEAST_DIFFERENT_CHARACTERS = 5


class MaximumLengthValidator:
    """Refuses what nobody types, and what would only keep the server busy."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user=None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(
                _("This password is too long: %(max)d characters at most.") % {"max": self.max_length},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return _("At most %(max)d characters.") % {"max": self.max_length}


class HouseWordsValidator:
    """Refuses a password made of words of the house, of the person's name, or of one repeated character.

    Args:
        names_from: dotted paths of mappings or sequences whose names are refused too (the départements).
    """

    def __init__(self, names_from: tuple[str, ...] | list[str] = ()) -> None:
        self.names_from = tuple(names_from)

    def validate(self, password: str, user=None) -> None:
        letters = re.sub(r"[^a-z]", "", fold(password))
        # The longest first: "groupement" must not leave what "group" would.
        for word in sorted(self._words(user), key=len, reverse=True):
            letters = letters.replace(word, "")
        if len(set(password)) < LEAST_DIFFERENT_CHARACTERS or len(letters) < LEAST_OWN_LETTERS:
            raise ValidationError(
                _("This password is too easy to guess: it is made of words or names that others would try here."),
                code="password_of_the_house",
            )

    def get_help_text(self) -> str:
        return _("Four or five words that only you would put together make a good password.")

    def _words(self, user) -> set[str]:
        words = set(HOUSE_WORDS)
        for path in self.names_from:
            source = import_string(path)
            names = source.values() if hasattr(source, "values") else source
            words |= {re.sub(r"[^a-z]", "", fold(str(name))) for name in names}
        if user is not None:
            parts = f"{user.first_name} {user.last_name} {user.email.partition('@')[0]}"
            words |= set(re.findall(r"[a-z]+", fold(parts)))
        return {word for word in words if len(word) > 2}
