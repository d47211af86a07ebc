"""Messages to people: plain French text, one message for each recipient, sent once the work is saved."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

logger = logging.getLogger(__name__)


def send(
    template: str,
    *,
    to: Iterable[str],
    context: dict,
    attachments: Iterable[tuple[str, bytes, str]] = (),
) -> None:
    """Send ``emails/<template>_subject.txt`` and ``_message.txt`` to each address, when the transaction commits.

    ``attachments`` are (file name, content, media type). Nobody sees who else received it.
    A mail server that does not answer never undoes the work.
    """
    addresses = sorted(set(to))
    with translation.override(settings.LANGUAGE_CODE):
        context = {"admin_url": settings.WAGTAILADMIN_BASE_URL, **context}
        subject = " ".join(render_to_string(f"emails/{template}_subject.txt", context).split())
        body = render_to_string(f"emails/{template}_message.txt", context).strip() + "\n"
    attachments = list(attachments)
    for address in addresses:
        message = EmailMessage(
            f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}",
            body,
            to=[address],
            attachments=attachments,
            headers={"Auto-Submitted": "auto-generated"},
        )
        transaction.on_commit(lambda message=message: _deliver(message))


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException):
        logger.exception("a message was not sent: %s", message.subject)
