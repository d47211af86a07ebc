"""Backups of the whole installation: database, uploaded files, and a manifest that proves them.

``python -m mara_site.backup make|restore|drill|list``, called by `make backup`, `make restore`, `make restore-drill`.
"""
