"""What the drill reads and who writes: pages, and a référent signed in with both proofs. Run in the drill's site."""

from __future__ import annotations

import json
import sys


def make() -> dict:
    """Make them; return addresses, numbers of pages, and the key of a session."""
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import get_user_model
    from django.test import Client
    from wagtail.models import Site

    from regions import services
    from regions.models import Groupement
    from regions.roles import RoleCode
    from tests.factories import pages
    from users.second_factor import ADDED_KEY

    national = Site.objects.get(is_default_site=True).root_page.specific
    groupement = Groupement.objects.get(code="finistere")
    Groupement.objects.filter(pk=groupement.pk).update(status=Groupement.Status.ACTIVE)
    home = groupement.roots.get(locale__language_code="fr")
    guide = pages.guide(national)
    for number in range(6):
        chapter = pages.chapter(guide, f"Chapitre {number}")
        pages.news(national, f"Une nouvelle {number}")
        pages.event(national, f"Une rencontre {number}")
        pages.contact(national, f"Une maison {number}")
    written = []
    for number in range(3):
        page = pages.news(home, f"La page du référent {number}")
        page.save_revision().publish()
        written.append(page.pk)
    referent = get_user_model().objects.create_user(email="referent@example.org", first_name="R", last_name="Drill")
    services.grant_mandate(person=referent, role=RoleCode.REFERENT, groupement=groupement)
    Authenticator.objects.create(user=referent, type=Authenticator.Type.TOTP, data={"secret": "drill"})
    client = Client()
    client.force_login(referent)
    session = client.session
    session[ADDED_KEY] = referent.pk
    session.save()
    return {
        "session": session.session_key,
        "written": written,
        "chapter": chapter.get_url_parts()[2],
        "guide": guide.get_url_parts()[2],
    }


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(make()) + "\n")
