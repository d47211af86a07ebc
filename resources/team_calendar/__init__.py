"""The calendar of a team: what the public sees, and what it does not yet, at an address that only its holder knows."""
