"""Contacts that come from a spreadsheet: read, matched, checked, shown, applied and undone, in small steps."""
