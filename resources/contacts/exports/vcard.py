"""A contact as a vCard 4.0, which every telephone reads. Source: RFC 6350."""

from __future__ import annotations

FOLD_AT = 75  # octets a line, RFC 6350 §3.2


def escape(text: str) -> str:
    """Escape a text value (RFC 6350 §3.4)."""
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n")
    for char, escaped in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        cleaned = cleaned.replace(char, escaped)
    return cleaned


def fold_line(line: str) -> str:
    """Cut a line into pieces of at most 75 octets, never inside a character (RFC 6350 §3.2)."""
    if len(line.encode()) <= FOLD_AT:
        return line
    pieces, current, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > FOLD_AT:
            pieces.append(current)
            current, size = " ", 1
        current += char
        size += octets
    return "\r\n".join([*pieces, current])


def to_vcard(contact) -> str:
    """Return a :class:`~resources.models.ContactPage` as vCard text, lines ended by CRLF."""
    street = ", ".join(part for part in (contact.address, contact.address_complement) if part)
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"FN:{escape(contact.title)}", f"ORG:{escape(contact.title)}"]
    notes = [contact.contact_name, *contact.hours_lines, contact.opening_hours]
    if any(notes):
        lines.append(f"NOTE:{escape(chr(10).join(note for note in notes if note))}")
    lines += [f"TEL;VALUE=uri;TYPE=work,voice:tel:{phone.number}" for phone in contact.phones.all()]
    if contact.email:
        lines.append(f"EMAIL;TYPE=work:{escape(contact.email)}")
    if contact.website:
        lines.append(f"URL:{escape(contact.website)}")
    if street or contact.commune:
        lines.append(f"ADR;TYPE=work:;;{escape(street)};{escape(contact.commune)};;{contact.postcode};France")
    if contact.has_point:
        lines.append(f"GEO:geo:{contact.latitude},{contact.longitude}")
    if contact.last_published_at:
        lines.append(f"REV:{contact.last_published_at:%Y%m%dT%H%M%SZ}")
    lines += [f"UID:urn:uuid:{contact.translation_key}", "END:VCARD"]
    return "\r\n".join(fold_line(line) for line in lines) + "\r\n"
