"""The journal in production: one JSON object a line, with the number of the request, and nobody's personal data."""
