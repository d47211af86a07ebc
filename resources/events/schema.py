"""An event in schema.org's words. Source: https://schema.org/Event."""

from __future__ import annotations

_STATUS = {
    "confirmed": "EventScheduled",
    "full": "EventScheduled",
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
    "moved_online": "EventMovedOnline",
}


def event(page) -> dict:
    """Return what schema.org knows of an :class:`~resources.models.EventPage`."""
    start, end = page.local_start, page.local_end
    data = {
        "startDate": start.date().isoformat() if page.all_day else start.isoformat(),
        "endDate": end.date().isoformat() if page.all_day else end.isoformat(),
        "eventStatus": f"https://schema.org/{_STATUS[page.status]}",
        "eventAttendanceMode": f"https://schema.org/{_attendance(page)}EventAttendanceMode",
    }
    locations = []
    if page.is_on_site:
        locations.append(
            {
                "@type": "Place",
                "name": page.place_name or page.commune,
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": page.address,
                    "postalCode": page.postcode,
                    "addressLocality": page.commune,
                    "addressCountry": "FR",
                },
            }
        )
    if page.is_online:
        locations.append({"@type": "VirtualLocation", "url": page.online_url})
    if locations:
        data["location"] = locations if len(locations) > 1 else locations[0]
    if page.organiser:
        data["organizer"] = {"@type": "Organization", "name": page.organiser}
    return data


def _attendance(page) -> str:
    if page.is_online and page.is_on_site:
        return "Mixed"
    return "Online" if page.is_online else "Offline"
