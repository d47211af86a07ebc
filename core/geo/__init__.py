"""Communes of France and distances: data shipped with the site, no request to anybody (see docs/geo.md)."""
