"""Wagtail's own screens, narrowed to what the person reaches."""
