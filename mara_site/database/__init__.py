"""The embedded database: a private PostgreSQL for whoever has none. Standard library only, apart from `settings`."""
