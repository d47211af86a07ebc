"""Row-level security, tried: PostgreSQL's policies under the administration, with the guard off (docs/adr/0034)."""
