"""Messages to people: plain French text, one message for each recipient, kept with the work that they tell of."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def send(
    template: str,
    *,
    to: Iterable[str],
    context: dict,
    attachments: Iterable[tuple[str, bytes, str]] = (),
) -> None:
    """Send ``emails/<template>_subject.txt`` and ``_message.txt`` to each address.

    Each message is written in the database, in the caller's transaction, and delivered by the clock
    (:mod:`users.mail_queue`): undone with the work, never lost after it.

    ``attachments`` are (file name, content, media type). Nobody sees who else received it.
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
        message.send()
