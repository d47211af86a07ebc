"""What the first reader of a new process would wait for, done before the process is asked anything.

Templates, addresses, menus and some hundred icons are read once by each process. The first screen of the
administration costs it five times as much as the following ones, and whoever asks for it meanwhile waits as well: for
seconds when an instance was just killed and the machine is busy starting it again.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest
from django.urls import resolve
from wagtail.models import Site

from mara_site.requests import Utf8Request
from regions.models import Mandate

logger = logging.getLogger(__name__)


def warm() -> list[str]:
    """Make the pages that are asked first, for nobody; return those that could be made.

    What visitors read is made as for the first of them, who would have its pictures drawn; what somebody signed in
    reads, in a transaction that writes nothing. One that cannot be made is only slower later.
    """
    made = []
    try:
        for address, person in _asked_first():
            try:
                with transaction.atomic():
                    if person.is_authenticated:
                        _only_read()
                    _make(address, person)
                made.append(address)
            except OperationalError:
                raise
            except Exception:
                logger.warning("%s could not be made beforehand", address, exc_info=True)
    except DatabaseError as error:
        logger.warning("nothing more is made beforehand, the database does not answer: %s", error)
    return made


def _asked_first() -> Iterator[tuple[str, AbstractBaseUser | AnonymousUser]]:
    yield "/", AnonymousUser()
    yield "/compte/connexion/", AnonymousUser()
    for person in _people():
        yield "/admin/", person


def _people() -> Iterable[AbstractBaseUser]:
    """Who administers the network and who has a mandate: of each, whoever signed in last."""
    known = get_user_model().objects.filter(is_active=True, last_login__isnull=False).order_by("-last_login")
    administrator = known.filter(is_superuser=True).first()
    mandated = known.filter(is_superuser=False, pk__in=Mandate.objects.current().values("person")).first()
    return filter(None, (administrator, mandated))


def _only_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def _make(address: str, person: AbstractBaseUser | AnonymousUser) -> None:
    request = _request(address, person)
    request.resolver_match = found = resolve(address)
    response = found.func(request, *found.args, **found.kwargs)
    if hasattr(response, "render"):
        response.render()


def _request(address: str, person: AbstractBaseUser | AnonymousUser) -> HttpRequest:
    """A request as the middleware hands it on."""
    host = Site.objects.get(is_default_site=True).hostname
    said = {"HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "443", "wsgi.url_scheme": "https"}
    request = Utf8Request({"REQUEST_METHOD": "GET", "PATH_INFO": address, "wsgi.input": io.BytesIO(), **said})
    request.user = person
    request.session = SessionStore()
    request._messages = CookieStorage(request)
    return request
