"""Calendars of partners brought in as drafts, from a file or from an address that the clock reads again."""
